//! Counting with three typed labels.

use std::sync::{
    LazyLock,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use metrics_core::{Counter, Definition, Family, LabelSet, Registry};
use prometheus::{IntCounterVec, Opts};

use crate::{
    harness::{Contestant, compare},
    labels::{Flag, Status, inputs},
    peers,
};

/// Three labels: 5 × 2 × 2 values.
#[derive(Clone, Copy, LabelSet)]
struct Labels {
    status: Status,
    cached: Flag,
    secure: Flag,
}

impl Labels {
    const fn place(self) -> usize {
        (self.status as usize * 2 + self.cached as usize) * 2 + self.secure as usize
    }
}

#[derive(Clone, Copy, measured::LabelGroup)]
#[label(set = MeasuredSet)]
struct MeasuredLabels {
    status: Status,
    cached: Flag,
    secure: Flag,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, prometheus_client::encoding::EncodeLabelSet)]
struct OfficialLabels {
    status: Status,
    cached: Flag,
    secure: Flag,
}

#[derive(Clone, PartialEq, Eq, Hash, fastmetrics::derive::LabelSet)]
struct FastLabels {
    status: Status,
    cached: Flag,
    secure: Flag,
}

static OURS: LazyLock<Family<Labels, Counter>> = LazyLock::new(|| {
    Registry::global().register(&Definition::new("labelled_total", "Labelled.")).expect("a legal definition")
});
static BY_HAND: LazyLock<IntCounterVec> = LazyLock::new(|| {
    IntCounterVec::new(Opts::new("labelled_total", "Labelled."), &["status", "cached", "secure"])
        .expect("a legal definition")
});

thread_local! {
    static SLOTS: [AtomicU64; 20] = const { [const { AtomicU64::new(0) }; 20] };
}

fn count_in_array(labels: Labels) {
    SLOTS.with(|slots| {
        if let Some(slot) = slots.get(labels.place()) {
            slot.store(slot.load(Relaxed) + 1, Relaxed);
        }
    });
}

pub(super) fn run(threads: usize) {
    let labels = || inputs(|_, status, cached, secure| Labels { status, cached, secure });
    let ours = OURS.clone();
    let mut contestants = vec![
        Contestant::over("ours", labels(), move |labels| ours.with(*labels).inc()),
        Contestant::over("limit: a raw array of per-thread slots", labels(), |labels| {
            count_in_array(*labels);
        }),
    ];
    contestants.extend(by_hand());
    contestants.extend(others());
    compare("count, 3 typed labels", threads, &contestants);
}

/// The `prometheus` crate: look-ups by labels, children kept in an array, and macros that generate such arrays.
fn by_hand() -> Vec<Contestant> {
    let vec = &*BY_HAND;
    let texts = inputs(|_, status, cached, secure| [status.text(), cached.text(), secure.text()]);
    let places = inputs(|_, status, cached, secure| Labels { status, cached, secure }.place());
    let flags = [Flag::No, Flag::Yes];
    let mut children = Vec::new();
    for status in Status::ALL {
        for (cached, secure) in flags.iter().flat_map(|cached| flags.map(|secure| (cached, secure))) {
            children.push(vec.with_label_values(&[status.text(), cached.text(), secure.text()]));
        }
    }
    let fixed = peers::fixed::Counters::from(vec);
    vec![
        Contestant::over("prometheus by hand, with_label_values", texts, |values| {
            vec.with_label_values(values).inc();
        }),
        Contestant::over("prometheus, children kept in an array by hand", places, move |place| {
            if let Some(child) = children.get(*place) {
                child.inc();
            }
        }),
        Contestant::over("prometheus-static-metric", inputs(peers::fixed::labels), move |labels| {
            fixed.get(labels.0).get(labels.1).get(labels.2).inc();
        }),
        // A thread's own counters, flushed by themselves once a second.
        Contestant::over(
            "prometheus-static-metric, auto-flush",
            inputs(peers::flushed::labels),
            |(status, cached, secure)| peers::flushed::COUNTERS.get(*status).get(*cached).get(*secure).inc(),
        ),
    ]
}

fn others() -> Vec<Contestant> {
    let measured = measured::CounterVec::<MeasuredSet>::dense();
    let official = prometheus_client::metrics::family::Family::<
        OfficialLabels,
        prometheus_client::metrics::counter::Counter,
    >::default();
    let fast =
        fastmetrics::metrics::family::Family::<FastLabels, fastmetrics::metrics::counter::Counter>::default();
    peers::install_facade();
    let texts = inputs(|_, status, cached, secure| [status.text(), cached.text(), secure.text()]);
    vec![
        Contestant::over(
            "prometheus-client",
            inputs(|_, status, cached, secure| OfficialLabels { status, cached, secure }),
            move |labels| {
                official.get_or_create(labels).inc();
            },
        ),
        Contestant::over(
            "measured, dense",
            inputs(|_, status, cached, secure| MeasuredLabels { status, cached, secure }),
            move |labels| measured.inc(*labels),
        ),
        Contestant::over("metrics", texts, |[status, cached, secure]| {
            metrics::counter!("labelled_total", "status" => *status, "cached" => *cached, "secure" => *secure)
                .increment(1);
        }),
        Contestant::over(
            "fastmetrics",
            inputs(|_, status, cached, secure| FastLabels { status, cached, secure }),
            move |labels| fast.with_or_new(labels, fastmetrics::metrics::counter::Counter::inc),
        ),
    ]
}
