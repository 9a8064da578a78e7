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

/// Names the trace that the current thread is in.
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
    /// Adds the labels of the current span where it is sampled, and none otherwise: an observation then keeps no exemplar.
    ///
    /// It is called on the thread that counts, for each observation that could have an exemplar and whose series has
    /// not taken one just before, and should neither allocate nor wait. What it counts itself takes no exemplar.
    fn current(&self, labels: &mut ExemplarLabels);
}

/// A source is installed already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceInstalled;

impl fmt::Display for SourceInstalled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a source of exemplars is installed already")
    }
}

impl Error for SourceInstalled {}

static SOURCE: OnceCell<Box<dyn ExemplarSource>> = OnceCell::new();

/// Exemplar labels of one thread. Without destructors, so that finding it is one load.
struct Thread {
    /// The labels that the source gave last, or those that are used in their place. Borrowed while the source is asked, so that
    /// what it counts itself takes none.
    labels: RefCell<ExemplarLabels>,
    /// Set while labels that were taken before are used in place of the source's.
    given: Cell<bool>,
}

thread_local! {
    static THREAD: Thread =
        const { Thread { labels: RefCell::new(ExemplarLabels::new()), given: Cell::new(false) } };

    /// Room for labels that are taken, to be used again.
    static SPARE: Cell<Option<Box<ExemplarLabels>>> = const { Cell::new(None) };
}

/// Installs the source from which counters and histograms take exemplars, for as long as the program runs.
///
/// Counters take one with an increment and histograms with an observation, those of annotated functions included, where the
/// source gives one: a series' next one after a page has shown the one before, or after a tenth of a second. It belongs at the
/// start of `main`: threads that have counted before, this one excepted, take exemplars by themselves only once they count in a
/// metric that is new to them.
///
/// Without a source, counting costs what it does without exemplars; with one, it takes the slow path.
///
/// # Errors
///
/// Fails where one is installed already.
pub fn install_exemplar_source(source: impl ExemplarSource) -> Result<(), SourceInstalled> {
    SOURCE.set(Box::new(source)).map_err(|_| SourceInstalled)?;
    install_sampler(sample);
    Ok(())
}

/// Keeps an exemplar of an observation where the source gives one.
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
    /// Returns the labels that the source gives now.
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

/// Returns the labels that the source gives now, for a later count: inside the span that it belongs to.
#[inline]
pub fn take_exemplar() -> Option<Box<ExemplarLabels>> {
    if has_sampler() { take() } else { None }
}

fn take() -> Option<Box<ExemplarLabels>> {
    THREAD.with(|thread| {
        let labels = if thread.given.get() { None } else { thread.current() }?;
        // After the thread's end there is no spare.
        let spare = SPARE.try_with(Cell::take).ok().flatten();
        let mut taken = spare.unwrap_or_else(|| Box::new(ExemplarLabels::new()));
        taken.copy(&labels);
        Some(taken)
    })
}

/// Counts with the labels that were taken before, and does not ask the source.
pub fn count_with_exemplar(labels: Box<ExemplarLabels>, count: impl FnOnce()) {
    /// Takes the labels away again.
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
