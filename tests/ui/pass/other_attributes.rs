//! Attributes of other crates above and below ours: none sees less, and every call counts once.

#![deny(warnings, clippy::all, clippy::pedantic, clippy::nursery, rust_2018_idioms)]

use std::{
    collections::BTreeMap,
    num::ParseIntError,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use anyhow::{Context as _, bail, ensure};
use async_trait::async_trait;
use metrics_core::{LabelValue, Registry, counted, in_flight, observed, timed};
use tests::futures::to_the_end;
use tracing::instrument;

/// Numbers of calls of functions with this name, those not zero, in this order: cancelled, error, ok,
/// panicked.
fn endings_of(function: &str) -> BTreeMap<String, u64> {
    let start =
        format!("function_calls_total{{function=\"{function}\",module=\"{}\",result=\"", module_path!());
    let page = Registry::global().text();
    let series = page.lines().filter_map(|line| line.strip_prefix(start.as_str())?.split_once("\"} "));
    let counts = series.map(|(result, count)| (result.to_owned(), count.parse().expect("a count")));
    counts.filter(|(_, count)| *count > 0).collect()
}

/// Checks the outcomes of calls, and that none is in flight.
fn check(function: &str, endings: &[(&str, u64)]) {
    let expected = endings.iter().map(|(result, count)| ((*result).to_owned(), *count)).collect();
    assert_eq!(endings_of(function), expected, "{function}");
    let idle =
        format!("function_calls_concurrent{{function=\"{function}\",module=\"{}\"}} 0\n", module_path!());
    assert!(Registry::global().text().contains(&idle), "{function}");
}

async fn pause() {
    let mut paused = false;
    let once = std::future::poll_fn(|_| {
        if std::mem::replace(&mut paused, true) { Poll::Ready(()) } else { Poll::Pending }
    });
    once.await;
}

fn cancelled(future: impl Future) {
    let mut future = std::pin::pin!(future);
    assert!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
}

const fn is_send<T: Send>(value: T) -> T {
    value
}

// ---- tracing ------------------------------------------------------------------------------------

#[instrument]
#[observed]
fn span_above(text: &str) -> Result<u8, ParseIntError> {
    let value: u8 = text.parse()?;
    Ok(value)
}

#[observed]
#[instrument(err, ret, skip(text), fields(length = text.len()))]
fn span_below(text: &str) -> Result<u8, ParseIntError> {
    let value: u8 = text.parse()?;
    Ok(value)
}

#[instrument(level = "debug", err(Debug))]
#[observed]
async fn span_above_async(text: &str) -> Result<u8, ParseIntError> {
    pause().await;
    let value: u8 = text.parse()?;
    Ok(value)
}

#[observed]
#[instrument(err, ret)]
async fn span_below_async(text: &str) -> Result<u8, ParseIntError> {
    pause().await;
    let value: u8 = text.parse()?;
    Ok(value)
}

#[instrument]
#[observed]
async fn span_above_plain() -> Box<str> {
    pause().await;
    "plain".into()
}

#[observed]
#[instrument]
async fn span_below_plain() -> Box<str> {
    pause().await;
    "plain".into()
}

#[instrument(skip_all)]
#[observed]
fn span_above_future(text: &str) -> impl Future<Output = Result<u8, ParseIntError>> + Send {
    async move {
        pause().await;
        text.parse()
    }
}

#[observed]
#[instrument(skip_all)]
fn span_below_future(text: &str) -> impl Future<Output = Result<u8, ParseIntError>> + Send {
    async move {
        pause().await;
        text.parse()
    }
}

#[test]
fn tracing_spans() {
    for (name, call) in
        [("span_above", span_above as fn(&str) -> Result<u8, ParseIntError>), ("span_below", span_below)]
    {
        assert!(call("1").is_ok() && call("x").is_err());
        check(name, &[("ok", 1), ("error", 1)]);
    }
    assert!(to_the_end(is_send(span_above_async("1"))).is_ok() && to_the_end(span_above_async("")).is_err());
    cancelled(span_above_async("1"));
    drop(span_above_async("1"));
    check("span_above_async", &[("ok", 1), ("error", 1), ("cancelled", 1)]);
    assert!(to_the_end(is_send(span_below_async("1"))).is_ok() && to_the_end(span_below_async("")).is_err());
    cancelled(span_below_async("1"));
    drop(span_below_async("1"));
    check("span_below_async", &[("ok", 1), ("error", 1), ("cancelled", 1)]);
    assert_eq!(
        (to_the_end(span_above_plain()), to_the_end(span_below_plain())),
        ("plain".into(), "plain".into())
    );
    cancelled(span_above_plain());
    cancelled(span_below_plain());
    check("span_above_plain", &[("ok", 1), ("cancelled", 1)]);
    check("span_below_plain", &[("ok", 1), ("cancelled", 1)]);
    assert!(to_the_end(span_above_future("1")).is_ok() && to_the_end(span_above_future("x")).is_err());
    cancelled(span_above_future("1"));
    drop(span_above_future("1"));
    check("span_above_future", &[("ok", 1), ("error", 1), ("cancelled", 1)]);
    assert!(to_the_end(span_below_future("1")).is_ok() && to_the_end(span_below_future("x")).is_err());
    cancelled(span_below_future("1"));
    drop(span_below_future("1"));
    check("span_below_future", &[("ok", 1), ("error", 1), ("cancelled", 1)]);
}

// ---- async_trait --------------------------------------------------------------------------------

#[derive(Clone, Copy, LabelValue)]
enum Size {
    Small,
    Large,
}

impl Size {
    const fn of(text: &str) -> Self {
        if text.len() > 3 { Self::Large } else { Self::Small }
    }
}

#[async_trait]
trait Store: Sync {
    async fn get(&self, text: &str) -> Result<u8, ParseIntError>;

    async fn put(&mut self, value: u8) -> u8;

    async fn nothing(&self, _: &str) {}

    /// A method with a body in the trait.
    #[observed]
    async fn by_default(&self, text: &str) -> anyhow::Result<Box<dyn std::fmt::Display + Send>> {
        pause().await;
        if text.is_empty() {
            return Ok(Box::new("empty"));
        }
        Ok(Box::new(self.get(text).await?))
    }

    async fn of_type() -> Option<u8>
    where
        Self: Sized,
    {
        None
    }
}

struct Above(u8);
struct Below(u8);
struct Alone(u8);

#[observed]
#[async_trait]
impl Store for Above {
    async fn get(&self, text: &str) -> Result<u8, ParseIntError> {
        pause().await;
        let value: u8 = text.parse()?;
        Ok(self.0 + value)
    }

    async fn put(&mut self, value: u8) -> u8 {
        pause().await;
        std::mem::replace(&mut self.0, value)
    }

    async fn nothing(&self, _: &str) {
        pause().await;
    }

    async fn of_type() -> Option<u8> {
        let value = Some(1)?;
        Some(value)
    }
}

#[async_trait]
#[observed]
impl Store for Below {
    async fn get(&self, text: &str) -> Result<u8, ParseIntError> {
        pause().await;
        let value: u8 = text.parse()?;
        Ok(self.0 + value)
    }

    async fn put(&mut self, value: u8) -> u8 {
        pause().await;
        std::mem::replace(&mut self.0, value)
    }

    async fn nothing(&self, _: &str) {
        pause().await;
    }

    async fn of_type() -> Option<u8> {
        let value = Some(1)?;
        Some(value)
    }
}

#[async_trait]
impl Store for Alone {
    /// Reads.
    #[observed(function = "Alone::get")]
    #[counted(name = "neighbours_reads_total", labels(size = Size::of(text), result))]
    #[instrument(skip_all)]
    async fn get(&self, text: &str) -> Result<u8, ParseIntError> {
        pause().await;
        let value: u8 = text.parse()?;
        Ok(self.0 + value)
    }

    #[instrument(skip(self))]
    #[observed(function = "Alone::put")]
    async fn put(&mut self, value: u8) -> u8 {
        pause().await;
        std::mem::replace(&mut self.0, value)
    }
}

/// Calls every method of a store in every way.
fn call(name: &str, mut store: impl Store, is_complete: bool) {
    assert_eq!(to_the_end(is_send(store.get("1"))), Ok(2));
    assert!(to_the_end(store.get("x")).is_err());
    cancelled(store.get("1"));
    drop(store.get("1"));
    check(&format!("{name}::get"), &[("ok", 1), ("error", 1), ("cancelled", 1)]);
    assert_eq!(to_the_end(store.put(5)), 1);
    cancelled(store.put(6));
    check(&format!("{name}::put"), &[("ok", 1), ("cancelled", 1)]);
    if is_complete {
        to_the_end(store.nothing(""));
        cancelled(store.nothing(""));
        check(&format!("{name}::nothing"), &[("ok", 1), ("cancelled", 1)]);
    }
    let dynamic: Arc<dyn Store + Send> = Arc::new(Above(1));
    assert_eq!(to_the_end(dynamic.by_default("")).expect("a value").to_string(), "empty");
}

// One test, because the stores share `by_default` and its counts.
#[test]
fn async_trait() {
    call("Above", Above(1), true);
    call("Below", Below(1), true);
    call("Alone", Alone(1), false);
    assert_eq!((to_the_end(Above::of_type()), to_the_end(Below::of_type())), (Some(1), Some(1)));
    assert!(to_the_end(Below(1).by_default("x")).is_err());
    check("by_default", &[("ok", 3), ("error", 1)]);
    let page = Registry::global().text();
    assert!(page.contains("neighbours_reads_total{size=\"Small\",result=\"ok\"} 1\n"), "{page}");
    assert!(page.contains("neighbours_reads_total{size=\"Large\",result=\"ok\"} 0\n"), "{page}");
}

// ---- all together -------------------------------------------------------------------------------

/// All four.
#[counted(name = "neighbours_all_total", labels(result, long = text.len() > 3))]
#[instrument(err)]
#[timed]
#[in_flight]
#[counted]
async fn all_four(text: String) -> anyhow::Result<usize> {
    pause().await;
    ensure!(!text.is_empty(), "empty");
    if text == "no" {
        bail!("no is no number");
    }
    let value: usize = text.parse().with_context(|| format!("{text} is no number"))?;
    drop(text);
    Ok(value)
}

#[observed]
fn anyhow_alias(text: &str) -> anyhow::Result<u8> {
    ensure!(!text.is_empty(), "empty");
    Ok(text.parse()?)
}

#[observed]
#[track_caller]
fn anyhow_tracked(text: &str) -> anyhow::Result<u32> {
    if text.is_empty() {
        bail!("empty");
    }
    Ok(std::panic::Location::caller().line())
}

#[test]
fn all_together() {
    assert!(to_the_end(is_send(all_four("12".to_owned()))).is_ok());
    for text in ["no", "", "xxxx"] {
        assert!(to_the_end(all_four(text.to_owned())).is_err());
    }
    cancelled(all_four("12".to_owned()));
    check("all_four", &[("ok", 1), ("error", 3), ("cancelled", 1)]);
    let page = Registry::global().text();
    assert!(page.contains("neighbours_all_total{result=\"error\",long=\"true\"} 1\n"), "{page}");
    assert!(page.contains("neighbours_all_total{result=\"error\",long=\"false\"} 2\n"), "{page}");
    let duration = format!(
        "function_calls_duration_seconds_count{{function=\"all_four\",module=\"{}\"}} 5\n",
        module_path!()
    );
    assert!(page.contains(&duration), "{page}");
    assert!(anyhow_alias("1").is_ok() && anyhow_alias("").is_err() && anyhow_alias("x").is_err());
    check("anyhow_alias", &[("ok", 1), ("error", 2)]);
    assert!(anyhow_tracked("").is_err());
    check("anyhow_tracked", &[("error", 1)]);
}
