//! A secret in a file, which may be replaced while the service runs.

use std::{
    fs,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    thread,
    time::{Duration, Instant},
};

use tokio::sync::watch;

use super::secret::Secret;

/// Time after which the file is read again.
const MAX_AGE: Duration = Duration::from_secs(2);

/// A file and the secret that was last read from it.
#[derive(Debug)]
pub(super) struct SecretFile {
    path: PathBuf,
    is_reading: AtomicBool,
    last: watch::Sender<Option<ReadSecret>>,
}

/// Result of reading the file, with its time; without a secret if the file could not be read.
#[derive(Clone, Debug)]
struct ReadSecret {
    read_at: Instant,
    secret: Option<Secret>,
}

impl SecretFile {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, is_reading: AtomicBool::new(false), last: watch::Sender::default() }
    }

    /// Returns the secret in the file, or `None` if it cannot be read.
    ///
    /// As a file system may hang, one thread at a time reads the file. Concurrent requests wait for that thread, and dropping this
    /// future does not affect them.
    pub(super) async fn secret(self: &Arc<Self>) -> Option<Secret> {
        let mut last = self.last.subscribe();
        loop {
            if let Some(read) = &*last.borrow_and_update()
                && read.read_at.elapsed() < MAX_AGE
            {
                return read.secret.clone();
            }
            if !self.is_reading.swap(true, SeqCst) {
                self.start_reading()?;
            }
            last.changed().await.ok()?;
        }
    }

    fn start_reading(self: &Arc<Self>) -> Option<()> {
        let file = Arc::clone(self);
        let read = move || {
            let secret = file.read();
            file.is_reading.store(false, SeqCst);
            file.last.send_replace(Some(ReadSecret { read_at: Instant::now(), secret }));
        };
        let started = thread::Builder::new().name("metrics-secret".into()).spawn(read);
        if let Err(error) = &started {
            self.is_reading.store(false, SeqCst);
            log::error!("cannot start a thread to read {}: {error}", self.path.display());
        }
        started.ok().map(drop)
    }

    fn read(&self) -> Option<Secret> {
        let content = fs::read(&self.path).map_err(|error| error.to_string());
        let secret = content.and_then(|content| Secret::new(content.trim_ascii()).map_err(Into::into));
        let path = self.path.display();
        secret.inspect_err(|error| log::error!("cannot read a bearer token from {path}: {error}")).ok()
    }
}
