//! One request and its response, which end exactly once.

use std::{
    cell::{Cell, RefCell},
    mem,
    rc::Rc,
    thread,
    time::Duration,
};

use actix_web::{
    HttpRequest,
    body::{BodySize, MessageBody},
    dev::{ResponseHead, ServiceRequest, ServiceResponse},
    http::{Method as HttpMethod, StatusCode, Uri},
};
use metrics_core::{
    __private::{count_with_exemplar, take_exemplar},
    ExemplarLabels, Stopwatch,
};

use crate::{
    labels::Outcome,
    nested::Called,
    payload,
    routes::{NO_ROUTE, RouteNumber},
    series::{Combination, Ending, Entry, Measured},
    worker::Worker,
};

/// One request in progress, or none: one that is left out, or has ended. It is counted when this is dropped, so that it is
/// counted exactly once whatever happens.
///
/// It goes through the future, the response and its body by value, so it is one word. The memory behind it is the worker's, and
/// is used again: with it in place a request takes half the time that it takes when it is copied along.
#[derive(Debug)]
pub(crate) struct Exchange(Option<Box<State>>);

/// What is known of a request in progress.
#[derive(Debug)]
pub(crate) struct State {
    watch: Stopwatch,
    /// The values of the user's labels in the response.
    values: Combination,
    /// The status of the response, once its head is known.
    status: u16,
    /// What is counted if this is dropped now.
    outcome: Outcome,
    /// Whether the route that took the request is left out.
    left_out: bool,
    arrival: Arrival,
    extra: Option<Box<Extra>>,
    /// The exemplar of the span that the response's head was made in: the body may be given outside of it.
    exemplar: Option<Box<ExemplarLabels>>,
    /// Gone while the memory waits to be used again, as what follows.
    worker: Option<Rc<Worker>>,
    /// What the request is in progress under.
    entered: Option<Rc<Entry>>,
    /// What it ends under, where that is something else.
    ended: Option<Rc<Entry>>,
}

/// What is kept of a request only where it is asked for.
#[derive(Debug, Default)]
struct Extra {
    /// The path, by which the route is looked for if the request does not get as far as a response.
    uri: Option<Uri>,
    first_byte: Option<Duration>,
    /// How many bytes of the request's body were read.
    read: Option<Rc<Cell<u64>>>,
    /// How many bytes of the response's body were given.
    sent: u64,
    /// Whether the response has no body by its method or status.
    is_silent: bool,
}

const SWITCHING_PROTOCOLS: u16 = 101;

/// What is known of the route when a request begins.
#[derive(Clone, Copy, Debug)]
enum Arrival {
    /// The route by path alone, and where the path's text is, by which a path is known to be the same.
    Route { route: RouteNumber, path: usize },
    /// Nothing but the path.
    Path,
    /// The route that the request ends under is known.
    Known,
}

impl Exchange {
    /// No request.
    pub(crate) const NONE: Self = Self(None);

    /// Begins a request, unless it is one that is left out.
    #[inline]
    pub(crate) fn begin(worker: &Rc<Worker>, request: &mut ServiceRequest) -> Self {
        let watch = Stopwatch::start();
        if worker.options.excluded.holds(request.path()) || worker.outer.counts(&worker.families) {
            return Self::NONE;
        }
        let (arrival, route) = arrive(worker, request);
        if worker.routes.is_excluded(route) {
            return Self::NONE;
        }
        let entered = worker.entry(route, worker.beginning(request));
        entered.enter(&worker.families);
        let by_path = matches!(arrival, Arrival::Path);
        let mut state = worker.states.take(watch);
        state.arrival = arrival;
        state.entered = Some(entered);
        state.worker = Some(Rc::clone(worker));
        if worker.needs_extra || by_path {
            state.extra = Some(Box::new(Extra::begin(worker, request, by_path)));
        }
        Self(Some(state))
    }

    /// Takes note of the response's head. Gives the request back if there is more of the response to come.
    #[inline]
    pub(crate) fn respond<B: MessageBody>(mut self, response: &ServiceResponse<B>, body: BodySize) -> Self {
        let Some(state) = &mut self.0 else { return self };
        state.respond(response.request(), response.response().head());
        let bodiless = matches!(body, BodySize::None | BodySize::Sized(0));
        // Nobody reads these bodies to their end; after 101 the connection ends when either side likes.
        let unread = matches!(state.status, 100..200 | 204 | 304);
        if bodiless || unread || response.request().method() == HttpMethod::HEAD {
            state.outcome = Outcome::of(state.status);
            // Where the server asks for such a body, it sends none of it; after 101 it does.
            if let Some(extra) = state.extra.as_mut().filter(|_| state.status != SWITCHING_PROTOCOLS) {
                extra.is_silent = true;
            }
        }
        if bodiless { Self::NONE } else { self }
    }

    /// Ends the request with the status of an error that the inner service gave instead of a response.
    pub(crate) fn refuse(mut self, status: StatusCode) {
        if let Some(state) = &mut self.0 {
            state.take_head();
            state.outcome = Outcome::of(status.as_u16());
        }
    }

    /// Whether there is a request that has not ended.
    pub(crate) const fn is_running(&self) -> bool {
        self.0.is_some()
    }

    /// Takes note of bytes of the body that were given.
    #[inline]
    pub(crate) fn sent(&mut self, bytes: usize) {
        if let Some(extra) = self.0.as_mut().and_then(|state| state.extra.as_mut()) {
            extra.sent += if extra.is_silent { 0 } else { bytes as u64 };
        }
    }

    /// Ends a request with the status of its response, which has been given in full.
    #[inline]
    pub(crate) fn complete(&mut self) {
        if let Some(state) = &mut self.0 {
            state.outcome = Outcome::of(state.status);
            self.end();
        }
    }

    /// Ends a request as the server's failure: its body could not be given in full. Where the response has no body by its method
    /// or status nothing has failed: after 101 this is how a connection ends.
    pub(crate) fn fail(&mut self) {
        let decided =
            self.0.as_ref().map(|state| state.outcome).filter(|outcome| *outcome != Outcome::CLIENT_GONE);
        self.end_with(decided.unwrap_or(Outcome::BODY));
    }

    fn end_with(&mut self, outcome: Outcome) {
        if let Some(state) = &mut self.0 {
            state.outcome = outcome;
            self.end();
        }
    }

    /// Counts a request that has ended.
    fn end(&mut self) {
        let Some(mut state) = self.0.take() else { return };
        let Some(worker) = state.worker.take() else { return };
        state.count(&worker);
        worker.states.give_back(state);
    }

    /// Calls a part of the inner service. A panic in it ends the request, and goes on.
    ///
    /// The runtime catches a panic before it drops the connection, so that by then nothing tells of it.
    #[inline]
    pub(crate) fn watch<R>(&mut self, inner: impl FnOnce() -> R) -> R {
        let Some(worker) = self.0.as_ref().and_then(|state| state.worker.as_ref()) else { return inner() };
        let _called = Called::enter(&worker.families);
        let watch = Watch(self);
        let result = inner();
        mem::forget(watch);
        result
    }
}

impl State {
    #[inline]
    fn respond(&mut self, request: &HttpRequest, head: &ResponseHead) {
        self.take_head();
        let Some(worker) = self.worker.clone() else { return };
        match self.arrival {
            Arrival::Route { route, path } => {
                let taken = worker.routes.taken(request, Some(route), path == place_of(request.path()));
                if taken != route {
                    self.end_under(&worker, taken);
                }
            }
            Arrival::Path => self.end_under(&worker, worker.routes.taken(request, None, false)),
            Arrival::Known => {}
        }
        self.arrival = Arrival::Known;
        if !worker.options.response_labels.is_empty() {
            self.values = worker.response_values(request, head);
        }
        self.status = head.status.as_u16();
        self.exemplar = take_exemplar();
    }

    fn end_under(&mut self, worker: &Worker, route: RouteNumber) {
        self.left_out = worker.routes.is_excluded(route);
        self.ended = self.entered.as_ref().map(|entered| worker.entry(route, entered.beginning));
    }

    #[inline]
    fn take_head(&mut self) {
        if let Some(extra) = &mut self.extra {
            extra.first_byte = Some(self.watch.elapsed());
        }
    }

    /// Counts the request, which has ended.
    #[inline]
    fn count(&mut self, worker: &Worker) {
        let duration = self.watch.elapsed();
        // A panic outside the inner service that takes this along.
        if self.outcome == Outcome::CLIENT_GONE && thread::panicking() {
            self.outcome = Outcome::PANIC;
        }
        let extra = self.extra.take();
        if let (Arrival::Path, Some(uri)) =
            (self.arrival, extra.as_ref().and_then(|extra| extra.uri.as_ref()))
        {
            self.end_under(worker, worker.of_path(uri.path()));
        }
        let (Some(entered), ended) = (self.entered.take(), self.ended.take()) else { return };
        entered.leave(&worker.families);
        if self.left_out {
            self.exemplar = None;
            return;
        }
        let mut measured = Measured { duration, ..Measured::default() };
        if let Some(extra) = &extra {
            measured.first_byte = extra.first_byte;
            measured.request_size = extra.read.as_ref().map(|read| read.get());
            measured.response_size = extra.sent;
        }
        let ending = Ending::new(self.outcome, self.values);
        let count = || worker.count(ended.as_ref().unwrap_or(&entered), ending, &measured);
        match self.exemplar.take() {
            Some(exemplar) => count_with_exemplar(exemplar, count),
            None => count(),
        }
    }
}

/// Memory of requests that have ended, to be used again.
#[derive(Debug, Default)]
#[expect(clippy::vec_box, reason = "what is used again are the boxes")]
pub(crate) struct States(RefCell<Vec<Box<State>>>);

/// More requests than this are seldom in progress in one worker at once.
const MOST_STATES: usize = 64;

impl States {
    /// The state of a request that begins.
    #[inline]
    #[expect(clippy::unnecessary_box_returns, reason = "what is used again is the box")]
    fn take(&self, watch: Stopwatch) -> Box<State> {
        let waiting = self.0.borrow_mut().pop();
        let mut state = waiting.unwrap_or_else(|| Box::new(State::new(watch)));
        state.watch = watch;
        state.values = 0;
        state.status = Outcome::PANIC.status;
        state.outcome = Outcome::CLIENT_GONE;
        state.left_out = false;
        state
    }

    #[inline]
    fn give_back(&self, state: Box<State>) {
        let mut states = self.0.borrow_mut();
        if states.len() < MOST_STATES {
            states.push(state);
        }
    }
}

impl State {
    #[cold]
    const fn new(watch: Stopwatch) -> Self {
        Self {
            watch,
            values: 0,
            status: Outcome::PANIC.status,
            outcome: Outcome::CLIENT_GONE,
            left_out: false,
            arrival: Arrival::Known,
            extra: None,
            exemplar: None,
            worker: None,
            entered: None,
            ended: None,
        }
    }
}

impl Extra {
    fn begin(worker: &Worker, request: &mut ServiceRequest, by_path: bool) -> Self {
        let counts = !worker.families.request_sizes.is_empty();
        Self {
            uri: by_path.then(|| request.uri().clone()),
            read: counts.then(|| payload::count(request)),
            ..Self::default()
        }
    }
}

/// What can be said of the route before routing.
#[inline]
fn arrive(worker: &Worker, request: &ServiceRequest) -> (Arrival, RouteNumber) {
    if let Some(route) = worker.routes.arrived(request.request()) {
        return (Arrival::Known, route);
    }
    if worker.enters_by_endpoint {
        let route = worker.routes.arriving(request.request());
        return (Arrival::Route { route, path: place_of(request.path()) }, route);
    }
    worker.remember_map(request);
    (Arrival::Path, NO_ROUTE)
}

/// Where a path's text is: another path is at another place, as it is made while this one is still there.
fn place_of(path: &str) -> usize {
    path.as_ptr().addr()
}

impl Drop for Exchange {
    #[inline]
    fn drop(&mut self) {
        if self.is_running() {
            self.end();
        }
    }
}

/// Only dropped by a panic, see [`Exchange::watch`].
struct Watch<'a>(&'a mut Exchange);

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        self.0.end_with(Outcome::PANIC);
    }
}
