//! Arguments of functions, and the attributes around and inside them.

use std::{
    error::Error,
    fmt::{Debug, Display},
    num::ParseIntError,
    str::FromStr,
};

use metrics_core::observed;

use crate::model::Model;

#[observed]
fn higher_ranked(with: impl for<'a> Fn(&'a str) -> &'a str) -> usize {
    with("abc").len()
}

#[observed]
fn dynamic_argument(value: &(dyn Display + Send)) -> String {
    value.to_string()
}

#[observed]
fn never_sized<T: ?Sized + Debug>(value: &T) -> String {
    format!("{value:?}")
}

#[observed]
fn const_parameter<const UP: bool>(value: u8) -> u8 {
    if UP { value + 1 } else { value - 1 }
}

#[observed]
fn bounded<'a, 'b: 'a, T>(left: &'a T, right: &'b T) -> &'a T
where
    T: PartialOrd + ?Sized,
    for<'x> &'x T: Debug,
{
    if left < right { right } else { left }
}

#[observed]
fn ignored(_: u8, _named: u8) {}

#[observed]
fn raw_names(r#type: u8, r#match: u8) -> u8 {
    r#type + r#match
}

#[observed]
fn r#loop() -> u8 {
    1
}

#[observed]
fn recursive(depth: u8) -> Result<u8, String> {
    if depth == 0 {
        return Err("bottom".to_owned());
    }
    recursive(depth - 1).or(Ok(depth))
}

#[observed]
fn nested_functions(value: u8) -> Result<u8, ParseIntError> {
    #[observed]
    fn inner(text: &str) -> Result<u8, ParseIntError> {
        text.parse()
    }
    let closure = |text: &str| -> Result<u8, ParseIntError> { Ok(inner(text)? + 1) };
    Ok(value + closure("1")?)
}

#[observed]
fn loops(values: &[u8]) -> Option<u8> {
    let mut at = 0;
    let found = 'found: loop {
        let value = values.get(at)?;
        for limit in 0..*value {
            if limit > 2 {
                break 'found Some(*value);
            }
        }
        at += 1;
    };
    if let Some(value) = found
        && value > 100
    {
        return None;
    }
    found
}

#[observed]
fn question_marks(text: &str) -> Result<u8, Box<dyn Error>> {
    let values = [text.parse::<u8>()?, text.len().try_into()?];
    let sum = values[usize::from(u8::from_str("1")?)] + { u8::from_str(text)? };
    match text.chars().next().ok_or("empty")? {
        'x' => Err(format!("{}", text.parse::<u8>()?))?,
        _ if text.parse::<u8>()? > 200 => return Err("large".into()),
        _ => {}
    }
    Ok(sum)
}

/// # Safety
///
/// None is needed.
#[observed]
unsafe fn not_safe(value: *const u8) -> bool {
    value.is_null()
}

#[observed]
unsafe extern "C" fn not_safe_and_foreign(value: u8) -> u8 {
    value
}

#[observed]
#[inline(always)]
#[deprecated = "for the test"]
#[allow(clippy::inline_always)]
fn many_attributes() -> u8 {
    1
}

#[cfg_attr(test, observed)]
#[cfg(any(unix, not(unix)))]
fn conditional() -> u8 {
    2
}

macro_rules! functions {
    ($($(#[$meta:meta])* fn $name:ident($argument:ident: $kind:ty) -> $returned:ty $body:block)*) => {
        $($(#[$meta])* #[observed] fn $name($argument: $kind) -> $returned $body)*
    };
}

functions! {
    /// Made by a macro.
    fn made(value: u8) -> u8 { value + 1 }
    fn made_to_fail(value: &str) -> Result<u8, ParseIntError> { let value = value.parse()?; Ok(value) }
}

macro_rules! with_body {
    ($name:ident, $value:expr) => {
        #[observed]
        fn $name() -> Option<u8> {
            let value: Option<u8> = $value;
            Some(value? + 1)
        }
    };
}

with_body!(from_an_expression, Some(4));

#[allow(deprecated)]
pub fn calls(model: &mut Model) {
    assert_eq!((higher_ranked(|text| text), dynamic_argument(&5)), (3, "5".to_owned()));
    assert_eq!((never_sized("a"), never_sized([1].as_slice())), ("\"a\"".to_owned(), "[1]".to_owned()));
    assert_eq!((const_parameter::<true>(1), const_parameter::<false>(1)), (2, 0));
    assert_eq!((bounded(&1, &2), bounded("b", "a")), (&2, "b"));
    ignored(1, 2);
    assert_eq!((raw_names(1, 2), r#loop()), (3, 1));
    assert_eq!((recursive(2), nested_functions(1)), (Ok(1), Ok(3)));
    assert_eq!((loops(&[1, 5]), loops(&[1]), loops(&[101])), (Some(5), None, None));
    assert!(question_marks("5").is_ok() && question_marks("x").is_err() && question_marks("201").is_err());
    // SAFETY: these do nothing that is not safe.
    assert_eq!(unsafe { (not_safe(std::ptr::null()), not_safe_and_foreign(1)) }, (true, 1));
    assert_eq!((many_attributes(), conditional()), (1, 2));
    assert_eq!((made(1), made_to_fail("1"), made_to_fail("").is_err()), (2, Ok(1), true));
    assert_eq!(from_an_expression(), Some(5));
    let once =
        ["higher_ranked", "dynamic_argument", "ignored", "raw_names", "loop", "nested_functions", "inner"];
    let also =
        ["not_safe", "not_safe_and_foreign", "many_attributes", "conditional", "made", "from_an_expression"];
    for name in once.into_iter().chain(also) {
        model.add(name, "ok", 1);
    }
    for name in ["never_sized", "const_parameter", "bounded", "recursive"] {
        model.add(name, "ok", 2);
    }
    model.add("recursive", "error", 1);
    model.add("loops", "ok", 3);
    model.each("question_marks", &["ok", "error", "error"]);
    model.each("made_to_fail", &["ok", "error"]);
}
