//! Goals, printed beside the measurements. A missed goal is no error, since the machine may be busy.

use crate::{
    formats,
    harness::{Measured, results},
    queries,
    scrape::{COUNTERS, HISTOGRAMS, STRING_COUNTERS, STRING_HISTOGRAMS},
};

/// A goal for one operation on a given number of threads.
struct Goal {
    work: &'static str,
    threads: usize,
    ours: &'static str,
    bound: Bound,
}

#[derive(Clone, Copy)]
enum Bound {
    /// Highest allowed multiple of the limit's time.
    Limit(f64),
    /// Highest allowed number of nanoseconds above the limit.
    Above(f64),
    /// Lowest allowed speed-up over the fastest contestant whose name begins with the text; an empty text stands for all peers.
    Faster(f64, &'static str),
}

use Bound::{Above, Faster, Limit};

const BY_HAND: &str = "prometheus by hand";
const OURS: &str = "ours";
const FUNCTION: &str = "a function that returns a Result";
const TYPED: &str = "count, 3 typed labels";
const CAPPED: &str = "count, one capped string and 2 typed labels";
const OBSERVE: &str = "observe a duration, 14 buckets";
const BOTH: &str = "ours, #[counted] #[timed]";
const BOTH_ASYNC: &str = "ours, #[counted] #[timed], async";

const fn goal(work: &'static str, threads: usize, ours: &'static str, bound: Bound) -> Goal {
    Goal { work, threads, ours, bound }
}

const GOALS: &[Goal] = &[
    goal(queries::OF_REQUEST, 1, OURS, Above(30.0)),
    goal(queries::EVENT, 1, OURS, Above(1500.0)),
    goal("count, no labels", 1, OURS, Limit(1.2)),
    goal("count, no labels", 2, OURS, Limit(1.2)),
    goal("count, no labels", 1, OURS, Faster(3.5, BY_HAND)),
    goal("count, no labels", 2, OURS, Faster(12.0, BY_HAND)),
    goal("count, no labels", 1, OURS, Faster(2.0, "")),
    goal("count, no labels", 2, OURS, Faster(2.0, "")),
    goal(TYPED, 1, OURS, Limit(1.2)),
    goal(TYPED, 2, OURS, Limit(1.2)),
    goal(TYPED, 1, OURS, Faster(15.0, BY_HAND)),
    goal(TYPED, 2, OURS, Faster(55.0, BY_HAND)),
    goal(TYPED, 1, OURS, Faster(2.0, "")),
    goal(TYPED, 2, OURS, Faster(4.0, "")),
    goal(CAPPED, 1, OURS, Limit(1.2)),
    goal(CAPPED, 2, OURS, Limit(1.2)),
    goal(CAPPED, 1, OURS, Faster(2.2, BY_HAND)),
    goal(CAPPED, 2, OURS, Faster(10.0, BY_HAND)),
    goal(CAPPED, 1, OURS, Faster(1.3, "")),
    goal(CAPPED, 2, OURS, Faster(6.0, "")),
    goal(OBSERVE, 1, OURS, Limit(1.2)),
    goal(OBSERVE, 2, OURS, Limit(1.2)),
    goal(OBSERVE, 1, OURS, Faster(6.5, BY_HAND)),
    goal(OBSERVE, 2, OURS, Faster(50.0, BY_HAND)),
    goal(OBSERVE, 1, OURS, Faster(4.0, "")),
    goal(OBSERVE, 2, OURS, Faster(14.0, "")),
    goal(FUNCTION, 1, BOTH, Above(8.0)),
    goal(FUNCTION, 2, BOTH, Above(8.0)),
    goal(FUNCTION, 1, BOTH_ASYNC, Above(8.0)),
    goal(FUNCTION, 2, BOTH_ASYNC, Above(8.0)),
    goal(FUNCTION, 1, BOTH, Faster(8.0, "autometrics")),
    goal(FUNCTION, 1, BOTH_ASYNC, Faster(8.0, "autometrics, async")),
    goal(FUNCTION, 1, BOTH, Faster(2.5, "metered")),
    goal(FUNCTION, 1, "ours, #[observed]", Above(11.0)),
    goal(FUNCTION, 2, "ours, #[observed]", Above(11.0)),
    goal(COUNTERS, 1, OURS, Limit(1.2)),
    goal(COUNTERS, 1, OURS, Faster(120.0, "prometheus: ")),
    goal(COUNTERS, 1, OURS, Faster(7.0, "")),
    goal(HISTOGRAMS, 1, OURS, Limit(1.2)),
    goal(HISTOGRAMS, 1, OURS, Faster(18.0, "prometheus: ")),
    goal(HISTOGRAMS, 1, OURS, Faster(5.0, "")),
    goal(formats::COUNTERS, 1, formats::OPEN_METRICS, Limit(1.5)),
    goal(formats::COUNTERS, 1, formats::PROTOBUF, Limit(1.5)),
    goal(formats::HISTOGRAMS, 1, formats::OPEN_METRICS, Limit(1.5)),
    goal(formats::HISTOGRAMS, 1, formats::PROTOBUF, Limit(1.5)),
    goal(STRING_COUNTERS, 1, OURS, Limit(1.3)),
    goal(STRING_HISTOGRAMS, 1, OURS, Limit(1.3)),
    goal(formats::STRING_COUNTERS, 1, formats::PROTOBUF, Limit(1.5)),
];

/// Prints the goals of all measured operations.
pub(crate) fn print() {
    let results = results();
    let rows: Vec<_> = GOALS.iter().filter_map(|goal| row(goal, &results)).collect();
    if rows.is_empty() {
        return;
    }
    println!("\n{:<46} {:>7}  {:<52} {:>9} {:>9}", "goal", "threads", "against", "goal", "measured");
    for row in rows {
        println!("{row}");
    }
}

fn row(goal: &Goal, results: &[Measured]) -> Option<String> {
    let here = || results.iter().filter(|one| one.work == goal.work && one.threads == goal.threads);
    let ours = here().find(|one| one.name == goal.ours)?;
    let fastest = |prefix: &str| {
        let limits =
            |name: &str| name.starts_with("limit") || name.starts_with("ours") || name.starts_with('(');
        let peers = here().filter(|one| one.name.starts_with(prefix) && !limits(one.name));
        peers.min_by(|one, other| one.nanos.total_cmp(&other.nanos))
    };
    let limit = here().find(|one| one.name.starts_with("limit"));
    let (other, wanted, measured, met) = match goal.bound {
        Limit(factor) => {
            let ratio = ours.nanos / limit?.nanos;
            (limit?, format!("≤ {factor} ×"), format!("{ratio:.2} ×"), ratio <= factor)
        }
        Above(nanos) => {
            let more = ours.nanos - limit?.nanos;
            (limit?, format!("≤ +{nanos} ns"), format!("{more:+.1} ns"), more <= nanos)
        }
        Faster(factor, prefix) => {
            let peer = fastest(prefix)?;
            let ratio = peer.nanos / ours.nanos;
            (peer, format!("≥ {factor} ×"), format!("{ratio:.1} ×"), ratio >= factor)
        }
    };
    let work = if goal.ours == OURS { goal.work } else { goal.ours };
    let mark = if met { "" } else { "  missed" };
    Some(format!("{work:<46} {:>7}  {:<52} {wanted:>9} {measured:>9}{mark}", goal.threads, other.name))
}
