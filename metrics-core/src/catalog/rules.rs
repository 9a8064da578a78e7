//! Recording and alerting rules for the objectives of functions.
//!
//! The recordings have the names that Sloth gives, so that its dashboards show them. Windows and burn rates are those of the
//! multi-window, multi-burn-rate alerts in chapter 5 of Google's "The Site Reliability Workbook".

use std::{collections::BTreeMap, fmt::Write as _};

use super::objectives::ObjectiveMetric;
use crate::{
    encode::{json_string, number},
    model::{MetricType, Objective, Percentage},
};

/// Windows over which error ratios are recorded. The ratio of the whole period is the mean of the shortest.
const WINDOWS: [&str; 7] = ["5m", "30m", "1h", "2h", "6h", "1d", "3d"];
const PERIOD_DAYS: u32 = 30;

/// An alert: its severity, and two triples of a short window, a long window and the burn rate that is too fast.
type BurnRateAlert = (&'static str, [(&'static str, &'static str, &'static str); 2]);
/// Burn rates that spend, of the budget of thirty days, 2 % in an hour, 5 % in six hours, 10 % in a day, and 10 % in three days.
const BURN_RATE_ALERTS: [BurnRateAlert; 2] = [
    ("page", [("5m", "1h", "14.4"), ("30m", "6h", "6")]),
    ("ticket", [("2h", "1d", "3"), ("6h", "3d", "1")]),
];

/// Indicator of an objective: the share of calls that fail, or of calls that take too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Indicator {
    Errors,
    Latency,
}

impl Indicator {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Errors => "errors",
            Self::Latency => "latency",
        }
    }
}

/// Metrics by which one indicator of one objective is evaluated.
struct ObjectiveIndicator<'a> {
    objective: Objective,
    indicator: Indicator,
    metrics: Vec<&'a ObjectiveMetric>,
}

pub(super) fn write(objective_metrics: &[ObjectiveMetric], advice: Option<&str>) -> String {
    let mut rules = String::from(
        "# Made from the objectives of the program's functions; see `Catalog::to_prometheus_rules`.\n",
    );
    if let Some(advice) = advice {
        for part in ["# ", advice, "\n"] {
            rules.push_str(part);
        }
    }
    let indicators = indicators(objective_metrics);
    if indicators.is_empty() {
        rules.push_str("groups: []\n");
        return rules;
    }
    rules.push_str("groups:\n");
    for indicator in &indicators {
        indicator.write(&mut rules);
    }
    rules
}

/// Returns the indicators that can be evaluated, by counters with the label `result` and by histograms of objectives with a latency.
fn indicators(objective_metrics: &[ObjectiveMetric]) -> Vec<ObjectiveIndicator<'_>> {
    let mut indicators: BTreeMap<(&str, Indicator), ObjectiveIndicator<'_>> = BTreeMap::new();
    for metric in objective_metrics {
        let indicator = match metric.metric_type {
            MetricType::Counter if metric.has_result => Indicator::Errors,
            MetricType::Histogram if metric.objective.latency.is_some() => Indicator::Latency,
            MetricType::Counter
            | MetricType::Gauge
            | MetricType::Histogram
            | MetricType::Summary
            | MetricType::Info
            | MetricType::StateSet => continue,
        };
        let objective = metric.objective;
        let entry = indicators.entry((objective.name, indicator));
        entry
            .or_insert_with(|| ObjectiveIndicator { objective, indicator, metrics: Vec::new() })
            .metrics
            .push(metric);
    }
    indicators.into_values().collect()
}

impl ObjectiveIndicator<'_> {
    fn write(&self, out: &mut String) {
        let (name, indicator) = (self.objective.name, self.indicator.as_str());
        let group = json_string(&format!("objective-{name}-{indicator}"));
        let labels = format!("{{objective: {}, indicator: {indicator}}}", json_string(name));
        let selector = format!("{{objective={},indicator=\"{indicator}\"}}", json_string(name));
        // Writing to a string cannot fail.
        let _ = write!(out, "  - name: {group}\n    rules:\n");
        let mut record = |name: &str, expression: &str| {
            let _ = write!(
                out,
                "      - record: {name}\n        expr: |\n          {}\n        labels: {labels}\n",
                expression.replace('\n', "\n          ")
            );
        };
        for window in WINDOWS {
            record(&format!("slo:sli_error:ratio_rate{window}"), &self.error_ratio(window));
        }
        let five = format!("slo:sli_error:ratio_rate5m{selector}");
        let days = PERIOD_DAYS;
        record(
            &format!("slo:sli_error:ratio_rate{days}d"),
            &format!("sum_over_time({five}[{days}d])\n/ count_over_time({five}[{days}d])"),
        );
        let budget = budget(self.share());
        record("slo:objective:ratio", &format!("vector(1 - {budget})"));
        record("slo:error_budget:ratio", &format!("vector({budget})"));
        record("slo:time_period:days", &format!("vector({days})"));
        record("slo:current_burn_rate:ratio", &format!("{five}\n/ {budget}"));
        let period = format!("slo:sli_error:ratio_rate{days}d{selector}");
        record("slo:period_burn_rate:ratio", &format!("{period}\n/ {budget}"));
        record("slo:period_error_budget_remaining:ratio", &format!("1 - {period}\n/ {budget}"));
        for (severity, windows) in BURN_RATE_ALERTS {
            let conditions = windows.map(|(short, long, factor)| {
                let burning =
                    |window| format!("slo:sli_error:ratio_rate{window}{selector} > ({factor} * {budget})");
                format!("({}\n  and {})", burning(short), burning(long))
            });
            let _ = write!(
                out,
                "      - alert: ObjectiveBurnsBudget\n        expr: |\n          {}\n        labels: \
                 {{objective: {}, indicator: {indicator}, severity: {severity}}}\n        annotations:\n          \
                 summary: {}\n          description: {}\n",
                conditions.join("\nor ").replace('\n', "\n          "),
                json_string(name),
                json_string(&format!("the objective {name} ({indicator}) burns its budget too fast")),
                json_string(&self.description()),
            );
        }
    }

    /// Share of calls that must be good.
    const fn share(&self) -> Percentage {
        match self.indicator {
            Indicator::Errors => self.objective.success,
            Indicator::Latency => self.objective.latency_success,
        }
    }

    fn description(&self) -> String {
        let share = self.share();
        match (self.indicator, self.objective.latency) {
            (Indicator::Latency, Some(latency)) => {
                format!(
                    "{share} % of the calls should end within {latency} s; {{{{ $value | humanizePercentage }}}} do not."
                )
            }
            (Indicator::Errors, _) | (Indicator::Latency, None) => format!(
                "{share} % of the calls should succeed; {{{{ $value | humanizePercentage }}}} do not."
            ),
        }
    }

    /// Returns the expression for the share of bad calls in a window. It has no value without calls.
    fn error_ratio(&self, window: &str) -> String {
        let (bad, all) = match self.indicator {
            Indicator::Errors => (
                self.sum(window, "", "result=~\"error|panicked\""),
                // A cancelled call neither failed nor succeeded.
                self.sum(window, "", "result!=\"cancelled\""),
            ),
            Indicator::Latency => {
                let bound = self.objective.latency.unwrap_or_default();
                // The formats write some bounds in two ways: `1` and `1.0`.
                let (text, open_metrics) = (number::canonical_classic(bound), number::canonical(bound));
                let within = if text == open_metrics {
                    format!("le=\"{text}\"")
                } else {
                    format!("le=~\"{text}|{}\"", open_metrics.replace('.', "\\\\."))
                };
                let (within, all) = (self.sum(window, "_bucket", &within), self.sum(window, "_count", ""));
                return format!("1 - (\n  {within}\n)\n/ (\n  {all} > 0\n)");
            }
        };
        format!("(\n  {bad}\n    or 0 * ({all})\n)\n/ (\n  {all} > 0\n)")
    }

    /// Returns the expression for the sum of the rates of the indicator's metrics, with a further matcher in their selectors.
    fn sum(&self, window: &str, suffix: &str, more: &str) -> String {
        let sums = self.metrics.iter().map(|metric| {
            let labels = metric.labels.iter().map(|(name, value)| format!("{name}={}", json_string(value)));
            let matchers: Vec<_> = labels.chain((!more.is_empty()).then(|| more.to_owned())).collect();
            format!("sum by (job) (rate({}{suffix}{{{}}}[{window}]))", metric.metric, matchers.join(","))
        });
        sums.collect::<Vec<_>>().join(" + ")
    }
}

/// Returns the exact share of calls that may fail, such as `0.001` for 99.9 %.
fn budget(success: Percentage) -> String {
    let decimals = u32::from(success.decimals) + 2;
    let all = 10_u64.saturating_pow(decimals);
    let left = all.saturating_sub(success.digits);
    let text = format!("0.{left:0width$}", width = decimals as usize);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::budget;
    use crate::model::Percentage;

    #[test]
    fn budgets_are_exact() {
        for (digits, decimals, text) in [
            (999, 1, "0.001"),
            (99, 0, "0.01"),
            (9995, 2, "0.0005"),
            (50, 0, "0.5"),
            (100, 0, "0"),
            (9990, 2, "0.001"),
        ] {
            assert_eq!(budget(Percentage { digits, decimals }), text);
        }
    }
}
