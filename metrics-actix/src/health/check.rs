//! One check, and what it found.

use std::{
    any::Any,
    fmt,
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    sync::Arc,
    task::Poll,
    time::{Duration, Instant},
};

use actix_web::{rt::time::timeout, web};

/// What a check gives: nothing, or an error's text.
type CheckFuture = Pin<Box<dyn Future<Output = Result<(), String>>>>;

/// One thing that is to be well.
#[derive(Clone)]
pub(super) struct HealthCheck {
    name: Arc<str>,
    run: Arc<dyn Fn() -> CheckFuture + Send + Sync>,
}

/// How a check ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CheckStatus {
    Ok,
    Failed(String),
    TimedOut,
    Panicked,
}

/// What a check found.
#[derive(Debug)]
pub(super) struct CheckResult {
    pub(super) name: Arc<str>,
    pub(super) status: CheckStatus,
    pub(super) took: Duration,
}

impl HealthCheck {
    pub(super) fn new<F, E>(name: String, check: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<(), E>> + 'static,
        E: fmt::Display,
    {
        let run = move || -> CheckFuture {
            let answer = check();
            Box::pin(async move { answer.await.map_err(|error| error.to_string()) })
        };
        Self { name: name.into(), run: Arc::new(run) }
    }

    pub(super) fn blocking<E: fmt::Display>(
        name: String,
        check: impl Fn() -> Result<(), E> + Send + Sync + 'static,
    ) -> Self {
        let check = Arc::new(check);
        let run = move || -> CheckFuture {
            let check = Arc::clone(&check);
            Box::pin(async move {
                // A panic there is known as such: it goes on here.
                let answer = web::block(move || {
                    catch_unwind(AssertUnwindSafe(|| check().map_err(|error| error.to_string())))
                });
                match answer.await {
                    Ok(Ok(answer)) => answer,
                    Ok(Err(panic)) => std::panic::resume_unwind(panic),
                    Err(_) => Err("the service is stopping".into()),
                }
            })
        };
        Self { name: name.into(), run: Arc::new(run) }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Runs the check, for no longer than this.
    pub(super) async fn run(&self, time: Duration) -> CheckResult {
        let start = Instant::now();
        let status = match timeout(time, caught(async { (self.run)().await })).await {
            Ok(Ok(Ok(()))) => CheckStatus::Ok,
            Ok(Ok(Err(error))) => CheckStatus::Failed(error),
            Ok(Err(_)) => CheckStatus::Panicked,
            Err(_) => CheckStatus::TimedOut,
        };
        if status != CheckStatus::Ok {
            log::warn!("health check {}: {status:?}", self.name);
        }
        CheckResult { name: Arc::clone(&self.name), status, took: start.elapsed() }
    }
}

/// A future's output, or what it panicked with.
async fn caught<T>(future: impl Future<Output = T>) -> Result<T, Box<dyn Any + Send>> {
    let mut future = pin!(future);
    std::future::poll_fn(|context| {
        // One that panicked is not polled again.
        match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Ok(Poll::Pending) => Poll::Pending,
            Err(panic) => Poll::Ready(Err(panic)),
        }
    })
    .await
}
