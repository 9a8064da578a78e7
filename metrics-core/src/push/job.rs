//! Batch jobs, which push when they end.

use std::{
    fmt,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

#[cfg(unix)]
use super::job_signals::JobSignals;
use super::{
    builder::Push,
    error::PushError,
    handle::PushHandle,
    job_metrics::{JobMetrics, JobOutcome},
    target::{Destination, PushTarget},
};
use crate::registry::Registry;

/// Default of [`Job::deadline`].
const DEADLINE: Duration = Duration::from_secs(10);

/// A batch job, whose metrics are pushed when it ends, in whatever way.
///
/// ```
/// use metrics_core::{Job, Pushgateway};
///
/// # fn write_report() -> Result<(), std::io::Error> { Ok(()) }
/// # fn main() -> Result<(), std::io::Error> {
/// # let deadline = std::time::Duration::ZERO;
/// Job::new("nightly-report")
///     .push_to(Pushgateway::new("http://127.0.0.1:9091"))
/// #   .deadline(deadline)
///     .run(write_report)
/// # }
/// ```
///
/// These metrics are added to the registry, each with the label `job`:
///
/// | metric | value |
/// |---|---|
/// | `job_duration_seconds` | duration of the run |
/// | `job_last_completion_timestamp_seconds` | time of the end |
/// | `job_last_success_timestamp_seconds` | time of the end, if it was a success; a failure leaves the former value at a Pushgateway and in a textfile |
/// | `job_status{outcome}` | 1 for `success`, `error`, `panic` or `terminated`, 0 for the others |
///
/// The job pushes when it returns, fails, or panics, and after SIGTERM and SIGINT, after whose push the program ends as by the signal.
/// It does not where no code runs any more: after `std::process::exit`, SIGKILL, or a panic of a program with `panic = "abort"`.
/// No ending takes longer than the [deadline](Self::deadline).
#[derive(Debug)]
pub struct Job {
    name: String,
    registry: Option<Registry>,
    destination: Option<Result<Destination, PushError>>,
    deadline: Duration,
    has_signals: bool,
}

impl Job {
    /// Names a job. The name is the label `job`, also of the group at a Pushgateway.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), registry: None, destination: None, deadline: DEADLINE, has_signals: true }
    }

    /// Sets the target. To a Pushgateway a job sends `POST`, unless [`put`](super::Pushgateway::put) is set, so that a failure leaves
    /// the time of the last success.
    pub fn push_to(mut self, target: impl PushTarget) -> Self {
        self.destination = Some(target.into_destination(Some(&self.name)));
        self
    }

    /// Pushes this registry in place of the global one.
    pub fn registry(mut self, registry: &Registry) -> Self {
        self.registry = Some(registry.clone());
        self
    }

    /// Sets the longest time that the push takes at the end of the job. The default is ten seconds.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Leaves SIGTERM and SIGINT to the program, for one that ends by itself after them.
    pub fn without_signals(mut self) -> Self {
        self.has_signals = false;
        self
    }

    /// Runs the job and pushes its outcome. Errors of the push are logged and change nothing: a job does its work also where no
    /// metrics can be sent.
    ///
    /// # Errors
    ///
    /// Returns the job's own error.
    pub fn run<T, E>(self, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let name = self.name.clone();
        let job = match self.start() {
            Ok(job) => job,
            Err(error) => {
                log::error!("the job `{name}` runs without metrics: {error}");
                return work();
            }
        };
        let result = work();
        if let Err(error) = job.finish(&result) {
            log::warn!("the metrics of the job `{name}` are lost: {error}");
        }
        result
    }

    /// Starts the job, for programs that do not fit in a closure.
    ///
    /// ```
    /// use metrics_core::{Job, Pushgateway};
    ///
    /// # fn write_report() -> Result<(), std::io::Error> { Ok(()) }
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let deadline = std::time::Duration::ZERO;
    /// let gateway = Pushgateway::new("http://127.0.0.1:9091");
    /// let job = Job::new("nightly-report").push_to(gateway).deadline(deadline).start()?;
    /// write_report()?; // an error drops the job, which pushes it
    /// if let Err(error) = job.succeed() {
    ///     eprintln!("{error}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns a missing target or an invalid option, or a conflict of the job's metrics with others of the registry.
    pub fn start(self) -> Result<RunningJob, PushError> {
        let missing = || PushError::Config(format!("the job `{}` has no target, set `push_to`", self.name));
        let destination = self.destination.ok_or_else(missing)??;
        let registry = self.registry.unwrap_or_else(|| Registry::global().clone());
        let metrics = JobMetrics::register(&registry, &self.name, destination.former_page.as_deref())
            .map_err(PushError::Registration)?;
        let push = Push::to_destination(Ok(destination)).registry(&registry).start()?;
        let state = Arc::new(JobState {
            name: self.name,
            push,
            metrics,
            start: Instant::now(),
            deadline: self.deadline,
            phase: Mutex::new(Phase::Running),
            is_done: Condvar::new(),
        });
        #[cfg(unix)]
        let signals = self.has_signals.then(|| JobSignals::start(on_signal(&state))).transpose()?;
        Ok(RunningJob {
            #[cfg(unix)]
            _signals: signals,
            state,
        })
    }
}

/// Returns the end of a job by a signal.
#[cfg(unix)]
fn on_signal(state: &Arc<JobState>) -> impl FnOnce() + Send + 'static {
    let state = Arc::clone(state);
    move || state.end_and_log(JobOutcome::Terminated)
}

/// A running job. If it is dropped without [`succeed`](Self::succeed) or [`finish`](Self::finish), the outcome is `panic` while the
/// thread panics, and otherwise `error`.
#[must_use = "the job ends when this is dropped"]
pub struct RunningJob {
    /// Dropped first, since its thread has the state as well.
    #[cfg(unix)]
    _signals: Option<JobSignals>,
    state: Arc<JobState>,
}

impl RunningJob {
    /// Ends the job with the outcome `success`, and waits for the push.
    ///
    /// # Errors
    ///
    /// Returns the error of the push, [`PushError::Deadline`] after the job's deadline.
    pub fn succeed(self) -> Result<(), PushError> {
        self.state.end(JobOutcome::Success)
    }

    /// Ends the job with the outcome `success` or `error` of a result, and waits for the push.
    ///
    /// # Errors
    ///
    /// Those of [`succeed`](Self::succeed).
    pub fn finish<T, E>(self, result: &Result<T, E>) -> Result<(), PushError> {
        self.state.end(if result.is_ok() { JobOutcome::Success } else { JobOutcome::Error })
    }
}

impl Drop for RunningJob {
    fn drop(&mut self) {
        let outcome = if thread::panicking() { JobOutcome::Panic } else { JobOutcome::Error };
        self.state.end_and_log(outcome);
    }
}

impl fmt::Debug for RunningJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunningJob").field("name", &self.state.name).finish_non_exhaustive()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Running,
    /// One thread pushes: the job's own, or that of the signals.
    Pushing,
    Done,
}

struct JobState {
    name: String,
    push: PushHandle,
    metrics: JobMetrics,
    start: Instant,
    deadline: Duration,
    phase: Mutex<Phase>,
    is_done: Condvar,
}

impl JobState {
    /// Records the outcome and pushes it. Only the first call does; a call in the meantime waits for it, since the program may end after
    /// either.
    fn end(&self, outcome: JobOutcome) -> Result<(), PushError> {
        let mut phase = self.phase();
        if *phase != Phase::Running {
            let is_pushing = |phase: &mut Phase| *phase == Phase::Pushing;
            // A poisoned lock is no reason to wait.
            drop(self.is_done.wait_timeout_while(phase, self.deadline, is_pushing));
            return Ok(());
        }
        *phase = Phase::Pushing;
        drop(phase);
        self.metrics.record(outcome, self.start.elapsed());
        let result = self.push.flush_blocking(self.deadline);
        *self.phase() = Phase::Done;
        self.is_done.notify_all();
        result
    }

    fn end_and_log(&self, outcome: JobOutcome) {
        if let Err(error) = self.end(outcome) {
            log::warn!("the metrics of the job `{}` are lost: {error}", self.name);
        }
    }

    fn phase(&self) -> MutexGuard<'_, Phase> {
        self.phase.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
