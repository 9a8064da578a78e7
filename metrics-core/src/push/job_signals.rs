//! Signals that end a program in which jobs run.

use std::{
    io,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    thread::{self, JoinHandle},
};

use once_cell::sync::OnceCell;
use signal_hook::{
    consts::{SIGINT, SIGTERM},
    flag::register_conditional_default,
    iterator::{Handle, Signals},
    low_level::emulate_default_handler,
};

use super::error::PushError;

const SIGNALS: [i32; 2] = [SIGTERM, SIGINT];

/// Jobs of the process that wait for signals.
static WATCHED: Mutex<Watched> = Mutex::new(Watched { jobs: 0, signal: None });

/// Set while no job waits. A handler stays installed for the life of a process, so the default action of the signals must be
/// done by it when the jobs have ended.
static IS_DEFAULT: OnceCell<Arc<AtomicBool>> = OnceCell::new();

fn install_default() -> io::Result<Arc<AtomicBool>> {
    let is_default = Arc::new(AtomicBool::new(false));
    for signal in SIGNALS {
        register_conditional_default(signal, Arc::clone(&is_default))?;
    }
    Ok(is_default)
}

struct Watched {
    jobs: usize,
    /// The signal that ends the program when the last job has pushed.
    signal: Option<i32>,
}

fn watched() -> MutexGuard<'static, Watched> {
    WATCHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Thread that waits for the signals of one job. It ends with this value.
#[derive(Debug)]
pub(super) struct JobSignals {
    handle: Handle,
    thread: Option<JoinHandle<()>>,
}

impl JobSignals {
    /// Calls a function at the first signal. When it has returned, and the other jobs have ended, the program ends by the signal.
    pub(super) fn start(on_signal: impl FnOnce() + Send + 'static) -> Result<Self, PushError> {
        let failed = |error: io::Error| PushError::Config(format!("no handler for signals: {error}"));
        let mut signals = Signals::new(SIGNALS).map_err(failed)?;
        let handle = signals.handle();
        let wait = move || {
            if let Some(signal) = signals.forever().next() {
                watched().signal = Some(signal);
                on_signal();
            }
            end_job();
        };
        begin_job(IS_DEFAULT.get_or_try_init(install_default).map_err(failed)?);
        match thread::Builder::new().name("metrics-job".into()).spawn(wait) {
            Ok(thread) => Ok(Self { handle, thread: Some(thread) }),
            Err(error) => {
                end_job();
                Err(failed(error))
            }
        }
    }
}

fn begin_job(is_default: &AtomicBool) {
    let mut watched = watched();
    watched.jobs += 1;
    is_default.store(false, SeqCst);
}

/// Ends the program if this was the last job and there was a signal.
fn end_job() {
    let mut watched = watched();
    watched.jobs -= 1;
    if watched.jobs > 0 {
        return;
    }
    if let Some(is_default) = IS_DEFAULT.get() {
        is_default.store(true, SeqCst);
    }
    if let Some(signal) = watched.signal {
        // It returns for signals that do not end a program.
        let _ = emulate_default_handler(signal);
    }
}

impl Drop for JobSignals {
    fn drop(&mut self) {
        self.handle.close();
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}
