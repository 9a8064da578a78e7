//! Time of a scrape as threads count in all series.

use std::{sync::Barrier, thread};

use metrics_core::{Counter, Definition, Family, LabelName, LabelValue, Registry};

use crate::{
    counts::TenantLabels,
    report::{Row, scrape},
};

/// Starts threads that each count in all series, and joins them.
fn on_threads(threads: usize, count: impl Fn() + Sync) {
    let barrier = Barrier::new(threads);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                count();
                // Nobody ends before all have counted: each has cells of its own.
                barrier.wait();
            });
        }
    });
}

/// Prints the time of scrapes after several numbers of threads.
pub(crate) fn report() {
    let definitions = Registry::new();
    let own: Vec<Counter> = (0..10_000)
        .map(|number| {
            definitions.register(&Definition::new(format!("own_{number}_total"), "Own.")).expect("legal")
        })
        .collect();
    let finite = Registry::new();
    let series: Family<(Ordinal,), Counter> =
        finite.register(&Definition::new("finite_total", "Finite.")).expect("legal");
    let strings = Registry::new();
    let tenants: Family<TenantLabels, Counter> =
        strings.register(&Definition::new("tenants_total", "Tenants.")).expect("legal");
    let names: Vec<_> = (0..10_000).map(|number| format!("tenant-{number}")).collect();
    let page = |work: &str, registry| scrape(&Row { work, units: 10_000, unit: "series" }, registry);
    for threads in [1, 16, 64, 256] {
        on_threads(threads, || {
            for counter in &own {
                counter.inc();
            }
            (0..10_000).for_each(|at| series.with((Ordinal(at),)).inc());
            for name in &names {
                tenants.with(TenantLabels { tenant: name.into(), kind: 0.into(), is_cached: false }).inc();
            }
        });
        page(&format!("scrape, string counters, after {threads} threads"), &strings);
        page(&format!("scrape, finite counters, after {threads} threads"), &finite);
        page(&format!("scrape, definitions, after {threads} threads"), &definitions);
    }
}

/// A label of 10,000 values.
#[derive(Clone, Copy)]
struct Ordinal(usize);

impl LabelValue for Ordinal {
    const COUNT: usize = 10_000;

    fn index(&self) -> usize {
        self.0
    }

    fn name_at(index: usize) -> &'static str {
        static NAMES: std::sync::LazyLock<Vec<String>> =
            std::sync::LazyLock::new(|| (0..10_000).map(|number| number.to_string()).collect());
        NAMES.get(index).map_or("", String::as_str)
    }
}

impl LabelName for Ordinal {
    const NAME: &'static str = "number";
}
