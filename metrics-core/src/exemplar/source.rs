//! The source of exemplars for the whole program.

use std::{
    cell::{Cell, RefCell, RefMut},
    error::Error,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
};

use once_cell::sync::OnceCell;

use super::{
    drop_cause::DropCause,
    labels::ExemplarLabels,
    store::{drop_for, is_due, put},
};
use crate::cell::{ExemplarSlot, has_sampler, install_sampler};

/// A source of exemplars: it returns the labels of the trace that the current thread is in.
///
/// ```standalone_crate
/// use metrics_core::{
///     Counter, Definition, ExemplarLabels, ExemplarSource, Registry, install_exemplar_source,
/// };
///
/// struct Fixed;
///
/// impl ExemplarSource for Fixed {
///     fn current(&self, labels: &mut ExemplarLabels) {
///         labels.push_display("trace_id", format_args!("{:032x}", 0xBEEF));
///     }
/// }
///
/// install_exemplar_source(Fixed)?;
/// let registry = Registry::new();
/// let jobs: Counter = registry.register(&Definition::new("app_jobs_total", "Jobs that ended."))?;
/// jobs.inc();
/// assert!(registry.open_metrics().contains(
///     "app_jobs_total 1 # {trace_id=\"0000000000000000000000000000beef\"} 1 "
/// ));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait ExemplarSource: Send + Sync + 'static {
    /// Adds the labels of the current span if it is sampled. Without labels the observation takes no exemplar.
    ///
    /// It is called on the thread that counts, for each observation whose series has recorded no exemplar since the last scrape or in
    /// the last tenth of a second. It should neither allocate nor wait. Its own counts take no exemplar. If it panics, the exemplar
    /// is dropped and counted.
    fn current(&self, labels: &mut ExemplarLabels);
}

/// Error of [`install_exemplar_source`]: a source is installed already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceInstalled;

impl fmt::Display for SourceInstalled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a source of exemplars is installed already")
    }
}

impl Error for SourceInstalled {}

static SOURCE: OnceCell<Box<dyn ExemplarSource>> = OnceCell::new();

/// Exemplar labels of one thread. The type has no destructor, so that access is one load.
struct Thread {
    /// Labels that the source returned last, or labels that replace them. Borrowed while the source runs, so that its own counts
    /// take no exemplar.
    labels: RefCell<ExemplarLabels>,
    /// Set while labels that were captured before replace those of the source.
    given: Cell<bool>,
}

thread_local! {
    static THREAD: Thread =
        const { Thread { labels: RefCell::new(ExemplarLabels::new()), given: Cell::new(false) } };

    /// Memory for captured labels, kept for reuse.
    static SPARE: Cell<Option<Box<ExemplarLabels>>> = const { Cell::new(None) };
}

/// Installs the source of exemplars for the rest of the program.
///
/// From then on increments of counters and observations of histograms ask the source, those of annotated functions and of the
/// middleware included. Each series records at most one exemplar per scrape and ten per second.
///
/// Call it at the start of `main`. Other threads that have counted before take exemplars only after they count in a metric that is
/// new to them.
///
/// Without a source exemplars cost nothing. With one, each count takes the slow path.
///
/// # Errors
///
/// Returns an error if a source is installed already.
///
/// ```standalone_crate
/// use metrics_core::{ExemplarLabels, ExemplarSource, SourceInstalled, install_exemplar_source};
///
/// struct NoTrace;
///
/// impl ExemplarSource for NoTrace {
///     fn current(&self, _: &mut ExemplarLabels) {}
/// }
///
/// assert_eq!(install_exemplar_source(NoTrace), Ok(()));
/// assert_eq!(install_exemplar_source(NoTrace), Err(SourceInstalled));
/// ```
pub fn install_exemplar_source(source: impl ExemplarSource) -> Result<(), SourceInstalled> {
    SOURCE.set(Box::new(source)).map_err(|_| SourceInstalled)?;
    install_sampler(sample);
    Ok(())
}

/// Records an exemplar of an observation, if one is due and the source returns labels.
pub(crate) fn sample(at: ExemplarSlot, value: f64) {
    if !is_due(at) {
        return;
    }
    THREAD.with(|thread| {
        if thread.given.get() {
            if let Ok(labels) = thread.labels.try_borrow() {
                put(at, value, &labels);
            }
        } else if let Some(labels) = thread.current() {
            put(at, value, &labels);
        }
    });
}

impl Thread {
    /// Asks the source; returns its labels, or `None` if it returns none or panics.
    fn current(&self) -> Option<RefMut<'_, ExemplarLabels>> {
        let source = SOURCE.get()?;
        let mut labels = self.labels.try_borrow_mut().ok()?;
        labels.clear();
        if catch_unwind(AssertUnwindSafe(|| source.current(&mut labels))).is_err() {
            drop_for(DropCause::Panic);
            return None;
        }
        Some(labels).filter(|labels| !labels.is_empty())
    }
}

/// Asks the source now, inside the span, and returns the labels for a later count.
#[inline]
pub fn take_exemplar() -> Option<Box<ExemplarLabels>> {
    if has_sampler() { take() } else { None }
}

fn take() -> Option<Box<ExemplarLabels>> {
    THREAD.with(|thread| {
        let labels = if thread.given.get() { None } else { thread.current() }?;
        // A thread that is ending has no spare memory.
        let spare = SPARE.try_with(Cell::take).ok().flatten();
        let mut taken = spare.unwrap_or_else(|| Box::new(ExemplarLabels::new()));
        taken.copy(&labels);
        Some(taken)
    })
}

/// Counts with labels that were taken before instead of those of the source.
pub fn count_with_exemplar(labels: Box<ExemplarLabels>, count: impl FnOnce()) {
    /// Ends the use of the given labels when it is dropped.
    struct Given;
    impl Drop for Given {
        fn drop(&mut self) {
            THREAD.with(|thread| thread.given.set(false));
        }
    }

    THREAD.with(|thread| {
        if let Ok(mut room) = thread.labels.try_borrow_mut() {
            room.copy(&labels);
            thread.given.set(true);
        }
    });
    let _given = Given;
    let _ended = SPARE.try_with(|spare| spare.set(Some(labels)));
    count();
}
