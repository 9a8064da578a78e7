//! Facts that something else counts, as families of the `prometheus` crate.

use prometheus::{
    core::Desc,
    proto::{Counter, Gauge, LabelPair, Metric, MetricFamily, MetricType},
};

/// A metric whose values are read when a page is made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fact {
    pub(super) name: &'static str,
    pub(super) help: &'static str,
    pub(super) kind: MetricType,
}

impl Fact {
    pub(super) const fn counter(name: &'static str, help: &'static str) -> Self {
        Self { name, help, kind: MetricType::COUNTER }
    }

    pub(super) const fn gauge(name: &'static str, help: &'static str) -> Self {
        Self { name, help, kind: MetricType::GAUGE }
    }

    /// Returns the descriptor with constant labels.
    pub(super) fn desc(&self, labels: &[(&str, &str)]) -> prometheus::Result<Desc> {
        let labels = labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Desc::new(self.name.into(), self.help.into(), Vec::new(), labels)
    }

    /// Returns the family with one series; nothing without a value.
    pub(super) fn family(&self, labels: &[(&str, &str)], value: Option<f64>) -> Option<MetricFamily> {
        let metric = self.metric(labels, value?);
        Some(self.family_of(vec![metric]))
    }

    /// Returns the family of several series.
    pub(super) fn family_of(&self, metrics: Vec<Metric>) -> MetricFamily {
        let mut family = MetricFamily::default();
        family.set_name(self.name.into());
        family.set_help(self.help.into());
        family.set_field_type(self.kind);
        family.set_metric(metrics);
        family
    }

    /// Returns a series.
    pub(super) fn metric(&self, labels: &[(&str, &str)], value: f64) -> Metric {
        let pair = |(name, value): &(&str, &str)| {
            let mut pair = LabelPair::default();
            pair.set_name((*name).into());
            pair.set_value((*value).into());
            pair
        };
        let mut metric = Metric::from_label(labels.iter().map(pair).collect());
        if self.kind == MetricType::COUNTER {
            let mut counter = Counter::default();
            counter.set_value(value);
            metric.set_counter(counter);
        } else {
            let mut gauge = Gauge::default();
            gauge.set_value(value);
            metric.set_gauge(gauge);
        }
        metric
    }
}
