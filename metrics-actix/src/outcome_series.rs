//! Series of completed requests: one set for each outcome of the requests with the same label values before it.

use std::{
    cell::{Cell, OnceCell, RefCell},
    rc::Rc,
    time::Duration,
};

use foldhash::HashMap;
use metrics_core::{
    __private::{DynamicMetric, observe_nanos, record_completion},
    Counter, DatabaseUseScope, Gauge, Histogram, Metric,
};

use crate::{
    families::{Families, LabeledFamily, SeriesLabels},
    labels::{LabelSource, OutcomeKey},
};

/// Series of one metric: one, and a second one while a preset is migrated to another.
#[derive(Debug)]
pub(crate) struct SeriesGroup<M> {
    first: Option<M>,
    more: Box<[M]>,
}

impl<M> Default for SeriesGroup<M> {
    fn default() -> Self {
        Self { first: None, more: Box::default() }
    }
}

impl<M> SeriesGroup<M> {
    #[inline]
    pub(crate) fn for_each(&self, record: impl Fn(&M)) {
        if let Some(first) = &self.first {
            record(first);
        }
        self.more.iter().for_each(record);
    }

    /// Returns the series if there is exactly one.
    #[inline]
    fn single(&self) -> Option<&M> {
        self.first.as_ref().filter(|_| self.more.is_empty())
    }
}

impl<M: Metric + DynamicMetric> SeriesGroup<M> {
    pub(crate) fn new(families: &[LabeledFamily<M>], labels: &SeriesLabels<'_>) -> Self {
        let mut all = families.iter().filter_map(|family| family.series(labels));
        Self { first: all.next(), more: all.collect() }
    }
}

/// Series of completed requests by their outcomes.
#[derive(Default)]
pub(crate) struct OutcomeCache {
    /// The first outcome that was seen: most requests have the same.
    first: OnceCell<(OutcomeKey, OutcomeSeries)>,
    others: RefCell<HashMap<OutcomeKey, OutcomeSeries>>,
}

impl OutcomeCache {
    /// Decrements a gauge and counts a completed request, in few steps. Returns `false`, and has done nothing, if there is more
    /// to do.
    #[inline]
    pub(crate) fn record_fast(
        &self,
        in_progress: Option<&SeriesGroup<Gauge>>,
        key: OutcomeKey,
        nanos: u64,
    ) -> bool {
        match (self.first.get(), in_progress) {
            (Some((known, series)), Some(in_progress)) if *known == key => {
                series.record_fast(in_progress, nanos)
            }
            _ => false,
        }
    }

    /// Counts a completed request; `create` makes the series of a new outcome.
    pub(crate) fn record(
        &self,
        key: OutcomeKey,
        create: impl FnOnce() -> OutcomeSeries,
        record: impl Fn(&OutcomeSeries),
    ) {
        if let Some((known, series)) = self.first.get()
            && *known == key
        {
            return record(series);
        }
        if let Some(series) = self.others.borrow().get(&key) {
            return record(series);
        }
        let series = create();
        record(&series);
        if let Err((_, series)) = self.first.set((key, series)) {
            self.others.borrow_mut().insert(key, series);
        }
    }
}

/// Series of completed requests with the same label values. The default has none: nothing is counted.
#[derive(Debug, Default)]
pub(crate) struct OutcomeSeries {
    requests: SeriesGroup<Counter>,
    durations: SeriesGroup<Histogram>,
    optional: Option<Box<OptionalSeries>>,
    /// The duration and the requests, if there is one of each and nothing else.
    single: Option<(Histogram, Counter)>,
}

/// Series that few requests record in, and few services ask for.
#[derive(Debug)]
struct OptionalSeries {
    first_bytes: Box<[Histogram]>,
    request_sizes: Box<[Histogram]>,
    response_sizes: Box<[Histogram]>,
    database_queries: Box<[Histogram]>,
    database_durations: Box<[Histogram]>,
    panics: Box<[Counter]>,
    /// Labels whose values are past their limits.
    overflows: Box<[LabelSource]>,
}

/// Measurements of a request beside its duration.
#[derive(Debug, Default)]
pub(crate) struct ExtraMeasurements {
    /// Time to the response's head.
    pub(crate) first_byte: Option<Duration>,
    /// Bytes of the request's body that the service has read, if there is a body.
    pub(crate) bytes_read: Option<Rc<Cell<u64>>>,
    /// Bytes of the response's body that were sent.
    pub(crate) bytes_sent: u64,
    pub(crate) database_use: DatabaseUseScope,
}

impl OutcomeSeries {
    /// Returns the series with these labels. `panics` are those of a request that has panicked, and `overflows` the labels whose
    /// values are past their limits.
    #[cold]
    pub(crate) fn new(
        families: &Families,
        labels: &SeriesLabels<'_>,
        panics: Box<[Counter]>,
        overflows: Box<[LabelSource]>,
    ) -> Self {
        let optional = OptionalSeries {
            first_bytes: series(&families.first_bytes, labels),
            request_sizes: series(&families.request_sizes, labels),
            response_sizes: series(&families.response_sizes, labels),
            database_queries: series(&families.database_queries, labels),
            database_durations: series(&families.database_durations, labels),
            panics,
            overflows,
        };
        let requests = SeriesGroup::new(&families.requests, labels);
        let durations = SeriesGroup::new(&families.durations, labels);
        let optional = (!optional.is_empty()).then(|| Box::new(optional));
        let single =
            durations.single().cloned().zip(requests.single().cloned()).filter(|_| optional.is_none());
        Self { requests, durations, optional, single }
    }

    #[inline]
    fn record_fast(&self, in_progress: &SeriesGroup<Gauge>, nanos: u64) -> bool {
        match (in_progress.single(), &self.single) {
            (Some(in_progress), Some((durations, requests))) => {
                record_completion(in_progress, durations, requests, nanos)
            }
            _ => false,
        }
    }

    /// Counts a completed request.
    pub(crate) fn record(&self, families: &Families, nanos: u64, extra: Option<&ExtraMeasurements>) {
        self.durations.for_each(|durations| observe_nanos(durations, nanos));
        if let Some(optional) = &self.optional {
            optional.record(families, extra.unwrap_or(&ExtraMeasurements::default()));
        }
        // Last, so that a request that is visible here is visible everywhere.
        self.requests.for_each(|counter| counter.inc());
    }
}

impl OptionalSeries {
    const fn is_empty(&self) -> bool {
        self.first_bytes.is_empty()
            && self.request_sizes.is_empty()
            && self.response_sizes.is_empty()
            && self.database_queries.is_empty()
            && self.database_durations.is_empty()
            && self.panics.is_empty()
            && self.overflows.is_empty()
    }

    fn record(&self, families: &Families, extra: &ExtraMeasurements) {
        self.panics.iter().for_each(|counter| counter.inc());
        if let Some(first_byte) = extra.first_byte {
            self.first_bytes.iter().for_each(|durations| durations.observe_duration(first_byte));
        }
        let bytes_read = extra.bytes_read.as_ref().map_or(0, |bytes| bytes.get());
        self.request_sizes.iter().for_each(|sizes| sizes.observe(bytes_read as f64));
        self.response_sizes.iter().for_each(|sizes| sizes.observe(extra.bytes_sent as f64));
        // A request may end while its future is polled, or dropped.
        extra.database_use.exit();
        let used = extra.database_use.total();
        self.database_queries.iter().for_each(|queries| queries.observe(used.operations as f64));
        self.database_durations.iter().for_each(|durations| durations.observe_duration(used.duration));
        if !self.overflows.is_empty() {
            self.note_overflows(families);
        }
    }

    #[cold]
    fn note_overflows(&self, families: &Families) {
        for source in &self.overflows {
            families.requests.iter().for_each(|family| family.note_overflow(*source));
            families.durations.iter().for_each(|family| family.note_overflow(*source));
        }
    }
}

/// Returns the series of several families with these labels.
pub(crate) fn series<M: Metric + DynamicMetric>(
    families: &[LabeledFamily<M>],
    labels: &SeriesLabels<'_>,
) -> Box<[M]> {
    families.iter().filter_map(|family| family.series(labels)).collect()
}
