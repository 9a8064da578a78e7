//! Collectors of the `prometheus` crate that give what no page can show.

use std::collections::HashMap;

use metrics_core::{
    Registry,
    prometheus::{
        self,
        core::{Collector, Desc},
        proto,
    },
};

/// Gives the families that it was made with.
struct Given(Desc, Vec<proto::MetricFamily>);

impl Collector for Given {
    fn desc(&self) -> Vec<&Desc> {
        vec![&self.0]
    }

    fn collect(&self) -> Vec<proto::MetricFamily> {
        self.1.clone()
    }
}

fn family(name: &str, kind: proto::MetricType, metrics: Vec<proto::Metric>) -> proto::MetricFamily {
    let mut family = proto::MetricFamily::default();
    family.set_name(name.into());
    family.set_help("Given.".into());
    family.set_field_type(kind);
    family.set_metric(metrics);
    family
}

fn gauge(labels: &[(&str, &str)]) -> proto::Metric {
    let pair = |(name, value): &(&str, &str)| {
        let mut pair = proto::LabelPair::default();
        pair.set_name((*name).into());
        pair.set_value((*value).into());
        pair
    };
    proto::Metric::from_label(labels.iter().map(pair).collect())
}

fn histogram(buckets: &[(f64, u64)]) -> proto::Metric {
    let bucket = |(bound, count): &(f64, u64)| {
        let mut bucket = proto::Bucket::default();
        bucket.set_upper_bound(*bound);
        bucket.set_cumulative_count(*count);
        bucket
    };
    let mut histogram = proto::Histogram::default();
    histogram.set_bucket(buckets.iter().map(bucket).collect());
    histogram.set_sample_count(9);
    let mut metric = proto::Metric::default();
    metric.set_histogram(histogram);
    metric
}

#[test]
fn an_inconsistent_family_costs_itself_alone() {
    use proto::MetricType::{GAUGE, HISTOGRAM};
    let bad = vec![
        family("bad name", GAUGE, vec![gauge(&[])]),
        family("bad_label", GAUGE, vec![gauge(&[("a-b", "c")])]),
        family("bad_twice", GAUGE, vec![gauge(&[("a", "b")]), gauge(&[("a", "b")])]),
        family("bad_counts", HISTOGRAM, vec![histogram(&[(1.0, 5), (2.0, 4)])]),
        family("bad_bounds", HISTOGRAM, vec![histogram(&[(2.0, 4), (1.0, 5)])]),
        family("bad_last", HISTOGRAM, vec![histogram(&[(1.0, 10)])]),
    ];
    let count = bad.len();
    let good = family("good_given", GAUGE, vec![gauge(&[("a", "b")]), gauge(&[("a", "c")])]);
    let desc = Desc::new("given".into(), "Given.".into(), Vec::new(), HashMap::new()).unwrap();
    let given = Given(desc, bad.into_iter().chain([good]).collect());
    prometheus::default_registry().register(Box::new(given)).unwrap();
    let registry = Registry::global();
    let page = registry.text();
    assert!(page.contains("good_given{a=\"b\"} 0\ngood_given{a=\"c\"} 0\n"), "{page}");
    assert!(!page.contains("bad"), "{page}");
    let errors = format!("metrics_scrape_errors_total{{cause=\"inconsistent\"}} {}\n", 2 * count);
    let page = registry.text();
    assert!(page.contains(&errors), "{page}");
}
