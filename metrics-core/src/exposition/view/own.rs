//! Series of this library's families.

use std::ops::ControlFlow;

use super::{
    bounds::Bounds,
    labels::Labels,
    series::{
        HistogramView, NativeView, ReadBuffers, SeriesView, SeriesVisitor, StateView, Sum, SummaryView, Value,
    },
};
use crate::{
    model::{Buckets, Layout},
    registry::FamilySnapshot,
    series::{SeriesBatch, SeriesRef, SeriesSet},
};

#[inline]
pub(super) fn for_each_series<'f>(
    snapshot: FamilySnapshot<'f>,
    buffers: &mut ReadBuffers,
    visitor: &mut impl SeriesVisitor<'f>,
) -> ControlFlow<()> {
    match snapshot.singles() {
        Some((layout, singles, range)) => {
            let shape = layout.shape();
            let reader = &mut buffers.reader;
            singles.read_batches(range, shape, reader, |batch| visit_batch(&batch, layout, visitor))
        }
        None => snapshot.sets().iter().try_for_each(|set| for_each_of_set(set, buffers, visitor)),
    }
}

/// Gives the series of a batch to a visitor; none has quantiles.
#[inline]
fn visit_batch<'f>(
    batch: &SeriesBatch<'_>,
    layout: &'f Layout,
    visitor: &mut impl SeriesVisitor<'f>,
) -> ControlFlow<()> {
    if let Layout::Counter | Layout::Info = layout {
        // A loop of its own for most series: in it the type of the value is known.
        return batch.iter().try_for_each(|(series, words)| {
            visitor.visit(view(series, Value::Count(words.first().copied().unwrap_or_default())))
        });
    }
    batch
        .iter()
        .try_for_each(|(series, words)| visitor.visit(view(series, value(layout, series, words, &[]))))
}

#[inline]
fn for_each_of_set<'f>(
    set: &'f SeriesSet,
    buffers: &mut ReadBuffers,
    visitor: &mut impl SeriesVisitor<'f>,
) -> ControlFlow<()> {
    let ReadBuffers { reader, quantiles, .. } = buffers;
    match set.layout() {
        layout @ Layout::Summary(_) => set.read_batches(reader, |batch| {
            batch.iter().try_for_each(|(series, words)| {
                quantiles.clear();
                quantiles.extend(set.quantiles(series.cells()).unwrap_or_default());
                visitor.visit(view(series, value(layout, series, words, quantiles)))
            })
        }),
        layout @ (Layout::Counter
        | Layout::Info
        | Layout::FloatCounter
        | Layout::ReadCounter
        | Layout::Gauge
        | Layout::FloatGauge
        | Layout::Histogram(_)
        | Layout::StateSet(_)) => set.read_batches(reader, |batch| visit_batch(&batch, layout, visitor)),
    }
}

#[inline]
const fn view<'f, 's>(series: SeriesRef<'s>, value: Value<'f, 's>) -> SeriesView<'f, 's> {
    SeriesView { labels: Labels::of_series(series.labels), value, timestamp: None, origin: Some(series) }
}

#[inline]
fn value<'f, 's>(
    layout: &'f Layout,
    series: SeriesRef<'_>,
    words: &'s [u64],
    quantiles: &'s [(f64, f64)],
) -> Value<'f, 's> {
    let first = words.first().copied().unwrap_or_default();
    match layout {
        Layout::Counter | Layout::Info => Value::Count(first),
        Layout::Gauge => Value::Integer(first.cast_signed()),
        Layout::FloatCounter | Layout::ReadCounter | Layout::FloatGauge => {
            Value::Float(f64::from_bits(first))
        }
        Layout::Histogram(buckets) => Value::Histogram(HistogramView {
            bounds: Bounds::Own(buckets),
            counts: Buckets::counts(words),
            sum: Sum::of(buckets, words),
            native: buckets.native().map(|schema| NativeView { cells: series.cells(), schema }),
        }),
        Layout::Summary(buckets) => Value::Summary(SummaryView {
            quantiles,
            sum: Sum::of(buckets, words),
            count: Buckets::count(words),
        }),
        Layout::StateSet(states) => Value::StateSet(StateView { states, words }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Bounded, Capped, Counter, Definition, Dimension, DynamicFamily, Family, LabelField, LabelSet,
        Registry, label::Interners,
    };

    type Hundred = Bounded<0, 99>;

    /// All series from the start.
    struct Dense(Hundred, Hundred);

    impl LabelSet for Dense {
        const DIMENSIONS: &'static [Dimension] =
            &[Dimension::of::<Hundred>("a"), Dimension::of::<Hundred>("b")];
        const CAPPED: bool = false;

        fn index(&self, interners: &Interners) -> usize {
            self.0.position(interners, 0) * 100 + self.1.position(interners, 1)
        }
    }

    /// Series by their first observation.
    struct Sparse(Capped<10_000>);

    impl LabelSet for Sparse {
        const DIMENSIONS: &'static [Dimension] = &[Dimension::of::<Capped<10_000>>("a")];
        const CAPPED: bool = true;

        fn index(&self, interners: &Interners) -> usize {
            self.0.position(interners, 0)
        }
    }

    /// Returns the number of series that are shown to a visitor who wants one, and the words that were read.
    fn read_one(registry: &Registry) -> (usize, Vec<u64>) {
        let (mut buffers, mut shown) = (ReadBuffers::default(), 0);
        for family in registry.snapshot().families() {
            let end = for_each_series(family, &mut buffers, &mut |_: SeriesView<'_, '_>| {
                shown += 1;
                ControlFlow::Break(())
            });
            assert!(end.is_break());
        }
        (shown, buffers.reader.sums().to_vec())
    }

    #[test]
    fn where_nobody_wants_the_rest_no_more_than_a_few_series_are_read() {
        let define = || Definition::new("a_total", "A.");
        let registry = Registry::new();
        let dense: Family<Dense, Counter> = registry.register(&define()).unwrap();
        for number in 0..10_000_u16 {
            dense.with(Dense((number / 100).into(), (number % 100).into())).inc_by((number + 1).into());
        }
        let (shown, words) = read_one(&registry);
        // One batch of them, which is summed at once.
        assert_eq!((shown, words.first(), words.len()), (1, Some(&1), 2048));

        let registry = Registry::new();
        let sparse: Family<Sparse, Counter> = registry.register(&define()).unwrap();
        for number in 1..=2000 {
            sparse.with(Sparse(number.to_string().as_str().into())).inc_by(number);
        }
        let (shown, words) = read_one(&registry);
        // One chunk of them.
        assert_eq!((shown, words.first(), words.len()), (1, Some(&1), 1024));

        let registry = Registry::new();
        let open: DynamicFamily<Counter> = registry.register(&define().dynamic_label("a", 10_000)).unwrap();
        for number in 1..=2000 {
            open.with(&[&number.to_string()]).inc_by(number);
        }
        let (shown, words) = read_one(&registry);
        assert_eq!((shown, words.first(), words.len()), (1, Some(&1), 1024));
    }
}
