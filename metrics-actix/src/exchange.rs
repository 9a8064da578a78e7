//! One request and its response, which end exactly once.

use std::{cell::Cell, mem, rc::Rc, thread, time::Duration};

use actix_web::{
    body::{BodySize, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{Method as HttpMethod, StatusCode, Uri},
};
use metrics_core::Stopwatch;

use crate::{
    labels::Outcome,
    nested::Called,
    payload,
    routes::{NO_ROUTE, RouteNumber},
    series::{Combination, Ending, Entry, Measured},
    worker::Worker,
};

/// One request in progress. It is counted when it is dropped, so that it is counted exactly once whatever happens.
#[derive(Debug)]
pub(crate) struct Exchange {
    worker: Rc<Worker>,
    watch: Stopwatch,
    /// What the request is in progress under.
    entered: Rc<Entry>,
    /// What it ends under, where that is something else.
    ended: Option<Rc<Entry>>,
    arrival: Arrival,
    /// The status of the response, once its head is known.
    status: u16,
    /// What is counted if this is dropped now.
    outcome: Outcome,
    /// The values of the user's labels in the response.
    values: Combination,
    first_byte: Option<Duration>,
    /// How many bytes of the request's body were read, where that is asked for.
    read: Option<Rc<Cell<u64>>>,
    /// How many bytes of the response's body were given.
    sent: u64,
    /// Whether the route that took the request is left out.
    left_out: bool,
}

/// What is known of the route when a request begins.
#[derive(Debug)]
enum Arrival {
    /// The route by path alone, and where the path's text is, by which a path is known to be the same.
    Route { route: RouteNumber, path: (usize, usize) },
    /// Nothing; the route is looked for if the request does not get as far as a response.
    Path(Uri),
    /// The route that the request ends under is known.
    Known,
}

impl Exchange {
    /// Begins a request, unless it is one that is left out.
    #[inline]
    pub(crate) fn begin(worker: &Rc<Worker>, request: &mut ServiceRequest) -> Option<Self> {
        let watch = Stopwatch::start();
        if worker.options.excluded.holds(request.path()) || worker.outer.counts(&worker.families) {
            return None;
        }
        let (arrival, route) = arrive(worker, request);
        if worker.routes.is_excluded(route) {
            return None;
        }
        let entered = worker.entry(route, worker.beginning(request));
        entered.enter(&worker.families);
        let read =
            if worker.families.request_sizes.is_empty() { None } else { Some(payload::count(request)) };
        Some(Self {
            worker: Rc::clone(worker),
            watch,
            entered,
            ended: None,
            arrival,
            status: Outcome::PANIC.status,
            outcome: Outcome::CLIENT_GONE,
            values: 0,
            first_byte: None,
            read,
            sent: 0,
            left_out: false,
        })
    }

    /// Takes note of the response's head. Gives the request back if there is more of the response to come.
    #[inline]
    pub(crate) fn respond<B: MessageBody>(
        mut self,
        response: &ServiceResponse<B>,
        body: BodySize,
    ) -> Option<Self> {
        self.take_head();
        let request = response.request();
        let (entered, same_path) = match &self.arrival {
            Arrival::Route { route, path } => (Some(*route), *path == place_of(request.path())),
            Arrival::Path(_) | Arrival::Known => (None, false),
        };
        let route = self.worker.routes.taken(request, entered, same_path);
        self.end_under(route, entered);
        if !self.worker.options.response_labels.is_empty() {
            self.values = self.worker.response_values(request, response.response().head());
        }
        self.status = response.status().as_u16();
        if matches!(body, BodySize::None | BodySize::Sized(0)) {
            self.outcome = Outcome::of(self.status);
            return None;
        }
        // Nobody reads these bodies to their end; after 101 the connection ends when either side likes.
        let without_body = matches!(self.status, 100..200 | 204 | 304);
        if without_body || request.method() == HttpMethod::HEAD {
            self.outcome = Outcome::of(self.status);
        }
        Some(self)
    }

    fn end_under(&mut self, route: RouteNumber, entered: Option<RouteNumber>) {
        if entered != Some(route) {
            self.left_out = self.worker.routes.is_excluded(route);
            self.ended = Some(self.worker.entry(route, self.entered.beginning));
        }
        self.arrival = Arrival::Known;
    }

    fn take_head(&mut self) {
        if !self.worker.families.first_bytes.is_empty() {
            self.first_byte = Some(self.watch.elapsed());
        }
    }

    /// Ends the request with the status of an error that the inner service gave instead of a response.
    pub(crate) fn refuse(mut self, status: StatusCode) {
        self.take_head();
        self.outcome = Outcome::of(status.as_u16());
    }

    /// Takes note of bytes of the body that were given.
    #[inline]
    pub(crate) fn sent(exchange: &mut Option<Self>, bytes: usize) {
        if let Some(exchange) = exchange {
            exchange.sent += bytes as u64;
        }
    }

    /// Ends a request with the status of its response, which has been given in full.
    pub(crate) fn complete(exchange: &mut Option<Self>) {
        if let Some(mut exchange) = exchange.take() {
            exchange.outcome = Outcome::of(exchange.status);
        }
    }

    /// Ends a request as the server's failure: its body could not be given in full.
    pub(crate) fn fail(exchange: &mut Option<Self>) {
        if let Some(mut exchange) = exchange.take() {
            exchange.outcome = Outcome::BODY;
        }
    }

    /// Calls a part of the inner service. A panic in it ends the request, and goes on.
    ///
    /// The runtime catches a panic before it drops the connection, so that by then nothing tells of it.
    #[inline]
    pub(crate) fn watch<R>(exchange: &mut Option<Self>, inner: impl FnOnce() -> R) -> R {
        let Some(running) = exchange else { return inner() };
        let _called = Called::enter(&running.worker.families);
        let watch = Watch(exchange);
        let result = inner();
        mem::forget(watch);
        result
    }

    /// Finds the route by path alone, where nobody has asked for it until now.
    #[cold]
    fn look_for_route(&mut self) {
        let Arrival::Path(uri) = mem::replace(&mut self.arrival, Arrival::Known) else { return };
        let route = self.worker.of_path(uri.path());
        self.end_under(route, None);
    }
}

/// What can be said of the route before routing.
#[inline]
fn arrive(worker: &Worker, request: &ServiceRequest) -> (Arrival, RouteNumber) {
    let by_path = |route| {
        let path = place_of(request.path());
        (Arrival::Route { route, path }, route)
    };
    if worker.enters_by_endpoint {
        return by_path(worker.routes.arriving(request.request()));
    }
    if let Some(route) = worker.routes.arrived(request.request()) {
        return by_path(route);
    }
    worker.remember_map(request);
    (Arrival::Path(request.uri().clone()), NO_ROUTE)
}

/// Where a path's text is: another path is at another place as long as this one is kept.
fn place_of(path: &str) -> (usize, usize) {
    (path.as_ptr().addr(), path.len())
}

impl Drop for Exchange {
    #[inline]
    fn drop(&mut self) {
        let duration = self.watch.elapsed();
        // A panic outside the inner service that takes this along.
        if self.outcome == Outcome::CLIENT_GONE && thread::panicking() {
            self.outcome = Outcome::PANIC;
        }
        if matches!(self.arrival, Arrival::Path(_)) {
            self.look_for_route();
        }
        self.entered.leave(&self.worker.families);
        if self.left_out {
            return;
        }
        let measured = Measured {
            duration,
            first_byte: self.first_byte,
            request_size: self.read.as_ref().map(|read| read.get()),
            response_size: self.sent,
        };
        let ending = Ending { outcome: self.outcome, values: self.values };
        self.worker.count(self.ended.as_ref().unwrap_or(&self.entered), ending, &measured);
    }
}

/// Only dropped by a panic, see [`Exchange::watch`].
struct Watch<'a>(&'a mut Option<Exchange>);

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        if let Some(mut exchange) = self.0.take() {
            exchange.outcome = Outcome::PANIC;
        }
    }
}
