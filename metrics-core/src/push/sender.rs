//! The task that encodes, queues and sends.

use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
    time::{Duration, SystemTime},
};

use tokio::{
    sync::mpsc,
    task::{JoinError, JoinHandle, spawn_blocking},
    time::{Instant, Interval, MissedTickBehavior, Sleep, interval, sleep},
};

use super::{
    calls::{Calls, Command},
    error::PushError,
    protocol::{Backlog, Protocol, PushRequest, PushResponse, Verdict},
    queue::Queue,
    retry::{Backoff, retry_after},
    self_metrics::{AttemptOutcome, DropCause, PushMetrics},
    transport::{Attempt, Transport, TransportError},
};
use crate::registry::Registry;

/// Error of the last attempt, for calls whose deadline passes.
#[derive(Clone, Debug, Default)]
pub(super) struct LastError(Arc<Mutex<Option<String>>>);

impl LastError {
    pub(super) fn get(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, error: Option<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = error;
    }
}

/// Parts of a sender that are the same for its whole life.
pub(super) struct Shared {
    pub(super) registry: Registry,
    pub(super) name: String,
    pub(super) backlog: Backlog,
    pub(super) transport: Box<dyn Transport>,
    pub(super) metrics: PushMetrics,
    pub(super) last_error: LastError,
}

/// Sender of one push.
pub(super) struct Sender {
    shared: Shared,
    /// `None` while it encodes on another thread.
    protocol: Option<Box<dyn Protocol>>,
    queue: Queue,
    backoff: Backoff,
    period: Option<Duration>,
    commands: mpsc::Receiver<Command>,
    encoding: Option<JoinHandle<Encoded>>,
    in_flight: Option<InFlight>,
    wait: Option<Wait>,
    is_encoding_wanted: bool,
    is_shutting_down: bool,
    calls: Calls,
    /// First error since there are calls that a repetition does not mend.
    final_error: Option<PushError>,
}

struct Encoded {
    protocol: Box<dyn Protocol>,
    requests: Result<Vec<PushRequest>, PushError>,
}

struct InFlight {
    request: PushRequest,
    attempt: Attempt,
    start: Instant,
}

/// Time until the next attempt.
struct Wait {
    sleep: Pin<Box<Sleep>>,
    /// A `Retry-After`, which a flush does not shorten.
    is_by_receiver: bool,
}

enum Event {
    HandleDropped,
    Command(Command),
    Tick,
    Encoded(Result<Encoded, JoinError>),
    AttemptEnded(Result<PushResponse, TransportError>),
    WaitEnded,
}

impl Sender {
    pub(super) fn new(
        shared: Shared,
        protocol: Box<dyn Protocol>,
        queue: Queue,
        backoff: Backoff,
        period: Option<Duration>,
        commands: mpsc::Receiver<Command>,
    ) -> Self {
        Self {
            shared,
            protocol: Some(protocol),
            queue,
            backoff,
            period,
            commands,
            encoding: None,
            in_flight: None,
            wait: None,
            is_encoding_wanted: false,
            is_shutting_down: false,
            calls: Calls::default(),
            final_error: None,
        }
    }

    /// Runs until the handle is dropped or shuts down.
    pub(super) async fn run(mut self) {
        let mut ticks = self.period.map(|period| {
            let mut ticks = interval(period);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
            ticks
        });
        loop {
            match poll_fn(|context| self.poll_event(context, ticks.as_mut())).await {
                Event::HandleDropped | Event::Encoded(Err(_)) => return,
                Event::Command(command) => self.take_command(command),
                Event::Tick => self.tick(),
                Event::Encoded(Ok(encoded)) => self.enqueue(encoded),
                Event::AttemptEnded(result) => self.end_attempt(result),
                Event::WaitEnded => self.wait = None,
            }
            self.proceed();
            self.shared.metrics.queued(self.queue.len(), self.queue.bytes());
            if self.is_idle() {
                self.answer_calls();
                if self.is_shutting_down {
                    return;
                }
            }
        }
    }

    fn poll_event(&mut self, context: &mut Context<'_>, ticks: Option<&mut Interval>) -> Poll<Event> {
        if let Poll::Ready(command) = self.commands.poll_recv(context) {
            return Poll::Ready(command.map_or(Event::HandleDropped, Event::Command));
        }
        if let Some(encoding) = &mut self.encoding {
            if let Poll::Ready(encoded) = Pin::new(encoding).poll(context) {
                return Poll::Ready(Event::Encoded(encoded));
            }
        } else if let Some(in_flight) = &mut self.in_flight
            // The protocol, which judges the response, is here.
            && let Poll::Ready(result) = in_flight.attempt.as_mut().poll(context)
        {
            return Poll::Ready(Event::AttemptEnded(result));
        }
        if let Some(wait) = &mut self.wait
            && wait.sleep.as_mut().poll(context).is_ready()
        {
            return Poll::Ready(Event::WaitEnded);
        }
        let Some(ticks) = ticks else { return Poll::Pending };
        ready!(ticks.poll_tick(context));
        Poll::Ready(Event::Tick)
    }

    /// Wants the state encoded, unless a call waits: nothing new gets in its way.
    fn tick(&mut self) {
        self.calls.forget_abandoned();
        self.is_encoding_wanted |= !self.calls.has_encoded();
    }

    fn take_command(&mut self, command: Command) {
        let reply = match command {
            Command::Flush(reply) => reply,
            Command::Shutdown(reply) => {
                self.is_shutting_down = true;
                reply
            }
        };
        self.calls.add(reply);
        self.is_encoding_wanted = true;
        self.wait.take_if(|wait| !wait.is_by_receiver);
    }

    /// Starts to encode and to send, if it is time for that.
    fn proceed(&mut self) {
        if self.is_encoding_wanted
            && let Some(protocol) = self.protocol.take()
        {
            self.is_encoding_wanted = false;
            self.calls.encode();
            self.encoding = Some(encode(protocol, self.shared.registry.clone(), self.is_shutting_down));
        }
        if self.in_flight.is_none()
            && self.wait.is_none()
            && let Some(request) = self.queue.pop_front()
        {
            let attempt = self.shared.transport.send(request.clone());
            self.in_flight = Some(InFlight { request, attempt, start: Instant::now() });
        }
    }

    fn is_idle(&self) -> bool {
        !self.is_encoding_wanted
            && self.encoding.is_none()
            && self.in_flight.is_none()
            && self.queue.is_empty()
    }

    fn answer_calls(&mut self) {
        self.calls.answer(self.final_error.take().map_or(Ok(()), Err));
    }

    fn enqueue(&mut self, Encoded { protocol, requests }: Encoded) {
        self.encoding = None;
        self.protocol = Some(protocol);
        match requests {
            Ok(requests) => {
                if self.shared.backlog == Backlog::LatestOnly {
                    let replaced = self.queue.clear();
                    self.shared.metrics.dropped(DropCause::Replaced, replaced);
                }
                for request in requests {
                    let dropped = self.queue.push_back(request);
                    self.shared.metrics.dropped(DropCause::QueueFull, dropped);
                }
            }
            Err(error) => {
                self.shared.metrics.encoding_failed();
                log::warn!("the push `{}` failed: {error}", self.shared.name);
                self.final_error.get_or_insert(error);
            }
        }
    }

    fn end_attempt(&mut self, result: Result<PushResponse, TransportError>) {
        let (Some(InFlight { request, start, .. }), Some(protocol)) =
            (self.in_flight.take(), &mut self.protocol)
        else {
            return;
        };
        let duration = start.elapsed();
        let response = match result {
            Ok(response) => response,
            Err(TransportError(why)) => {
                self.shared.metrics.attempted(AttemptOutcome::Failed, duration);
                return self.retry(request, None, why);
            }
        };
        match protocol.verdict(&request, &response) {
            Verdict::Accepted => {
                self.shared.metrics.attempted(AttemptOutcome::Accepted, duration);
                self.backoff.reset();
                self.shared.last_error.set(None);
            }
            Verdict::Rejected(why) => {
                self.shared.metrics.attempted(AttemptOutcome::Rejected, duration);
                self.shared.metrics.dropped(DropCause::Rejected, 1);
                self.backoff.reset();
                log::warn!("the receiver of the push `{}` rejected a request: {why}", self.shared.name);
                self.shared.last_error.set(Some(why.clone()));
                self.final_error.get_or_insert(PushError::Rejected(why));
            }
            Verdict::Replace(requests) => {
                self.shared.metrics.attempted(AttemptOutcome::Rejected, duration);
                for request in requests.into_iter().rev() {
                    let dropped = self.queue.push_front(request);
                    self.shared.metrics.dropped(DropCause::QueueFull, dropped);
                }
            }
            Verdict::Retry => {
                self.shared.metrics.attempted(AttemptOutcome::Unavailable, duration);
                let after = retry_after(response.headers(), SystemTime::now());
                self.retry(request, after, format!("status {}", response.status()));
            }
        }
    }

    /// Puts a request back, to be sent after the back-off or the receiver's time, the longer of both.
    fn retry(&mut self, request: PushRequest, after: Option<Duration>, why: String) {
        if self.shared.last_error.get().is_none() {
            log::warn!("the push `{}` failed and is tried again: {why}", self.shared.name);
        }
        self.shared.last_error.set(Some(why));
        if self.shared.backlog == Backlog::LatestOnly && !self.queue.is_empty() {
            self.shared.metrics.dropped(DropCause::Replaced, 1);
        } else {
            let dropped = self.queue.push_front(request);
            self.shared.metrics.dropped(DropCause::QueueFull, dropped);
        }
        let backoff = self.backoff.next_wait();
        let after = after.filter(|after| *after > Duration::ZERO);
        let time = after.map_or(backoff, |after| after.max(backoff));
        self.wait = Some(Wait { sleep: Box::pin(sleep(time)), is_by_receiver: after.is_some() });
    }
}

/// Encodes on a thread where it may take its time, since callbacks of the user run.
fn encode(mut protocol: Box<dyn Protocol>, registry: Registry, is_last: bool) -> JoinHandle<Encoded> {
    spawn_blocking(move || {
        let now = SystemTime::now();
        let encoded = catch_unwind(AssertUnwindSafe(|| {
            let mut requests = protocol.requests(&registry, now)?;
            if is_last {
                requests.extend(protocol.last_requests(now));
            }
            Ok(requests)
        }));
        let requests = encoded.unwrap_or_else(|_| Err(PushError::Encoding("a panic".into())));
        Encoded { protocol, requests }
    })
}
