//! Expanded code turns no lint off, so it compiles where a crate forbids that; and raises none.

#![deny(warnings)]
// Neither `warnings` nor `nonstandard_style` can be forbidden: the link-time list of the crate `inventory` allows one lint.
#![forbid(
    future_incompatible,
    let_underscore,
    rust_2018_idioms,
    rust_2024_compatibility,
    unused,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unreachable_code,
    unsafe_code,
    unused_braces,
    unused_imports,
    unused_labels,
    unused_lifetimes,
    unused_qualifications
)]
#![forbid(clippy::all, clippy::pedantic, clippy::nursery)]
// Restrictions that a strict crate picks.
#![forbid(
    clippy::absolute_paths,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    clippy::arithmetic_side_effects,
    clippy::clone_on_ref_ptr,
    clippy::default_trait_access,
    clippy::exit,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::let_underscore_untyped,
    clippy::mem_forget,
    clippy::panic,
    clippy::shadow_same,
    clippy::shadow_unrelated,
    clippy::todo,
    clippy::unimplemented,
    clippy::unreachable,
    clippy::unwrap_in_result,
    clippy::unwrap_used
)]

use std::{
    future::ready,
    num::ParseIntError,
    panic::{catch_unwind, resume_unwind},
};

use metrics_core::{LabelValue, Registry, counted, in_flight, observed, timed};
use tests::futures;

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

struct Form<'a> {
    text: &'a str,
    other: u8,
}

#[observed]
fn nothing_to_do() {}

#[observed]
fn one_expression(text: &str) -> Result<u8, ParseIntError> {
    text.parse()
}

#[observed]
fn leaves_early(text: &str) -> Result<u8, ParseIntError> {
    let value: u8 = text.parse()?;
    Ok(value)
}

#[observed]
#[track_caller]
fn leaves_early_and_tracks(text: &str) -> Result<u8, ParseIntError> {
    let value: u8 = text.parse()?;
    if value == 0 {
        return Ok(1);
    }
    Ok(value)
}

/// It never comes to its end.
#[observed]
fn always_panics(text: &str) -> Result<u8, ParseIntError> {
    resume_unwind(Box::new(text.len()))
}

#[observed]
async fn later(text: &str) -> Result<u8, ParseIntError> {
    let value: u8 = ready(text).await.parse()?;
    Ok(value)
}

#[observed]
async fn later_without_exits(text: &str) -> Option<u8> {
    ready(text).await.parse().ok()
}

#[observed]
async fn never_later(text: &str) -> Result<u8, ParseIntError> {
    ready(text).await;
    resume_unwind(Box::new(text.len()))
}

/// Everything there is.
#[counted(
    name = "forbid_total",
    labels(size = Size::of(form.text), tenant = capped(form.text, 10), good = |ret| ret.is_ok(), long = error(|err| err.to_string().len() > 3), result)
)]
#[timed(name = "forbid_seconds", labels(size: Size = Size::of(form.text)), buckets(0.1, 1))]
#[in_flight(name = "forbid_in_flight", labels(size = Size::of(form.text)))]
#[counted(ok_if = |ret| ret.is_ok(), objective(name = "forbid", success = 99))]
fn everything(form: &Form<'_>, _unused: u8) -> Result<u8, ParseIntError> {
    let value: u8 = form.text.parse()?;
    Ok(value.saturating_add(form.other))
}

/// One of two bindings is in the label.
#[counted(name = "forbid_patterns_total", labels(size = Size::of(text)))]
fn patterns(Form { text, other }: &Form<'_>, (left, mut right): (u8, u8)) -> u8 {
    right = right.saturating_add(left);
    text.parse::<u8>().unwrap_or(*other).saturating_add(right)
}

/// Late labels.
#[counted(name = "forbid_late_total", labels(value = value, same = |ret| *ret))]
fn late<T: LabelValue + Copy>(value: T) -> T {
    value
}

struct Store(u8);

#[observed]
impl Store {
    fn new() -> Self {
        Self("1".len().to_le_bytes()[0])
    }

    fn get(&mut self, text: &str) -> Result<&mut u8, ParseIntError> {
        self.0 = text.parse()?;
        Ok(&mut self.0)
    }

    async fn wait(&self) -> u8 {
        ready(self.0).await
    }
}

#[test]
fn strict_crate() {
    nothing_to_do();
    let form = Form { text: "1", other: 1 };
    assert_eq!((one_expression("1"), leaves_early("1"), leaves_early_and_tracks("0")), (Ok(1), Ok(1), Ok(1)));
    assert_eq!((everything(&form, 1), patterns(&form, (1, 2)), late(true)), (Ok(2), 4, true));
    assert_eq!(futures::to_the_end(later("1")), Ok(1));
    assert_eq!(futures::to_the_end(later_without_exits("1")), Some(1));
    assert!(catch_unwind(|| always_panics("1")).is_err());
    assert!(catch_unwind(|| futures::to_the_end(never_later("1"))).is_err());
    let mut store = Store::new();
    assert_eq!(store.get("5"), Ok(&mut 5));
    assert_eq!(futures::to_the_end(store.wait()), 5);
    let page = Registry::global().text();
    for line in [
        r#"forbid_total{size="Small",tenant="1",good="true",result="ok"} 1"#,
        r#"forbid_patterns_total{size="Small"} 1"#,
        r#"forbid_late_total{value="true",same="true"} 1"#,
    ] {
        assert!(page.contains(line), "{line} is not in\n{page}");
    }
}
