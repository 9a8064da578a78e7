use metrics_core::{Counter, LabelSet, LabelValue, MetricGroup};

#[derive(LabelValue)]
enum Kind {
    Plain,
    Sized(u8),
}

#[derive(LabelSet)]
struct Kinds {
    kind: Kind,
    le: bool,
}

#[derive(MetricGroup)]
struct Metrics {
    hits: Counter,
}

fn main() {
    Metrics::global().hits.inc();
    let _ = (Kind::Plain.as_str(), Kind::Sized(1).as_str(), Kinds::CAPPED);
}
