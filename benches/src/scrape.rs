//! A scrape of many series.

use std::sync::Mutex;

use metrics_core::{Capped, Counter, Definition, Family, LabelSet, Registry, StatusClass};
use prometheus::{Encoder, IntCounterVec, Opts, TextEncoder};

use crate::harness::{Contestant, compare};

const SERIES: usize = 10_000;

#[derive(Clone, LabelSet)]
struct Labels {
    shard: Capped<1000>,
    status: StatusClass,
    cached: bool,
}

fn ours() -> (Registry, Family<Labels, Counter>) {
    let registry = Registry::new();
    let family: Family<Labels, Counter> =
        registry.register(&Definition::new("series_total", "Series.")).expect("a legal definition");
    each(|shard, status, cached| {
        family.with(Labels { shard: shard.into(), status, cached }).inc_by(SERIES as u64);
    });
    (registry, family)
}

fn theirs() -> prometheus::Registry {
    let registry = prometheus::Registry::new();
    let opts = Opts::new("series_total", "Series.");
    let family = IntCounterVec::new(opts, &["shard", "status", "cached"]).expect("a legal definition");
    each(|shard, status, cached| {
        let values =
            [shard, metrics_core::LabelValue::as_str(&status), if cached { "true" } else { "false" }];
        family.with_label_values(&values).inc_by(SERIES as u64);
    });
    registry.register(Box::new(family)).expect("an empty registry");
    registry
}

fn each(mut count: impl FnMut(&str, StatusClass, bool)) {
    for number in 0..SERIES {
        let classes = [200, 300, 400, 500, 100].map(StatusClass::of);
        let status = classes[number / 2 % 5];
        count(&format!("shard-{}", number / 10), status, number % 2 == 0);
    }
}

/// Writes pages of 10,000 counters with 3 labels.
pub(crate) fn run() {
    let (ours, family) = ours();
    let theirs = theirs();
    assert_eq!(ours.text().lines().filter(|line| line.starts_with("series_total")).count(), SERIES);
    drop(family.clone());
    let page = Mutex::new(String::new());
    let contestants = [
        Contestant::new("ours", move |pages| {
            let _alive = &family;
            let mut page = page.lock().expect("no panic");
            for _ in 0..pages {
                page.clear();
                ours.encode_text(&mut page);
            }
        }),
        Contestant::new("prometheus: gather and TextEncoder", move |pages| {
            for _ in 0..pages {
                let mut page = Vec::new();
                TextEncoder::new().encode(&theirs.gather(), &mut page).expect("a legal page");
                std::hint::black_box(page);
            }
        }),
    ];
    compare("scrape, 10,000 counters with 3 labels", 1, &contestants);
}
