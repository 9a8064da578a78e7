//! Arguments of attributes that select the registry and the objective.

#![deny(warnings, clippy::all, clippy::pedantic, clippy::nursery)]

use std::{
    fmt, io,
    num::{IntErrorKind, ParseIntError},
    sync::{LazyLock, OnceLock},
    task::Poll,
};

use metrics_core::{
    __private::{ObjectiveMetric, objectives},
    LabelValue, Objective, Registry, catalog, counted, observed, timed,
};
use tests::futures;

mod registries {
    use super::{LazyLock, OnceLock, Registry};

    pub static MINE: LazyLock<Registry> = LazyLock::new(Registry::new);
    pub static GLOBAL: LazyLock<Registry> = LazyLock::new(|| Registry::global().clone());

    pub fn shared() -> &'static Registry {
        static SHARED: OnceLock<Registry> = OnceLock::new();
        SHARED.get_or_init(Registry::new)
    }
}

/// Jobs that ended.
#[counted(name = "options_jobs_total", labels(result), registry = registries::MINE)]
#[timed]
fn job(fails: bool) -> Result<(), ()> {
    if fails { Err(()) } else { Ok(()) }
}

#[observed(registry = registries::shared())]
fn in_a_shared_one() {}

#[counted(registry = registries::GLOBAL)]
fn in_the_global_one() {}

struct Store;

#[observed(registry = registries::shared())]
impl Store {
    fn read() -> u8 {
        1
    }

    #[observed(registry = registries::MINE)]
    fn write() -> u8 {
        2
    }
}

#[test]
fn own_registry() {
    let page = registries::MINE.text();
    assert!(page.contains("options_jobs_total{result=\"ok\"} 0\n"), "{page}");
    assert!(page.contains("function_calls_duration_seconds_count{function=\"job\""), "{page}");
    assert!(page.contains("function=\"Store::write\""), "{page}");
    let global = Registry::global().text();
    assert!(!global.contains("options_jobs_total") && !global.contains("function=\"job\""), "{global}");
    assert!(global.contains("function=\"in_the_global_one\""), "{global}");

    assert_eq!((job(true), job(false)), (Err(()), Ok(())));
    assert!(registries::MINE.text().contains("options_jobs_total{result=\"error\"} 1\n"));
    in_a_shared_one();
    in_the_global_one();
    assert_eq!((Store::read(), Store::write()), (1, 2));
    let shared = registries::shared().text();
    for function in ["in_a_shared_one", "Store::read"] {
        let series = format!(
            "function_calls_total{{function=\"{function}\",module=\"function_options\",result=\"ok\"}} 1\n"
        );
        assert!(shared.contains(&series), "{shared}");
    }
    assert!(!shared.contains("Store::write"), "{shared}");
    assert_eq!(
        registries::MINE.registration_errors().len() + registries::shared().registration_errors().len(),
        0
    );
    assert_eq!(Registry::new().text(), "");
}

/// Logs in.
#[counted]
#[timed(
    name = "options_login_duration_seconds",
    buckets(0.1, 0.25, 1),
    objective(name = "login", success = 99.90, latency = "250ms")
)]
fn login() -> Result<(), ()> {
    Ok(())
}

#[observed(objective(name = "search.fast", success = 95))]
fn search() {}

#[test]
fn objective_metrics() {
    let of = |metric: &str, function: Option<&str>| {
        let found: Vec<ObjectiveMetric> = objectives(Registry::global())
            .into_iter()
            .filter(|judged| judged.metric == metric)
            .filter(|judged| judged.labels.first().map(|(_, value)| value.as_str()) == function)
            .collect();
        assert_eq!(found.len(), 1, "{metric} {found:?}");
        found[0].objective
    };
    let expected = Objective::new("login", 99.9).latency(0.25);
    assert_eq!(of("function_calls_total", Some("login")), expected);
    assert_eq!(of("options_login_duration_seconds", None), expected);
    let expected = Objective::new("search.fast", 95.0);
    assert_eq!(of("function_calls_total", Some("search")), expected);
    assert_eq!(login(), Ok(()));
    search();
}

const SHARED: Objective = Objective::new("shared", 99.9).latency(0.25).latency_success(95.0);
static WITHOUT_LATENCY: Objective = Objective::new("without-latency", 99.0);

#[observed(objective = SHARED)]
fn first_of_two() {}

/// Runs.
#[counted]
#[timed(name = "options_second_duration_seconds", buckets(0.1, 0.25), objective = SHARED)]
fn second_of_two() {}

#[counted(objective = WITHOUT_LATENCY)]
fn not_timed() {}

#[observed(objective(name = "written", success = 99.9, latency = "250ms", latency_success = 95))]
fn written() {}

#[test]
fn constant_objectives() {
    let judged = |name| {
        let of = |metric: &ObjectiveMetric| metric.objective == name;
        let metrics = objectives(Registry::global()).into_iter().filter(of).map(|metric| metric.metric);
        let mut metrics: Vec<_> = metrics.collect();
        metrics.sort();
        metrics
    };
    assert_eq!(
        judged(SHARED),
        [
            "function_calls_duration_seconds",
            "function_calls_total",
            "function_calls_total",
            "options_second_duration_seconds"
        ]
    );
    assert_eq!(judged(WITHOUT_LATENCY), ["function_calls_total"]);
    first_of_two();
    second_of_two();
    not_timed();
    written();
}

#[test]
fn the_latency_has_a_share_of_its_own() {
    let rules = catalog().to_prometheus_rules();
    for name in ["shared", "written"] {
        for (indicator, budget) in [("errors", "0.001"), ("latency", "0.05")] {
            let ratio = format!(
                "slo:sli_error:ratio_rate5m{{objective=\"{name}\",indicator=\"{indicator}\"}} > (14.4 * {budget})"
            );
            assert!(rules.contains(&ratio), "{ratio} is not in\n{rules}");
        }
        let text = "95 % of the calls should end within 0.25 s";
        assert!(rules.contains(text), "{rules}");
    }
}

mod latencies_that_are_no_bucket {
    use super::{LazyLock, Registry, observed};

    pub static LATENCIES: LazyLock<Registry> = LazyLock::new(Registry::new);

    #[observed(objective(name = "odd", success = 99.9, latency = "300ms"), registry = LATENCIES)]
    pub fn odd() {}
}

#[test]
fn latencies_are_checked_against_the_buckets_of_the_program() {
    use latencies_that_are_no_bucket::{LATENCIES, odd};

    let errors = LATENCIES.registration_errors();
    let [error] = &errors[..] else { panic!("{errors:?}") };
    let text = error.to_string();
    assert!(text.contains(" has no bucket at 0.3 s, the latency of the objective `odd`"), "{text}");
    assert!(text.contains("choose one of its buckets, 0.0001, 0.00025, "), "{text}");
    // The metric is there, and the share of successes is kept.
    odd();
    assert!(LATENCIES.text().contains("function_calls_duration_seconds_count{function=\"odd\","));
    let judged: Vec<_> = objectives(&LATENCIES).into_iter().map(|metric| metric.metric).collect();
    assert_eq!(judged, ["function_calls_total"]);
}

mod objectives_in_conflict {
    use super::{LazyLock, Registry, observed};

    pub static CONFLICTS: LazyLock<Registry> = LazyLock::new(Registry::new);

    #[observed(objective(name = "api", success = 99.9, latency = "250ms"), registry = CONFLICTS)]
    pub fn first() {}

    #[observed(objective(name = "api", success = 99.90), registry = CONFLICTS)]
    pub fn same() {}

    #[observed(objective(name = "api", success = 99), registry = CONFLICTS)]
    pub fn other_share() {}
}

#[test]
fn objectives_of_one_name_have_the_same_numbers() {
    use objectives_in_conflict::{CONFLICTS, first, other_share, same};

    first();
    same();
    other_share();
    let errors = CONFLICTS.registration_errors();
    assert!(!errors.is_empty(), "{errors:?}");
    for error in &errors {
        let text = error.to_string();
        assert!(
            text.contains("has other numbers for the objective `api` than the one declared at "),
            "{text}"
        );
        assert!(error.conflicts_with().is_some(), "{text}");
    }
    // The metric is there all the same.
    assert!(CONFLICTS.text().contains(
        "function=\"other_share\",module=\"function_options::objectives_in_conflict\",result=\"ok\"} 1"
    ));
}

#[derive(Clone, Copy, LabelValue)]
#[label(rename_all = "snake_case")]
enum Kind {
    Empty,
    Other,
}

impl Kind {
    const fn of(error: &ParseIntError) -> Self {
        if matches!(error.kind(), IntErrorKind::Empty) { Self::Empty } else { Self::Other }
    }
}

impl From<&io::Error> for Kind {
    fn from(error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::NotFound { Self::Empty } else { Self::Other }
    }
}

/// Numbers that were read.
#[counted(name = "options_reads_total", labels(kind = error(|err| Kind::of(err)), result))]
fn read(text: &str) -> Result<u8, ParseIntError> {
    let value = text.parse()?;
    Ok(value)
}

/// Files that were read.
#[counted(name = "options_files_total", labels(kind: Kind = error(|err| err.into())))]
#[allow(clippy::unused_async)] // that it is one is the point
async fn file(missing: bool) -> io::Result<impl fmt::Debug> {
    if missing { Err(io::ErrorKind::NotFound.into()) } else { Ok(5) }
}

/// Polls.
#[counted(name = "options_polls_total", labels(kind = error(|err| Kind::of(err))))]
fn poll(text: Option<&str>) -> Poll<Result<u8, ParseIntError>> {
    text.map_or(Poll::Pending, |text| Poll::Ready(text.parse()))
}

/// Values of any kind.
#[counted(name = "options_generic_total", labels(kind = error(|err: &T::Err| Kind::of(err))))]
fn generic<T: std::str::FromStr<Err = ParseIntError>>(text: &str) -> Result<T, T::Err> {
    text.parse()
}

#[test]
fn error_labels() {
    let before = Registry::global().text();
    assert!(before.contains("options_reads_total{kind=\"other\",result=\"error\"} 0\n"), "{before}");
    assert_eq!(read("7"), Ok(7));
    assert!(read("").is_err() && read("x").is_err() && read("y").is_err());
    assert!(futures::to_the_end(file(true)).is_err() && futures::to_the_end(file(false)).is_ok());
    assert!(poll(None).is_pending() && poll(Some("")).is_ready() && poll(Some("1")).is_ready());
    assert!(generic::<u8>("1").is_ok() && generic::<u8>("").is_err());
    let page = Registry::global().text();
    for line in [
        "options_reads_total{result=\"ok\"} 1",
        "options_reads_total{kind=\"empty\",result=\"error\"} 1",
        "options_reads_total{kind=\"other\",result=\"error\"} 2",
        "options_files_total 1",
        "options_files_total{kind=\"empty\"} 1",
        "options_polls_total 2",
        "options_polls_total{kind=\"empty\"} 1",
        "options_generic_total 1",
        "options_generic_total{kind=\"empty\"} 1",
    ] {
        assert!(page.lines().any(|other| other == line), "{line} is not in\n{page}");
    }
}
