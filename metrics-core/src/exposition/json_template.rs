//! A small page in JSON, of names and values that a service chooses.

use prometheus::proto::{LabelPair, MetricFamily, MetricType};

#[allow(unused_imports)] // one of the two is used, see there
use super::foreign::{GetValue as _, Value as _};
use super::{
    json::{push_number, push_string},
    page::{self, Family, Filter},
};
use crate::{
    encode::{PageBuffer, number::push_integer},
    label::parse_block,
    model::{Buckets, Layout},
    registry::{FamilySnapshot, Registry},
};

/// A small page in JSON for a service whose users know one: names that it chooses, and a value for each.
///
/// A value is the sum over the series of a family, or over those with certain labels; of a histogram and a summary it is how
/// often they have observed. A family that is not there is `null`.
///
/// ```
/// use metrics_core::{Counter, Definition, JsonTemplate, Registry};
///
/// let registry = Registry::new();
/// let requests: Counter = registry.register(&Definition::new("api_requests_total", "Requests."))?;
/// requests.inc_by(3);
/// let template = JsonTemplate::new()
///     .value("requestCount", "api_requests_total")
///     .value_where("posts", "api_requests_total", &[("method", "POST")])
///     .value("requestsBlocked", "api_requests_blocked_total");
/// assert_eq!(
///     template.render(&registry),
///     r#"{"metrics":[{"name":"requestCount","value":3},{"name":"posts","value":0},{"name":"requestsBlocked","value":null}]}"#
/// );
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct JsonTemplate(Vec<Entry>);

#[derive(Clone, Debug)]
struct Entry {
    name: String,
    family: String,
    labels: Vec<(String, String)>,
}

impl JsonTemplate {
    /// A page without values.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the sum over all series of a family, under a name.
    pub fn value(self, name: impl Into<String>, family: impl Into<String>) -> Self {
        self.value_where(name, family, &[])
    }

    /// Adds the sum over the series of a family that have all of these labels, under a name.
    pub fn value_where(
        mut self,
        name: impl Into<String>,
        family: impl Into<String>,
        labels: &[(&str, &str)],
    ) -> Self {
        let labels = labels.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        self.0.push(Entry { name: name.into(), family: family.into(), labels });
        self
    }

    /// The page of a registry: `{"metrics":[{"name":…,"value":…},…]}`, to be sent as `application/json`.
    pub fn render(&self, registry: &Registry) -> String {
        let names: Vec<_> = self.0.iter().map(|entry| entry.family.clone()).collect();
        let families =
            if names.is_empty() { Vec::new() } else { page::families(registry, &Filter::new(&names)) };
        let mut page = PageBuffer::from(String::from("{\"metrics\":["));
        for (at, entry) in self.0.iter().enumerate() {
            page.push_str(if at == 0 { "{\"name\":" } else { ",{\"name\":" });
            push_string(&mut page, &entry.name);
            page.push_str(",\"value\":");
            match entry.total(&families) {
                None => page.push_str("null"),
                Some(Total::Whole(whole)) => push_integer(&mut page, whole),
                Some(Total::Fraction(fraction)) => push_number(&mut page, fraction),
            }
            page.push('}');
        }
        page.push_str("]}");
        page.into_string()
    }
}

/// A sum, exact while nothing but whole numbers are added.
#[derive(Clone, Copy, Debug)]
enum Total {
    Whole(i128),
    Fraction(f64),
}

impl Total {
    fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Self::Whole(one), Self::Whole(other)) => Self::Whole(one.saturating_add(other)),
            (one, other) => Self::Fraction(one.as_float() + other.as_float()),
        }
    }

    const fn as_float(self) -> f64 {
        match self {
            Self::Whole(whole) => whole as f64,
            Self::Fraction(fraction) => fraction,
        }
    }
}

impl Entry {
    fn total(&self, families: &[Family]) -> Option<Total> {
        let of_name = families.iter().filter(|family| family.name() == self.family);
        of_name.map(|family| self.of_family(family)).reduce(Total::plus)
    }

    fn of_family(&self, family: &Family) -> Total {
        match family {
            Family::Ours(family) => self.of_ours(family),
            Family::Foreign(family) => self.of_foreign(family),
            Family::Overflow(counts) => {
                let has = |metric: &str| {
                    self.labels.iter().all(|(name, value)| name == "metric" && value == metric)
                };
                let counts = counts.iter().filter(|(metric, _)| has(metric));
                counts.map(|(_, count)| Total::Whole((*count).into())).fold(Total::Whole(0), Total::plus)
            }
        }
    }

    fn of_ours(&self, family: &FamilySnapshot) -> Total {
        let mut total = Total::Whole(0);
        let mut scratch = Vec::new();
        for set in &family.sets {
            set.read(&mut scratch, |block, sums| {
                if self.labels.is_empty() || self.has_labels(&parse_block(block)) {
                    total = total.plus(value(set.layout(), sums));
                }
            });
        }
        total
    }

    fn of_foreign(&self, family: &MetricFamily) -> Total {
        let mut total = Total::Whole(0);
        for metric in family.get_metric() {
            let pair = |pair: &LabelPair| (pair.name().to_owned(), pair.value().to_owned());
            if !self.has_labels(&metric.get_label().iter().map(pair).collect::<Vec<_>>()) {
                continue;
            }
            total = total.plus(match family.get_field_type() {
                MetricType::COUNTER => Total::Fraction(metric.get_counter().value()),
                MetricType::GAUGE => Total::Fraction(metric.get_gauge().value()),
                MetricType::HISTOGRAM => Total::Whole(metric.get_histogram().get_sample_count().into()),
                MetricType::SUMMARY => Total::Whole(metric.get_summary().sample_count().into()),
                MetricType::UNTYPED => continue,
            });
        }
        total
    }

    fn has_labels(&self, pairs: &[(String, String)]) -> bool {
        self.labels.iter().all(|label| pairs.contains(label))
    }
}

/// What a series of ours adds.
fn value(layout: &Layout, sums: &[u64]) -> Total {
    let bits = sums.first().copied().unwrap_or_default();
    match layout {
        Layout::Counter => Total::Whole(bits.into()),
        Layout::Gauge => Total::Whole(bits.cast_signed().into()),
        Layout::FloatCounter | Layout::ReadCounter | Layout::FloatGauge => {
            Total::Fraction(f64::from_bits(bits))
        }
        Layout::Histogram(_) | Layout::Summary(_) => Total::Whole(Buckets::count(sums).into()),
        Layout::Info => Total::Whole(1),
        Layout::StateSet(_) => Total::Whole(0),
    }
}
