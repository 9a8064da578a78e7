//! More signatures under every lint that a strict user has, called in every way that they end; what the page then shows is
//! compared with a model as a whole.

#![deny(warnings, clippy::all, clippy::pedantic, clippy::nursery, rust_2018_idioms)]
// What the suite has to have and nobody should.
#![allow(
    unsafe_code,
    clippy::boxed_local,
    clippy::future_not_send,
    clippy::manual_async_fn,
    clippy::unused_self,
    clippy::needless_pass_by_value,
    clippy::missing_errors_doc,
    clippy::missing_safety_doc,
    clippy::missing_panics_doc
)]

mod futures;
mod model;

use std::{
    any::Any,
    borrow::Cow,
    cell::Cell,
    error::Error,
    fmt::{Debug, Display, Write as _},
    future::Future,
    io,
    iter::{Peekable, Sum},
    marker::PhantomData,
    num::{NonZeroU8, ParseIntError},
    ops::{Add, AddAssign, ControlFlow, Deref, Index},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    rc::Rc,
    str::FromStr,
    sync::{Mutex, MutexGuard},
    task::{Context, Poll, Waker},
};

use futures::to_the_end;
use metrics_core::observed;
use model::Model;

// ---- endings ------------------------------------------------------------------------------------

#[observed]
fn diverges() -> ! {
    panic!("always")
}

#[observed]
fn diverges_early(stops: bool) -> Result<std::convert::Infallible, String> {
    if stops {
        return Err("stopped".to_owned());
    }
    Err("ended".into())
}

#[observed]
fn panics_in_the_middle(text: &str) -> Result<u8, ParseIntError> {
    let value: u8 = text.parse()?;
    assert_ne!(value, 0, "zero");
    Ok(value)
}

type Fallible<T> = Result<T, Box<dyn Error + Send + Sync>>;

#[observed]
fn alias_of_ones_own(text: &str) -> Fallible<u8> {
    Ok(text.parse()?)
}

#[observed]
fn formatter(out: &mut String) -> std::fmt::Result {
    write!(out, "{}", 1)?;
    out.write_char('x')
}

#[observed]
fn option_is_ok(value: Option<u8>) -> Option<u8> {
    value
}

#[observed(error_if = Option::is_none)]
fn option_that_fails(value: Option<u8>) -> Option<u8> {
    let value = value?;
    Some(value + 1)
}

#[observed(ok_if = |value| *value > 3)]
fn number_that_fails(value: u8) -> u8 {
    value
}

#[observed]
fn poll_of_result(value: Poll<Result<u8, String>>) -> Poll<Result<u8, String>> {
    value
}

#[observed]
fn poll_of_option(value: Poll<Option<Result<u8, String>>>) -> Poll<Option<Result<u8, String>>> {
    let value = value?;
    value.map(|value| value.map(Ok))
}

#[observed(error_if = ControlFlow::is_break)]
fn control_flow(value: ControlFlow<u8>) -> ControlFlow<u8> {
    value?;
    ControlFlow::Continue(())
}

#[observed]
fn nested_result(value: Result<Result<u8, u8>, u8>) -> Result<Result<u8, u8>, u8> {
    let value = value?;
    Ok(value)
}

#[observed]
fn infallible(value: u8) -> Result<u8, std::convert::Infallible> {
    Ok(value)
}

// ---- returns ------------------------------------------------------------------------------------

#[observed]
fn unit_result() -> Result<(), ()> {
    Ok(())
}

#[observed]
fn array_of_results(values: [&str; 2]) -> [Result<u8, ParseIntError>; 2] {
    values.map(str::parse)
}

#[observed]
fn tuple(value: &str) -> (usize, &str) {
    (value.len(), value)
}

#[observed]
fn function_pointer(up: bool) -> fn(u8) -> u8 {
    if up { |value| value + 1 } else { |value| value - 1 }
}

#[observed]
fn boxed_closure<'a>(text: &'a str) -> Box<dyn Fn() -> &'a str + 'a> {
    Box::new(move || text)
}

#[observed]
fn dynamic(error: bool) -> Result<Box<dyn Any>, Box<dyn Error>> {
    if error {
        Err("error")?;
    }
    Ok(Box::new(5_u8))
}

#[observed]
fn nested_impl(values: &[u8]) -> impl Iterator<Item = impl Display + '_> + Clone {
    values.iter().map(|value| value + 1)
}

#[observed]
fn sum_of<S: Sum<u8>>(values: Vec<u8>) -> S {
    values.into_iter().sum()
}

#[observed]
fn collected<C: FromIterator<u8>>(text: &str) -> Result<C, ParseIntError> {
    if text.is_empty() {
        return Ok(std::iter::empty().collect());
    }
    text.split(',').map(str::parse).collect()
}

#[observed]
fn guard(mutex: &Mutex<u8>) -> MutexGuard<'_, u8> {
    mutex.lock().expect("no panic")
}

#[observed]
fn reborrowed<'a>(value: &'a mut Vec<u8>, more: &[u8]) -> Option<&'a mut u8> {
    value.extend(more);
    let last = value.last_mut()?;
    *last += 1;
    Some(last)
}

#[observed]
fn static_text() -> &'static str {
    "static"
}

#[observed]
fn cow(text: &str, owned: bool) -> Cow<'_, str> {
    if owned {
        return Cow::Owned(text.to_owned());
    }
    Cow::Borrowed(text)
}

#[observed]
fn temporaries(text: &Mutex<String>) -> Result<usize, ParseIntError> {
    let length: usize = text.lock().expect("no panic").parse()?;
    Ok(length + text.lock().expect("no panic").len())
}

// ---- arguments and generics ---------------------------------------------------------------------

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

#[cfg_attr(all(), observed)]
#[cfg(all())]
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

// ---- methods ------------------------------------------------------------------------------------

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Score<T, U = u8>(T, PhantomData<U>);

#[observed]
impl<T, U> Add for Score<T, U>
where
    T: Add<Output = T>,
{
    type Output = Self;

    fn add(self, other: Self) -> Self::Output {
        Self(self.0 + other.0, PhantomData)
    }
}

#[observed]
impl<T: AddAssign, U> AddAssign<T> for Score<T, U> {
    fn add_assign(&mut self, more: T) {
        self.0 += more;
    }
}

#[observed]
impl<T: Clone, U> Index<usize> for Score<Vec<T>, U> {
    type Output = T;

    fn index(&self, at: usize) -> &T {
        &self.0[at]
    }
}

#[observed]
impl<T> Deref for Score<T, u16> {
    type Target = T;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

#[observed]
impl FromStr for Score<u8> {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let value = text.parse()?;
        Ok(Self(value, PhantomData))
    }
}

#[observed]
impl<'a, T: 'a> IntoIterator for &'a Score<Vec<T>> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

struct Counting<I: Iterator>(Peekable<I>);

#[observed]
impl<I: Iterator> Iterator for Counting<I> {
    type Item = <I as Iterator>::Item;

    fn next(&mut self) -> Option<<I as Iterator>::Item> {
        self.0.peek()?;
        self.0.next()
    }
}

#[allow(clippy::needless_pass_by_ref_mut)]
#[observed]
impl<T, U> Score<T, U> {
    #![allow(clippy::use_self)]

    #[observed(skip)]
    const fn new(value: T) -> Score<T, U> {
        Score(value, PhantomData)
    }

    fn rc_of_self(self: &Rc<Self>) -> usize {
        Rc::strong_count(self)
    }

    fn by_box_of_rc(self: Box<Rc<Self>>) -> Rc<Self> {
        *self
    }

    fn pinned_shared(self: Pin<&Self>) -> &T {
        &self.get_ref().0
    }

    fn closure_over_self(&mut self, with: impl Fn(&mut T)) -> &mut Self {
        with(&mut self.0);
        self
    }

    async fn borrowed_over_await(&mut self, value: T) -> Result<&mut T, String> {
        std::future::ready(()).await;
        self.0 = value;
        let value = Some(&mut self.0).ok_or("none")?;
        Ok(value)
    }

    fn lazily(&self) -> impl Future<Output = &T> {
        async move { &self.0 }
    }
}

/// Methods that are annotated one by one do not see the generics of their `impl`.
struct Alone<T, Key>(T, Key);

impl<T: Clone, Key: Copy + Into<u64>> Alone<T, Key> {
    #[observed]
    fn takes(&self, other: &T, key: Key) -> (T, u64) {
        (other.clone(), key.into())
    }

    #[observed]
    fn gives(self) -> Result<(T, Key), NonZeroU8> {
        let value = Some(self).ok_or(NonZeroU8::MIN)?;
        Ok((value.0, value.1))
    }
}

trait Shape {
    type Unit: Debug;

    fn area(&self) -> Self::Unit;

    #[observed]
    fn named(&self) -> String
    where
        Self: Sized,
    {
        format!("{:?}", self.area())
    }

    #[observed]
    fn by_default() -> Result<Self, String>
    where
        Self: Sized + Default,
    {
        let value = Some(Self::default()).ok_or_else(String::new)?;
        Ok(value)
    }

    fn later(&self) -> impl Future<Output = Result<u8, String>> + Send;
}

#[derive(Default)]
struct Square(u8);

#[observed]
impl Shape for Square {
    type Unit = u16;

    fn area(&self) -> <Self as Shape>::Unit {
        u16::from(self.0) * u16::from(self.0)
    }

    async fn later(&self) -> Result<u8, String> {
        std::future::ready(()).await;
        if self.0 == 0 {
            return Err("nothing".to_owned());
        }
        Ok(self.0)
    }
}

#[observed]
impl Shape for Box<dyn Fn() -> u8 + Sync> {
    type Unit = u8;

    fn area(&self) -> u8 {
        self()
    }

    fn later(&self) -> impl Future<Output = Result<u8, String>> + Send {
        async move { Ok(self()) }
    }
}

// ---- futures ------------------------------------------------------------------------------------

#[observed]
async fn waits_forever(value: u8) -> u8 {
    std::future::pending::<()>().await;
    value
}

#[observed]
async fn panics_later(text: &str) -> Result<u8, ParseIntError> {
    std::future::ready(()).await;
    let value = text.parse()?;
    assert!(value > 0, "zero");
    Ok(value)
}

#[observed]
async fn not_send(value: Rc<Cell<u8>>) -> u8 {
    std::future::ready(()).await;
    value.replace(5)
}

#[observed]
async fn elided(left: &str, right: &str) -> io::Result<String> {
    let left = std::future::ready(left).await;
    if right.is_empty() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    Ok(format!("{left}{right}"))
}

#[observed]
async fn mutable_argument(values: &mut Vec<u8>) -> Option<&mut u8> {
    values.push(1);
    std::future::ready(()).await;
    let first = values.first_mut()?;
    Some(first)
}

#[observed]
async fn generic_future<F, T>(future: F) -> T
where
    F: Future<Output = T> + Send,
{
    future.await
}

#[observed]
fn future_with_work_before<'a>(text: &'a str) -> impl Future<Output = Result<usize, String>> + Send + 'a {
    let length = text.len();
    async move {
        std::future::ready(()).await;
        let first = text.chars().next().ok_or("empty")?;
        Ok(length + first.len_utf8())
    }
}

#[observed]
fn pinned_by_hand(fails: bool) -> Pin<Box<dyn Future<Output = Result<u8, String>> + Send>> {
    Box::pin(async move {
        if fails {
            return Err("asked".to_owned());
        }
        Ok(1)
    })
}

#[observed]
async unsafe fn asynchronous_and_not_safe() -> u8 {
    std::future::ready(3).await
}

const fn is_send_and_static<T: Send + 'static>(value: T) -> T {
    value
}

// ---- the calls ----------------------------------------------------------------------------------

fn quietly<T>(call: impl FnOnce() -> T) {
    assert!(catch_unwind(AssertUnwindSafe(call)).is_err());
}

fn polled_once(future: impl Future) {
    let mut future = std::pin::pin!(future);
    assert!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
}

fn endings(model: &mut Model) {
    quietly(|| diverges());
    model.add("diverges", "panicked", 1);
    assert!(diverges_early(true).is_err() && diverges_early(false).is_err());
    model.add("diverges_early", "error", 2);
    assert!(panics_in_the_middle("1").is_ok() && panics_in_the_middle("").is_err());
    quietly(|| panics_in_the_middle("0"));
    model.each("panics_in_the_middle", &["ok", "error", "panicked"]);
    assert!(alias_of_ones_own("1").is_ok() && alias_of_ones_own("").is_err());
    model.each("alias_of_ones_own", &["ok", "error"]);
    assert!(formatter(&mut String::new()).is_ok());
    model.add("formatter", "ok", 1);
    let _ = (option_is_ok(Some(1)), option_is_ok(None), option_that_fails(Some(1)), option_that_fails(None));
    model.add("option_is_ok", "ok", 2);
    model.each("option_that_fails", &["ok", "error"]);
    let _ = (number_that_fails(4), number_that_fails(3));
    model.each("number_that_fails", &["ok", "error"]);
    let _ = (poll_of_result(Poll::Pending), poll_of_result(Poll::Ready(Ok(1))));
    let _ = poll_of_result(Poll::Ready(Err(String::new())));
    model.each("poll_of_result", &["ok", "ok", "error"]);
    let _ = (poll_of_option(Poll::Pending), poll_of_option(Poll::Ready(None)));
    let _ = poll_of_option(Poll::Ready(Some(Err(String::new()))));
    model.each("poll_of_option", &["ok", "ok", "error"]);
    let _ = (control_flow(ControlFlow::Continue(())), control_flow(ControlFlow::Break(1)));
    model.each("control_flow", &["ok", "error"]);
    let _ = (nested_result(Ok(Err(1))), nested_result(Err(1)), infallible(1));
    model.each("nested_result", &["ok", "error"]);
    model.each("infallible", &["ok"]);
}

fn returns(model: &mut Model) {
    assert_eq!(unit_result(), Ok(()));
    assert!(array_of_results(["1", "x"])[1].is_err());
    assert_eq!(tuple("ab"), (2, "ab"));
    assert_eq!((function_pointer(true)(1), function_pointer(false)(1)), (2, 0));
    assert_eq!(boxed_closure("a")(), "a");
    assert!(dynamic(false).is_ok() && dynamic(true).is_err());
    assert_eq!(nested_impl(&[1, 2]).map(|value| value.to_string()).collect::<String>(), "23");
    assert_eq!(sum_of::<u8>(vec![1, 2]), 3);
    assert_eq!((collected("1,2"), collected("")), (Ok(vec![1, 2]), Ok(vec![])));
    assert_eq!(*guard(&Mutex::new(1)), 1);
    let mut values = Vec::new();
    assert_eq!((reborrowed(&mut values, &[1]).copied(), reborrowed(&mut Vec::new(), &[])), (Some(2), None));
    assert_eq!((static_text(), cow("a", true), cow("a", false)), ("static", "a".into(), "a".into()));
    assert_eq!(temporaries(&Mutex::new("1".to_owned())), Ok(2));
    assert!(temporaries(&Mutex::new("x".to_owned())).is_err());
    for name in
        ["unit_result", "array_of_results", "tuple", "boxed_closure", "nested_impl", "sum_of", "guard"]
    {
        model.add(name, "ok", 1);
    }
    for name in ["function_pointer", "collected", "reborrowed", "cow"] {
        model.add(name, "ok", 2);
    }
    model.add("static_text", "ok", 1);
    model.each("dynamic", &["ok", "error"]);
    model.each("temporaries", &["ok", "error"]);
}

#[allow(deprecated)]
fn arguments(model: &mut Model) {
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

fn methods(model: &mut Model) {
    let mut score = Score::<u8>::new(1) + Score::new(2);
    score += 1;
    assert_eq!(score, Score::new(4));
    assert_eq!(Score::<_, u8>::new(vec![1, 2])[1], 2);
    assert_eq!(*Score::<_, u16>::new(7), 7);
    assert!("1".parse::<Score<u8>>().is_ok() && "".parse::<Score<u8>>().is_err());
    assert_eq!((&Score::new(vec![1])).into_iter().count(), 1);
    assert_eq!(Counting([1, 2].into_iter().peekable()).count(), 2);
    let shared = Rc::new(score.clone());
    assert_eq!((shared.rc_of_self(), Box::new(shared).by_box_of_rc().0), (1, 4));
    assert_eq!(*Pin::new(&score).pinned_shared(), 4);
    assert_eq!(score.closure_over_self(|value| *value += 1).0, 5);
    assert_eq!(to_the_end(score.borrowed_over_await(6)), Ok(&mut 6));
    assert_eq!(*to_the_end(score.lazily()), 6);
    let of_values = ["add", "add_assign", "index", "deref", "into_iter", "rc_of_self", "by_box_of_rc"];
    let others = ["pinned_shared", "closure_over_self", "borrowed_over_await", "lazily"];
    for name in of_values.into_iter().chain(others) {
        model.add(&format!("Score::{name}"), "ok", 1);
    }
    model.each("Score::from_str", &["ok", "error"]);
    model.add("Counting::next", "ok", 3);

    let alone = Alone("a", 5_u32);
    assert_eq!((alone.takes(&"b", 6), alone.gives()), (("b", 6), Ok(("a", 5))));
    model.each("takes", &["ok"]);
    model.each("gives", &["ok"]);
    assert_eq!((Square(3).named(), Square::by_default().is_ok()), ("9".to_owned(), true));
    assert!(to_the_end(Square(3).later()).is_ok() && to_the_end(Square(0).later()).is_err());
    let closure: Box<dyn Fn() -> u8 + Sync> = Box::new(|| 4);
    assert_eq!((closure.area(), to_the_end(closure.later())), (4, Ok(4)));
    for name in ["named", "by_default", "Square::area", "Box::area", "Box::later"] {
        model.add(name, "ok", 1);
    }
    model.each("Square::later", &["ok", "error"]);
}

fn futures_of_every_ending(model: &mut Model) {
    drop(is_send_and_static(waits_forever(1)));
    polled_once(waits_forever(1));
    model.each("waits_forever", &["cancelled"]);
    assert!(to_the_end(panics_later("1")).is_ok() && to_the_end(panics_later("")).is_err());
    quietly(|| to_the_end(panics_later("0")));
    model.each("panics_later", &["ok", "error", "panicked"]);
    assert_eq!(to_the_end(not_send(Rc::new(Cell::new(1)))), 1);
    assert!(to_the_end(elided("a", "b")).is_ok() && to_the_end(elided("a", "")).is_err());
    model.each("elided", &["ok", "error"]);
    assert_eq!(to_the_end(mutable_argument(&mut Vec::new())), Some(&mut 1));
    assert_eq!(to_the_end(is_send_and_static(generic_future(async { 5 }))), 5);
    assert_eq!(to_the_end(is_send_and_static(future_with_work_before("ab"))), Ok(3));
    assert!(to_the_end(future_with_work_before("")).is_err());
    drop(future_with_work_before("never polled"));
    model.each("future_with_work_before", &["ok", "error"]);
    assert!(to_the_end(pinned_by_hand(true)).is_err() && to_the_end(pinned_by_hand(false)).is_ok());
    model.each("pinned_by_hand", &["ok", "error"]);
    // SAFETY: it does nothing that is not safe.
    assert_eq!(to_the_end(unsafe { asynchronous_and_not_safe() }), 3);
    for name in ["not_send", "mutable_argument", "generic_future", "asynchronous_and_not_safe"] {
        model.add(name, "ok", 1);
    }
}

#[test]
fn the_page_is_what_the_model_says() {
    let mut model = Model::default();
    endings(&mut model);
    returns(&mut model);
    arguments(&mut model);
    methods(&mut model);
    futures_of_every_ending(&mut model);
    model.compare(module_path!());
    assert!(model.functions() >= 70, "{} functions", model.functions());
}
