//! Signatures of every kind with attributes, compiled under every lint that a strict user has, and called.

#![deny(warnings, clippy::all, clippy::pedantic, clippy::nursery, rust_2018_idioms)]
#![forbid(unsafe_code)]
// What the suite has to have and nobody should.
#![allow(clippy::boxed_local, clippy::future_not_send, clippy::manual_async_fn)]

mod futures;

use std::{
    borrow::Cow,
    collections::HashMap,
    error::Error,
    fmt::{Debug, Display},
    future::Future,
    io,
    num::ParseIntError,
    pin::Pin,
    rc::Rc,
    sync::Arc,
    task::Poll,
};

use futures::to_the_end;
use metrics_core::{Capped, LabelValue, Registry, StatusClass, counted, in_flight, observed, timed};

/// How often a function of this file ended well.
fn ok(function: &str) -> u64 {
    ended(function, "ok")
}

fn ended(function: &str, result: &str) -> u64 {
    let series = format!(
        "function_calls_total{{function=\"{function}\",module=\"{}\",result=\"{result}\"}} ",
        module_path!()
    );
    let page = Registry::global().text();
    page.lines()
        .find_map(|line| line.strip_prefix(series.as_str()))
        .map_or(0, |count| count.parse().expect("a count"))
}

/// Checks that a function was counted once since the last time.
macro_rules! once {
    ($name:literal, $call:expr) => {{
        let before = ok($name);
        let value = $call;
        assert_eq!(ok($name), before + 1, $name);
        value
    }};
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, LabelValue)]
#[label(rename_all = "snake_case")]
enum Region {
    NorthEu,
    Us,
}

#[derive(Debug)]
struct Form<'a> {
    region: Region,
    tenant: Cow<'a, str>,
}

#[observed]
fn nothing() {}

#[counted]
fn one_line() -> u8 {
    5
}

#[observed]
fn starts_with_items(value: u8) -> u8 {
    const ADDED: u8 = 1;
    use std::ops::Add as _;
    value.add(ADDED)
}

#[observed]
fn starts_with_items_and_fails(value: &str) -> Result<u8, ParseIntError> {
    const ADDED: u8 = 1;
    fn parse(value: &str) -> Result<u8, ParseIntError> {
        value.parse()
    }
    Ok(parse(value)? + ADDED)
}

#[observed]
fn question_mark(value: &str) -> Result<u8, ParseIntError> {
    let value: u8 = value.parse()?;
    Ok(value)
}

#[observed]
fn boxed_error(value: &str) -> Result<u8, Box<dyn Error>> {
    if value.is_empty() {
        return Err("empty".into());
    }
    Ok(value.parse()?)
}

#[observed]
fn alias() -> io::Result<()> {
    Ok(())
}

#[observed]
fn coerced() -> Box<dyn Display> {
    Box::new(5)
}

#[observed]
fn coerced_behind_a_path(fails: bool) -> Result<Box<dyn Display>, ParseIntError> {
    if fails {
        return Ok(Box::new("x".parse::<u8>()?));
    }
    Ok(Box::new("5"))
}

#[observed]
fn option(value: Option<u8>) -> Option<u8> {
    let value = value?;
    value.checked_add(1)
}

#[observed]
fn poll() -> Poll<Result<u8, ParseIntError>> {
    Poll::Ready("5".parse())
}

#[observed]
fn iterates(to: u8) -> impl Iterator<Item = u8> {
    (0..to).filter(|value| value % 2 == 0)
}

#[observed]
fn closure() -> impl Fn(u32) -> u32 {
    |value| value + 1
}

#[observed]
fn nested_impl(value: &str) -> Result<impl Iterator<Item = char> + Debug + '_, ParseIntError> {
    let count: usize = value.parse()?;
    Ok(value.chars().take(count))
}

#[observed]
fn future_returned() -> impl Future<Output = u8> + Send {
    async { 5 }
}

#[observed]
fn future_boxed<'a>(value: &'a str) -> Pin<Box<dyn Future<Output = usize> + Send + 'a>> {
    Box::pin(async move { value.len() })
}

#[observed]
fn generic<T, const N: usize>(value: &T) -> [T; N]
where
    T: Debug + Clone,
{
    std::array::from_fn(|_| value.clone())
}

#[observed]
fn generic_value<T: Default>() -> T {
    T::default()
}

#[observed]
fn generic_result<T: std::str::FromStr>(value: &str) -> Result<T, T::Err> {
    let parsed = value.parse()?;
    Ok(parsed)
}

#[observed]
fn projection<I: IntoIterator>(values: I) -> <I as IntoIterator>::IntoIter {
    values.into_iter()
}

#[observed]
fn impl_argument(value: impl Into<String>) -> String {
    value.into()
}

#[observed]
fn lifetimes<'a>(left: &'a str, right: &str) -> &'a str {
    if right.is_empty() {
        return left;
    }
    left.strip_prefix(right).unwrap_or(left)
}

#[observed]
fn mutable(mut values: Vec<u8>, value: &mut u8) -> Result<Vec<u8>, ParseIntError> {
    *value += 1;
    values.push("7".parse()?);
    Ok(values)
}

#[observed]
fn patterns((left, right): (u8, u8), [first, .., last]: [u8; 3], Form { region, .. }: &Form<'_>) -> u8 {
    u8::from(*region == Region::Us) + left + right + first + last
}

#[observed]
#[must_use]
#[track_caller]
fn caller() -> u32 {
    std::panic::Location::caller().line()
}

#[observed]
extern "C" fn foreign(value: u8) -> u8 {
    value
}

#[observed]
fn inner_attributes() -> u8 {
    #![allow(unused_variables)]
    let unused = 1;
    2
}

#[observed]
fn labelled(values: &[u8]) -> Option<u8> {
    'outer: for value in values {
        for other in values {
            if other > value {
                continue 'outer;
            }
        }
        return Some(*value);
    }
    None
}

#[observed]
fn shadowing(metrics_call: u8, ret: u8) -> Result<u8, String> {
    let __metrics_call = metrics_call;
    let __metrics_returned = ret;
    let call = __metrics_call.checked_add(__metrics_returned).ok_or_else(|| "too much".to_owned())?;
    Ok(call)
}

#[observed]
async fn waits() {
    std::future::ready(()).await;
}

#[observed]
async fn async_result(value: &str) -> Result<u8, Box<dyn Error + Send + Sync>> {
    let value = std::future::ready(value).await;
    if value == "0" {
        return Ok(0);
    }
    Ok(value.parse()?)
}

#[observed]
async fn async_coerced(value: &str) -> Result<Box<dyn Display + Send>, ParseIntError> {
    if value.is_empty() {
        return Ok(Box::new("empty"));
    }
    Ok(Box::new(value.parse::<u8>()?))
}

#[observed]
async fn async_collects(values: &[&str]) -> Result<Vec<u8>, ParseIntError> {
    for value in values {
        if value.is_empty() {
            return Ok(Vec::new());
        }
    }
    values.iter().map(|value| value.parse()).collect()
}

#[observed]
async fn async_early(stops: bool) {
    if stops {
        return;
    }
    std::future::ready(()).await;
}

#[observed]
async fn async_generic<T: Send + Clone + Sync>(value: &T) -> Option<T> {
    std::future::ready(Some(value.clone())).await
}

/// Stacked, in the order that people write.
#[counted(name = "pass_stacked_total", labels(region = form.region, result, site = "eu"))]
#[timed(name = "pass_stacked_duration_seconds", labels(region = form.region), linear(1, 1, 3))]
#[in_flight(name = "pass_stacked_in_flight", labels(region = form.region))]
async fn stacked(mut form: Form<'_>) -> Result<usize, ParseIntError> {
    form.tenant = Cow::Borrowed("5");
    let moved = form;
    let parsed: usize = moved.tenant.parse()?;
    Ok(parsed)
}

/// Labels of every kind.
#[counted(
    name = "pass_labels_total",
    labels(
        region = form.region,
        tenant = capped(form.tenant, 10),
        class = |ret| ret.as_ref().map(|status| StatusClass::of(*status)).ok(),
        paid = form.tenant.starts_with("paid"),
        r#type = "plain",
    ),
    allow = label_type,
)]
fn labels(form: &Form<'_>) -> Result<u16, ParseIntError> {
    form.tenant.trim_start_matches("paid").parse()
}

/// The type is only known in a call.
#[counted(name = "pass_late_total", labels(region = value.region(), length = |ret| *ret > 3))]
fn late<T: HasRegion>(value: &T) -> usize {
    value.region() as usize
}

trait HasRegion {
    fn region(&self) -> Region;

    /// A default method.
    #[observed]
    fn twice(&self) -> (Region, Region) {
        (self.region(), self.region())
    }

    #[observed]
    async fn later(&self) -> Result<Region, String>
    where
        Self: Sync,
    {
        let region = Some(self.region()).ok_or("none")?;
        Ok(region)
    }
}

impl HasRegion for Form<'_> {
    #[counted]
    fn region(&self) -> Region {
        self.region
    }
}

/// Asked for.
#[counted(name = "pass_decided_total", labels(result), ok_if = |ret| ret.is_some(), allow = type_in_name)]
fn decided(value: u8) -> Option<u8> {
    (value > 3).then_some(value)
}

#[derive(Debug, Default)]
struct Store<T> {
    items: Vec<T>,
}

#[observed]
impl<Item: Clone + Debug> Store<Item> {
    const EMPTY: usize = 0;

    /// Makes one.
    #[must_use]
    pub fn new() -> Self {
        Self { items: Vec::with_capacity(Self::EMPTY) }
    }

    pub fn push(&mut self, item: Item) -> &mut Item {
        self.items.push(item);
        let last = self.items.len() - 1;
        &mut self.items[last]
    }

    pub fn first(&self) -> Option<&Item> {
        self.items.first()
    }

    pub fn find(&mut self, wanted: impl Fn(&Item) -> bool) -> Result<&mut Item, String> {
        let at = self.items.iter().position(wanted).ok_or_else(|| "missing".to_owned())?;
        Ok(&mut self.items[at])
    }

    pub fn into_items(self) -> Vec<Item> {
        self.items
    }

    /// Labels of an `impl`'s own generics are known in the call.
    #[counted(name = "pass_method_total", labels(some = item.is_some(), kind = |ret| *ret))]
    pub fn counts(&self, item: Option<&Item>) -> bool {
        item.is_some() && !self.items.is_empty()
    }

    pub fn boxed(self: Box<Self>) -> usize {
        self.items.len()
    }

    pub fn shared(self: Rc<Self>) -> usize {
        self.items.len()
    }

    pub fn counted_twice(self: &Arc<Self>) -> Result<usize, ParseIntError> {
        let more: usize = "1".parse()?;
        Ok(self.items.len() + more)
    }

    pub fn pinned(self: Pin<&mut Self>) -> usize
    where
        Item: Unpin,
    {
        self.items.len()
    }

    pub async fn async_len(&self) -> usize {
        std::future::ready(self.items.len()).await
    }

    pub async fn async_take(&mut self) -> Result<Item, String> {
        let item = self.items.pop().ok_or("empty")?;
        Ok(item)
    }

    #[observed(skip)]
    pub const fn untouched(&self) -> usize {
        self.items.len()
    }
}

#[observed]
impl<T: Debug> Display for Store<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for item in &self.items {
            write!(f, "{item:?}")?;
        }
        Ok(())
    }
}

/// The future stays `Send`.
const fn is_send<T: Send>(value: T) -> T {
    value
}

#[test]
fn plain_functions() {
    once!("nothing", nothing());
    assert_eq!(once!("one_line", one_line()), 5);
    assert_eq!(once!("starts_with_items", starts_with_items(1)), 2);
    assert_eq!(once!("starts_with_items_and_fails", starts_with_items_and_fails("1")), Ok(2));
    assert_eq!(once!("question_mark", question_mark("3")), Ok(3));
    assert!(once!("boxed_error", boxed_error("3")).is_ok());
    once!("alias", alias()).expect("no failure");
    assert_eq!(once!("coerced", coerced()).to_string(), "5");
    assert!(once!("coerced_behind_a_path", coerced_behind_a_path(false)).is_ok());
    assert!(coerced_behind_a_path(true).is_err());
    assert_eq!(ended("coerced_behind_a_path", "error"), 1);
    assert_eq!(once!("option", option(Some(1))), Some(2));
    assert_eq!(once!("option", option(None)), None);
    assert!(once!("poll", poll()).is_ready());
    assert_eq!(once!("iterates", iterates(5)).count(), 3);
    assert_eq!(once!("closure", closure())(1), 2);
    assert_eq!(once!("nested_impl", nested_impl("1")).map(Iterator::count), Ok(1));
    assert_eq!(once!("caller", caller()), line!());
    assert_eq!(once!("foreign", foreign(1)), 1);
    assert_eq!(once!("inner_attributes", inner_attributes()), 2);
    assert_eq!(once!("labelled", labelled(&[1, 2])), Some(2));
    assert_eq!(once!("shadowing", shadowing(1, 2)), Ok(3));
}

#[test]
fn generic_functions() {
    assert_eq!(once!("generic", generic::<u8, 2>(&1)), [1, 1]);
    assert_eq!(once!("generic_value", generic_value::<u8>()), 0);
    assert_eq!(once!("generic_result", generic_result::<u8>("1")), Ok(1));
    assert!(generic_result::<u8>("x").is_err());
    assert_eq!(ended("generic_result", "error"), 1);
    assert_eq!(once!("projection", projection([1])).count(), 1);
    assert_eq!(once!("impl_argument", impl_argument("a")), "a");
    assert_eq!(once!("lifetimes", lifetimes("ab", "a")), "b");
    let mut value = 1;
    assert_eq!(once!("mutable", mutable(Vec::new(), &mut value)), Ok(vec![7]));
    let form = Form { region: Region::Us, tenant: Cow::Borrowed("t") };
    assert_eq!(once!("patterns", patterns((1, 2), [3, 4, 5], &form)), 12);
}

#[test]
fn futures_of_every_kind() {
    assert_eq!(once!("future_returned", to_the_end(is_send(future_returned()))), 5);
    assert_eq!(once!("future_boxed", to_the_end(future_boxed("abc"))), 3);
    once!("waits", to_the_end(is_send(waits())));
    assert_eq!(once!("async_result", to_the_end(is_send(async_result("5")))).expect("a number"), 5);
    assert!(to_the_end(async_result("x")).is_err());
    assert_eq!(ended("async_result", "error"), 1);
    assert!(once!("async_coerced", to_the_end(async_coerced(""))).is_ok());
    assert_eq!(once!("async_collects", to_the_end(async_collects(&["1"]))), Ok(vec![1]));
    once!("async_early", to_the_end(async_early(true)));
    assert_eq!(once!("async_generic", to_the_end(is_send(async_generic(&1)))), Some(1));
}

#[test]
fn methods_of_every_kind() {
    let mut store = once!("Store::new", Store::<u8>::new());
    assert_eq!(*once!("Store::push", store.push(1)), 1);
    assert_eq!(once!("Store::first", store.first()), Some(&1));
    assert!(once!("Store::counts", store.counts(Some(&1))));
    assert!(
        family("pass_method_total").contains(&r#"pass_method_total{some="true",kind="true"} 1"#.to_owned())
    );
    assert!(once!("Store::find", store.find(|item| *item == 1)).is_ok());
    assert_eq!(once!("Store::fmt", store.to_string()), "1");
    assert_eq!(once!("Store::pinned", Pin::new(&mut store).pinned()), 1);
    assert_eq!(once!("Store::async_len", to_the_end(is_send(store.async_len()))), 1);
    assert_eq!(once!("Store::async_take", to_the_end(store.async_take())), Ok(1));
    assert_eq!(store.untouched(), 0);
    assert_eq!(once!("Store::boxed", Box::new(Store::<u8>::default()).boxed()), 0);
    assert_eq!(once!("Store::shared", Rc::new(Store::<u8>::default()).shared()), 0);
    assert_eq!(once!("Store::counted_twice", Arc::new(Store::<u8>::default()).counted_twice()), Ok(1));
    assert_eq!(once!("Store::into_items", store.into_items()), []);
    let form = Form { region: Region::NorthEu, tenant: Cow::Borrowed("t") };
    assert_eq!(once!("twice", form.twice()).0, Region::NorthEu);
    assert_eq!(once!("later", to_the_end(form.later())), Ok(Region::NorthEu));
}

/// The lines of a family without its comments.
fn family(name: &str) -> Vec<String> {
    let page = Registry::global().text();
    page.lines().filter(|line| line.starts_with(name)).map(str::to_owned).collect()
}

#[test]
fn labels_of_every_kind() {
    let form = |tenant| Form { region: Region::NorthEu, tenant: Cow::Borrowed(tenant) };
    assert_eq!(labels(&form("paid404")), Ok(404));
    assert!(labels(&form("x")).is_err());
    assert_eq!(
        family("pass_labels_total"),
        [
            r#"pass_labels_total{region="north_eu",tenant="paid404",class="4xx",paid="true",type="plain"} 1"#,
            r#"pass_labels_total{region="north_eu",tenant="x",paid="false",type="plain"} 1"#,
        ]
    );
    assert_eq!(to_the_end(stacked(form("t"))), Ok(5));
    assert!(
        family("pass_stacked_total")
            .contains(&r#"pass_stacked_total{region="north_eu",result="ok",site="eu"} 1"#.to_owned())
    );
    assert_eq!(
        family("pass_stacked_in_flight"),
        [r#"pass_stacked_in_flight{region="north_eu"} 0"#, r#"pass_stacked_in_flight{region="us"} 0"#]
    );
    assert_eq!(late(&form("t")), 0);
    assert!(
        family("pass_late_total")
            .contains(&r#"pass_late_total{region="north_eu",length="false"} 1"#.to_owned())
    );
    let _ = (decided(1), decided(5), decided(6));
    assert_eq!(
        family("pass_decided_total"),
        [r#"pass_decided_total{result="error"} 1"#, r#"pass_decided_total{result="ok"} 2"#]
    );
}

#[test]
fn values_have_the_text_of_their_case() {
    assert_eq!(Region::NorthEu.as_str(), "north_eu");
    let capped: Capped<3> = "eu".into();
    assert_eq!(capped.to_string(), "eu");
    assert!(HashMap::<u8, u8>::new().is_empty());
}
