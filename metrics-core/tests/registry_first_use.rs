//! First use of the global registry inside a collector of the `prometheus` crate, whose registry is locked at that time.

use std::{
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use metrics_core::counted;

#[counted]
fn annotated() {}

struct CallsAnnotated(prometheus::IntGauge);

impl prometheus::core::Collector for CallsAnnotated {
    fn desc(&self) -> Vec<&prometheus::core::Desc> {
        self.0.desc()
    }

    fn collect(&self) -> Vec<prometheus::proto::MetricFamily> {
        annotated();
        self.0.collect()
    }
}

fn gather() -> String {
    prometheus::TextEncoder::new().encode_to_string(&prometheus::gather()).expect("a legal page")
}

#[test]
fn first_use_in_a_collector() {
    let gauge = prometheus::IntGauge::new("gathered", "Gathered.").expect("a legal name");
    prometheus::register(Box::new(CallsAnnotated(gauge))).expect("an empty registry");
    let (done, wait) = mpsc::channel();
    thread::spawn(move || {
        assert!(gather().contains("\ngathered 0\n"));
        done.send(()).expect("somebody waits");
    });
    wait.recv_timeout(Duration::from_secs(60)).expect("gathering ends");

    // The collector is registered once the registry is unlocked. Unused metrics are there too.
    let line = format!("function=\"annotated\",module=\"{}\",result=\"ok\"}} ", module_path!());
    let start = Instant::now();
    while !gather().contains(&line) {
        assert!(start.elapsed() < Duration::from_secs(60), "{}", gather());
        thread::sleep(Duration::from_millis(5));
    }
}
