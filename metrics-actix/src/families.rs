//! The metrics of HTTP requests, registered.

use std::{iter, sync::Arc};

use metrics_core::{__private::DynamicMetric, Counter, Definition, DynamicFamily, Gauge, Histogram, Metric};

use crate::{
    labels::{Attribute, MOST_ENDPOINTS, MOST_STATUSES, Method, Outcome, Protocol, UNMATCHED},
    options::Options,
    preset::{HttpMetric, Plan, StatusLabel, plans},
    values::Values,
};

/// The metrics of HTTP requests, and the values of their labels that are told apart: what all workers share.
#[derive(Debug)]
pub(crate) struct Families {
    pub(crate) requests: Vec<Measure<Counter>>,
    pub(crate) durations: Vec<Measure<Histogram>>,
    pub(crate) first_bytes: Vec<Measure<Histogram>>,
    pub(crate) request_sizes: Vec<Measure<Histogram>>,
    pub(crate) response_sizes: Vec<Measure<Histogram>>,
    pub(crate) in_progress: Vec<Measure<Gauge>>,
    pub(crate) panics: Vec<Measure<Counter>>,
    pub(crate) endpoints: Values,
    pub(crate) statuses: Values,
    /// The values of the labels that the user has added, of requests and of responses.
    pub(crate) request_values: Vec<Arc<Values>>,
    pub(crate) response_values: Vec<Arc<Values>>,
}

/// A family and what its labels say.
#[derive(Debug)]
pub(crate) struct Measure<M> {
    /// One for each bucket_group of the buckets: the default, then those of routes.
    families: Vec<DynamicFamily<M>>,
    attributes: Vec<Attribute>,
}

/// What the labels of one series say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'a> {
    pub(crate) endpoint: &'a str,
    /// Which of the families with differing buckets.
    pub(crate) bucket_group: usize,
    pub(crate) method: Method,
    pub(crate) protocol: Protocol,
    pub(crate) request_values: &'a [Arc<str>],
    /// Not yet known when a request begins.
    pub(crate) ending: Option<EndingText<'a>>,
}

/// How a request ended, as text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EndingText<'a> {
    pub(crate) status: &'a str,
    pub(crate) error_type: &'a str,
    pub(crate) response_values: &'a [Arc<str>],
}

impl Subject<'_> {
    fn text(&self, attribute: Attribute) -> &str {
        match attribute {
            Attribute::Method => self.method.name(),
            Attribute::Route if self.endpoint == UNMATCHED => "",
            Attribute::Endpoint | Attribute::Route => self.endpoint,
            Attribute::Scheme => self.protocol.scheme(),
            Attribute::Version => self.protocol.version(),
            Attribute::Request(at) => self.request_values.get(at).map_or("", |value| value),
            Attribute::Status => self.ending.map_or("", |ending| ending.status),
            Attribute::ErrorType => self.ending.map_or("", |ending| ending.error_type),
            Attribute::Response(at) => {
                self.ending.and_then(|ending| ending.response_values.get(at)).map_or("", |value| value)
            }
        }
    }
}

impl<M: Metric + DynamicMetric> Measure<M> {
    /// The series of a subject.
    pub(crate) fn series(&self, subject: &Subject<'_>) -> Option<M> {
        let texts: Vec<_> = self.attributes.iter().map(|attribute| subject.text(*attribute)).collect();
        // A metric whose buckets do not differ has one family.
        let family = self.families.get(subject.bucket_group).or_else(|| self.families.first())?;
        Some(family.with(&texts))
    }

    /// The place of an attribute among the labels.
    fn place_of(&self, attribute: Attribute) -> Option<usize> {
        self.attributes.iter().position(|other| *other == attribute)
    }

    /// Counts that a value of an attribute was past its limit.
    pub(crate) fn note_overflow(&self, attribute: Attribute) {
        if let (Some(place), Some(family)) = (self.place_of(attribute), self.families.first()) {
            family.note_overflow(place);
        }
    }

    /// Whether this counts in the same series as another.
    fn is(&self, other: &Self) -> bool {
        self.families.iter().any(|one| other.families.iter().any(|other| one.is(other)))
    }
}

impl Families {
    /// The families as the options say: those there are in the registry, or new ones.
    pub(crate) fn register(options: &Options) -> Self {
        let values = |limit: usize| Arc::new(Values::new(limit));
        let mut families = Self {
            requests: Vec::new(),
            durations: Vec::new(),
            first_bytes: Vec::new(),
            request_sizes: Vec::new(),
            response_sizes: Vec::new(),
            in_progress: Vec::new(),
            panics: Vec::new(),
            endpoints: Values::new(MOST_ENDPOINTS),
            statuses: Values::new(MOST_STATUSES),
            request_values: options.request_labels.iter().map(|label| values(label.limit)).collect(),
            response_values: options.response_labels.iter().map(|label| values(label.limit)).collect(),
        };
        for plan in plans(options) {
            let plan = &plan;
            match plan.metric {
                HttpMetric::Requests => families.requests.push(measure(options, plan)),
                HttpMetric::InProgress => families.in_progress.push(measure(options, plan)),
                HttpMetric::Panics => families.panics.push(measure(options, plan)),
                HttpMetric::Duration => families.durations.push(histograms(options, plan)),
                HttpMetric::FirstByte => families.first_bytes.push(histograms(options, plan)),
                HttpMetric::RequestSize => families.request_sizes.push(histograms(options, plan)),
                HttpMetric::ResponseSize => families.response_sizes.push(histograms(options, plan)),
            }
        }
        families
    }

    /// Whether all metrics are the same.
    pub(crate) fn is(&self, other: &Self) -> bool {
        fn all<M: Metric + DynamicMetric>(here: &[Measure<M>], there: &[Measure<M>]) -> bool {
            here.len() == there.len() && here.iter().zip(there).all(|(one, other)| one.is(other))
        }
        all(&self.requests, &other.requests)
            && all(&self.durations, &other.durations)
            && all(&self.first_bytes, &other.first_bytes)
            && all(&self.request_sizes, &other.request_sizes)
            && all(&self.response_sizes, &other.response_sizes)
            && all(&self.in_progress, &other.in_progress)
            && all(&self.panics, &other.panics)
    }

    /// Whether a request that both count would be counted twice by one metric.
    pub(crate) fn overlap(&self, other: &Self) -> bool {
        let one_of = |here: &[Measure<Histogram>], there: &[Measure<Histogram>]| {
            here.iter().any(|one| there.iter().any(|other| one.is(other)))
        };
        one_of(&self.durations, &other.durations)
            || self.requests.iter().any(|one| other.requests.iter().any(|other| one.is(other)))
    }

    /// Whether more is measured of a request than its duration.
    pub(crate) const fn need_extra(&self) -> bool {
        !(self.first_bytes.is_empty() && self.request_sizes.is_empty() && self.response_sizes.is_empty())
    }

    /// Whether a metric tells protocols apart.
    pub(crate) fn tell_protocols_apart(&self) -> bool {
        let of = |attributes: &[Attribute]| {
            attributes.iter().any(|attribute| matches!(attribute, Attribute::Scheme | Attribute::Version))
        };
        self.durations.iter().any(|measure| of(&measure.attributes))
            || self.in_progress.iter().any(|measure| of(&measure.attributes))
    }

    /// Whether requests in progress are told apart by their endpoints.
    pub(crate) fn enter_by_endpoint(&self) -> bool {
        self.in_progress.iter().any(|measure| measure.place_of(Attribute::Endpoint).is_some())
    }

    /// The text of the endpoint's label for the one that a user or a route has named.
    pub(crate) fn endpoint(&self, text: &str) -> Arc<str> {
        // An empty label value would be an absent label.
        let text = if text.is_empty() { "/" } else { text };
        if text == UNMATCHED {
            return UNMATCHED.into();
        }
        self.endpoints.text(self.endpoints.place(text))
    }

    /// The text of the status' label.
    pub(crate) fn status(&self, label: StatusLabel, outcome: Outcome) -> Arc<str> {
        match label {
            StatusLabel::Code => self.statuses.text(self.statuses.place(&outcome.status.to_string())),
            StatusLabel::Class => outcome.class().into(),
        }
    }
}

/// A metric whose buckets, if it has any, are the same in all series.
fn measure<M: Metric + DynamicMetric>(options: &Options, plan: &Plan) -> Measure<M> {
    let family = options.registry.register_or_detach(&definition(options, plan));
    Measure { families: vec![family], attributes: attributes(plan) }
}

fn histograms(options: &Options, plan: &Plan) -> Measure<Histogram> {
    let sizes = matches!(plan.metric, HttpMetric::RequestSize | HttpMetric::ResponseSize);
    let given = if sizes { &options.size_buckets } else { &options.buckets };
    let default = given.as_deref().unwrap_or(plan.buckets);
    let of_routes: &[_] = if sizes { &[] } else { &options.route_buckets };
    let define =
        |buckets: &[f64]| definition(options, plan).buckets(buckets).bucket_group(&bucket_group(of_routes));
    let buckets = iter::once(default).chain(of_routes.iter().map(|(_, buckets)| &**buckets));
    let families = buckets.map(|buckets| options.registry.register_or_detach(&define(buckets))).collect();
    Measure { families, attributes: attributes(plan) }
}

/// How series are divided among families with differing buckets.
fn bucket_group(of_routes: &[(String, Vec<f64>)]) -> String {
    let mut routes: Vec<_> =
        of_routes.iter().map(|(route, buckets)| format!("{route} {buckets:?}")).collect();
    routes.sort_unstable();
    routes.join(", ")
}

fn attributes(plan: &Plan) -> Vec<Attribute> {
    plan.labels.iter().map(|(attribute, _)| *attribute).collect()
}

fn definition(options: &Options, plan: &Plan) -> Definition {
    let label = |definition: Definition, (attribute, name): &(Attribute, String)| {
        definition.dynamic_label(name, limit(options, *attribute))
    };
    plan.labels.iter().fold(options.definition(&plan.name, plan.help), label)
}

/// How many values an attribute has, the absent one among them.
fn limit(options: &Options, attribute: Attribute) -> usize {
    match attribute {
        Attribute::Method => Method::NAMES.len(),
        Attribute::Endpoint | Attribute::Route => MOST_ENDPOINTS + 1,
        Attribute::Status | Attribute::ErrorType => MOST_STATUSES + 4,
        Attribute::Scheme => 2,
        Attribute::Version => Protocol::VERSIONS.len(),
        Attribute::Request(at) => options.request_labels.get(at).map_or(0, |label| label.limit) + 1,
        Attribute::Response(at) => options.response_labels.get(at).map_or(0, |label| label.limit) + 1,
    }
}
