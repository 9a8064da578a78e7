//! Counting with one capped string and two typed labels.

use std::{
    cell::RefCell,
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use measured::label::StaticLabelSet;
use metrics_core::{Capped, Counter, Definition, Family, LabelSet, Registry};
use paracord::ParaCord;
use prometheus::{IntCounterVec, Opts};

use crate::{
    harness::{Contestant, compare},
    labels::{Flag, Status, TENANTS, inputs},
    peers,
};

#[derive(Clone, LabelSet)]
struct Tenant {
    name: Capped<100>,
    status: Status,
    cached: Flag,
}

#[derive(Clone, Copy, measured::LabelGroup)]
#[label(set = MeasuredSet)]
struct MeasuredTenant<'a> {
    #[label(dynamic_with = ParaCord)]
    name: &'a str,
    status: Status,
    cached: Flag,
}

/// A service's strings are not static: if a peer's key owns its label, each call creates the key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, prometheus_client::encoding::EncodeLabelSet)]
struct OfficialTenant {
    name: String,
    status: Status,
    cached: Flag,
}

#[derive(Clone, PartialEq, Eq, Hash, fastmetrics::derive::LabelSet)]
struct FastTenant {
    name: String,
    status: Status,
    cached: Flag,
}

static OURS: LazyLock<Family<Tenant, Counter>> = LazyLock::new(|| {
    Registry::global().register(&Definition::new("capped_total", "Capped.")).expect("a legal definition")
});

/// The limit: a thread-local cache indexed by a few bytes of the string, which compares the whole string.
struct Cache {
    entries: Vec<Option<(String, usize)>>,
    slots: Vec<AtomicU64>,
    used: usize,
}

impl Cache {
    fn count(&mut self, name: &str, status: Status, cached: Flag) {
        let at = place(name) % self.entries.len();
        let base = match self.entries.get(at) {
            Some(Some((known, base))) if known == name => *base,
            _ => self.insert(at, name),
        };
        if let Some(slot) = self.slots.get(base + status as usize * 2 + cached as usize) {
            slot.store(slot.load(Relaxed) + 1, Relaxed);
        }
    }

    #[cold]
    fn insert(&mut self, at: usize, name: &str) -> usize {
        let base = self.used % self.slots.len();
        self.used += 10;
        self.entries[at] = Some((name.to_owned(), base));
        base
    }
}

#[allow(clippy::cast_possible_truncation)] // the upper half, which is mixed best
fn place(name: &str) -> usize {
    let bytes = name.as_bytes();
    let first = bytes.first_chunk().map_or_else(
        || bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)),
        |chunk: &[u8; 8]| u64::from_le_bytes(*chunk),
    );
    ((first ^ bytes.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize
}

thread_local! {
    static CACHE: RefCell<Cache> = RefCell::new(Cache {
        entries: vec![None; 1024],
        slots: (0..1000).map(|_| AtomicU64::new(0)).collect(),
        used: 0,
    });
}

type Input = (&'static str, Status, Flag);

fn tenants() -> Vec<Input> {
    inputs(|number, status, cached, _| (TENANTS[number / 64 % TENANTS.len()], status, cached))
}

pub(super) fn run(threads: usize) {
    let ours = OURS.clone();
    let opts = Opts::new("capped_total", "Capped.");
    let by_hand = IntCounterVec::new(opts, &["name", "status", "cached"]).expect("a legal definition");
    let mut contestants = vec![
        Contestant::over("ours", tenants(), move |&(name, status, cached)| {
            ours.with(Tenant { name: name.into(), status, cached }).inc();
        }),
        Contestant::over(
            "limit: a thread-local cache with compared keys",
            tenants(),
            |&(name, status, cached)| {
                CACHE.with_borrow_mut(|cache| cache.count(name, status, cached));
            },
        ),
        // Nothing caps its strings.
        Contestant::over(
            "prometheus by hand, with_label_values",
            tenants(),
            move |(name, status, cached)| {
                by_hand.with_label_values(&[*name, status.text(), cached.text()]).inc();
            },
        ),
    ];
    contestants.extend(others());
    compare("count, one capped string and 2 typed labels", threads, &contestants);
}

/// Peers; none of them caps its strings.
fn others() -> [Contestant; 4] {
    let measured = measured::CounterVec::with_label_set(MeasuredSet {
        name: ParaCord::default(),
        status: StaticLabelSet::new(),
        cached: StaticLabelSet::new(),
    });
    let official = prometheus_client::metrics::family::Family::<
        OfficialTenant,
        prometheus_client::metrics::counter::Counter,
    >::default();
    let fast =
        fastmetrics::metrics::family::Family::<FastTenant, fastmetrics::metrics::counter::Counter>::default();
    peers::install_facade();
    [
        Contestant::over("prometheus-client", tenants(), move |&(name, status, cached)| {
            official.get_or_create(&OfficialTenant { name: name.to_owned(), status, cached }).inc();
        }),
        Contestant::over("measured, ParaCord", tenants(), move |&(name, status, cached)| {
            measured.inc(MeasuredTenant { name, status, cached });
        }),
        Contestant::over("metrics", tenants(), |(name, status, cached)| {
            let (name, status, cached) = ((*name).to_owned(), status.text(), cached.text());
            metrics::counter!("capped_total", "name" => name, "status" => status, "cached" => cached)
                .increment(1);
        }),
        Contestant::over("fastmetrics", tenants(), move |&(name, status, cached)| {
            let tenant = FastTenant { name: name.to_owned(), status, cached };
            fast.with_or_new(&tenant, fastmetrics::metrics::counter::Counter::inc);
        }),
    ]
}
