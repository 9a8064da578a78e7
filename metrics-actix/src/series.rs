//! Series of one worker: its handles by route, request and outcome, each looked up once.

use std::{
    cell::{Cell, OnceCell, RefCell},
    fmt,
    rc::Rc,
    sync::Arc,
    time::Duration,
};

use actix_web::{
    HttpRequest,
    dev::{ResponseHead, ServiceRequest},
};
use foldhash::HashMap;
use metrics_core::{
    __private::{DynamicMetric, finish_request, observe_nanos},
    Counter, Gauge, Histogram, Metric, OTHER,
};

use crate::{
    asked_paths::RouteId,
    extra_labels::ExtraLabelCache,
    families::{Families, LabeledFamily, OutcomeLabels, SeriesLabels},
    labels::{Failure, LabelSource, Method, Outcome, OutcomeKey, Protocol, RequestKey},
    nesting::NestingCheck,
    options::Options,
    routes::{Route, Routes, UNMATCHED_ROUTE},
};

/// One worker's part of the metrics. One thread uses it, so that a request takes no lock.
#[derive(Debug)]
pub(crate) struct SeriesCache {
    pub(crate) families: Arc<Families>,
    options: Arc<Options>,
    pub(crate) routes: Routes,
    pub(crate) nesting: NestingCheck,
    /// Set if sizes or the time to the first byte are measured.
    pub(crate) needs_extra_measurements: bool,
    has_protocol_labels: bool,
    request_labels: ExtraLabelCache,
    response_labels: ExtraLabelCache,
    /// Set for the middleware of a resource: all its requests have one route.
    is_resource: bool,
    by_route: RefCell<HashMap<(RouteId, RequestKey), Rc<RouteSeries>>>,
    /// The first series of the one route.
    of_resource: OnceCell<Rc<RouteSeries>>,
    /// Buffers of the paths of requests that have ended.
    paths: RefCell<Vec<String>>,
}

/// Limits of the buffers that are kept, in number and in bytes each.
const MAX_PATHS: usize = 256;
const MAX_PATH_LENGTH: usize = 1024;

impl SeriesCache {
    pub(crate) fn new(families: Arc<Families>, options: Arc<Options>, is_resource: bool) -> Self {
        let routes = Routes::new(Arc::clone(&families), Arc::clone(&options));
        Self {
            is_resource: is_resource || routes.are_fixed(),
            routes,
            nesting: NestingCheck::default(),
            needs_extra_measurements: families.need_extra_measurements(),
            has_protocol_labels: families.have_protocol_labels(),
            request_labels: ExtraLabelCache::new(&families.request_values),
            response_labels: ExtraLabelCache::new(&families.response_values),
            by_route: RefCell::default(),
            of_resource: OnceCell::new(),
            paths: RefCell::default(),
            families,
            options,
        }
    }

    /// Returns `true` if all requests have one route, which is known before they are served.
    #[inline]
    pub(crate) const fn has_one_route(&self) -> bool {
        self.is_resource
    }

    /// Returns the series of a request before routing: those of its route, or of the predicted one.
    #[inline]
    pub(crate) fn predict(&self, request: &ServiceRequest) -> Rc<RouteSeries> {
        let key = self.request_key(request);
        if !self.is_resource {
            return self.series(self.routes.predict(request), key);
        }
        match self.of_resource.get() {
            Some(series) if series.key == key => Rc::clone(series),
            Some(series) => self.series(series.id, key),
            None => self.first_of_resource(request, key),
        }
    }

    #[cold]
    fn first_of_resource(&self, request: &ServiceRequest, key: RequestKey) -> Rc<RouteSeries> {
        let route = self.routes.matched(request.request(), None, UNMATCHED_ROUTE, "");
        let series = self.series(route, key);
        Rc::clone(self.of_resource.get_or_init(|| series))
    }

    /// Keeps the path of a request until it ends, in a buffer of a former one.
    #[inline]
    pub(crate) fn keep_path(&self, request: &ServiceRequest) -> String {
        self.routes.keep_map(request);
        let mut path = self.paths.borrow_mut().pop().unwrap_or_default();
        path.push_str(request.match_info().as_str());
        path
    }

    /// Takes a path back.
    #[inline(never)]
    pub(crate) fn recycle_path(&self, mut path: String) {
        let mut paths = self.paths.borrow_mut();
        if path.capacity() <= MAX_PATH_LENGTH && paths.len() < MAX_PATHS {
            path.clear();
            paths.push(path);
        }
    }

    /// Returns the series of the same request on another route.
    pub(crate) fn for_other_route(&self, series: &RouteSeries, route: RouteId) -> Rc<RouteSeries> {
        self.series(route, series.key)
    }

    #[inline]
    fn series(&self, route: RouteId, key: RequestKey) -> Rc<RouteSeries> {
        if let Some(series) = self.by_route.borrow().get(&(route, key)) {
            return Rc::clone(series);
        }
        self.create(route, key)
    }

    #[cold]
    fn create(&self, id: RouteId, key: RequestKey) -> Rc<RouteSeries> {
        let series = Rc::new(RouteSeries {
            key,
            id,
            route: self.routes.get(id),
            request_values: self.request_labels.texts(&self.options.request_labels, key.label_set()),
            in_progress: OnceCell::new(),
            panics: OnceCell::new(),
            first: OnceCell::new(),
            others: RefCell::default(),
        });
        self.by_route.borrow_mut().insert((id, key), Rc::clone(&series));
        series
    }

    /// Returns the label values of a request before routing.
    #[inline]
    fn request_key(&self, request: &ServiceRequest) -> RequestKey {
        let method = Method::of(request.method());
        let protocol = if self.has_protocol_labels {
            Protocol::new(request.app_config().secure(), request.version())
        } else {
            Protocol::ANY
        };
        let labels = &self.options.request_labels;
        let label_set = self.request_labels.label_set(labels, |label, cached| (label.read)(request, cached));
        RequestKey::new(method, protocol, label_set)
    }

    /// Returns the label values of a request that ends with a response's head.
    #[inline]
    pub(crate) fn outcome_key(&self, request: &HttpRequest, head: &ResponseHead) -> OutcomeKey {
        let labels = &self.options.response_labels;
        let label_set =
            self.response_labels.label_set(labels, |label, cached| (label.read)(request, head, cached));
        OutcomeKey::new(Outcome::from_status(head.status.as_u16()), label_set)
    }

    /// Returns the labels of the user whose values are past their limits.
    fn overflows(&self, request: RequestKey, outcome: OutcomeKey) -> Vec<LabelSource> {
        let (requests, responses) = (&self.options.request_labels, &self.options.response_labels);
        let mut overflows =
            self.request_labels.overflows(requests, request.label_set(), LabelSource::Request);
        overflows.extend(self.response_labels.overflows(
            responses,
            outcome.label_set(),
            LabelSource::Response,
        ));
        overflows
    }
}

/// Series of the requests to one route with the same [`RequestKey`].
pub(crate) struct RouteSeries {
    pub(crate) key: RequestKey,
    pub(crate) id: RouteId,
    route: Rc<Route>,
    request_values: Box<[Arc<str>]>,
    in_progress: OnceCell<SeriesGroup<Gauge>>,
    panics: OnceCell<Box<[Counter]>>,
    /// The first outcome that was seen: most requests have the same.
    first: OnceCell<(OutcomeKey, OutcomeSeries)>,
    others: RefCell<HashMap<OutcomeKey, OutcomeSeries>>,
}

/// Series of one metric: one, and a second one while a preset is migrated to another.
#[derive(Debug)]
struct SeriesGroup<M> {
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
    fn for_each(&self, record: impl Fn(&M)) {
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
    fn new(families: &[LabeledFamily<M>], labels: &SeriesLabels<'_>) -> Self {
        let mut all = families.iter().filter_map(|family| family.series(labels));
        Self { first: all.next(), more: all.collect() }
    }
}

/// Series of the requests to one route with the same [`RequestKey`] and [`OutcomeKey`].
#[derive(Debug, Default)]
struct OutcomeSeries {
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
}

impl RouteSeries {
    /// Returns `true` if requests that end here are not counted.
    #[inline]
    pub(crate) fn is_excluded(&self) -> bool {
        self.route.is_excluded
    }

    fn labels<'a>(&'a self, outcome: Option<OutcomeLabels<'a>>) -> SeriesLabels<'a> {
        SeriesLabels {
            endpoint: &self.route.endpoint,
            has_route: !self.route.is_unmatched,
            bucket_group: self.route.bucket_group,
            method: self.key.method(),
            protocol: self.key.protocol(),
            request_values: &self.request_values,
            outcome,
        }
    }

    #[inline]
    fn gauges(&self, families: &Families) -> &SeriesGroup<Gauge> {
        self.in_progress.get_or_init(|| {
            if families.have_endpoint_in_gauge() {
                self.panics(families);
            }
            SeriesGroup::new(&families.in_progress, &self.labels(None))
        })
    }

    /// Created at zero with the first request, so that `rate()` sees the first panic.
    fn panics(&self, families: &Families) -> &[Counter] {
        self.panics.get_or_init(|| series(&families.panics, &self.labels(None)))
    }

    /// Counts a request as in progress.
    #[inline]
    pub(crate) fn increment_gauge(&self, families: &Families) {
        self.gauges(families).for_each(|gauge| gauge.inc());
    }

    /// Ends what [`increment_gauge`](Self::increment_gauge) has begun.
    pub(crate) fn decrement_gauge(&self, families: &Families) {
        self.gauges(families).for_each(|gauge| gauge.dec());
    }

    /// Decrements the gauge of the `predicted` series and counts a request in these, in few steps. Returns `false`, and has done
    /// nothing, if there is more to do.
    #[inline]
    pub(crate) fn record_fast(&self, predicted: &Self, key: OutcomeKey, nanos: u64) -> bool {
        match (self.first.get(), predicted.in_progress.get()) {
            (Some((known, series)), Some(in_progress)) if *known == key => {
                series.record_fast(in_progress, nanos)
            }
            _ => false,
        }
    }

    /// Counts a completed request.
    pub(crate) fn record(
        &self,
        cache: &SeriesCache,
        key: OutcomeKey,
        nanos: u64,
        extra: Option<&ExtraMeasurements>,
    ) {
        let families = &cache.families;
        if let Some((known, series)) = self.first.get()
            && *known == key
        {
            return series.record(families, nanos, extra);
        }
        if let Some(series) = self.others.borrow().get(&key) {
            return series.record(families, nanos, extra);
        }
        let series = self.outcome_series(cache, key);
        series.record(families, nanos, extra);
        if let Err((_, series)) = self.first.set((key, series)) {
            self.others.borrow_mut().insert(key, series);
        }
    }

    #[cold]
    fn outcome_series(&self, cache: &SeriesCache, key: OutcomeKey) -> OutcomeSeries {
        let (families, outcome) = (&cache.families, key.outcome());
        if outcome.failure == Failure::None && cache.options.exclusions.statuses.contains(&outcome.status) {
            return OutcomeSeries::default();
        }
        let (status, error_type) = (families.status(cache.options.status, outcome), outcome.error_type());
        let mut overflows = cache.overflows(self.key, key);
        if self.route.is_overflow {
            overflows.push(LabelSource::Endpoint);
        }
        if *status == *OTHER {
            overflows.push(LabelSource::Status);
        }
        let response_values = &cache.response_labels.texts(&cache.options.response_labels, key.label_set());
        let labels = OutcomeLabels { status: &status, error_type: &error_type, response_values };
        let labels = self.labels(Some(labels));
        let panics = self.panics(families);
        let optional = OptionalSeries {
            first_bytes: series(&families.first_bytes, &labels),
            request_sizes: series(&families.request_sizes, &labels),
            response_sizes: series(&families.response_sizes, &labels),
            panics: if outcome.failure == Failure::Panic { panics.into() } else { Box::default() },
            overflows: overflows.into(),
        };
        let requests = SeriesGroup::new(&families.requests, &labels);
        let durations = SeriesGroup::new(&families.durations, &labels);
        let optional = (!optional.is_empty()).then(|| Box::new(optional));
        let single =
            durations.single().cloned().zip(requests.single().cloned()).filter(|_| optional.is_none());
        OutcomeSeries { requests, durations, optional, single }
    }
}

impl fmt::Debug for RouteSeries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RouteSeries").field("endpoint", &self.route.endpoint).finish_non_exhaustive()
    }
}

impl OutcomeSeries {
    #[inline]
    fn record_fast(&self, in_progress: &SeriesGroup<Gauge>, nanos: u64) -> bool {
        match (in_progress.single(), &self.single) {
            (Some(in_progress), Some((durations, requests))) => {
                finish_request(in_progress, durations, requests, nanos)
            }
            _ => false,
        }
    }

    fn record(&self, families: &Families, nanos: u64, extra: Option<&ExtraMeasurements>) {
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

fn series<M: Metric + DynamicMetric>(families: &[LabeledFamily<M>], labels: &SeriesLabels<'_>) -> Box<[M]> {
    families.iter().filter_map(|family| family.series(labels)).collect()
}
