//! Scopes: the counts of one test, whatever other tests count at the same time.

use std::{cell::RefCell, future, future::Future, sync::Arc};

use super::Exposed;
use crate::{
    cell::{Entered, ThreadDelta},
    registry::Registry,
};

/// The counts of one test: those of its thread from now on, and of the threads and tasks that [join](ScopeHandle).
///
/// [`of`](Self::of) reads a registry, such as the global one, as if no other test counted in it. Counting costs no more, as each
/// thread has cells of its own in any case.
///
/// ```
/// use metrics_core::{Registry, assert_delta, counted, testing::TestScope};
///
/// #[counted(name = "shop_orders_total", help = "Orders taken.")]
/// fn order() {}
///
/// order(); // before the scope, or in another test at the same time
///
/// let scope = TestScope::new();
/// let mine = scope.of(Registry::global());
/// assert_delta!(mine, "shop_orders_total", 3.0, {
///     order();
///     let handle = scope.handle();
///     std::thread::scope(|threads| {
///         threads.spawn(order); // not in the scope
///         threads.spawn(move || handle.run(|| [order(), order()]));
///     });
/// });
/// assert_eq!(metrics_core::testing::value(Registry::global(), "shop_orders_total"), Some(5.0));
/// ```
///
/// With `#[actix_web::test]` and `#[tokio::test]`, an async test and its tasks run on the test's thread. A runtime with several
/// threads needs [`ScopeHandle::adopt_thread`] or [`ScopeHandle::task`].
///
/// # Limits
///
/// Gauges, state sets, info metrics, callbacks, metrics of the `prometheus` crate, quantiles and exemplars have one value for the
/// whole process, in a scope too. A series of finite labels that the test removes keeps its value. Counts of thread-local destructors
/// are missing. Use a registry of the test's own for all of these, see the [module](super).
#[derive(Debug)]
pub struct TestScope {
    handle: ScopeHandle,
    _entered: Entered,
}

/// A handle by which threads and tasks join a [`TestScope`].
///
/// ```
/// use metrics_core::{Counter, Definition, Registry, testing::{TestScope, value}};
///
/// let registry = Registry::new();
/// let jobs: Counter = registry.register(&Definition::new("jobs_total", "Number of jobs."))?;
/// let scope = TestScope::new();
/// let handle = scope.handle();
/// std::thread::scope(|threads| {
///     threads.spawn(|| jobs.inc()); // not in the scope
///     threads.spawn(|| {
///         handle.adopt_thread(); // until the thread ends
///         jobs.inc();
///     });
///     threads.spawn(|| {
///         let _entered = handle.enter(); // until the guard is dropped
///         jobs.inc();
///     });
///     threads.spawn(|| {
///         let task = handle.task(async { jobs.inc() }); // on any thread
///         tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(task);
///     });
/// });
/// assert_eq!(value(&scope.of(&registry), "jobs_total"), Some(3.0));
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ScopeHandle(Arc<ThreadDelta>);

/// Guard of [`ScopeHandle::enter`], which keeps the thread in the scope until it is dropped.
#[derive(Debug)]
#[must_use = "the thread leaves the scope when this is dropped"]
pub struct EnteredScope(#[allow(dead_code)] Entered);

/// A registry as a [`TestScope`] sees it, of [`TestScope::of`].
#[derive(Clone, Debug)]
pub struct Scoped<'a> {
    view: Arc<ThreadDelta>,
    registry: &'a Registry,
}

thread_local! {
    /// Scopes in which this thread stays until it ends.
    static ADOPTED: RefCell<Vec<Entered>> = const { RefCell::new(Vec::new()) };
}

impl TestScope {
    /// Begins a scope that includes the current thread and ends when it is dropped.
    ///
    /// # Panics
    ///
    /// Panics if more than 256 threads run, which is the number of threads with cells of their own.
    #[allow(clippy::new_without_default)] // it has an effect on the thread
    pub fn new() -> Self {
        let handle = ScopeHandle(Arc::default());
        let entered = handle.entered();
        Self { handle, _entered: entered }
    }

    /// Returns a handle by which other threads and tasks join.
    pub fn handle(&self) -> ScopeHandle {
        self.handle.clone()
    }

    /// Returns a view of a registry that reads the counts of this scope.
    pub fn of<'a>(&self, registry: &'a Registry) -> Scoped<'a> {
        Scoped { view: Arc::clone(&self.handle.0), registry }
    }
}

impl ScopeHandle {
    fn entered(&self) -> Entered {
        let entered = self.0.enter();
        entered
            .unwrap_or_else(|| panic!("more than 256 threads run at once, too many to tell what one counts"))
    }

    /// Adds the current thread to the scope until the guard is dropped.
    ///
    /// # Panics
    ///
    /// Panics as [`TestScope::new`] does.
    pub fn enter(&self) -> EnteredScope {
        EnteredScope(self.entered())
    }

    /// Adds the current thread to the scope while it runs a closure; returns the closure's value.
    ///
    /// # Panics
    ///
    /// Panics as [`TestScope::new`] does.
    pub fn run<R>(&self, run: impl FnOnce() -> R) -> R {
        let _entered = self.enter();
        run()
    }

    /// Adds the current thread to the scope until the thread ends, for `on_thread_start` of a runtime.
    ///
    /// # Panics
    ///
    /// Panics as [`TestScope::new`] does.
    pub fn adopt_thread(&self) {
        let entered = self.entered();
        ADOPTED.with(|adopted| adopted.borrow_mut().push(entered));
    }

    /// Adds a task to the scope, on whichever threads it runs; the returned future has the task's output.
    ///
    /// # Panics
    ///
    /// The task panics as [`TestScope::new`] does.
    pub fn task<F: Future>(&self, task: F) -> impl Future<Output = F::Output> + use<F> {
        let (handle, mut task) = (self.clone(), Box::pin(task));
        future::poll_fn(move |context| handle.run(|| task.as_mut().poll(context)))
    }
}

impl Scoped<'_> {
    /// Returns the page in the text format 0.0.4, with the counts of the scope only.
    pub fn text(&self) -> String {
        self.view.show(|| self.registry.text())
    }
}

impl Exposed for Scoped<'_> {
    fn page(&self) -> String {
        self.text()
    }
}
