//! Scopes: the counts of one test, whatever other tests count at the same time.

use std::{cell::RefCell, future, future::Future, sync::Arc};

use super::Exposed;
use crate::{
    cell::{Entered, ThreadDelta},
    registry::Registry,
};

/// The counts of one test: of its thread from here on, and of the threads and tasks that [join](ScopeHandle).
///
/// [`of`](Self::of) reads a registry, also the global one, as if no other test had counted: annotated functions,
/// [`global()`](crate::MetricGroup) groups and the middleware may count elsewhere at the same time. Counting costs no more, as each
/// thread has cells of its own anyway.
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
/// Async tests run on the test's thread with `#[actix_web::test]` and `#[tokio::test]`, and their tasks do. For a runtime with
/// threads of its own there are [`ScopeHandle::adopt_thread`] and [`ScopeHandle::task`].
///
/// # Limits
///
/// Metrics with one value for the whole process show it here too: gauges, state sets, info metrics, callbacks, metrics of the
/// `prometheus` crate, quantiles and exemplars. A series of finite labels that the test removes keeps its value. Counts of
/// thread-local destructors are not seen. Use a registry of the test's own for all these, see the [module](super).
#[derive(Debug)]
pub struct TestScope {
    handle: ScopeHandle,
    _entered: Entered,
}

/// Lets threads and tasks join a [`TestScope`].
#[derive(Clone, Debug)]
pub struct ScopeHandle(Arc<ThreadDelta>);

/// Keeps a thread in a [`TestScope`] until it is dropped.
#[derive(Debug)]
#[must_use = "the thread leaves the scope when this is dropped"]
pub struct EnteredScope(#[allow(dead_code)] Entered);

/// A registry as a [`TestScope`] sees it.
#[derive(Clone, Debug)]
pub struct Scoped<'a> {
    view: Arc<ThreadDelta>,
    registry: &'a Registry,
}

thread_local! {
    /// Scopes that this thread stays in until it ends.
    static ADOPTED: RefCell<Vec<Entered>> = const { RefCell::new(Vec::new()) };
}

impl TestScope {
    /// Begins a scope with the current thread in it, until it is dropped.
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

    /// Returns a registry as this scope sees it whenever it is read.
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

    /// Lets the current thread join until the guard is dropped.
    ///
    /// # Panics
    ///
    /// Panics as [`TestScope::new`] does.
    pub fn enter(&self) -> EnteredScope {
        EnteredScope(self.entered())
    }

    /// Lets the current thread join while it runs a closure.
    ///
    /// # Panics
    ///
    /// Panics as [`TestScope::new`] does.
    pub fn run<R>(&self, run: impl FnOnce() -> R) -> R {
        let _entered = self.enter();
        run()
    }

    /// Lets the current thread join until it ends, for `on_thread_start` of a runtime.
    ///
    /// # Panics
    ///
    /// Panics as [`TestScope::new`] does.
    pub fn adopt_thread(&self) {
        let entered = self.entered();
        ADOPTED.with(|adopted| adopted.borrow_mut().push(entered));
    }

    /// Lets a task join, on whatever threads it runs.
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
    /// Returns the page in the text format 0.0.4, with the counts of the scope alone.
    pub fn text(&self) -> String {
        self.view.show(|| self.registry.text())
    }
}

impl Exposed for Scoped<'_> {
    fn page(&self) -> String {
        self.text()
    }
}
