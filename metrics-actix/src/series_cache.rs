//! Series of one worker, each looked up once: those of a request by its route and label values.

use std::{
    cell::{OnceCell, RefCell},
    fmt,
    rc::Rc,
    sync::Arc,
};

use actix_web::dev::ServiceRequest;
use foldhash::HashMap;
use metrics_core::{Counter, Gauge, OTHER};

use crate::{
    asked_paths::RouteId,
    extra_labels::ExtraLabelCache,
    families::{Families, OutcomeLabels, SeriesLabels},
    labels::{Failure, LabelSource, Method, OutcomeKey, Protocol, RequestKey},
    matched_route::RoutedRequest,
    nesting::NestingCheck,
    options::Options,
    outcome_series::{OutcomeCache, OutcomeSeries, SeriesGroup, series},
    route_prediction::RoutePredictor,
    routes::{Route, UNMATCHED_ROUTE},
};

/// One worker's part of the metrics. One thread uses it, so that a request takes no lock.
#[derive(Debug)]
pub(crate) struct SeriesCache {
    pub(crate) families: Arc<Families>,
    pub(crate) options: Arc<Options>,
    pub(crate) predictor: RoutePredictor,
    nesting: NestingCheck,
    /// Set if sizes or the time to the first byte are measured.
    pub(crate) needs_extra_measurements: bool,
    has_protocol_labels: bool,
    request_labels: ExtraLabelCache,
    pub(crate) response_labels: ExtraLabelCache,
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
        let predictor = RoutePredictor::new(Arc::clone(&families), Arc::clone(&options));
        Self {
            is_resource: is_resource || predictor.are_fixed(),
            predictor,
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

    /// Returns `true` if a request is not measured here, whatever route takes it.
    #[inline]
    pub(crate) fn is_excluded(&self, request: &ServiceRequest) -> bool {
        self.predictor.is_excluded_path(request.path()) || self.nesting.is_counted(&self.families)
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
            return self.series(self.predictor.predict(request), key);
        }
        match self.of_resource.get() {
            Some(series) if series.key == key => Rc::clone(series),
            Some(series) => self.series(series.route.id, key),
            None => self.first_of_resource(request, key),
        }
    }

    #[cold]
    fn first_of_resource(&self, request: &ServiceRequest, key: RequestKey) -> Rc<RouteSeries> {
        let predicted = &self.predictor.routes.get(UNMATCHED_ROUTE);
        let routed = RoutedRequest { request: request.request(), response: None, predicted, path: "" };
        let series = self.series(routed.find_route(&self.predictor), key);
        Rc::clone(self.of_resource.get_or_init(|| series))
    }

    /// Keeps the path of a request until it ends, in a buffer of a former one.
    #[inline]
    pub(crate) fn keep_path(&self, request: &ServiceRequest) -> String {
        self.predictor.cache_map(request);
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
    fn create(&self, route: RouteId, key: RequestKey) -> Rc<RouteSeries> {
        let series = Rc::new(RouteSeries {
            key,
            route: self.predictor.routes.get(route),
            request_values: self.request_labels.texts(&self.options.request_labels, key.label_set()),
            in_progress: OnceCell::new(),
            panics: OnceCell::new(),
            outcomes: OutcomeCache::default(),
        });
        self.by_route.borrow_mut().insert((route, key), Rc::clone(&series));
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

    /// Creates the series of the requests to a route that end with a new outcome.
    #[cold]
    pub(crate) fn create_outcome(&self, series: &RouteSeries, key: OutcomeKey) -> OutcomeSeries {
        let (families, outcome) = (&self.families, key.outcome());
        if outcome.failure == Failure::None && self.options.exclusions.statuses.contains(&outcome.status) {
            return OutcomeSeries::default();
        }
        let (status, error_type) = (families.status(self.options.status, outcome), outcome.error_type());
        let mut overflows = self.overflows(series.key, key);
        if series.route.is_overflow {
            overflows.push(LabelSource::Endpoint);
        }
        if *status == *OTHER {
            overflows.push(LabelSource::Status);
        }
        let response_values = &self.response_labels.texts(&self.options.response_labels, key.label_set());
        let labels = OutcomeLabels { status: &status, error_type: &error_type, response_values };
        let panics = series.panics(families);
        let panics = if outcome.failure == Failure::Panic { panics.into() } else { Box::default() };
        OutcomeSeries::new(families, &series.labels(Some(labels)), panics, overflows.into())
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
    pub(crate) route: Rc<Route>,
    request_values: Box<[Arc<str>]>,
    /// Empty before the first request.
    pub(crate) in_progress: OnceCell<SeriesGroup<Gauge>>,
    panics: OnceCell<Box<[Counter]>>,
    pub(crate) outcomes: OutcomeCache,
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

    /// Counts a request as no longer in progress.
    pub(crate) fn decrement_gauge(&self, families: &Families) {
        self.gauges(families).for_each(|gauge| gauge.dec());
    }
}

impl fmt::Debug for RouteSeries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RouteSeries").field("endpoint", &self.route.endpoint).finish_non_exhaustive()
    }
}
