//! Ctrl-C, and the signal by which service managers and container engines stop a program.

use std::{io, process::exit};

use actix_web::rt;
use tokio::sync::watch;

use crate::terminal::say;

/// Exit status that a shell shows for an interrupted program.
const INTERRUPTED: i32 = 130;

/// Request to stop the program; clones receive the same request.
#[derive(Clone, Debug)]
pub(crate) struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Listens from now on. Who asks a second time does not want to wait: the program ends at once.
    pub(crate) fn listen() -> io::Result<Self> {
        let mut signals = Signals::listen()?;
        let (tell, told) = watch::channel(false);
        rt::spawn(async move {
            signals.next().await;
            tell.send_replace(true);
            signals.next().await;
            say("stopped at once");
            exit(INTERRUPTED);
        });
        Ok(Self(told))
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

    async fn next(&mut self) {
        use std::pin::pin;

        let Self(interrupt, terminate) = self;
        futures_util::future::select(pin!(interrupt.recv()), pin!(terminate.recv())).await;
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

    async fn next(&mut self) {
        if rt::signal::ctrl_c().await.is_err() {
            // Nobody can ask this program to stop.
            std::future::pending::<()>().await;
        }
    }
}
