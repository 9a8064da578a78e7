//! Progress output of the simulator.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::{Duration, Instant},
};

use actix_web::{http::StatusCode, rt::time::sleep};
use metrics_core::LabelValue as _;

use crate::{labels::Fault, terminal};

/// Intervals of the status line on a terminal, and of lines elsewhere.
const ON_TERMINAL: Duration = Duration::from_secs(1);
const ELSEWHERE: Duration = Duration::from_secs(60);

/// Numbers of requests sent and responses received.
#[derive(Debug, Default)]
pub(crate) struct Stats {
    requests: Cell<u64>,
    /// Responses with 4xx.
    refused: Cell<u64>,
    /// Responses with 5xx.
    failed: Cell<u64>,
    /// Requests without a response in time.
    unanswered: Cell<u64>,
    /// Planned requests that were not sent: during a partition, and for a match that never began.
    unsent: Cell<u64>,
    fault: RefCell<Option<(Fault, Instant)>>,
}

impl Stats {
    pub(super) fn sent(&self, status: Option<StatusCode>) {
        increment(&self.requests);
        match status {
            None => increment(&self.unanswered),
            Some(status) if status.is_server_error() => increment(&self.failed),
            Some(status) if status.is_client_error() => increment(&self.refused),
            Some(_) => {}
        }
    }

    pub(super) fn unsent(&self) {
        increment(&self.unsent);
    }

    pub(super) fn broken(&self, fault: Fault, lasting: Duration) {
        self.fault.replace(Some((fault, Instant::now() + lasting)));
    }

    /// Prints the summary.
    pub(crate) fn summarise(&self) {
        terminal::leave();
        terminal::say(format_args!(
            "{} requests, {} refused (4xx), {} failed (5xx), {} unanswered, {} unsent",
            self.requests.get(),
            self.refused.get(),
            self.failed.get(),
            self.unanswered.get(),
            self.unsent.get(),
        ));
    }
}

fn increment(count: &Cell<u64>) {
    count.set(count.get() + 1);
}

/// Shows the progress.
#[derive(Debug)]
pub(super) struct Progress {
    stats: Rc<Stats>,
    start: Instant,
}

impl Progress {
    pub(super) fn new(stats: Rc<Stats>) -> Self {
        Self { stats, start: Instant::now() }
    }

    /// Never returns.
    pub(super) async fn show(self) {
        let terminal = terminal::is_terminal();
        let every = if terminal { ON_TERMINAL } else { ELSEWHERE };
        let mut before = self.stats.requests.get();
        loop {
            sleep(every).await;
            let requests = self.stats.requests.get();
            let rate = (requests - before) as f64 / every.as_secs_f64();
            before = requests;
            let line = self.line(rate);
            if terminal {
                terminal::show(line);
            } else {
                terminal::say(line);
            }
        }
    }

    fn line(&self, rate: f64) -> String {
        let stats = &self.stats;
        let elapsed = self.start.elapsed().as_secs();
        let fault = match *stats.fault.borrow() {
            Some((fault, end)) if Instant::now() < end => format!("  chaos: {}", fault.as_str()),
            _ => String::new(),
        };
        format!(
            "{:02}:{:02}:{:02}  {} requests, {rate:.0}/s  {} refused  {} failed  {} unanswered{fault}",
            elapsed / 3600,
            elapsed / 60 % 60,
            elapsed % 60,
            stats.requests.get(),
            stats.refused.get(),
            stats.failed.get(),
            stats.unanswered.get(),
        )
    }
}
