//! One check and its result.

use std::{
    any::Any,
    fmt,
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    sync::Arc,
    task::Poll,
    thread,
    time::{Duration, Instant},
};

use actix_web::rt::time::timeout;
use tokio::runtime::Handle;

use super::shared_run::{ResultSender, SharedRun};

/// Future of a check, whose error is text.
type CheckFuture = Pin<Box<dyn Future<Output = CheckStatus>>>;

/// Named check of something that the service needs.
#[derive(Clone)]
pub(super) struct HealthCheck {
    name: Arc<str>,
    run: Arc<dyn Fn() -> CheckFuture + Send + Sync>,
}

/// Outcome of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CheckStatus {
    Ok,
    Failed(String),
    TimedOut,
    Panicked,
}

impl<E: fmt::Display> From<Result<(), E>> for CheckStatus {
    fn from(result: Result<(), E>) -> Self {
        result.map_or_else(|error| Self::Failed(error.to_string()), |()| Self::Ok)
    }
}

/// Outcome of a check and the time that it took.
#[derive(Debug)]
pub(super) struct CheckResult {
    pub(super) name: Arc<str>,
    pub(super) status: CheckStatus,
    pub(super) duration: Duration,
}

impl HealthCheck {
    pub(super) fn new<F, E>(name: String, check: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<(), E>> + 'static,
        E: fmt::Display,
    {
        let run = move || -> CheckFuture {
            let result = check();
            Box::pin(async move { result.await.into() })
        };
        Self { name: name.into(), run: Arc::new(run) }
    }

    /// Creates a check that blocks, which runs on a thread of its own. While it hangs, later reports wait for the same run.
    pub(super) fn blocking<E: fmt::Display>(
        name: String,
        check: impl Fn() -> Result<(), E> + Send + Sync + 'static,
    ) -> Self {
        let check: Arc<dyn Fn() -> CheckStatus + Send + Sync> = Arc::new(move || check().into());
        let shared = Arc::new(SharedRun::default());
        let run = move || -> CheckFuture {
            let (check, shared) = (Arc::clone(&check), Arc::clone(&shared));
            Box::pin(
                async move { shared.result(|_| false, |sender| spawn(Arc::clone(&check), sender)).await },
            )
        };
        Self { name: name.into(), run: Arc::new(run) }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Runs the check with a time limit.
    pub(super) async fn run(&self, time: Duration) -> CheckResult {
        let start = Instant::now();
        let status = match timeout(time, catch_panic(async { (self.run)().await })).await {
            Ok(Ok(status)) => status,
            Ok(Err(_)) => CheckStatus::Panicked,
            Err(_) => CheckStatus::TimedOut,
        };
        match &status {
            CheckStatus::Ok => {}
            CheckStatus::Failed(error) => log::warn!("health check `{}` failed: {error}", self.name),
            CheckStatus::TimedOut => log::warn!("health check `{}` took longer than {time:?}", self.name),
            CheckStatus::Panicked => log::warn!("health check `{}` panicked", self.name),
        }
        CheckResult { name: Arc::clone(&self.name), status, duration: start.elapsed() }
    }
}

/// Runs a check on a thread of its own: a check that hangs occupies no blocking thread of the service, and no check waits for one.
fn spawn(check: Arc<dyn Fn() -> CheckStatus + Send + Sync>, sender: ResultSender<CheckStatus>) {
    let runtime = Handle::try_current().ok();
    let sender = Arc::new(sender);
    let thread_sender = Arc::clone(&sender);
    let run = move || {
        // A check may ask for the runtime that it is in.
        let _context = runtime.as_ref().map(Handle::enter);
        let status = catch_unwind(AssertUnwindSafe(|| check())).unwrap_or(CheckStatus::Panicked);
        thread_sender.send_replace(Some(status));
    };
    if let Err(error) = thread::Builder::new().name("metrics-health".into()).spawn(run) {
        sender
            .send_replace(Some(CheckStatus::Failed(format!("cannot start a thread for the check: {error}"))));
    }
}

/// Returns the output of a future, or the payload of its panic.
async fn catch_panic<T>(future: impl Future<Output = T>) -> Result<T, Box<dyn Any + Send>> {
    let mut future = pin!(future);
    std::future::poll_fn(|context| {
        // A future that panicked is not polled again.
        match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Ok(Poll::Pending) => Poll::Pending,
            Err(panic) => Poll::Ready(Err(panic)),
        }
    })
    .await
}
