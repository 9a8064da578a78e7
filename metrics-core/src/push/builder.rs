//! Options of a push.

use std::{fmt, thread, time::Duration};

use tokio::{
    runtime::{Builder, Handle},
    sync::mpsc,
};

use super::{
    calls::Command,
    error::PushError,
    handle::PushHandle,
    queue::Queue,
    retry::Backoff,
    self_metrics::PushMetrics,
    sender::{LastError, Sender, Shared},
    target::{Destination, PushTarget},
};
use crate::registry::Registry;

/// Default of [`Push::queue_bytes`].
const QUEUE_BYTES: usize = 16 << 20;
/// Default of [`Push::backoff`].
const BACKOFF: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(30));
/// Largest number of calls that wait until the task of the push sees them.
const MAX_COMMANDS: usize = 64;

/// A registry that is pushed to a target, such as a [`Pushgateway`](super::Pushgateway).
///
/// ```
/// use std::time::Duration;
/// use metrics_core::{Push, Pushgateway, Registry};
///
/// # fn main() -> Result<(), metrics_core::PushError> {
/// # let registry = Registry::new();
/// let gateway = Pushgateway::new("http://127.0.0.1:9091").job("import");
/// let push = Push::to(gateway).registry(&registry).every(Duration::from_secs(15)).start()?;
/// // …
/// # let deadline = Duration::ZERO;
/// if let Err(error) = push.shutdown_blocking(deadline) {
///     eprintln!("{error}");
/// }
/// # Ok(())
/// # }
/// ```
///
/// The sender waits for nobody: neither counting nor a scrape is slower while a receiver is away. Requests that must not be lost wait
/// in a queue of [limited size](Self::queue_bytes), and are sent again after a status of 429 or 5xx, a broken connection or a
/// time-out, as the target's specification says.
pub struct Push {
    destination: Result<Destination, PushError>,
    registry: Option<Registry>,
    name: Option<String>,
    period: Option<Duration>,
    backoff: (Duration, Duration),
    queue_bytes: usize,
}

impl Push {
    /// Creates a push to a target. Without further options it pushes the global registry when it is [flushed](PushHandle::flush).
    pub fn to(target: impl PushTarget) -> Self {
        Self::to_destination(target.into_destination(None))
    }

    pub(super) fn to_destination(destination: Result<Destination, PushError>) -> Self {
        Self {
            destination,
            registry: None,
            name: None,
            period: None,
            backoff: BACKOFF,
            queue_bytes: QUEUE_BYTES,
        }
    }

    /// Pushes this registry in place of the global one.
    pub fn registry(mut self, registry: &Registry) -> Self {
        self.registry = Some(registry.clone());
        self
    }

    /// Pushes at the start and then every period.
    pub fn every(mut self, period: Duration) -> Self {
        self.period = Some(period);
        self
    }

    /// Sets the label `push` of the push's own metrics. The default is the name of the target's protocol, and
    /// pushes of one name count together.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets the shortest and the longest wait before a request is sent again. The wait doubles with each failure, and up to half of it
    /// is left out at random. The default is 500 milliseconds and 30 seconds.
    pub fn backoff(mut self, min: Duration, max: Duration) -> Self {
        self.backoff = (min, max);
        self
    }

    /// Sets the largest size of the queue in bytes. The oldest requests are dropped for newer ones. The default is 16 MiB. The newest
    /// request is kept whatever its size. Only targets that store samples by their time have a queue.
    pub fn queue_bytes(mut self, bytes: usize) -> Self {
        self.queue_bytes = bytes;
        self
    }

    /// Starts the push on a thread of its own, which ends with the handle.
    ///
    /// # Errors
    ///
    /// Returns an invalid option, or a conflict of the push's own metrics with others of the registry.
    pub fn start(self) -> Result<PushHandle, PushError> {
        let unavailable =
            |error: std::io::Error| PushError::Config(format!("no thread for the push: {error}"));
        let runtime = Builder::new_current_thread().enable_all().build().map_err(unavailable)?;
        let (sender, commands, shared) = self.build()?;
        let run = move || {
            runtime.block_on(sender.run());
            // A look-up of a name that hangs does not keep the thread.
            runtime.shutdown_background();
        };
        let thread = thread::Builder::new().name("metrics-push".into()).spawn(run).map_err(unavailable)?;
        Ok(PushHandle::new(commands, Some(thread), shared))
    }

    /// Starts the push as a task of a Tokio runtime, which must have its time and IO drivers enabled. The task ends with the handle.
    ///
    /// # Errors
    ///
    /// Those of [`start`](Self::start).
    pub fn start_on(self, runtime: &Handle) -> Result<PushHandle, PushError> {
        let (sender, commands, shared) = self.build()?;
        // It ends with the handle, which has the other end of its commands.
        drop(runtime.spawn(sender.run()));
        Ok(PushHandle::new(commands, None, shared))
    }

    fn build(self) -> Result<(Sender, mpsc::Sender<Command>, LastError), PushError> {
        if self.period.is_some_and(|period| period.is_zero()) {
            return Err(PushError::Config("the period must not be zero".into()));
        }
        let destination = self.destination?;
        let registry = self.registry.unwrap_or_else(|| Registry::global().clone());
        let name = self.name.as_deref().unwrap_or(destination.protocol.name());
        let metrics = PushMetrics::register(&registry, name).map_err(PushError::Registration)?;
        let (commands, received) = mpsc::channel(MAX_COMMANDS);
        let shared = Shared {
            registry,
            backlog: destination.protocol.backlog(),
            name: name.to_owned(),
            transport: destination.transport,
            metrics,
            last_error: LastError::default(),
        };
        let last_error = shared.last_error.clone();
        let queue = Queue::new(self.queue_bytes);
        let backoff = Backoff::new(self.backoff.0, self.backoff.1);
        let sender = Sender::new(shared, destination.protocol, queue, backoff, self.period, received);
        Ok((sender, commands, last_error))
    }
}

impl fmt::Debug for Push {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Push")
            .field("destination", &self.destination)
            .field("name", &self.name)
            .field("period", &self.period)
            .finish_non_exhaustive()
    }
}
