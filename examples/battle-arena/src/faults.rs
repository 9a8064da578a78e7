//! Injected faults, so that dashboards and alerts have something to show.

use std::{
    hint::spin_loop,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use actix_web::rt::{self, task::spawn_blocking, time::sleep};
use metrics_core::LabelValue;

use crate::{
    labels::{ActiveFault, Fault},
    metrics::ArenaMetrics,
};

/// Delay of a query while the database is slow.
pub(crate) const SLOW_QUERY: Duration = Duration::from_millis(300);
/// Delay of a request while the API is slow.
pub(crate) const SLOW_ANSWER: Duration = Duration::from_secs(2);
/// Bytes that leak every [`LEAK_EVERY`] until the fault is over.
const LEAK_BYTES: usize = 1 << 20;
const LEAK_EVERY: Duration = Duration::from_millis(250);
/// Iterations of the busy loop between checks of whether the fault is over.
const SPINS: usize = 100_000;

/// Current fault, at most one at a time; clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Faults {
    allowed: bool,
    current: Arc<Mutex<Option<(Fault, Instant)>>>,
}

impl Faults {
    /// Creates the state without a fault. Without `allowed`, faults are reported and not injected.
    pub(crate) fn new(allowed: bool) -> Self {
        ArenaMetrics::global().fault.set(ActiveFault::None);
        Self { allowed, current: Arc::default() }
    }

    /// Returns `true` if this fault is active.
    pub(crate) fn active(&self, fault: Fault) -> bool {
        let current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        current.is_some_and(|(active, end)| active == fault && Instant::now() < end)
    }

    /// Injects a fault for some time.
    pub(crate) fn begin(&self, fault: Fault, lasting: Duration) {
        if !self.allowed {
            return;
        }
        tracing::warn!(fault = fault.as_str(), seconds = lasting.as_secs(), "injecting a fault");
        let end = Instant::now() + lasting;
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = Some((fault, end));
        ArenaMetrics::global().fault.set(fault.into());
        match fault {
            Fault::HighCpu => {
                let faults = self.clone();
                drop(spawn_blocking(move || faults.spin()));
            }
            Fault::MemoryLeak => drop(rt::spawn(self.clone().leak())),
            // The others are checked where they act.
            _ => {}
        }
        rt::spawn(self.clone().end_at(end));
    }

    /// Ends the current fault.
    pub(crate) fn end(&self) {
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = None;
        ArenaMetrics::global().fault.set(ActiveFault::None);
    }

    async fn end_at(self, end: Instant) {
        sleep(end.saturating_duration_since(Instant::now())).await;
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if current.is_some_and(|(_, latest)| latest == end) {
            *current = None;
            ArenaMetrics::global().fault.set(ActiveFault::None);
        }
    }

    fn spin(&self) {
        while self.active(Fault::HighCpu) {
            for _ in 0..SPINS {
                spin_loop();
            }
        }
    }

    async fn leak(self) {
        let mut leaked = Vec::new();
        while self.active(Fault::MemoryLeak) {
            // Not zeroes: the system need not back those with memory.
            leaked.push(vec![1_u8; LEAK_BYTES]);
            sleep(LEAK_EVERY).await;
        }
    }
}
