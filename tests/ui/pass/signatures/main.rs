//! Signatures of every kind under every lint that a strict user has, called in every way that they end; what the page then
//! shows is compared with a model as a whole.

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

mod arguments;
mod asynchronous;
mod endings;
use tests::futures;
mod methods;
mod model;
mod returns;

use std::panic::{AssertUnwindSafe, catch_unwind};

use model::Model;

/// Makes a call that panics.
fn quietly<T>(call: impl FnOnce() -> T) {
    assert!(catch_unwind(AssertUnwindSafe(call)).is_err());
}

#[test]
fn every_signature() {
    let mut model = Model::default();
    endings::calls(&mut model);
    returns::calls(&mut model);
    arguments::calls(&mut model);
    methods::calls(&mut model);
    asynchronous::calls(&mut model);
    model.compare(module_path!());
    assert!(model.functions() >= 70, "{} functions", model.functions());
}
