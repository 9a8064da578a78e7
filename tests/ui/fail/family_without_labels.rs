use metrics_core::{Counter, Family, Gauge, Histogram, LabelSet, LabelValue};

#[derive(Clone, Copy, LabelValue)]
enum Mode {
    Ranked,
}

#[derive(Clone, Copy, LabelSet)]
struct Games {
    ranked: bool,
}

fn play(
    games: &Family<Games, Counter>,
    players: &Family<(Mode,), Gauge>,
    durations: &Family<Games, Histogram>,
) {
    // No labels.
    games.inc();
    players.set(3);
    durations.observe(0.5);

    // A value instead of its label set.
    games.with(true).inc();
    players.with(Mode::Ranked).inc();
    games.remove("ranked");
}

fn main() {}
