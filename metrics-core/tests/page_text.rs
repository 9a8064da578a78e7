//! The text page of a program without macros.

use std::time::{Duration, Instant};

use metrics_core::{Capped, Counter, Definition, Family, Gauge, Histogram, LabelSet, Registry};

struct Tenant {
    tenant: Capped<2>,
    paid: bool,
}

impl LabelSet for Tenant {
    const DIMENSIONS: &'static [metrics_core::Dimension] =
        &[metrics_core::Dimension::capped("tenant", 2), metrics_core::Dimension::of::<bool>("paid")];
    const CAPPED: bool = true;
    fn index(&self, interners: &metrics_core::__private::Interners) -> usize {
        use metrics_core::LabelField as F;
        F::position(&self.tenant, interners, 0) * <bool as F>::SIZE + F::position(&self.paid, interners, 1)
    }
}

fn tenant(tenant: &str, paid: bool) -> Tenant {
    Tenant { tenant: tenant.into(), paid }
}

#[test]
fn every_type() {
    let registry = Registry::new();
    let jobs: Counter = registry.register(&Definition::new("b_jobs_total", "Jobs\nthat \\ ended.")).unwrap();
    let money: Counter<f64> = registry.register(&Definition::new("money_usd_total", "Money.")).unwrap();
    let load: Gauge<f64> = registry.register(&Definition::new("load_ratio", "Load.")).unwrap();
    let players: Gauge =
        registry.register(&Definition::new("a_players", "Players.").label("zone", "e\"u")).unwrap();
    let time: Histogram =
        registry.register(&Definition::new("time_seconds", "Time.").buckets(&[0.1, 1.0])).unwrap();
    jobs.inc_by(3);
    money.inc_by(0.5);
    money.inc_by(-1.0);
    load.set(0.25);
    load.add(0.5);
    players.set(5);
    players.dec();
    time.observe(0.1);
    time.observe(0.2);
    time.observe(7.0);
    assert_eq!(
        kept_pages::text(registry.text()),
        "# HELP a_players Players.\n# TYPE a_players gauge\na_players{zone=\"e\\\"u\"} 4\n\
         # HELP b_jobs_total Jobs\\nthat \\\\ ended.\n# TYPE b_jobs_total counter\nb_jobs_total 3\n\
         # HELP load_ratio Load.\n# TYPE load_ratio gauge\nload_ratio 0.75\n\
         # HELP money_usd_total Money.\n# TYPE money_usd_total counter\nmoney_usd_total 0.5\n\
         # HELP time_seconds Time.\n# TYPE time_seconds histogram\n\
         time_seconds_bucket{le=\"0.1\"} 1\ntime_seconds_bucket{le=\"1\"} 2\ntime_seconds_bucket{le=\"+Inf\"} 3\n\
         time_seconds_sum 7.3\ntime_seconds_count 3\n"
    );
}

#[test]
fn capped_labels() {
    let registry = Registry::new();
    let calls: Family<Tenant, Counter> =
        registry.register(&Definition::new("calls_total", "Calls.")).unwrap();
    for name in ["eu", "us", "eu", "de", "fr", "us"] {
        calls.with(tenant(name, true)).inc();
    }
    assert_eq!(
        kept_pages::text(registry.text()),
        "# HELP calls_total Calls.\n# TYPE calls_total counter\n\
         calls_total{tenant=\"eu\",paid=\"true\"} 2\ncalls_total{tenant=\"us\",paid=\"true\"} 2\n\
         calls_total{tenant=\"_OTHER\",paid=\"true\"} 2\n\
         # HELP metrics_overflow_total Number of observations past the limit of a capped label, by metric.\n\
         # TYPE metrics_overflow_total counter\nmetrics_overflow_total{metric=\"calls_total\"} 2\n"
    );
}

#[test]
fn registration_conflicts() {
    let registry = Registry::new();
    let definition = Definition::new("x_total", "X.");
    let first: Counter = registry.register(&definition).unwrap();
    let again: Counter = registry.register(&definition).unwrap();
    first.inc();
    assert_eq!(again.get(), 1);
    let error = registry.register::<Counter>(&Definition::new("x_total", "Y.")).unwrap_err();
    assert_eq!(error.to_string().matches("page_text.rs:").count(), 2, "{error}");
    assert!(registry.register::<Gauge>(&definition).is_err());
    assert!(registry.register::<Counter<f64>>(&definition).is_err());
    assert!(registry.register::<Counter>(&Definition::new("x total", "X.")).is_err());
    let time: Histogram = registry.register(&Definition::new("t_seconds", "T.")).unwrap();
    assert!(registry.register::<Counter>(&Definition::new("t_seconds_count", "T.")).is_err());
    drop(time);
    assert!(registry.register::<Counter>(&Definition::new("t_seconds_count", "T.")).is_ok());
}

#[test]
fn dropped_metrics() {
    let registry = Registry::new();
    for round in 0..3 {
        let count: Counter<f64> = registry.register(&Definition::new("r_total", "R.")).unwrap();
        let level: Gauge = registry.register(&Definition::new("r", "R.")).unwrap();
        assert_eq!((count.get().to_bits(), level.get()), (0, 0), "round {round}");
        count.inc_by(0.1);
        level.inc();
        level.set(7);
        std::thread::scope(|scope| {
            scope.spawn(|| count.inc_by(0.2));
            scope.spawn(|| level.inc());
        });
        assert!((count.get() - 0.3).abs() < 1e-15, "{}", count.get());
        assert_eq!(level.get(), 8);
    }
    assert_eq!(kept_pages::text(registry.text()), "");
}

#[test]
fn both_registries() {
    let ours: Counter = Registry::global().register(&Definition::new("bridge_ours_total", "Ours.")).unwrap();
    let theirs = prometheus::register_int_counter!("bridge_theirs_total", "Theirs.").unwrap();
    let times = prometheus::register_histogram!("bridge_times", "Times.", vec![1.0, 2.0]).unwrap();
    ours.inc();
    theirs.inc_by(2);
    times.observe(1.5);
    // On a busy machine the first use does not wait for the registration of the collector.
    let gather = || prometheus::TextEncoder::new().encode_to_string(&prometheus::gather()).unwrap();
    let begin = Instant::now();
    while !gather().contains("bridge_ours_total") && begin.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(10));
    }
    let gathered = gather();
    let page = kept_pages::text(Registry::global().text());
    for text in [gathered, page] {
        for line in [
            "bridge_ours_total 1\n",
            "bridge_theirs_total 2\n",
            "bridge_times_bucket{le=\"2\"} 1\n",
            "bridge_times_count 1\n",
        ] {
            assert_eq!(text.matches(line).count(), 1, "{line} in\n{text}");
        }
    }
}
