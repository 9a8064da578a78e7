//! Methods of a single metric on a family: they do not compile, and the compiler's message shows the right call.

use super::family::Family;

/// A metric without labels; no family is one.
#[diagnostic::on_unimplemented(
    message = "a family has a metric for each label set, and this call names none",
    label = "choose the metric first: `family.with(labels)`",
    note = "write the label set before the call: `family.with(Labels {{ ranked: true }}).inc()`"
)]
pub trait MetricWithoutLabels {}

/// Never compiled in a program: the bound is never met.
impl<L, M> Family<L, M> {
    #[doc(hidden)]
    pub fn inc(&self)
    where
        Self: MetricWithoutLabels,
    {
    }

    #[doc(hidden)]
    pub fn inc_by<T>(&self, _: T)
    where
        Self: MetricWithoutLabels,
    {
    }

    #[doc(hidden)]
    pub fn dec(&self)
    where
        Self: MetricWithoutLabels,
    {
    }

    #[doc(hidden)]
    pub fn set<T>(&self, _: T)
    where
        Self: MetricWithoutLabels,
    {
    }

    #[doc(hidden)]
    pub fn observe<T>(&self, _: T)
    where
        Self: MetricWithoutLabels,
    {
    }

    #[doc(hidden)]
    pub fn start_timer(&self)
    where
        Self: MetricWithoutLabels,
    {
    }
}
