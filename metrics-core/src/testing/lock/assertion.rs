//! The test that makes and checks a lock file.

use std::{
    env,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use super::{change::Change, model::Lock};
use crate::{
    catalog::{Catalog, catalog},
    registry::Registry,
};

/// Advice at the end of every failure that may be intended.
const HOW_TO_ACCEPT: &str = "to accept it, run `METRICS_LOCK=accept cargo test` and commit the file";

/// A program's metrics, for [`assert_metrics_lock!`](crate::testing::assert_metrics_lock).
#[doc(hidden)]
pub trait CatalogSource {
    /// Returns the metrics.
    fn to_catalog(&self) -> Catalog;
}

impl CatalogSource for Registry {
    fn to_catalog(&self) -> Catalog {
        self.catalog()
    }
}

impl CatalogSource for Catalog {
    fn to_catalog(&self) -> Catalog {
        self.clone()
    }
}

impl<S: CatalogSource + ?Sized> CatalogSource for &S {
    fn to_catalog(&self) -> Catalog {
        (**self).to_catalog()
    }
}

/// Environment of the test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Environment {
    /// `METRICS_LOCK=accept` is set.
    accepts: bool,
    /// `CI` is set.
    is_ci: bool,
}

impl Environment {
    fn of_process() -> Self {
        let is_set = |name| env::var(name).is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"));
        Self { accepts: env::var("METRICS_LOCK").is_ok_and(|value| value == "accept"), is_ci: is_set("CI") }
    }
}

/// Asserts that the metrics of a source, or of the program, are those of a lock file.
///
/// # Panics
///
/// Panics if they are others, and shows the changes.
#[doc(hidden)]
#[track_caller]
pub fn assert_lock(package: &str, file: &str, source: Option<&dyn CatalogSource>) {
    if !cfg!(feature = "enabled") {
        return;
    }
    let catalog = source.map_or_else(catalog, CatalogSource::to_catalog);
    let path: PathBuf = Path::new(package).join(file);
    if let Err(message) = check(&path, &catalog, Environment::of_process()) {
        panic!("{}: {message}", path.display());
    }
}

/// Compares a catalogue with a lock file, or writes the file.
fn check(path: &Path, catalog: &Catalog, environment: Environment) -> Result<(), String> {
    if let Some(advice) = catalog.advice() {
        return Err(advice.to_owned());
    }
    let mut lock = Lock::of(catalog);
    let text = match fs::read_to_string(path) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(format!("the file cannot be read: {error}")),
    };
    let promised = text.as_deref().map(str::parse::<Lock>);
    if let Some(Ok(promised)) = &promised {
        lock.keep_process_metrics(promised);
    }
    if environment.accepts {
        return write(path, &lock, text.as_deref(), environment);
    }
    match promised {
        None => Err(format!("the file is missing; {HOW_TO_ACCEPT}")),
        Some(Err(error)) => Err(format!("{error}; {HOW_TO_ACCEPT}")),
        Some(Ok(promised)) => {
            let changes = promised.changes_to(&lock);
            if changes.is_empty() { Ok(()) } else { Err(report(&changes)) }
        }
    }
}

fn write(path: &Path, lock: &Lock, before: Option<&str>, environment: Environment) -> Result<(), String> {
    let text = lock.to_string();
    if before == Some(text.as_str()) {
        return Ok(());
    }
    if environment.is_ci {
        return Err("`METRICS_LOCK=accept` writes no file where `CI` is set: \
                    accept the change on your machine and commit the file"
            .to_owned());
    }
    fs::write(path, text).map_err(|error| format!("the file cannot be written: {error}"))
}

fn report(changes: &[Change]) -> String {
    let (breaking, other): (Vec<_>, Vec<_>) = changes.iter().partition(|change| change.is_breaking());
    let mut report = String::from("the metrics of this program are not those of the file\n");
    for (heading, changes) in [("breaks readers", breaking), ("breaks no reader", other)] {
        // Writing to a string cannot fail.
        if !changes.is_empty() {
            let _ = write!(report, "\n  {heading}:\n");
        }
        for change in changes {
            let _ = writeln!(report, "    {change}");
        }
    }
    let _ = write!(report, "\n{HOW_TO_ACCEPT}");
    report
}

impl Lock {
    /// Keeps the metrics of the process where the system does not have them, so that one file serves all systems.
    fn keep_process_metrics(&mut self, promised: &Self) {
        if cfg!(target_os = "linux") {
            return;
        }
        let of_process = promised.metrics.iter().filter(|(name, _)| name.starts_with("process_"));
        for (name, metric) in of_process {
            self.metrics.entry(name.clone()).or_insert_with(|| metric.clone());
        }
    }
}

/// Asserts that the metrics of a program are those of a lock file, whose path is relative to the package.
///
/// A difference is an error that says for each change whether it breaks readers; `METRICS_LOCK=accept cargo test` writes the file
/// anew. Metrics that are registered at run time, as those of a middleware are, must exist before the comparison. A second argument
/// gives another registry than the global one, or a [`Catalog`](crate::Catalog) from which metrics have been taken out. The
/// [guide](crate::guide::contract) shows what the file is for. Without the feature `enabled` there is nothing to compare.
///
/// # Panics
///
/// Panics if a metric differs, if the file is missing or cannot be read, and if the program declares no metric.
///
/// ```no_run
/// // #[test] fn metrics_are_as_promised() {
/// metrics_core::testing::assert_metrics_lock!("metrics.lock");
/// // }
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __assert_metrics_lock {
    ($file:expr $(,)?) => {
        $crate::testing::lock::assert_lock(
            ::core::env!("CARGO_MANIFEST_DIR"),
            $file,
            ::core::option::Option::None,
        )
    };
    ($file:expr, $source:expr $(,)?) => {
        $crate::testing::lock::assert_lock(
            ::core::env!("CARGO_MANIFEST_DIR"),
            $file,
            ::core::option::Option::Some(&$source),
        )
    };
}

#[cfg(all(test, feature = "enabled"))]
mod tests {
    use super::*;
    use crate::{metric::Counter, registry::Definition};

    const PLAIN: Environment = Environment { accepts: false, is_ci: false };
    const ACCEPTS: Environment = Environment { accepts: true, is_ci: false };
    const CI: Environment = Environment { accepts: false, is_ci: true };

    fn catalog_of(name: &'static str, help: &'static str) -> Catalog {
        let registry = Registry::new();
        let _counter: Counter = registry.register(&Definition::new(name, help)).expect("an empty registry");
        registry.catalog()
    }

    fn path(name: &str) -> PathBuf {
        let path = env::temp_dir().join(format!("metrics-lock-{}-{name}", std::process::id()));
        let _ = fs::remove_file(&path);
        path
    }

    #[test]
    fn a_missing_file_is_an_error_and_is_written_when_accepted() {
        let (path, jobs) = (path("missing"), catalog_of("jobs_total", "Jobs."));
        for environment in [PLAIN, CI] {
            let message = check(&path, &jobs, environment).expect_err("no file");
            assert!(message.contains("METRICS_LOCK=accept cargo test"), "{message}");
        }
        assert!(!path.exists(), "nothing is written without consent");
        check(&path, &jobs, Environment { accepts: true, is_ci: true }).expect_err("CI writes no file");
        check(&path, &jobs, ACCEPTS).expect("the file is written");
        check(&path, &catalog_of("jobs_total", "Another help."), CI).expect("help breaks nobody");
        let message = check(&path, &catalog_of("tasks_total", "Jobs."), CI).expect_err("another name");
        assert!(message.contains("breaks readers:\n    jobs_total: the metric is removed; if `tasks_total`"));
        assert!(message.contains("breaks no reader:\n    tasks_total: the metric is new"));
        let _ = fs::remove_file(&path);
    }

    #[test]
    fn a_file_that_is_no_lock_is_told_with_its_place_and_written_anew_when_accepted() {
        let (path, jobs) = (path("broken"), catalog_of("jobs_total", "Jobs."));
        fs::write(&path, "version = 1\n<<<<<<< ours\n").expect("a file");
        let message = check(&path, &jobs, PLAIN).expect_err("no lock");
        assert!(message.starts_with("2:1: unexpected character '<'"), "{message}");
        check(&path, &jobs, ACCEPTS).expect("it is written anew");
        let windows = fs::read_to_string(&path).expect("the file").replace('\n', "\r\n");
        fs::write(&path, windows).expect("a file");
        check(&path, &jobs, CI).expect("ends of lines do not matter");
        let _ = fs::remove_file(&path);
    }
}
