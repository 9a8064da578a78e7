//! How a function's body has to be written so that its ending can be told.

use super::{
    model::{Decision, Site},
    signature::{self, Returns},
};

/// The form that the body takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// The guard stands before it; dropping the guard is the end of the call.
    AsWritten,
    /// Its value is kept, looked at and returned.
    Value,
    /// It becomes a closure, because control may leave it before its end.
    Closure,
    /// It becomes an `async` block, for the same reason.
    Block,
}

/// Whether the guard has to be told that the call ended.
///
/// A guard that is dropped says `ok` in a function that cannot fail; but in an `async fn` it says `cancelled`.
pub(crate) fn needs_finish(site: &Site) -> bool {
    let is_async = site.signature.asyncness.is_some();
    match site.decision {
        Decision::Unasked => false,
        Decision::AlwaysOk => is_async || returns_labels(site),
        Decision::Probe | Decision::ErrorIf(_) | Decision::OkIf(_) => true,
    }
}

/// The form of the body.
pub(crate) fn shape(site: &Site) -> Shape {
    let never = signature::returns(&site.signature) == Returns::Never;
    if never || !needs_finish(site) {
        return Shape::AsWritten;
    }
    match (site.body.has_exits(), site.signature.asyncness.is_some()) {
        (false, _) => Shape::Value,
        (true, false) => Shape::Closure,
        (true, true) => Shape::Block,
    }
}

fn returns_labels(site: &Site) -> bool {
    site.dimensions.len() > site.arguments
}
