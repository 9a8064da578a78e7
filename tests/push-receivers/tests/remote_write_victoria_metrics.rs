//! `VictoriaMetrics` has the samples of a scrape by remote write. It knows 1.0 and no native histograms.

use std::{collections::BTreeMap, time::Duration};

use metrics_core::{Push, Registry, RemoteWrite};
use tests::{python, wait};
use tests_push_receivers::{metrics::Metrics, victoria_metrics::VictoriaMetrics};

const PATIENCE: Duration = Duration::from_secs(120);

/// Value by name and labels.
type Samples = BTreeMap<BTreeMap<String, String>, f64>;

/// Returns the samples of the page in text, without those of the push itself. Bounds have the form of OpenMetrics.
fn scraped(registry: &Registry) -> Samples {
    let families = python::parse_open_metrics(&registry.open_metrics());
    let samples = families.into_iter().flat_map(|family| family.samples);
    let labelled = samples.map(|sample| {
        let mut labels: BTreeMap<_, _> = sample.labels.into_iter().collect();
        labels.insert("__name__".into(), sample.name);
        (labels, sample.value)
    });
    labelled.filter(|(labels, _)| !labels["__name__"].starts_with("metrics_")).collect()
}

fn stored(server: &VictoriaMetrics) -> Samples {
    let series =
        server.series("{job=\"pushed\",__name__!~\"metrics_.*\"}").into_iter().map(|(metric, value)| {
            let labels = metric.as_object().expect("labels").iter();
            let labels =
                labels.map(|(name, value)| (name.clone(), value.as_str().expect("a text").to_owned()));
            (labels.filter(|(name, _)| name != "job").collect(), value)
        });
    series.collect()
}

#[test]
fn samples_of_a_scrape() {
    let Some(server) = VictoriaMetrics::start() else {
        eprintln!("left out: VictoriaMetrics is not installed");
        return;
    };
    let registry = Registry::new();
    let metrics = Metrics::register(&registry);
    metrics.record();
    let target = RemoteWrite::new(&server.write_url()).label("job", "pushed").without_native_histograms();
    let push = Push::to(target).registry(&registry).start().expect("valid options");
    push.flush_blocking(PATIENCE).expect("a push");
    // What is received is visible a moment later.
    wait::until_equal(PATIENCE, "the samples", &scraped(&registry), || stored(&server));
    push.shutdown_blocking(PATIENCE).expect("the markers");
    wait::until_equal(PATIENCE, "all series", &Samples::new(), || stored(&server));
}
