//! Advice about labels whose types the macro cannot see, as the compiler's warnings about deprecated methods.
//!
//! The compiler's line begins with the path of the method, so the path says that this is advice, and by which rule.

/// Result of a check while compiling, which selects one of the two traits.
#[derive(Clone, Copy, Debug)]
pub struct Found<const FOUND: bool>;

/// Methods that the compiler warns about, each named as its rule.
pub trait MetricsAdvice {
    /// Warns of a metric's name that has a label's name in it.
    #[deprecated(
        note = "the metric's name has the name of one of its labels in it: it is wrong where the label is summed \
                over, so rename one (or opt out: `allow(label_in_name)`)"
    )]
    fn label_in_name(self);

    /// Warns of many series.
    #[deprecated(
        note = "the labels make more than 100 series in each process: take a label away, or merge values (or opt \
                out: `allow(many_series)`)"
    )]
    fn many_series(self);
}

/// The same methods where there is nothing to advise.
pub trait NoAdvice {
    /// Does nothing.
    fn label_in_name(self);

    /// Does nothing.
    fn many_series(self);
}

impl MetricsAdvice for Found<true> {
    fn label_in_name(self) {}

    fn many_series(self) {}
}

impl NoAdvice for Found<false> {
    fn label_in_name(self) {}

    fn many_series(self) {}
}
