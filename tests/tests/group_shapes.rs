//! Groups of every shape, each with its page.

use std::{sync::Arc, thread, time::Duration};

use metrics_core::{
    Capped, Counter, CounterFn, Family, Gauge, GaugeFn, Histogram, Info, LabelSet, LabelValue, MetricGroup,
    Registry, StateSet, Summary,
};

type Hits = Counter;

#[derive(Clone, Copy, LabelSet)]
struct Ranked {
    ranked: bool,
}

#[derive(MetricGroup)]
#[metrics(global = false)]
struct Cache {
    /// Look-ups that found something.
    hits_total: Hits,
}

/// Fields without names, whose metrics are named by an option.
#[derive(MetricGroup)]
#[metrics(namespace = "tuple", global = false)]
struct Tuple(
    /// Calls.
    #[metric(name = "calls_total")]
    Counter,
    /// Levels.
    #[metric(name = "level")]
    Family<Ranked, Gauge>,
    #[metric(nested = "cache")] Cache,
    #[metric(skip)] u8,
);

/// A unit struct in front of another group.
#[derive(MetricGroup)]
#[metrics(namespace = "wrapped", global = false)]
struct Wrapped(#[metric(flatten)] Cache);

/// Metrics of a build without a feature.
#[derive(MetricGroup)]
#[metrics(global = false)]
struct Nothing;

#[derive(MetricGroup)]
#[metrics(global = false)]
struct NothingEither {}

fn samples(registry: &Registry) -> Vec<String> {
    kept_pages::text(registry.text())
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

#[test]
fn tuple_and_unit_structs() {
    let registry = Registry::new();
    let Tuple(calls, level, cache, nothing) = Tuple::register_in(&registry).expect("an empty registry");
    calls.inc();
    level.with(Ranked { ranked: true }).set(3);
    cache.hits_total.inc_by(2);
    assert_eq!(nothing, 0);
    let wrapped = Wrapped::register_in(&registry).expect("other names");
    wrapped.0.hits_total.inc();
    let (_nothing, _either) = (Nothing::unregistered(), NothingEither::register_in(&registry));
    assert_eq!(
        samples(&registry),
        [
            "tuple_cache_hits_total 2",
            "tuple_calls_total 1",
            "tuple_level{ranked=\"false\"} 0",
            "tuple_level{ranked=\"true\"} 3",
            "wrapped_hits_total 1",
        ]
    );
}

/// Optional nested groups, flattened and nested.
#[derive(MetricGroup)]
#[metrics(namespace = "optional", global = false)]
struct Optional {
    #[metric(flatten, when = true)]
    there: Option<Cache>,
    #[metric(nested = "other", when = std::env::var_os("NO_SUCH_VARIABLE").is_some())]
    absent: Option<Cache>,
    #[cfg(any())]
    not_compiled: NoSuchType,
    /// Compiled.
    #[cfg(not(any()))]
    compiled_total: Counter,
}

#[test]
fn optional_nested_groups() {
    let registry = Registry::new();
    let optional = Optional::register_in(&registry).expect("an empty registry");
    assert!(optional.absent.is_none());
    if let Some(cache) = &optional.there {
        cache.hits_total.inc();
    }
    assert_eq!(optional.compiled_total.get(), 0);
    assert_eq!(samples(&registry), ["optional_compiled_total 0", "optional_hits_total 1"]);
}

/// A generic group with any inner group and any labels.
#[derive(MetricGroup)]
#[metrics(namespace = "generic")]
struct Generic<G: MetricGroup, L>
where
    L: LabelSet,
{
    /// Jobs.
    jobs_total: Family<L, Counter>,
    #[metric(nested = "inner")]
    inner: G,
}

#[test]
fn generic_groups() {
    let registry = Registry::new();
    let generic = Generic::<Cache, Ranked>::register_in(&registry).expect("an empty registry");
    generic.inner.hits_total.inc();
    generic.jobs_total.with(Ranked { ranked: false }).inc();
    assert_eq!(
        samples(&registry),
        [
            "generic_inner_hits_total 1",
            "generic_jobs_total{ranked=\"false\"} 1",
            "generic_jobs_total{ranked=\"true\"} 0",
        ]
    );
}

#[derive(Clone, Copy, Debug, PartialEq, LabelValue)]
#[label(rename_all = "snake_case")]
enum Phase {
    Starting,
    Running,
}

#[derive(Clone, LabelSet)]
struct Tenant {
    tenant: Capped<10>,
}

/// Fields of all types.
#[derive(MetricGroup)]
#[metrics(namespace = "every", global = false)]
struct Every {
    /// Counter.
    calls_total: Counter,
    /// Counter of fractions.
    paid_usd_total: Counter<f64>,
    /// Gauge.
    players: Gauge,
    /// Gauge of fractions.
    fill_ratio: Gauge<f64>,
    /// When.
    backup_timestamp_seconds: Gauge<f64>,
    /// Histogram.
    #[metric(buckets(1, 2))]
    call_duration_seconds: Histogram,
    /// Summary.
    upload_bytes: Summary,
    /// Summary with quantiles.
    #[metric(quantiles(0.5, 1), window = "1h")]
    wait_duration_seconds: Family<Ranked, Summary>,
    /// Info.
    #[metric(labels(version = "1.2"))]
    build_info: Info,
    /// State.
    phase: StateSet<Phase>,
    /// Read when the page is made.
    queue_length: GaugeFn,
    /// Read when the page is made.
    faults_total: CounterFn,
    /// Forgotten.
    #[metric(ttl = "50ms")]
    logins_total: Family<Tenant, Counter>,
}

#[test]
fn conveniences() {
    let registry = Registry::new();
    let every = Every::register_in(&registry).expect("an empty registry");
    let _fact: &Info = &every.build_info;
    every.calls_total.inc_by(3);
    every.paid_usd_total.inc_by(0.5);
    {
        let _tracked = every.players.track();
        assert_eq!(every.players.get(), 1);
    }
    every.players.set(2);
    every.fill_ratio.set(0.25);
    every.backup_timestamp_seconds.set_to_current_time();
    assert!(every.backup_timestamp_seconds.get() > 1.7e9);
    every.backup_timestamp_seconds.set(1.5e9);
    every.call_duration_seconds.observe_duration(Duration::from_millis(1500));
    every.call_duration_seconds.start_timer().stop_and_discard();
    assert_eq!(every.call_duration_seconds.snapshot().buckets[1], (2.0, 1));
    every.upload_bytes.observe(100.0);
    let slow = every.wait_duration_seconds.with(Ranked { ranked: true });
    assert_eq!(slow.observe_closure_duration(|| 42), 42);
    assert_eq!(slow.observe_closure(|| 43), 43);
    slow.start_timer().stop_and_discard();
    assert_eq!((slow.count(), slow.quantiles().len()), (2, 2));
    assert_eq!(every.phase.get(), Some(Phase::Starting));
    every.phase.set(Phase::Running);
    assert!(!every.phase.is(Phase::Starting) && every.phase.get() == Some(Phase::Running));
    every.queue_length.read_from(|| 7);
    every.faults_total.read_shared(&Arc::new(8), |faults| faults + 1);
    assert_eq!(every.queue_length.get(), 7);
    let ranked: Vec<_> =
        every.wait_duration_seconds.series().into_iter().map(|series| series.value.count).collect();
    assert_eq!(ranked, [0, 2]);
    let page = kept_pages::text(registry.text());
    for line in [
        "every_calls_total 3",
        "every_paid_usd_total 0.5",
        "every_players 2",
        "every_fill_ratio 0.25",
        "every_backup_timestamp_seconds 1500000000",
        "every_call_duration_seconds_bucket{le=\"2\"} 1",
        "every_upload_bytes_sum 100",
        "every_wait_duration_seconds{ranked=\"false\",quantile=\"0.5\"} NaN",
        "every_wait_duration_seconds_count{ranked=\"true\"} 2",
        "every_build_info{version=\"1.2\"} 1",
        "every_phase{every_phase=\"running\"} 1",
        "every_queue_length 7",
        "every_faults_total 9",
    ] {
        assert!(page.lines().any(|other| other == line), "{line} in\n{page}");
    }
}

#[test]
fn time_to_live() {
    let registry = Registry::new();
    let every = Every::register_in(&registry).expect("an empty registry");
    // On a busy machine the series may expire before the page is made.
    let shown = || {
        every.logins_total.with(Tenant { tenant: "acme".into() }).inc();
        kept_pages::text(registry.text()).contains("every_logins_total{tenant=\"acme\"} ")
    };
    tests::wait::until_equal(Duration::from_secs(60), "the series is there", &true, shown);
    let forgotten = || !kept_pages::text(registry.text()).contains("acme");
    tests::wait::until_equal(Duration::from_secs(60), "the series is forgotten", &true, forgotten);
}

#[test]
fn handles() {
    let every = Every::unregistered();
    let handle = every.wait_duration_seconds.with(Ranked { ranked: true });
    let copy = handle;
    thread::scope(|scope| {
        scope.spawn(move || handle.observe(1.0));
        scope.spawn(move || copy.observe(2.0));
    });
    let sum = every.wait_duration_seconds.with(Ranked { ranked: true }).sum();
    assert!((sum - 3.0).abs() < 1e-9);
}
