//! Functions that nobody should write and somebody has.

#![deny(warnings)]
#![allow(unsafe_code, non_camel_case_types, non_snake_case)]

mod futures;

use std::{
    borrow::Cow,
    cell::RefCell,
    collections::HashMap,
    fmt::{self, Debug, Display},
    future::Future,
    num::ParseIntError,
    ops::{ControlFlow, Deref, DerefMut},
    pin::Pin,
    sync::Mutex,
};

use futures::to_the_end;
use metrics_core::{LabelValue, Registry, counted, in_flight, observed, timed};

#[derive(Clone, Copy, Debug, PartialEq, Eq, LabelValue)]
enum Size {
    Small,
    Large,
}

impl Size {
    fn of(text: &str) -> Self {
        if text.len() > 3 { Self::Large } else { Self::Small }
    }
}

// ---- const generics with defaults, defaults of types -------------------------------------------

struct Buffer<T = u8, const N: usize = 4>([T; N]);

#[observed]
impl<T: Copy + Default, const N: usize> Buffer<T, N> {
    const SIZE: usize = N;
    #[observed(skip)]
    const fn size() -> usize {
        N
    }
    fn make() -> [T; N] {
        [T::default(); N]
    }
    fn array<const M: usize>(&self, values: [T; M]) -> Result<[T; M], [T; N]> {
        if M > Self::SIZE {
            return Err(self.0);
        }
        Ok(values)
    }
    fn slice_pattern(&self, [first, rest @ ..]: &[T; 3]) -> (T, usize) {
        (*first, rest.len())
    }
}

#[observed]
fn const_expression<const N: usize>(values: [u8; 3]) -> [u8; 1 + 2] {
    let _ = N;
    values
}

// ---- arguments ----------------------------------------------------------------------------------

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

#[counted(name = "odd_raw_total", labels(r#type = r#type, r#in = capped(r#in, 3)), help = "H.")]
fn r#match(r#type: bool, r#in: &str) -> Option<bool> {
    let r#try = Some(r#type)?;
    Some(r#try && r#in.is_empty())
}

// ---- unusual types ------------------------------------------------------------------------------

#[observed]
fn opaque_argument(mut values: impl Iterator<Item = impl Display> + Clone) -> Result<String, fmt::Error> {
    let first = values.next().ok_or(fmt::Error)?;
    Ok(first.to_string())
}

#[observed]
fn hrtb<'a, F, R>(with: F, text: &'a str) -> R
where
    F: for<'b> FnOnce(&'b str) -> R,
    R: 'a,
    for<'c> &'c str: Into<Cow<'c, str>>,
{
    with(text)
}

#[observed]
fn function_returning_function(add: u8) -> impl Fn(u8) -> Box<dyn Fn(u8) -> u8> {
    move |left| Box::new(move |right| left + right + add)
}

#[observed]
fn array_of_impl() -> [impl Display; 2] {
    ["a", "b"]
}

#[observed]
fn tuple_of_impl<'a>(text: &'a str) -> (impl Iterator<Item = char> + 'a, impl Display + use<'a>) {
    (text.chars(), text)
}

#[observed]
fn option_of_impl(some: bool) -> Option<impl Iterator<Item = u8> + Clone> {
    if !some {
        return None;
    }
    Some(0..3)
}

#[observed]
fn captures_nothing<'a>(_: &'a str) -> impl Display + use<> {
    5
}

#[observed]
async fn captures_all<'a, T: Display>(
    text: &'a str,
    value: T,
) -> Result<impl Display + use<'a, T>, fmt::Error> {
    std::future::ready(Ok::<_, fmt::Error>(())).await?;
    Ok(format!("{text}{value}"))
}

#[observed]
fn unsized_references(text: &(impl Debug + ?Sized), values: &dyn Fn() -> u8) -> String {
    format!("{text:?}{}", values())
}

#[observed]
fn never_in_result(fails: bool) -> Result<std::convert::Infallible, &'static str> {
    loop {
        if fails {
            return Err("failed");
        }
        Err("always")?;
    }
}

#[observed]
fn loops_forever(text: &str) -> Result<u8, ParseIntError> {
    loop {
        match text.parse::<u8>() {
            Ok(value) if value > 3 => break Ok(value),
            Ok(_) => return Ok(0),
            other => {
                other?;
            }
        }
    }
}

#[observed]
fn not_done(fails: bool) -> Result<u8, String> {
    if fails { todo!() } else { unimplemented!("not yet") }
}

#[observed]
fn only_todo() -> Result<u8, String> {
    todo!()
}

#[observed]
async fn only_todo_async() -> Result<Vec<u8>, String> {
    todo!()
}

// ---- temporaries and borrows --------------------------------------------------------------------

#[observed]
fn tail_temporary(cell: &RefCell<Vec<u8>>) -> Option<u8> {
    cell.borrow().first().copied()
}

#[observed]
fn tail_temporary_of_local() -> usize {
    let cell = RefCell::new(vec![1, 2, 3]);
    cell.borrow().len()
}

#[observed]
fn tail_temporary_result() -> Result<usize, ParseIntError> {
    let cell = Mutex::new("5".to_owned());
    cell.lock().unwrap().parse()
}

#[observed]
fn tail_temporary_early(early: bool) -> Result<usize, ParseIntError> {
    let cell = Mutex::new("5".to_owned());
    if early {
        return cell.lock().unwrap().parse();
    }
    cell.lock().unwrap().parse()
}

#[observed]
fn get_or_insert<'a>(map: &'a mut HashMap<String, u8>, key: &str) -> Result<&'a mut u8, String> {
    if map.contains_key(key) {
        return map.get_mut(key).ok_or_else(String::new);
    }
    let value = key.len().try_into().map_err(|_| key.to_owned())?;
    Ok(map.entry(key.to_owned()).or_insert(value))
}

#[observed]
fn two_mutable<'a>(left: &'a mut u8, right: &'a mut u8, first: bool) -> Option<&'a mut u8> {
    let chosen = if first { left } else { Some(right)? };
    *chosen += 1;
    Some(chosen)
}

#[observed]
fn split<'a, 'b>(text: &'a str, by: &'b str) -> impl Iterator<Item = &'a str> + use<'a, 'b> {
    text.split(by)
}

#[observed]
fn drops_in_order(log: &RefCell<Vec<u8>>) -> Result<u8, ()> {
    struct Logs<'a>(u8, &'a RefCell<Vec<u8>>);
    impl Drop for Logs<'_> {
        fn drop(&mut self) {
            self.1.borrow_mut().push(self.0);
        }
    }
    let _first = Logs(1, log);
    let _second = Logs(2, log);
    Ok(Some(Logs(3, log).0).ok_or(())?)
}

// ---- nesting ------------------------------------------------------------------------------------

struct Outer<T>(T);

impl<T: Clone + 'static> Outer<T> {
    #[observed]
    fn outer(&self) -> Result<T, String> {
        #[observed]
        fn inner<U: Clone>(value: &U) -> Result<U, String> {
            struct Local<V>(V);
            #[observed]
            impl<V: Clone> Local<V> {
                fn innermost(&self) -> Option<V> {
                    #[counted]
                    fn bottom() -> Result<(), String> {
                        Err("bottom".to_owned())?;
                        Ok(())
                    }
                    bottom().err()?;
                    Some(self.0.clone())
                }
            }
            Local(value.clone()).innermost().ok_or_else(String::new)
        }
        let value = inner(&self.0)?;
        let closure = || -> Result<T, String> {
            let value = inner(&value)?;
            return Ok(value);
        };
        closure()
    }
}

mod outer {
    pub mod inner {
        use metrics_core::observed;

        #[observed]
        pub(in crate::outer) fn restricted() -> Option<u8> {
            let value = Some(1)?;
            Some(value)
        }

        #[observed]
        pub(super) fn of_parent() {}
    }

    #[metrics_core::observed]
    pub(crate) fn same_name() -> Option<u8> {
        inner::of_parent();
        inner::restricted()
    }
}

#[observed]
fn same_name() -> Option<u8> {
    outer::same_name()
}

/// Twice the same name in one module, in different scopes.
fn scopes() -> u8 {
    let first = {
        #[counted]
        fn scoped() -> u8 {
            1
        }
        scoped()
    };
    let second = {
        #[counted]
        fn scoped() -> u8 {
            2
        }
        scoped()
    };
    first + second
}

// ---- methods ------------------------------------------------------------------------------------

trait Visitor {
    #[observed]
    fn dynamic(&self) -> u8 {
        1
    }
    #[observed]
    fn sized(self) -> Result<Self, ()>
    where
        Self: Sized,
    {
        let this = Some(self).ok_or(())?;
        Ok(this)
    }
    #[observed]
    fn boxed(self: Box<Self>) -> Result<u8, ()> {
        Ok(Some(self.dynamic()).ok_or(())?)
    }
    fn future<'a>(&'a self) -> Pin<Box<dyn Future<Output = Result<u8, String>> + 'a>>;
}

struct Leaf {
    size: Size,
    field: Option<Box<str>>,
}

/// The method's own attribute does not see the type, and labels of `self` are known in the call.
impl Leaf {
    /// By a field.
    #[counted(name = "odd_field_total", labels(size = self.size, some = self.field.is_some(), name = capped(self.field.as_deref(), 2)))]
    fn field(&mut self) -> Option<Box<str>> {
        self.field.take()
    }

    /// With its type written.
    #[counted(name = "odd_field_written_total", labels(size: Size = self.size))]
    fn written(self) -> Size {
        self.size
    }
}

impl Visitor for Leaf {
    #[observed]
    fn future<'a>(&'a self) -> Pin<Box<dyn Future<Output = Result<u8, String>> + 'a>> {
        Box::pin(async {
            let size = Some(self.size).ok_or("none")?;
            Ok(size as u8)
        })
    }
}

#[observed]
impl dyn Visitor {
    fn on_dynamic(&self) -> Result<u8, ()> {
        Ok(Some(self.dynamic()).ok_or(())?)
    }
}

#[observed]
impl dyn Visitor + Send {
    fn on_send(&self) -> u8 {
        self.dynamic()
    }
}

#[observed]
impl Deref for Leaf {
    type Target = Size;
    fn deref(&self) -> &Size {
        &self.size
    }
}

#[observed]
impl DerefMut for Leaf {
    fn deref_mut(&mut self) -> &mut <Self as Deref>::Target {
        &mut self.size
    }
}

#[observed]
impl<'a, T> From<&'a [T]> for Outer<Vec<&'a T>> {
    fn from(values: &'a [T]) -> Self {
        Self(values.iter().collect())
    }
}

#[observed]
unsafe impl Odd for (u8, Size) {
    unsafe fn not_safe(&self) -> Result<u8, ()> {
        let value = Some(self.0).ok_or(())?;
        Ok(value)
    }
    async unsafe fn later(&mut self) -> Result<&mut Size, ()> {
        std::future::ready(()).await;
        let value = Some(&mut self.1).ok_or(())?;
        Ok(value)
    }
}

#[allow(async_fn_in_trait)]
unsafe trait Odd {
    unsafe fn not_safe(&self) -> Result<u8, ()>;
    async unsafe fn later(&mut self) -> Result<&mut Size, ()>;
}

trait Gat {
    type Item<'a>
    where
        Self: 'a;
    fn lend<'a>(&'a mut self) -> Option<Self::Item<'a>>;
}

#[observed]
impl<T> Gat for Outer<Vec<T>> {
    type Item<'a>
        = &'a mut [T]
    where
        Self: 'a;
    fn lend<'a>(&'a mut self) -> Option<Self::Item<'a>> {
        let _ = self.0.first()?;
        Some(&mut self.0[..1])
    }
}

// ---- keywords -----------------------------------------------------------------------------------

#[observed]
async fn async_closures(values: &[u8]) -> Result<u8, ParseIntError> {
    let add = async |more: u8| -> Result<u8, ParseIntError> { Ok(values[0] + more + "1".parse::<u8>()?) };
    let sum = add(1).await?;
    Ok(sum)
}

#[observed]
async fn takes_async_closure(with: impl AsyncFn(u8) -> Option<u8>) -> Option<u8> {
    let value = with(1).await?;
    Some(value)
}

#[observed]
fn union(safe: u8, auto: u8, default: u8, raw: u8, dyn_: u8) -> Result<u8, ParseIntError> {
    let macro_rules = safe + auto + default + raw + dyn_;
    "1".parse::<u8>().map(|value| value + macro_rules)
}

#[observed]
fn r#gen(r#gen: u8) -> ControlFlow<u8, u8> {
    let value = if r#gen == 0 { ControlFlow::Break(0) } else { ControlFlow::Continue(1) }?;
    ControlFlow::Continue(value)
}

#[observed]
extern "system" fn system() {}

#[observed]
unsafe extern "C-unwind" fn unwinds(panics: bool) -> u8 {
    assert!(!panics, "asked");
    1
}

#[cfg_attr(all(), timed, in_flight)]
#[cfg_attr(not(all()), does_not_exist)]
#[cfg_attr(all(), counted(name = "odd_conditional_total", help = "H."))]
fn conditional(#[cfg(all())] value: u8, #[cfg(any())] absent: u8) -> u8 {
    #[cfg(any())]
    return absent;
    value
}

#[doc(hidden)]
#[cold]
#[inline(never)]
#[rustfmt::skip]
#[expect(unused_variables, reason = "the test's")]
#[observed]
fn expects(value: u8) -> u8 {
    let unused = 1;
    2
}

// ---- made by macros -----------------------------------------------------------------------------

macro_rules! make {
    ($(#[$meta:meta])* $vis:vis $name:ident<$($life:lifetime),*>($($argument:ident: $type:ty),*) -> $ret:ty, $block:block, $metric:literal, $label:expr) => {
        #[counted(name = $metric, labels(label = $label), help = "H.")]
        #[observed]
        $(#[$meta])*
        $vis fn $name<$($life),*>($($argument: $type),*) -> $ret $block
    };
}

make!(#[inline] pub(crate) made<'a>(text: &'a str, long: bool) -> Result<&'a str, ParseIntError>, {
    let _: u8 = text.parse()?;
    Ok(text)
}, "odd_made_total", long);

macro_rules! with_argument {
    ($name:ident, $body:expr) => {
        #[observed]
        fn $name(argument: u8) -> Option<u8> {
            let other = Some(argument)?;
            Some(other + $body)
        }
    };
}

with_argument!(hygienic, {
    let argument = 1;
    argument
});

macro_rules! leave {
    ($value:expr) => {
        return $value
    };
}

#[observed]
fn leaves_by_macro(value: u8) -> Result<u8, u8> {
    if value > 3 {
        leave!(Err(value));
    }
    Ok(value)
}

macro_rules! impls {
    ($($type:ident => $value:expr),* $(,)?) => {
        $(
            struct $type;
            #[observed]
            impl $type {
                fn value(&self) -> Option<u8> {
                    let value = Some($value)?;
                    Some(value)
                }
            }
        )*
    };
}

impls!(First => 1, Second => 2);

fn ended(function: &str, result: &str) -> u64 {
    let series = format!("function_calls_total{{function=\"{function}\",module=\"{}", module_path!());
    let end = format!("result=\"{result}\"}} ");
    let page = Registry::global().text();
    let lines = page.lines().filter(|line| line.starts_with(&series));
    lines.filter_map(|line| line.split_once(&end)?.1.parse::<u64>().ok()).sum()
}

/// Calls something and checks how it has ended.
macro_rules! ends {
    ($function:literal, $result:literal, $call:expr) => {{
        let before = ended($function, $result);
        let value = $call;
        assert_eq!(ended($function, $result), before + 1, "{}", $function);
        value
    }};
}

fn panics<T>(call: impl FnOnce() -> T) {
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(call)).is_err());
}

fn has(line: &str) {
    let page = Registry::global().text();
    assert!(page.lines().any(|other| other == line), "{line} is not in\n{page}");
}

#[test]
fn generics_of_every_kind() {
    assert_eq!(ends!("Buffer::make", "ok", Buffer::<u8>::make()), [0; 4]);
    assert_eq!(ends!("Buffer::array", "ok", Buffer([0; 4]).array([1, 2])), Ok([1, 2]));
    assert!(ends!("Buffer::array", "error", Buffer([0; 1]).array([1, 2])).is_err());
    assert_eq!(ends!("Buffer::slice_pattern", "ok", Buffer([0; 1]).slice_pattern(&[1, 2, 3])), (1, 2));
    assert_eq!(Buffer::<u8, 3>::size(), 3);
    assert_eq!(ends!("const_expression", "ok", const_expression::<5>([1; 3])), [1; 3]);
    assert_eq!(ends!("opaque_argument", "ok", opaque_argument([1, 2].iter())), Ok("1".to_owned()));
    assert_eq!(ends!("hrtb", "ok", hrtb(|text| text.len(), "abc")), 3);
    assert_eq!(ends!("function_returning_function", "ok", function_returning_function(1))(2)(3), 6);
    assert_eq!(ends!("array_of_impl", "ok", array_of_impl())[1].to_string(), "b");
    assert_eq!(ends!("tuple_of_impl", "ok", tuple_of_impl("ab")).0.count(), 2);
    assert_eq!(ends!("option_of_impl", "ok", option_of_impl(true)).map(Iterator::count), Some(3));
    assert_eq!(ends!("captures_nothing", "ok", captures_nothing(&String::new())).to_string(), "5");
    let text = ends!("captures_all", "ok", to_the_end(captures_all("a", 1)));
    assert_eq!(text.map(|text| text.to_string()), Ok("a1".to_owned()));
    assert_eq!(ends!("unsized_references", "ok", unsized_references("a", &|| 1)), "\"a\"1");
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

#[test]
fn ends_of_every_kind() {
    assert!(ends!("never_in_result", "error", never_in_result(false)).is_err());
    assert_eq!(ends!("loops_forever", "ok", loops_forever("5")), Ok(5));
    assert!(ends!("loops_forever", "error", loops_forever("x")).is_err());
    ends!("not_done", "panicked", panics(|| not_done(true)));
    ends!("only_todo", "panicked", panics(only_todo));
    ends!("only_todo_async", "panicked", panics(|| to_the_end(only_todo_async())));
    assert_eq!(ends!("tail_temporary", "ok", tail_temporary(&RefCell::new(vec![1]))), Some(1));
    assert_eq!(ends!("tail_temporary_of_local", "ok", tail_temporary_of_local()), 3);
    assert_eq!(ends!("tail_temporary_result", "ok", tail_temporary_result()), Ok(5));
    assert_eq!(ends!("tail_temporary_early", "ok", tail_temporary_early(true)), Ok(5));
    let mut map = HashMap::new();
    assert_eq!(ends!("get_or_insert", "ok", get_or_insert(&mut map, "ab")), Ok(&mut 2));
    assert_eq!(ends!("get_or_insert", "ok", get_or_insert(&mut map, "ab")), Ok(&mut 2));
    assert_eq!(ends!("two_mutable", "ok", two_mutable(&mut 1, &mut 2, false).copied()), Some(3));
    assert_eq!(ends!("split", "ok", split("a b", " ")).count(), 2);
    let log = RefCell::new(Vec::new());
    assert_eq!(ends!("drops_in_order", "ok", drops_in_order(&log)), Ok(3));
    assert_eq!(*log.borrow(), [3, 2, 1]);
}

#[test]
fn functions_in_functions() {
    assert_eq!(ends!("outer", "ok", Outer(1).outer()), Ok(1));
    assert_eq!((ended("inner", "ok"), ended("Local::innermost", "ok"), ended("bottom", "error")), (2, 2, 2));
    assert_eq!(ends!("restricted", "ok", same_name()), Some(1));
    assert_eq!(ended("same_name", "ok"), 2);
    assert_eq!(scopes(), 3);
    assert_eq!(ended("scoped", "ok"), 2);
}

#[test]
fn methods_of_every_kind() {
    let leaf = || Leaf { size: Size::Large, field: Some("a".into()) };
    assert_eq!(ends!("dynamic", "ok", leaf().dynamic()), 1);
    let mut sized = ends!("sized", "ok", leaf().sized()).ok().expect("itself");
    assert_eq!(sized.field().as_deref(), Some("a"));
    has(r#"odd_field_total{size="Large",some="true",name="a"} 1"#);
    assert_eq!(sized.written(), Size::Large);
    has(r#"odd_field_written_total{size="Large"} 1"#);
    has(r#"odd_field_written_total{size="Small"} 0"#);
    assert_eq!(ends!("boxed", "ok", Visitor::boxed(Box::new(leaf()))), Ok(1));
    assert_eq!(ends!("future", "ok", to_the_end(leaf().future())), Ok(1));
    let dynamic: Box<dyn Visitor> = Box::new(leaf());
    assert_eq!(ends!("Visitor::on_dynamic", "ok", dynamic.on_dynamic()), Ok(1));
    let dynamic: Box<dyn Visitor + Send> = Box::new(leaf());
    assert_eq!(ends!("Visitor::on_send", "ok", dynamic.on_send()), 1);
    let mut changed = leaf();
    *ends!("Leaf::deref_mut", "ok", &mut *changed) = Size::Small;
    assert_eq!(*ends!("Leaf::deref", "ok", &*changed), Size::Small);
    assert_eq!(ends!("Outer::from", "ok", Outer::from([1].as_slice())).0, [&1]);
    // SAFETY: they do nothing that is not safe.
    unsafe {
        assert_eq!(ends!("not_safe", "ok", (1, Size::Small).not_safe()), Ok(1));
        assert_eq!(ends!("later", "ok", to_the_end((1, Size::Small).later()).copied()), Ok(Size::Small));
        assert_eq!(ends!("unwinds", "ok", unwinds(false)), 1);
        ends!("unwinds", "panicked", panics(|| unwinds(true)));
    }
    assert_eq!(ends!("Outer::lend", "ok", Outer(vec![1, 2]).lend().map(|lent| lent.len())), Some(1));
}

#[test]
fn words_of_every_kind() {
    assert_eq!(ends!("async_closures", "ok", to_the_end(async_closures(&[1]))), Ok(3));
    let with = async |value: u8| value.checked_add(1);
    assert_eq!(ends!("takes_async_closure", "ok", to_the_end(takes_async_closure(with))), Some(2));
    assert_eq!(ends!("union", "ok", union(1, 1, 1, 1, 1)), Ok(6));
    assert_eq!(ends!("gen", "ok", r#gen(0)), ControlFlow::Break(0));
    ends!("system", "ok", system());
    assert_eq!(conditional(1), 1);
    has("odd_conditional_total 1");
    assert_eq!(ends!("expects", "ok", expects(1)), 2);
}

#[test]
fn macros_of_every_kind() {
    assert_eq!(ends!("made", "ok", made("5", true)), Ok("5"));
    has(r#"odd_made_total{label="true"} 1"#);
    assert_eq!(ends!("hygienic", "ok", hygienic(3)), Some(4));
    assert_eq!(ends!("leaves_by_macro", "error", leaves_by_macro(5)), Err(5));
    assert_eq!(ends!("leaves_by_macro", "ok", leaves_by_macro(1)), Ok(1));
    assert_eq!(ends!("First::value", "ok", First.value()), Some(1));
    assert_eq!(ends!("Second::value", "ok", Second.value()), Some(2));
}
