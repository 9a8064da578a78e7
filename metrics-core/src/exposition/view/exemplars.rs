//! Exemplars of a series.

use super::{
    bounds::Bounds,
    series::{HistogramView, SeriesView, Value},
};
use crate::{
    exemplar::{self, Record},
    model::Buckets,
    native,
};

/// Returns whether there is any exemplar.
pub(in crate::exposition) fn any_exemplars() -> bool {
    exemplar::any()
}

impl SeriesView<'_, '_> {
    /// Calls `show` with the exemplar of a counter, if there is one.
    pub(in crate::exposition) fn show_exemplar<R>(&self, show: impl FnOnce(&Record) -> R) -> Option<R> {
        exemplar::read(self.cells()?.exemplar_slot(0), show)
    }

    /// Calls `show` with the exemplar of a classic bucket, if there is one that falls in it. A histogram without classic
    /// buckets shows its latest exemplar in `+Inf`.
    pub(in crate::exposition) fn show_bucket_exemplar<R>(
        &self,
        bounds: Bounds<'_>,
        bucket: usize,
        show: impl FnOnce(&Record) -> R,
    ) -> Option<R> {
        let cells = self.cells()?;
        let latest = || native::latest_exemplar(cells);
        let slot = if bounds.is_native_only() { latest() } else { None }
            .unwrap_or_else(|| cells.exemplar_slot(Buckets::word(bucket)));
        let lower = bucket.checked_sub(1).map_or(f64::NEG_INFINITY, |below| bounds.upper(below));
        let upper = bounds.upper(bucket);
        let is_within = |value: f64| (value > lower || lower == f64::NEG_INFINITY) && value <= upper;
        exemplar::read(slot, |record| is_within(record.value).then(|| show(record)))?
    }

    /// Calls `show` for the exemplars of a histogram with native buckets, those of its classic buckets first.
    pub(in crate::exposition) fn for_each_native_exemplar(&self, mut show: impl FnMut(&Record)) {
        let (Some(cells), Value::Histogram(HistogramView { counts, .. })) = (self.cells(), &self.value)
        else {
            return;
        };
        let classic = (0..counts.len()).map(|bucket| cells.exemplar_slot(Buckets::word(bucket)));
        for slot in classic.chain(native::exemplar_slots(cells)) {
            exemplar::read(slot, &mut show);
        }
    }
}
