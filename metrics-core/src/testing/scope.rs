//! What one test counts, whatever others count meanwhile.

use std::{cell::RefCell, future, future::Future, sync::Arc};

use super::Exposed;
use crate::{
    cell::{Entered, ThreadDelta},
    registry::Registry,
};

/// What one test counts: its thread from here on, and the threads and tasks that it [takes in](ScopeHandle).
///
/// [`of`](Self::of) reads a registry, also the global one, as if nobody else had counted: what annotated functions,
/// [`global()`](crate::MetricGroup) groups and the middleware count elsewhere at the same time is not there. Counting costs no
/// more for it, as each thread counts in cells of its own anyway.
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
///         threads.spawn(order); // not of this test
///         threads.spawn(move || handle.run(|| [order(), order()]));
///     });
/// });
/// assert_eq!(metrics_core::testing::value(Registry::global(), "shop_orders_total"), Some(5.0));
/// ```
///
/// Async tests run on the test's thread with `#[actix_web::test]` and `#[tokio::test]`, and their tasks do. For a runtime with
/// threads of its own there are [`ScopeHandle::adopt_thread`] and [`ScopeHandle::task`].
///
/// # What it does not tell apart
///
/// What has one value for the whole process has it here: gauges, states and information, callbacks, and metrics of the
/// `prometheus` crate; quantiles and exemplars are of all threads too. A series without strings that is removed in the test keeps
/// what it had. What destructors of thread-locals count when a thread ends is not seen. For all these a test has a registry of
/// its own, see the [module](super).
#[derive(Debug)]
pub struct TestScope {
    handle: ScopeHandle,
    _entered: Entered,
}

/// Takes threads and tasks into a [`TestScope`].
#[derive(Clone, Debug)]
pub struct ScopeHandle(Arc<ThreadDelta>);

/// A thread counts for a [`TestScope`] until this is dropped.
#[derive(Debug)]
#[must_use = "the thread is taken in until this is dropped"]
pub struct EnteredScope(#[allow(dead_code)] Entered);

/// A registry as a [`TestScope`] sees it.
#[derive(Clone, Debug)]
pub struct Scoped<'a> {
    view: Arc<ThreadDelta>,
    registry: &'a Registry,
}

thread_local! {
    /// Where this thread counts until it ends.
    static ADOPTED: RefCell<Vec<Entered>> = const { RefCell::new(Vec::new()) };
}

impl TestScope {
    /// Begins a scope with the current thread in it, until it is dropped.
    ///
    /// # Panics
    ///
    /// Where more threads run than have cells of their own, 256.
    #[allow(clippy::new_without_default)] // It has an effect on the thread.
    pub fn new() -> Self {
        let handle = ScopeHandle(Arc::default());
        let entered = handle.entered();
        Self { handle, _entered: entered }
    }

    /// What takes other threads and tasks in.
    pub fn handle(&self) -> ScopeHandle {
        self.handle.clone()
    }

    /// A registry as this scope sees it, at the time when it is read.
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

    /// Takes the current thread in until the guard is dropped.
    ///
    /// # Panics
    ///
    /// As [`TestScope::new`].
    pub fn enter(&self) -> EnteredScope {
        EnteredScope(self.entered())
    }

    /// Takes the current thread in while it runs this.
    ///
    /// # Panics
    ///
    /// As [`TestScope::new`].
    pub fn run<R>(&self, run: impl FnOnce() -> R) -> R {
        let _entered = self.enter();
        run()
    }

    /// Takes the current thread in until it ends, for `on_thread_start` of a runtime.
    ///
    /// # Panics
    ///
    /// As [`TestScope::new`].
    pub fn adopt_thread(&self) {
        let entered = self.entered();
        ADOPTED.with(|adopted| adopted.borrow_mut().push(entered));
    }

    /// Takes a task in, on whatever threads it runs.
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
    /// The page in the text format 0.0.4, with what the scope has counted.
    pub fn text(&self) -> String {
        self.view.show(|| self.registry.text())
    }
}

impl Exposed for Scoped<'_> {
    fn page(&self) -> String {
        self.text()
    }
}
