//! Where exemplars come from by themselves: a source for the whole program.

use std::{
    cell::Cell,
    error::Error,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::atomic::{AtomicBool, Ordering::Relaxed},
};

use once_cell::sync::OnceCell;

use super::{
    Dropped, ExemplarLabels, Place,
    store::{drop_for, put},
};
use crate::cell;

/// Says which trace the current thread is in.
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
    /// It is called on the thread that counts, for each observation that could have an exemplar, and should neither allocate
    /// nor wait. What it counts itself takes no exemplar.
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
static WATCHING: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// Whether this thread is asking the source.
    static ASKING: Cell<bool> = const { Cell::new(false) };

    /// Labels that were taken before and are used in place of the source's.
    static GIVEN: Cell<Option<Box<ExemplarLabels>>> = const { Cell::new(None) };
}

/// Lets counters and histograms take exemplars by themselves, for as long as the program runs.
///
/// Counters take one with each increment and histograms with each observation, those of annotated functions included, where
/// the source gives one. It belongs at the start of `main`: threads that have counted before, this one excepted, take
/// exemplars by themselves only once they count in a metric that is new to them.
///
/// Without a source, counting costs what it does without exemplars; with one, the short way to a thread's cells is closed.
///
/// # Errors
///
/// Where one is installed already.
pub fn install_exemplar_source(source: impl ExemplarSource) -> Result<(), SourceInstalled> {
    SOURCE.set(Box::new(source)).map_err(|_| SourceInstalled)?;
    WATCHING.store(true, Relaxed);
    cell::close_short_way();
    Ok(())
}

/// Whether a source is installed.
#[inline]
pub(crate) fn is_watching() -> bool {
    WATCHING.load(Relaxed)
}

/// Keeps an exemplar of an observation where the source gives one.
#[inline]
pub(crate) fn offer(place: Place, value: f64) {
    if is_watching() {
        ask(place, value);
    }
}

#[inline(never)]
fn ask(place: Place, value: f64) {
    if let Some(labels) = GIVEN.try_with(Cell::take).ok().flatten() {
        put(place, value, &labels);
        give(Some(labels));
    } else if let Some(labels) = current() {
        put(place, value, &labels);
    }
}

/// Sets the labels that are used in place of the source's.
fn give(labels: Option<Box<ExemplarLabels>>) {
    // After the thread's end there are none.
    let _ended = GIVEN.try_with(|given| given.set(labels));
}

/// What the source gives now.
fn current() -> Option<ExemplarLabels> {
    /// Resets the mark.
    struct Asked;
    impl Drop for Asked {
        fn drop(&mut self) {
            ASKING.set(false);
        }
    }

    let source = SOURCE.get().filter(|_| !ASKING.replace(true))?;
    let _asked = Asked;
    let mut labels = ExemplarLabels::new();
    if catch_unwind(AssertUnwindSafe(|| source.current(&mut labels))).is_err() {
        drop_for(Dropped::Panic);
        return None;
    }
    Some(labels).filter(|labels| !labels.is_empty())
}

/// The labels that the source gives now, for what is counted later: inside the span that it belongs to.
#[inline]
pub fn take_exemplar() -> Option<Box<ExemplarLabels>> {
    if is_watching() { current().map(Box::new) } else { None }
}

/// Counts with the labels that were taken before, and does not ask the source.
pub fn count_with_exemplar(labels: Box<ExemplarLabels>, count: impl FnOnce()) {
    /// Takes the labels away again.
    struct Given;
    impl Drop for Given {
        fn drop(&mut self) {
            give(None);
        }
    }

    give(Some(labels));
    let _given = Given;
    count();
}
