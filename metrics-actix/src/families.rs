//! Registered families, shared by all workers and by instances with the same metrics.

use std::{
    iter,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use metrics_core::{__private::DynamicMetric, Counter, Definition, DynamicFamily, Gauge, Histogram, Metric};

use crate::{
    label_values::LabelValues,
    labels::{LabelSource, MAX_ENDPOINTS, MAX_STATUSES, Method, Outcome, Protocol, REGISTERED_STATUSES},
    metric_specs::{MetricSpec, metric_specs},
    options::{HttpMetric, Options, StatusLabel},
    route_matcher::RouteMatcher,
    warnings::{self, UnreadRequests},
};

static FAMILIES: Mutex<Vec<Weak<Families>>> = Mutex::new(Vec::new());

fn lock() -> MutexGuard<'static, Vec<Weak<Families>>> {
    FAMILIES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Families of one set of metrics, the values of their labels, and the route patterns learned so far.
#[derive(Debug)]
pub(crate) struct Families {
    pub(crate) requests: Vec<LabeledFamily<Counter>>,
    pub(crate) durations: Vec<LabeledFamily<Histogram>>,
    pub(crate) first_bytes: Vec<LabeledFamily<Histogram>>,
    pub(crate) request_sizes: Vec<LabeledFamily<Histogram>>,
    pub(crate) response_sizes: Vec<LabeledFamily<Histogram>>,
    pub(crate) database_queries: Vec<LabeledFamily<Histogram>>,
    pub(crate) database_durations: Vec<LabeledFamily<Histogram>>,
    pub(crate) in_progress: Vec<LabeledFamily<Gauge>>,
    pub(crate) panics: Vec<LabeledFamily<Counter>>,
    endpoints: LabelValues,
    statuses: LabelValues,
    /// Values of the user's labels, of requests and of responses.
    pub(crate) request_values: Vec<Arc<LabelValues>>,
    pub(crate) response_values: Vec<Arc<LabelValues>>,
    pub(crate) route_matcher: RouteMatcher,
    pub(crate) unread_requests: UnreadRequests,
}

/// Family whose label values come from known sources.
#[derive(Debug)]
pub(crate) struct LabeledFamily<M> {
    /// One family for each bucket group: the default buckets, then those of single routes.
    families: Vec<DynamicFamily<M>>,
    sources: Vec<LabelSource>,
}

/// Label values of one series.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SeriesLabels<'a> {
    pub(crate) endpoint: &'a str,
    /// Cleared for requests that no route matches.
    pub(crate) has_route: bool,
    /// Index of the duration buckets: the default ones, then those of single routes.
    pub(crate) bucket_group: usize,
    pub(crate) method: Method,
    pub(crate) protocol: Protocol,
    pub(crate) request_values: &'a [Arc<str>],
    /// `None` until the request has ended.
    pub(crate) outcome: Option<OutcomeLabels<'a>>,
}

/// Label values that are known when a request has ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OutcomeLabels<'a> {
    pub(crate) status: &'a str,
    pub(crate) error_type: &'a str,
    pub(crate) response_values: &'a [Arc<str>],
}

impl SeriesLabels<'_> {
    fn text(&self, source: LabelSource) -> &str {
        match source {
            LabelSource::Method => self.method.name(),
            LabelSource::Route if !self.has_route => "",
            LabelSource::Endpoint | LabelSource::Route => self.endpoint,
            LabelSource::Scheme => self.protocol.scheme(),
            LabelSource::Version => self.protocol.version(),
            LabelSource::Request(at) => self.request_values.get(at).map_or("", |value| value),
            LabelSource::Status => self.outcome.map_or("", |outcome| outcome.status),
            LabelSource::ErrorType => self.outcome.map_or("", |outcome| outcome.error_type),
            LabelSource::Response(at) => {
                self.outcome.and_then(|outcome| outcome.response_values.get(at)).map_or("", |value| value)
            }
        }
    }
}

impl<M: Metric + DynamicMetric> LabeledFamily<M> {
    /// Returns the series with these labels.
    pub(crate) fn series(&self, labels: &SeriesLabels<'_>) -> Option<M> {
        let texts: Vec<_> = self.sources.iter().map(|source| labels.text(*source)).collect();
        // A metric without buckets per route has a single family.
        let family = self.families.get(labels.bucket_group).or_else(|| self.families.first())?;
        Some(family.with(&texts))
    }

    /// Returns the index of the label with this source.
    fn label_index(&self, source: LabelSource) -> Option<usize> {
        self.sources.iter().position(|other| *other == source)
    }

    /// Counts a value past the limit of its label.
    pub(crate) fn note_overflow(&self, source: LabelSource) {
        if let (Some(label), Some(family)) = (self.label_index(source), self.families.first()) {
            family.note_overflow(label);
        }
    }

    /// Returns `true` if both count in the same series.
    fn shares_series(&self, other: &Self) -> bool {
        self.families.iter().any(|one| other.families.iter().any(|other| one.is(other)))
    }
}

impl Families {
    /// Returns the families that the options ask for: those of another instance with the same metrics, or new ones.
    ///
    /// Separate instances count in the same series, so they share the limits of label values.
    pub(crate) fn shared(options: &Options) -> Arc<Self> {
        let new = Self::register(options);
        let mut all = lock();
        all.retain(|other| other.strong_count() > 0);
        let same = all.iter().filter_map(Weak::upgrade).find(|other| other.is_same(&new));
        let Some(same) = same else {
            let new = Arc::new(new);
            all.push(Arc::downgrade(&new));
            return new;
        };
        drop(all);
        warnings::duplicate_instance();
        same
    }

    /// Returns the families at an address.
    pub(crate) fn at_address(address: usize) -> Option<Arc<Self>> {
        let is_there = |families: &Weak<Self>| families.as_ptr().addr() == address;
        lock().iter().find(|families| is_there(families)).and_then(Weak::upgrade)
    }

    /// Registers the families that the options ask for, or finds them in the registry.
    fn register(options: &Options) -> Self {
        let values = |limit: usize| Arc::new(LabelValues::new(limit));
        let mut families = Self {
            requests: Vec::new(),
            durations: Vec::new(),
            first_bytes: Vec::new(),
            request_sizes: Vec::new(),
            response_sizes: Vec::new(),
            database_queries: Vec::new(),
            database_durations: Vec::new(),
            in_progress: Vec::new(),
            panics: Vec::new(),
            endpoints: LabelValues::new(MAX_ENDPOINTS),
            statuses: LabelValues::new(MAX_STATUSES),
            request_values: options.request_labels.iter().map(|label| values(label.limit)).collect(),
            response_values: options.response_labels.iter().map(|label| values(label.limit)).collect(),
            route_matcher: RouteMatcher::new(),
            unread_requests: UnreadRequests::default(),
        };
        for spec in metric_specs(options) {
            let spec = &spec;
            match spec.metric {
                HttpMetric::Requests => families.requests.push(family(options, spec)),
                HttpMetric::InProgress => families.in_progress.push(family(options, spec)),
                HttpMetric::Panics => families.panics.push(family(options, spec)),
                HttpMetric::Duration => families.durations.push(histograms(options, spec)),
                HttpMetric::FirstByte => families.first_bytes.push(histograms(options, spec)),
                HttpMetric::RequestSize => families.request_sizes.push(histograms(options, spec)),
                HttpMetric::ResponseSize => families.response_sizes.push(histograms(options, spec)),
                HttpMetric::DatabaseQueries => families.database_queries.push(histograms(options, spec)),
                HttpMetric::DatabaseDuration => families.database_durations.push(histograms(options, spec)),
            }
        }
        families
    }

    /// Returns `true` if all metrics are the same.
    fn is_same(&self, other: &Self) -> bool {
        fn all<M: Metric + DynamicMetric>(here: &[LabeledFamily<M>], there: &[LabeledFamily<M>]) -> bool {
            here.len() == there.len() && here.iter().zip(there).all(|(one, other)| one.shares_series(other))
        }
        all(&self.requests, &other.requests)
            && all(&self.durations, &other.durations)
            && all(&self.first_bytes, &other.first_bytes)
            && all(&self.request_sizes, &other.request_sizes)
            && all(&self.response_sizes, &other.response_sizes)
            && all(&self.database_queries, &other.database_queries)
            && all(&self.database_durations, &other.database_durations)
            && all(&self.in_progress, &other.in_progress)
            && all(&self.panics, &other.panics)
    }

    /// Returns `true` if a request that both count would be counted twice by one metric.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        let one_of = |here: &[LabeledFamily<Histogram>], there: &[LabeledFamily<Histogram>]| {
            here.iter().any(|one| there.iter().any(|other| one.shares_series(other)))
        };
        one_of(&self.durations, &other.durations)
            || self.requests.iter().any(|one| other.requests.iter().any(|other| one.shares_series(other)))
    }

    /// Returns `true` if sizes, the time to the first byte or database operations are measured.
    pub(crate) const fn need_extra_measurements(&self) -> bool {
        !(self.first_bytes.is_empty()
            && self.request_sizes.is_empty()
            && self.response_sizes.is_empty()
            && self.database_queries.is_empty()
            && self.database_durations.is_empty())
    }

    /// Returns `true` if a metric has labels of the protocol.
    pub(crate) fn have_protocol_labels(&self) -> bool {
        let has = |sources: &[LabelSource]| {
            sources.iter().any(|source| matches!(source, LabelSource::Scheme | LabelSource::Version))
        };
        self.durations.iter().any(|family| has(&family.sources))
            || self.in_progress.iter().any(|family| has(&family.sources))
    }

    /// Returns `true` if the gauge of requests in progress has the label of the endpoint.
    pub(crate) fn have_endpoint_in_gauge(&self) -> bool {
        self.in_progress.iter().any(|family| family.label_index(LabelSource::Endpoint).is_some())
    }

    /// Returns the label value of an endpoint, `_OTHER` past the limit.
    pub(crate) fn endpoint(&self, text: &str) -> Arc<str> {
        // An empty label value is an absent label.
        let text = if text.is_empty() { "/" } else { text };
        self.endpoints.text(self.endpoints.intern(text))
    }

    /// Returns the value of the label `status`.
    pub(crate) fn status(&self, label: StatusLabel, outcome: Outcome) -> Arc<str> {
        match label {
            StatusLabel::Code if outcome.is_registered() => outcome.status.to_string().into(),
            StatusLabel::Code => self.statuses.text(self.statuses.intern(&outcome.status.to_string())),
            StatusLabel::Class => outcome.class().into(),
        }
    }
}

/// Registers a metric whose series all have the same buckets, if any.
fn family<M: Metric + DynamicMetric>(options: &Options, spec: &MetricSpec) -> LabeledFamily<M> {
    let family = options.registry.register_or_detach(&definition(options, spec));
    LabeledFamily { families: vec![family], sources: sources(spec) }
}

/// Registers a histogram, with a family for each route that has buckets of its own.
fn histograms(options: &Options, spec: &MetricSpec) -> LabeledFamily<Histogram> {
    let (given, of_routes): (_, &[_]) = match spec.metric {
        HttpMetric::RequestSize | HttpMetric::ResponseSize => (options.size_buckets.as_deref(), &[]),
        HttpMetric::DatabaseQueries => (None, &[]),
        _ => (options.buckets.as_deref(), &options.route_buckets),
    };
    let default = given.unwrap_or(spec.buckets);
    let define =
        |buckets: &[f64]| definition(options, spec).buckets(buckets).bucket_group(&bucket_groups(of_routes));
    let buckets = iter::once(default).chain(of_routes.iter().map(|(_, buckets)| &**buckets));
    let families = buckets.map(|buckets| options.registry.register_or_detach(&define(buckets))).collect();
    LabeledFamily { families, sources: sources(spec) }
}

/// Describes the bucket groups, so that only the same ones share a metric.
fn bucket_groups(of_routes: &[(String, Vec<f64>)]) -> String {
    let mut routes: Vec<_> =
        of_routes.iter().map(|(route, buckets)| format!("{route} {buckets:?}")).collect();
    routes.sort_unstable();
    routes.join(", ")
}

fn sources(spec: &MetricSpec) -> Vec<LabelSource> {
    spec.labels.iter().map(|(source, _)| *source).collect()
}

fn definition(options: &Options, spec: &MetricSpec) -> Definition {
    let label = |definition: Definition, (source, name): &(LabelSource, String)| {
        definition.dynamic_label(name, limit(options, *source))
    };
    spec.labels.iter().fold(options.definition(&spec.name, spec.help), label)
}

/// Returns the limit of a label's values, the absent one included.
fn limit(options: &Options, source: LabelSource) -> usize {
    match source {
        LabelSource::Method => Method::NAMES.len(),
        LabelSource::Endpoint | LabelSource::Route => MAX_ENDPOINTS + 1,
        LabelSource::Status | LabelSource::ErrorType => MAX_STATUSES + REGISTERED_STATUSES + 4,
        LabelSource::Scheme => 2,
        LabelSource::Version => Protocol::VERSIONS.len(),
        LabelSource::Request(at) => options.request_labels.get(at).map_or(0, |label| label.limit) + 1,
        LabelSource::Response(at) => options.response_labels.get(at).map_or(0, |label| label.limit) + 1,
    }
}
