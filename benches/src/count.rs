//! Counting: without labels, and with three typed labels.

use std::{cell::Cell, hint::black_box, sync::LazyLock};

use metrics_core::{Capped, Counter, Definition, Family, LabelSet, Registry, StatusClass};
use prometheus::{IntCounter, IntCounterVec, Opts};

use crate::{contestant, harness::compare};

/// Three labels: 5 × 2 × 2 values.
#[derive(Clone, Copy, LabelSet)]
struct Labels {
    status: StatusClass,
    cached: bool,
    secure: bool,
}

/// One capped string and two labels: 10 of 100 strings are in use.
#[derive(Clone, LabelSet)]
struct Tenant {
    name: Capped<100>,
    status: StatusClass,
    cached: bool,
}

const TENANTS: [&str; 10] = [
    "acme",
    "globex",
    "initech",
    "umbrella",
    "stark-industries",
    "wayne",
    "tyrell",
    "cyberdyne",
    "soylent",
    "hooli",
];

struct Ours {
    plain: Counter,
    labelled: Family<Labels, Counter>,
    capped: Family<Tenant, Counter>,
}

static REGISTRY: LazyLock<Registry> = LazyLock::new(Registry::new);
static OURS: LazyLock<Ours> = LazyLock::new(|| Ours {
    plain: REGISTRY.register(&Definition::new("plain_total", "Plain.")).expect("a legal definition"),
    labelled: REGISTRY.register(&Definition::new("labelled_total", "Labelled.")).expect("a legal definition"),
    capped: REGISTRY.register(&Definition::new("capped_total", "Capped.")).expect("a legal definition"),
});
static PLAIN: LazyLock<IntCounter> =
    LazyLock::new(|| IntCounter::new("plain_total", "Plain.").expect("a legal definition"));
static LABELLED: LazyLock<IntCounterVec> = LazyLock::new(|| {
    IntCounterVec::new(Opts::new("labelled_total", "Labelled."), &["status", "cached", "secure"])
        .expect("a legal definition")
});

thread_local! {
    /// The limit: a slot of the thread's own, without atomics and without a way to read it from elsewhere.
    static SLOT: Cell<u64> = const { Cell::new(0) };
    static SLOTS: [Cell<u64>; 20] = const { [const { Cell::new(0) }; 20] };
}

fn labels() -> Labels {
    Labels { status: black_box(StatusClass::Success), cached: black_box(true), secure: black_box(false) }
}

const fn text(flag: bool) -> &'static str {
    if flag { "true" } else { "false" }
}

/// Counts by every means, on one thread and on two.
pub(crate) fn run() {
    for threads in [1, 2] {
        compare(
            "count, no labels",
            threads,
            &[
                contestant!("ours", OURS.plain.inc()),
                contestant!("limit: a raw per-thread slot", SLOT.with(|slot| slot.set(slot.get() + 1))),
                contestant!("prometheus by hand", PLAIN.inc()),
            ],
        );
        compare(
            "count, 3 typed labels",
            threads,
            &[
                contestant!("ours", OURS.labelled.with(labels()).inc()),
                contestant!("limit: a raw array of per-thread slots", count_in_array(labels())),
                contestant!("prometheus by hand, with_label_values", {
                    let labels = labels();
                    let values = [status(labels.status), text(labels.cached), text(labels.secure)];
                    LABELLED.with_label_values(&values).inc();
                }),
            ],
        );
        compare(
            "count, one capped string and 2 typed labels",
            threads,
            &[
                each("ours", |tenant| {
                    let status = black_box(StatusClass::Success);
                    OURS.capped.with(Tenant { name: tenant.into(), status, cached: black_box(true) }).inc();
                }),
                each("prometheus by hand, with_label_values", |tenant| {
                    let values = [tenant, status(black_box(StatusClass::Success)), text(black_box(true))];
                    LABELLED.with_label_values(&values).inc();
                }),
            ],
        );
    }
}

fn each(name: &'static str, count: impl Fn(&str) + Sync + 'static) -> crate::harness::Contestant {
    crate::harness::Contestant::new(name, move |iterations| {
        for (_, tenant) in (0..iterations).zip(TENANTS.iter().cycle()) {
            count(black_box(tenant));
        }
    })
}

fn status(status: StatusClass) -> &'static str {
    metrics_core::LabelValue::as_str(&status)
}

fn count_in_array(labels: Labels) {
    let place = (labels.status as usize * 2 + usize::from(labels.cached)) * 2 + usize::from(labels.secure);
    SLOTS.with(|slots| {
        if let Some(slot) = slots.get(place) {
            slot.set(slot.get() + 1);
        }
    });
}
