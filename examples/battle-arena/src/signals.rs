//! Ctrl-C, and the signal with which service managers and container engines stop a program.

use std::{
    io,
    process::exit,
    time::{Duration, Instant},
};

use actix_web::rt;
use tokio::sync::watch;

use crate::terminal::say;

/// Exit status that a shell shows for an interrupted program.
const INTERRUPTED: i32 = 130;

/// Time after the first signal in which further ones are the same request: a terminal sends Ctrl-C to a whole process group, and
/// a program around this one may pass it on once more.
const SAME_REQUEST: Duration = Duration::from_secs(1);

/// Request to stop the program; clones receive the same request.
#[derive(Clone, Debug)]
pub(crate) struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Listens from now on. A later second signal ends the program at once.
    pub(crate) fn listen() -> io::Result<Self> {
        let mut signals = Signals::listen()?;
        let (sender, receiver) = watch::channel(false);
        rt::spawn(async move {
            let first = signals.next().await;
            let start = Instant::now();
            sender.send_replace(true);
            let mut second = signals.next().await;
            while start.elapsed() < SAME_REQUEST {
                second = signals.next().await;
            }
            say(format_args!("stopped at once: {second}, {:.1?} after {first}", start.elapsed()));
            exit(INTERRUPTED);
        });
        Ok(Self(receiver))
    }

    /// Waits until the program is to stop.
    pub(crate) async fn wait(mut self) {
        let _told_or_never = self.0.wait_for(|stop| *stop).await;
    }
}

#[cfg(unix)]
struct Signals(rt::signal::unix::Signal, rt::signal::unix::Signal);

#[cfg(unix)]
impl Signals {
    fn listen() -> io::Result<Self> {
        use rt::signal::unix::{SignalKind, signal};
        Ok(Self(signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?))
    }

    /// Waits for a signal and returns its name.
    async fn next(&mut self) -> &'static str {
        use std::pin::pin;

        use futures_util::future::{Either, select};

        let Self(interrupt, terminate) = self;
        match select(pin!(interrupt.recv()), pin!(terminate.recv())).await {
            Either::Left(_) => "SIGINT",
            Either::Right(_) => "SIGTERM",
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    #[expect(clippy::unnecessary_wraps, reason = "on Unix it can fail")]
    fn listen() -> io::Result<Self> {
        Ok(Self)
    }

    /// Waits for Ctrl-C and returns its name.
    async fn next(&mut self) -> &'static str {
        if rt::signal::ctrl_c().await.is_err() {
            // No signal can stop this program.
            std::future::pending::<()>().await;
        }
        "Ctrl-C"
    }
}
