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
type Answer = Pin<Box<dyn Future<Output = Result<(), String>>>>;

/// One thing that is to be well.
#[derive(Clone)]
pub(super) struct Check {
    name: Arc<str>,
    run: Arc<dyn Fn() -> Answer + Send + Sync>,
}

/// How a check ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Ok,
    Failed(String),
    TimedOut,
    Panicked,
}

/// What a check found.
#[derive(Debug)]
pub(super) struct Finding {
    pub(super) name: Arc<str>,
    pub(super) status: Status,
    pub(super) took: Duration,
}

impl Check {
    pub(super) fn new<F, E>(name: String, check: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<(), E>> + 'static,
        E: fmt::Display,
    {
        let run = move || -> Answer {
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
        let run = move || -> Answer {
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
    pub(super) async fn run(&self, time: Duration) -> Finding {
        let start = Instant::now();
        let status = match timeout(time, caught(async { (self.run)().await })).await {
            Ok(Ok(Ok(()))) => Status::Ok,
            Ok(Ok(Err(error))) => Status::Failed(error),
            Ok(Err(_)) => Status::Panicked,
            Err(_) => Status::TimedOut,
        };
        if status != Status::Ok {
            log::warn!("health check {}: {status:?}", self.name);
        }
        Finding { name: Arc::clone(&self.name), status, took: start.elapsed() }
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
