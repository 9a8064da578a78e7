//! Arguments of attributes that say where metrics are kept and what is expected of them.

#![deny(warnings, clippy::all, clippy::pedantic, clippy::nursery)]

use std::{
    fmt, io,
    num::{IntErrorKind, ParseIntError},
    sync::{LazyLock, OnceLock},
    task::Poll,
};

use metrics_core::{
    __private::{Objective, ObjectiveMetric, Percentage, objectives},
    LabelValue, Registry, counted, observed, timed,
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
    let success = Percentage { digits: 9990, decimals: 2 };
    let expected = Objective { name: "login", success, latency: Some(0.25) };
    assert_eq!(success.to_string(), "99.90");
    assert_eq!(of("function_calls_total", Some("login")), expected);
    assert_eq!(of("options_login_duration_seconds", None), expected);
    let success = Percentage { digits: 95, decimals: 0 };
    let expected = Objective { name: "search.fast", success, latency: None };
    assert_eq!(of("function_calls_total", Some("search")), expected);
    assert_eq!(login(), Ok(()));
    search();
}

mod objectives_in_conflict {
    use super::{LazyLock, Registry, observed};

    pub static CONFLICTS: LazyLock<Registry> = LazyLock::new(Registry::new);

    #[observed(objective(name = "api", success = 99.9, latency = "250ms"), registry = CONFLICTS)]
    pub fn first() {}

    #[observed(objective(name = "api", success = 99.9), registry = CONFLICTS)]
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
