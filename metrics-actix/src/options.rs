//! What an [`HttpMetrics`](crate::HttpMetrics) is told before it is used.

use std::{fmt, sync::Arc};

use actix_web::{
    HttpRequest,
    dev::{ResponseHead, ServiceRequest},
};
use metrics_core::{Definition, Registry};
use regex::Regex;

use crate::{
    preset::{HttpLabel, HttpMetric, InProgress, Preset, StatusLabel},
    values::{KnownValues, Place},
};

/// What an [`HttpMetrics`](crate::HttpMetrics) is told before it is used.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) registry: Registry,
    pub(crate) preset: Preset,
    pub(crate) namespace: Option<String>,
    names: Vec<(HttpMetric, String)>,
    label_names: Vec<(HttpLabel, String)>,
    /// Labels that are the same in all series.
    pub(crate) constants: Vec<(String, String)>,
    pub(crate) buckets: Option<Vec<f64>>,
    pub(crate) size_buckets: Option<Vec<f64>>,
    /// The durations' buckets of routes by pattern.
    pub(crate) route_buckets: Vec<(String, Vec<f64>)>,
    pub(crate) status: StatusLabel,
    pub(crate) in_progress: InProgress,
    /// What was asked for beside what there always is.
    pub(crate) wanted: Vec<HttpMetric>,
    /// The one endpoint that all requests have.
    pub(crate) endpoint: Option<String>,
    pub(crate) name_endpoint: Option<NameEndpoint>,
    pub(crate) request_labels: Vec<ExtraLabel<ReadRequest>>,
    pub(crate) response_labels: Vec<ExtraLabel<ReadResponse>>,
    pub(crate) excluded: Excluded,
}

/// Which requests are left out.
#[derive(Clone, Debug)]
pub(crate) struct Excluded {
    /// Paths and patterns.
    pub(crate) texts: Vec<String>,
    /// What paths match.
    pub(crate) expressions: Vec<Regex>,
    /// Whether [`MetricsRoute`](crate::MetricsRoute) is left out.
    pub(crate) scrapes: bool,
}

/// What names an endpoint after the pattern of its route.
#[derive(Clone)]
pub(crate) struct NameEndpoint(pub(crate) Arc<dyn Fn(&str) -> String + Send + Sync>);

/// Finds the place of a label's value in a request.
pub(crate) type ReadRequest = dyn Fn(&ServiceRequest, &KnownValues) -> Option<Place> + Send + Sync;

/// Finds the place of a label's value in a response.
pub(crate) type ReadResponse =
    dyn Fn(&HttpRequest, &ResponseHead, &KnownValues) -> Option<Place> + Send + Sync;

/// Values that are known while compiling: how many, and the text of each.
pub(crate) type FiniteValues = (usize, fn(usize) -> &'static str);

/// A label that the user has added.
pub(crate) struct ExtraLabel<R: ?Sized> {
    pub(crate) name: String,
    /// The values where they are known while compiling.
    pub(crate) finite: Option<FiniteValues>,
    /// How many values there may be.
    pub(crate) limit: usize,
    pub(crate) read: Arc<R>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            registry: Registry::global().clone(),
            preset: Preset::default(),
            namespace: None,
            names: Vec::new(),
            label_names: Vec::new(),
            constants: Vec::new(),
            buckets: None,
            size_buckets: None,
            route_buckets: Vec::new(),
            status: StatusLabel::default(),
            in_progress: InProgress::default(),
            wanted: Vec::new(),
            endpoint: None,
            name_endpoint: None,
            request_labels: Vec::new(),
            response_labels: Vec::new(),
            excluded: Excluded { texts: vec!["/metrics".into()], expressions: Vec::new(), scrapes: true },
        }
    }
}

impl Options {
    /// Whether there is to be a metric.
    pub(crate) fn asks_for(&self, metric: HttpMetric) -> bool {
        match metric {
            HttpMetric::InProgress => self.in_progress != InProgress::Off,
            HttpMetric::RequestSize | HttpMetric::ResponseSize | HttpMetric::FirstByte => {
                self.wanted.contains(&metric)
            }
            HttpMetric::Requests | HttpMetric::Duration | HttpMetric::Panics => true,
        }
    }

    pub(crate) fn set_name(&mut self, metric: HttpMetric, name: String) {
        self.names.retain(|(other, _)| *other != metric);
        self.names.push((metric, name));
    }

    pub(crate) fn set_label_name(&mut self, label: HttpLabel, name: String) {
        self.label_names.retain(|(other, _)| *other != label);
        self.label_names.push((label, name));
    }

    /// The name that the user has given a metric.
    pub(crate) fn name_of(&self, metric: HttpMetric) -> Option<String> {
        self.names.iter().find(|(other, _)| *other == metric).map(|(_, name)| name.clone())
    }

    /// What a label is called.
    pub(crate) fn name_of_label(&self, label: HttpLabel) -> String {
        let given = self.label_names.iter().find(|(other, _)| *other == label);
        given.map_or_else(|| default_label(label).into(), |(_, name)| name.clone())
    }

    pub(crate) fn with_namespace(&self, name: &str) -> String {
        self.namespace.as_ref().map_or_else(|| name.into(), |namespace| format!("{namespace}_{name}"))
    }

    /// A definition with the constant labels.
    pub(crate) fn definition(&self, name: &str, help: &'static str) -> Definition {
        let label = |definition: Definition, (name, value): &(String, String)| {
            definition.label(name.clone(), value.clone())
        };
        self.constants.iter().fold(Definition::new(name, help), label)
    }
}

impl Excluded {
    /// Whether a path or a pattern is one that was named.
    pub(crate) fn names(&self, text: &str) -> bool {
        self.texts.iter().any(|excluded| excluded == text)
    }

    /// A bit for each length of the paths that are left out, the last one for all that are longer.
    pub(crate) fn lengths(&self) -> u64 {
        if !self.expressions.is_empty() {
            return u64::MAX;
        }
        self.texts.iter().fold(0, |lengths, text| lengths | 1 << text.len().min(63))
    }

    /// Whether requests to a path are left out.
    pub(crate) fn holds(&self, path: &str) -> bool {
        self.names(path) || self.expressions.iter().any(|expression| expression.is_match(path))
    }
}

const fn default_label(label: HttpLabel) -> &'static str {
    match label {
        HttpLabel::Method => "method",
        HttpLabel::Endpoint => "endpoint",
        HttpLabel::Status => "status",
    }
}

impl<R: ?Sized> Clone for ExtraLabel<R> {
    fn clone(&self) -> Self {
        Self { name: self.name.clone(), read: Arc::clone(&self.read), ..*self }
    }
}

impl<R: ?Sized> fmt::Debug for ExtraLabel<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExtraLabel").field("name", &self.name).finish_non_exhaustive()
    }
}

impl fmt::Debug for NameEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NameEndpoint")
    }
}
