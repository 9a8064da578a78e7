//! The first program of the README.

use metrics_core::{Counter, Family, LabelSet, LabelValue, MetricGroup, Registry, counted, timed};

#[counted]
#[timed]
fn parse(input: &str) -> Result<u32, std::num::ParseIntError> {
    input.parse()
}

#[derive(Clone, Copy, LabelValue)]
#[label(rename_all = "snake_case")]
enum Plan {
    Free,
    Paid,
}

#[derive(Clone, Copy, LabelSet)]
struct Account {
    plan: Plan,
}

#[derive(MetricGroup)]
#[metrics(namespace = "app")]
struct AppMetrics {
    /// Accounts opened, by plan.
    sign_ups_total: Family<Account, Counter>,
}

fn main() {
    let metrics = AppMetrics::global();
    for input in ["7", "seven"] {
        let plan = if parse(input).is_ok() { Plan::Paid } else { Plan::Free };
        metrics.sign_ups_total.with(Account { plan }).inc();
    }
    print!("{}", Registry::global().text());
}
