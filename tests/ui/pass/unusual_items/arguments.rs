//! Arguments of every kind, and labels that look at them.

use metrics_core::{counted, observed};

use crate::{Size, ends, has};

struct Point {
    x: bool,
    #[allow(dead_code)]
    y: u8,
}

/// Patterns of every kind, parts of which are labels.
#[counted(name = "odd_patterns_total", labels(size = Size::of(a), b = b.is_some(), c = *c, both = h.0 == h.1))]
fn patterns(
    (mut a, b, Point { x: ref c, .. }): (&str, Option<u8>, Point),
    &(ref d, e): &(String, u8),
    [f, .., g]: [u8; 4],
    h @ (_, _): (u8, u8),
    (Ok(i) | Err(i)): Result<u8, u8>,
    _: u8,
) -> usize {
    a = a.trim();
    a.len() + usize::from(b.unwrap_or(0)) + usize::from(*c) + d.len() + usize::from(e + f + g + h.0 + h.1 + i)
}

#[counted(name = "odd_shorthand_total", labels(x = x), help = "H.")]
fn shorthand(Point { x, y: mut _y }: Point) -> bool {
    _y += 1;
    !x
}

#[observed]
fn static_reference(value: &'static mut [u8]) -> Result<&'static mut u8, &'static str> {
    let first = value.first_mut().ok_or("empty")?;
    Ok(first)
}

/// The label looks at what the body moves, changes and borrows.
#[counted(name = "odd_moved_total", labels(size = Size::of(&text), empty = values.is_empty(), text = capped(text, 5)))]
fn moved(mut text: String, values: &mut Vec<String>, consume: impl FnOnce(String) -> usize) -> usize {
    text.push('x');
    values.push(text.clone());
    consume(text)
}

/// A closure in a label's expression, a block, a match, a macro.
#[counted(
    name = "odd_expressions_total",
    labels(
        any = values.iter().any(|value| *value > 3),
        size = { let text = format!("{name}{}", values.len()); Size::of(&text) },
        kind = match values { [] => Size::Small, [..] => Size::Large },
        has = matches!(values, [_, ..]),
        tenant = capped(format!("{name}-{}", values.len()), 3),
        if_it = if name.is_empty() { Size::Small } else { Size::Large },
        negated = !name.is_empty(),
    )
)]
fn expressions(values: &[u8], name: &str) -> usize {
    values.len() + name.len()
}

#[counted(name = "odd_index_total", labels(first = values[0], second = pair.1, third = (nested.0).1.x), help = "H.")]
fn index(values: &[bool; 2], pair: (u8, bool), nested: ((u8, Point), u8)) -> bool {
    values[1] && pair.1 && nested.0.1.x
}

#[counted(name = "odd_raw_total", labels(r#type = r#type, r#in = capped(r#in, 3)), help = "H.", allow = label_type)]
fn r#match(r#type: bool, r#in: &str) -> Option<bool> {
    let r#try = Some(r#type)?;
    Some(r#try && r#in.is_empty())
}

#[test]
fn arguments_of_every_kind() {
    let point = |x| Point { x, y: 1 };
    let sum = patterns((" a", Some(1), point(true)), &("abc".to_owned(), 1), [1; 4], (1, 2), Err(1), 7);
    assert_eq!(sum, 1 + 1 + 1 + 3 + 7);
    has(r#"odd_patterns_total{size="Small",b="true",c="true",both="false"} 1"#);
    assert!(!shorthand(point(true)));
    has(r#"odd_shorthand_total{x="true"} 1"#);
    assert_eq!(ends!("static_reference", "ok", static_reference(Box::leak(Box::new([1])))), Ok(&mut 1));
    assert_eq!(moved("abcd".to_owned(), &mut Vec::new(), |text| text.len()), 5);
    has(r#"odd_moved_total{size="Large",empty="true",text="abcd"} 1"#);
    assert_eq!(expressions(&[1, 5], "abc"), 5);
    has(
        r#"odd_expressions_total{any="true",size="Large",kind="Large",has="true",tenant="abc-2",if_it="Large",negated="true"} 1"#,
    );
    assert!(index(&[false, true], (1, true), ((1, point(true)), 1)));
    has(r#"odd_index_total{first="false",second="true",third="true"} 1"#);
    assert_eq!(r#match(true, "eu"), Some(false));
    has(r#"odd_raw_total{type="true",in="eu"} 1"#);
}
