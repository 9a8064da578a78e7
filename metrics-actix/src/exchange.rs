//! One request and its response, which end exactly once.

use std::{mem, rc::Rc, thread};

use actix_web::{
    HttpRequest,
    body::BodySize,
    dev::ServiceRequest,
    http::{Method as HttpMethod, StatusCode},
};
use metrics_core::Stopwatch;

use crate::{
    families::Endpoint,
    labels::{Method, PanicLabels, RequestLabels, RouteLabels},
    worker::Worker,
};

/// The status of a request whose client went away before the response was complete.
const CLIENT_GONE: u16 = 499;
const FAILED: u16 = 500;

/// One request in progress. It is counted when it is dropped, so that it is counted exactly once whatever happens.
#[derive(Debug)]
pub(crate) struct Exchange {
    worker: Rc<Worker>,
    watch: Stopwatch,
    method: Method,
    /// The endpoint by path alone, which the request is in progress under.
    entered: Endpoint,
    endpoint: Endpoint,
    /// The status of the response, once its head is known.
    status: u16,
    /// The status that is counted if this is dropped now.
    outcome: u16,
    panicked: bool,
}

impl Exchange {
    /// Begins a request, unless it is one that is left out.
    pub(crate) fn begin(worker: &Rc<Worker>, request: &ServiceRequest) -> Option<Self> {
        let watch = Stopwatch::start();
        if worker.excludes(request.path()) {
            return None;
        }
        let route = worker.route(request.request());
        if route.excluded {
            return None;
        }
        let (method, entered) = (Method::of(request.method()), route.endpoint);
        worker.families.in_progress.with(RouteLabels { method, endpoint: entered.in_progress }).inc();
        Some(Self {
            worker: Rc::clone(worker),
            watch,
            method,
            entered,
            endpoint: entered,
            status: FAILED,
            outcome: CLIENT_GONE,
            panicked: false,
        })
    }

    /// Takes note of the response's head. Gives the request back if there is more of the response to come.
    pub(crate) fn respond(
        mut self,
        request: &HttpRequest,
        status: StatusCode,
        body: BodySize,
    ) -> Option<Self> {
        self.endpoint = self.worker.route(request).endpoint;
        self.status = status.as_u16();
        if matches!(body, BodySize::None | BodySize::Sized(0)) {
            self.outcome = self.status;
            return None;
        }
        // Nobody reads these bodies to their end; after 101 the connection ends when either side likes.
        let without_body = matches!(self.status, 100..200 | 204 | 304);
        if without_body || request.method() == HttpMethod::HEAD {
            self.outcome = self.status;
        }
        Some(self)
    }

    /// Ends the request with the status of an error that the inner service gave instead of a response.
    pub(crate) fn refuse(mut self, status: StatusCode) {
        self.outcome = status.as_u16();
    }

    /// Ends a request with the status of its response, which has been given in full.
    pub(crate) fn complete(exchange: &mut Option<Self>) {
        if let Some(mut exchange) = exchange.take() {
            exchange.outcome = exchange.status;
        }
    }

    /// Ends a request as the server's failure: its body could not be given in full.
    pub(crate) fn fail(exchange: &mut Option<Self>) {
        if let Some(mut exchange) = exchange.take() {
            exchange.outcome = FAILED;
        }
    }

    /// Calls a part of the inner service. A panic in it ends the request, and goes on.
    ///
    /// The runtime catches a panic before it drops the connection, so that by then nothing tells of it.
    pub(crate) fn watch<R>(exchange: &mut Option<Self>, inner: impl FnOnce() -> R) -> R {
        let watch = Watch(exchange);
        let result = inner();
        mem::forget(watch);
        result
    }

    fn set_panicked(&mut self) {
        self.outcome = FAILED;
        self.panicked = true;
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        // A panic outside the inner service that takes this along.
        if self.outcome == CLIENT_GONE && !self.panicked && thread::panicking() {
            self.set_panicked();
        }
        let families = &self.worker.families;
        let route = |endpoint| RouteLabels { method: self.method, endpoint };
        families.in_progress.with(route(self.entered.in_progress)).dec();
        families.duration.with(route(self.endpoint.duration)).observe_duration(self.watch.elapsed());
        let status = self.worker.status(self.outcome);
        let labels = RequestLabels { method: self.method, endpoint: self.endpoint.requests, status };
        families.requests.with(labels).inc();
        if self.panicked {
            families.panics.with(PanicLabels { endpoint: self.endpoint.panics }).inc();
        }
    }
}

/// Only dropped by a panic, see [`Exchange::watch`].
struct Watch<'a>(&'a mut Option<Exchange>);

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        if let Some(mut exchange) = self.0.take() {
            exchange.set_panicked();
        }
    }
}
