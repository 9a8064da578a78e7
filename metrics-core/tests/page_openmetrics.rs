//! The page in OpenMetrics.

use metrics_core::{
    Counter, Definition, Gauge, Histogram, Info, LabelValue, Registry, StateSet, Summary, prometheus,
};

#[test]
fn every_type() {
    let registry = Registry::new();
    let jobs: Counter =
        registry.register(&Definition::new("jobs_total", "\"Jobs\"\nthat \\ ended.")).unwrap();
    let sent: Counter<f64> =
        registry.register(&Definition::new("sent_bytes_total", "Sent.").unit("bytes")).unwrap();
    let odd: Counter = registry.register(&Definition::new("odd", "No suffix.")).unwrap();
    let load: Gauge<f64> =
        registry.register(&Definition::new("load_ratio", "Load.").unit("seconds")).unwrap();
    let time: Histogram =
        registry.register(&Definition::new("time_seconds", "Time.").buckets(&[1e-5, 0.1, 1.0, 1e6])).unwrap();
    jobs.inc_by(3);
    sent.inc_by(0.5);
    odd.inc();
    load.set(f64::NAN);
    time.observe(0.5);
    assert_eq!(
        kept_pages::open_metrics(registry.open_metrics()),
        "# TYPE jobs counter\n# HELP jobs \\\"Jobs\\\"\\nthat \\\\ ended.\njobs_total 3\n\
         # TYPE load_ratio gauge\n# HELP load_ratio Load.\nload_ratio NaN\n\
         # TYPE odd unknown\n# HELP odd No suffix.\nodd 1\n\
         # TYPE sent_bytes counter\n# UNIT sent_bytes bytes\n# HELP sent_bytes Sent.\nsent_bytes_total 0.5\n\
         # TYPE time_seconds histogram\n# HELP time_seconds Time.\n\
         time_seconds_bucket{le=\"1e-05\"} 0\ntime_seconds_bucket{le=\"0.1\"} 0\n\
         time_seconds_bucket{le=\"1.0\"} 1\ntime_seconds_bucket{le=\"1e+06\"} 1\n\
         time_seconds_bucket{le=\"+Inf\"} 1\ntime_seconds_sum 0.5\ntime_seconds_count 1\n\
         # EOF\n"
    );
}

#[test]
fn negative_histogram_has_no_sum() {
    let registry = Registry::new();
    let shift: Histogram =
        registry.register(&Definition::new("shift", "Shift.").buckets(&[-1.0, 1.0])).unwrap();
    shift.observe(-3.0);
    assert_eq!(
        kept_pages::open_metrics(registry.open_metrics()),
        "# TYPE shift histogram\n# HELP shift Shift.\nshift_bucket{le=\"-1.0\"} 1\n\
         shift_bucket{le=\"1.0\"} 1\nshift_bucket{le=\"+Inf\"} 1\n# EOF\n"
    );
}

#[test]
fn counter_beside_a_gauge_of_its_name() {
    let registry = Registry::new();
    let _total: Counter = registry.register(&Definition::new("r_total", "R.")).unwrap();
    let _level: Gauge = registry.register(&Definition::new("r", "R.")).unwrap();
    assert_eq!(
        kept_pages::open_metrics(registry.open_metrics()),
        "# TYPE r gauge\n# HELP r R.\nr 0\n# TYPE r_total unknown\n# HELP r_total R.\nr_total 0\n# EOF\n"
    );
}

#[test]
fn foreign_families() {
    let plain = prometheus::register_int_counter!("foreign_plain", "Plain.").unwrap();
    let total = prometheus::register_int_counter!("foreign_good_total", "Good.").unwrap();
    let opts = prometheus::HistogramOpts::new("foreign_times", "Times.").buckets(vec![1.0, 2_000_000.0]);
    let times = prometheus::register_histogram!(opts).unwrap();
    plain.inc();
    total.inc_by(2);
    times.observe(1.5);
    let page = kept_pages::open_metrics(Registry::global().open_metrics());
    for part in [
        "# TYPE foreign_good counter\n# HELP foreign_good Good.\nforeign_good_total 2\n",
        "# TYPE foreign_plain unknown\n# HELP foreign_plain Plain.\nforeign_plain 1\n",
        "foreign_times_bucket{le=\"1.0\"} 0\nforeign_times_bucket{le=\"2e+06\"} 1\nforeign_times_bucket{le=\"+Inf\"} 1\n\
         foreign_times_sum 1.5\nforeign_times_count 1\n",
    ] {
        assert!(page.contains(part), "{part} in\n{page}");
    }
    assert!(page.ends_with("\n# EOF\n"));
    assert_eq!(page.matches("# EOF").count(), 1);
}

#[derive(Clone, Copy, LabelValue)]
enum Phase {
    Starting,
    Running,
}

#[test]
fn infos_state_sets_and_summaries() {
    let registry = Registry::new();
    let build: Info = registry
        .register(&Definition::new("app_build_info", "What is running.").label("version", "1.2"))
        .unwrap();
    let phase: StateSet<Phase> = registry.register(&Definition::new("app_phase", "What it does.")).unwrap();
    let sizes: Summary =
        registry.register(&Definition::new("app_answer_bytes", "Sizes.").unit("bytes")).unwrap();
    phase.set(Phase::Starting);
    phase.set(Phase::Running);
    sizes.observe(2.5);
    let page = kept_pages::open_metrics(registry.open_metrics());
    drop(build);
    assert_eq!(
        page,
        "# TYPE app_answer_bytes summary\n# UNIT app_answer_bytes bytes\n# HELP app_answer_bytes Sizes.\n\
         app_answer_bytes_sum 2.5\napp_answer_bytes_count 1\n\
         # TYPE app_build info\n# HELP app_build What is running.\napp_build_info{version=\"1.2\"} 1\n\
         # TYPE app_phase stateset\n# HELP app_phase What it does.\n\
         app_phase{app_phase=\"Starting\"} 0\napp_phase{app_phase=\"Running\"} 1\n# EOF\n"
    );
}

/// A collector of counters with invalid values.
struct Odd(prometheus::core::Desc);

impl prometheus::core::Collector for Odd {
    fn desc(&self) -> Vec<&prometheus::core::Desc> {
        vec![&self.0]
    }

    fn collect(&self) -> Vec<prometheus::proto::MetricFamily> {
        let family = |name: &str, value: f64| {
            let mut counter = prometheus::proto::Counter::default();
            counter.set_value(value);
            let mut metric = prometheus::proto::Metric::default();
            metric.set_counter(counter);
            let mut family = prometheus::proto::MetricFamily::default();
            family.set_name(name.into());
            family.set_help("Odd.".into());
            family.set_field_type(prometheus::proto::MetricType::COUNTER);
            family.set_metric(vec![metric]);
            family
        };
        vec![
            family("foreign_negative_total", -1.0),
            family("foreign_nan_total", f64::NAN),
            family("foreign_zero_total", 0.0),
        ]
    }
}

#[test]
fn invalid_counter_is_skipped() {
    let desc =
        prometheus::core::Desc::new("odd".into(), "Odd.".into(), vec![], std::collections::HashMap::new());
    prometheus::register(Box::new(Odd(desc.unwrap()))).unwrap();
    let page = kept_pages::open_metrics(Registry::global().open_metrics());
    assert!(page.contains("# TYPE foreign_zero counter\n# HELP foreign_zero Odd.\nforeign_zero_total 0\n"));
    assert!(!page.contains("foreign_negative") && !page.contains("foreign_nan"), "{page}");
}

/// No two families have samples of one name.
#[test]
fn name_clashes() {
    let registry = Registry::new();
    let define = |name: &str| Definition::new(name, "Help.");
    let _total: Counter = registry.register(&define("a_total")).unwrap();
    let _created: Gauge = registry.register(&define("a_created")).unwrap();
    let _info: Info = registry.register(&define("b_info").label("a", "b")).unwrap();
    let _plain: Gauge = registry.register(&define("b")).unwrap();
    let _time: Histogram = registry.register(&define("c")).unwrap();
    for name in ["c_count", "c_sum", "c_bucket"] {
        assert!(registry.register::<Gauge>(&define(name)).is_err(), "{name}");
    }
    let page = kept_pages::open_metrics(registry.open_metrics());
    for part in
        ["# TYPE a_total unknown\n", "# TYPE a_created gauge\n", "# TYPE b_info gauge\n", "# TYPE b gauge\n"]
    {
        assert!(page.contains(part), "{part} in\n{page}");
    }
}
