use metrics_core::{Counter, Family, LabelSet, LabelValue, MetricGroup};

#[derive(Clone, Copy)]
struct Slot(u16);

impl LabelValue for Slot {
    const COUNT: usize = 2000;

    fn index(&self) -> usize {
        self.0.into()
    }

    fn name_at(_: usize) -> &'static str {
        "slot"
    }
}

#[derive(LabelSet)]
struct Slots {
    slot: Slot,
}

#[derive(LabelSet)]
struct Ranked {
    ranked: bool,
}

#[derive(MetricGroup)]
#[metrics(namespace = "arena")]
struct Metrics {
    /// Games.
    #[metric(labels(ranked = "yes"))]
    games_total: Family<Ranked, Counter>,
    /// Taken.
    taken_total: Family<Slots, Counter>,
    /// Given.
    #[metric(allow(label_product))]
    given_total: Family<Slots, Counter>,
}

fn main() {}
