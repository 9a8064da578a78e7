//! Handle of a running push.

use std::{
    fmt,
    sync::{
        Arc,
        mpsc::{RecvTimeoutError, sync_channel},
    },
    thread::JoinHandle,
    time::Duration,
};

use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

use super::{
    calls::{Command, Reply, ReplyChannel},
    error::PushError,
    sender::LastError,
};

/// A running push. Its task or thread ends, and its own metrics leave the page, when this is dropped. A drop sends nothing; see
/// [`shutdown`](Self::shutdown).
#[must_use = "the push ends when this is dropped"]
pub struct PushHandle {
    commands: Option<mpsc::Sender<Command>>,
    /// The thread of a push that has one.
    thread: Option<JoinHandle<()>>,
    last_error: LastError,
}

impl PushHandle {
    pub(super) fn new(
        commands: mpsc::Sender<Command>,
        thread: Option<JoinHandle<()>>,
        last_error: LastError,
    ) -> Self {
        Self { commands: Some(commands), thread, last_error }
    }

    /// Pushes the registry's present state now, and waits until the receiver has it and all that waited before.
    ///
    /// It must be called within a Tokio runtime that has its time driver enabled. A request that fails is sent again until the
    /// deadline, and after it like any other.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use metrics_core::{Push, PushError, Pushgateway, Registry};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), PushError> {
    /// # let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    /// # let url = format!("http://{}", listener.local_addr().unwrap());
    /// # let registry = Registry::new();
    /// let gateway = Pushgateway::new(&url).job("import");
    /// let push = Push::to(gateway).registry(&registry).start_on(&tokio::runtime::Handle::current())?;
    /// // Nobody answers here.
    /// let error = push.flush(Duration::from_millis(10)).await.unwrap_err();
    /// assert!(matches!(error, PushError::Deadline(_)));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`PushError::Deadline`] after the deadline, [`PushError::Rejected`] if the receiver refused the content for good,
    /// and [`PushError::Encoding`] if there was nothing to send.
    pub async fn flush(&self, deadline: Duration) -> Result<(), PushError> {
        self.ask(deadline, Command::Flush).await
    }

    /// Flushes and waits on this thread. It must not be called on a thread of the runtime that the push runs on, unless the runtime has
    /// more threads.
    ///
    /// # Errors
    ///
    /// Those of [`flush`](Self::flush).
    pub fn flush_blocking(&self, deadline: Duration) -> Result<(), PushError> {
        self.ask_blocking(deadline, Command::Flush)
    }

    /// Flushes, sends what the target has at its end, such as a `DELETE`, and ends the push.
    ///
    /// # Errors
    ///
    /// Those of [`flush`](Self::flush). The push has ended in any case.
    pub async fn shutdown(self, deadline: Duration) -> Result<(), PushError> {
        self.ask(deadline, Command::Shutdown).await
    }

    /// Shuts down and waits on this thread, with the restriction of [`flush_blocking`](Self::flush_blocking).
    ///
    /// # Errors
    ///
    /// Those of [`flush`](Self::flush). The push has ended in any case.
    pub fn shutdown_blocking(self, deadline: Duration) -> Result<(), PushError> {
        self.ask_blocking(deadline, Command::Shutdown)
    }

    async fn ask(&self, deadline: Duration, command: fn(Reply) -> Command) -> Result<(), PushError> {
        let (reply, answer) = oneshot::channel();
        let call = Arc::new(());
        self.send(command(Reply::new(ReplyChannel::Async(reply), &call)))?;
        match timeout(deadline, answer).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(PushError::Unavailable),
            Err(_) => Err(PushError::Deadline(self.last_error.get())),
        }
    }

    fn ask_blocking(&self, deadline: Duration, command: fn(Reply) -> Command) -> Result<(), PushError> {
        // Tokio's channels refuse to block a thread of a runtime, on which a job may well end.
        let (reply, answer) = sync_channel(1);
        let call = Arc::new(());
        self.send(command(Reply::new(ReplyChannel::Blocking(reply), &call)))?;
        match answer.recv_timeout(deadline) {
            Ok(result) => result,
            Err(RecvTimeoutError::Disconnected) => Err(PushError::Unavailable),
            Err(RecvTimeoutError::Timeout) => Err(PushError::Deadline(self.last_error.get())),
        }
    }

    fn send(&self, command: Command) -> Result<(), PushError> {
        let commands = self.commands.as_ref().ok_or(PushError::Unavailable)?;
        commands.try_send(command).map_err(|_| PushError::Unavailable)
    }
}

impl Drop for PushHandle {
    fn drop(&mut self) {
        // Ends the sender, which waits for commands at all times.
        self.commands = None;
        if let Some(thread) = self.thread.take() {
            // An error is a panic of the thread, which the panic hook has reported.
            drop(thread.join());
        }
    }
}

impl fmt::Debug for PushHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PushHandle").field("last_error", &self.last_error.get()).finish_non_exhaustive()
    }
}
