//! One request in flight. It ends exactly once, here or with its [`StreamingBody`](crate::response_body).

use std::{mem, rc::Rc, thread};

use actix_web::{
    HttpRequest,
    body::BodySize,
    dev::{ResponseHead, ServiceRequest},
    http::StatusCode,
};
use metrics_core::{__private::elapsed_nanos, Stopwatch};

use crate::{
    labels::{Method, Outcome, OutcomeKey},
    nesting::ActiveMiddleware,
    request_body,
    series::{ExtraMeasurements, RouteSeries, SeriesCache},
};

/// One request in flight; empty for one that is excluded or has ended.
///
/// Dropping it counts the request, so that it is counted exactly once whatever happens.
#[derive(Debug)]
pub(crate) struct InFlightRequest(Option<RequestState>);

/// State of a request that has not ended.
#[derive(Debug)]
pub(crate) struct RequestState {
    stopwatch: Stopwatch,
    cache: Rc<SeriesCache>,
    /// Series whose gauge was incremented; decremented on completion.
    predicted: Rc<RouteSeries>,
    /// Path that the route was predicted from; empty where all requests have one route.
    path: String,
    extra: Option<Box<ExtraMeasurements>>,
}

/// Series that a request will be counted in, as its response's head tells.
#[derive(Debug)]
pub(crate) struct ResponseOutcome {
    /// `None` where the prediction was right.
    series: Option<Rc<RouteSeries>>,
    key: OutcomeKey,
}

impl InFlightRequest {
    /// Starts a request, unless it is excluded or counted already.
    #[inline]
    pub(crate) fn start(cache: &Rc<SeriesCache>, request: &mut ServiceRequest) -> Self {
        let stopwatch = Stopwatch::start();
        if cache.routes.is_excluded_path(request.path()) || cache.nesting.is_counted(&cache.families) {
            return Self(None);
        }
        let predicted = cache.predict(request);
        let path = if cache.has_one_route() { String::new() } else { cache.keep_path(request) };
        if !predicted.is_excluded() {
            predicted.increment_gauge(&cache.families);
        }
        let extra = cache.needs_extra_measurements.then(|| start_measuring(cache, request));
        Self(Some(RequestState { stopwatch, cache: Rc::clone(cache), predicted, path, extra }))
    }

    /// Returns the outcome that a response's head tells, `None` if nothing is to be counted.
    #[inline]
    pub(crate) fn outcome(&mut self, request: &HttpRequest, head: &ResponseHead) -> Option<ResponseOutcome> {
        self.0.as_mut().map(|state| state.outcome(request, head))
    }

    /// Ends the request with its response's head.
    #[inline]
    pub(crate) fn complete(&mut self, outcome: &ResponseOutcome, size: BodySize) {
        if let Some(state) = &mut self.0 {
            if state.extra.is_some() {
                state.record_whole_body(outcome, size);
            }
            state.finish(outcome);
        }
        self.0 = None;
    }

    /// Takes the state, for a request that ends with its body.
    pub(crate) const fn take(&mut self) -> Option<RequestState> {
        self.0.take()
    }

    /// Ends the request with the status of an error that the inner service has returned instead of a response.
    pub(crate) fn fail(&mut self, status: StatusCode) {
        if let Some(state) = &mut self.0 {
            state.record_first_byte();
        }
        self.end_without_response(Outcome::from_status(status.as_u16()));
    }

    /// Returns `true` if there is a request that has not ended.
    pub(crate) const fn is_active(&self) -> bool {
        self.0.is_some()
    }

    #[cold]
    fn end_without_response(&mut self, outcome: Outcome) {
        if let Some(state) = self.0.take() {
            state.finish_without_response(outcome);
        }
    }

    /// Calls the inner service. A panic in it ends the request, and unwinds on.
    ///
    /// The runtime catches a panic before it drops the connection, so that it cannot be seen later.
    #[inline]
    pub(crate) fn watch<R>(&mut self, inner: impl FnOnce() -> R) -> R {
        let Some(state) = &self.0 else { return inner() };
        let _active = state.activate();
        let guard = PanicGuard(self);
        let result = inner();
        mem::forget(guard);
        result
    }
}

/// Ends a request when it is dropped, which only a panic does.
struct PanicGuard<'a>(&'a mut InFlightRequest);

impl Drop for PanicGuard<'_> {
    fn drop(&mut self) {
        self.0.end_without_response(Outcome::PANIC);
    }
}

impl Drop for InFlightRequest {
    #[inline]
    fn drop(&mut self) {
        if self.is_active() {
            self.end_without_response(outcome_of_drop());
        }
    }
}

/// Returns the outcome of a request that is dropped: its client has disconnected, or a panic outside of the inner service unwinds.
pub(crate) fn outcome_of_drop() -> Outcome {
    if thread::panicking() { Outcome::PANIC } else { Outcome::CLIENT_GONE }
}

impl RequestState {
    #[inline]
    fn outcome(&mut self, request: &HttpRequest, head: &ResponseHead) -> ResponseOutcome {
        if self.extra.is_some() {
            self.record_first_byte();
        }
        let key = self.cache.outcome_key(request, head);
        if self.cache.has_one_route() {
            return ResponseOutcome { series: None, key };
        }
        let route = self.cache.routes.matched(request, Some(head), self.predicted.id, &self.path);
        let series = (route != self.predicted.id).then(|| self.cache.for_other_route(&self.predicted, route));
        ResponseOutcome { series, key }
    }

    #[cold]
    fn record_first_byte(&mut self) {
        if let Some(extra) = &mut self.extra {
            extra.first_byte = Some(self.stopwatch.elapsed());
        }
    }

    /// Records the size of a body that is sent in one piece. By method or status a response may have none.
    #[cold]
    fn record_whole_body(&mut self, outcome: &ResponseOutcome, size: BodySize) {
        if let BodySize::Sized(bytes) = size
            && !self.is_unread(outcome)
        {
            self.record_sent(bytes);
        }
    }

    /// Records bytes of the response's body.
    pub(crate) fn record_sent(&mut self, bytes: u64) {
        if let Some(extra) = &mut self.extra {
            extra.bytes_sent += bytes;
        }
    }

    /// Returns `true` if nobody reads the body to its end: by method or status the response has none, or it is an upgrade, whose
    /// connection either side may end.
    pub(crate) fn is_unread(&self, outcome: &ResponseOutcome) -> bool {
        matches!(outcome.status(), 100..200 | 204 | 304) || self.predicted.key.method() == Method::Head
    }

    /// Marks the inner service as being called.
    #[inline]
    pub(crate) fn activate(&self) -> ActiveMiddleware {
        ActiveMiddleware::enter(&self.cache.families)
    }

    /// Counts the request, which has ended.
    #[inline]
    pub(crate) fn finish(&self, outcome: &ResponseOutcome) {
        let nanos = elapsed_nanos(self.stopwatch);
        let series = outcome.series.as_ref().unwrap_or(&self.predicted);
        if !series.record_fast(&self.predicted, outcome.key, nanos) {
            self.record(series, outcome.key, nanos);
        }
    }

    /// Counts the request under the first route whose pattern fits its path, as no response tells which one has taken it.
    #[cold]
    fn finish_without_response(&self, outcome: Outcome) {
        let nanos = elapsed_nanos(self.stopwatch);
        let key = OutcomeKey::new(outcome, 0);
        if self.cache.has_one_route() {
            return self.record(&self.predicted, key, nanos);
        }
        let route = self.cache.routes.without_response(&self.path);
        self.record(&self.cache.for_other_route(&self.predicted, route), key, nanos);
    }

    #[inline(never)]
    fn record(&self, series: &RouteSeries, key: OutcomeKey, nanos: u64) {
        if !self.predicted.is_excluded() {
            self.predicted.decrement_gauge(&self.cache.families);
        }
        if !series.is_excluded() {
            series.record(&self.cache, key, nanos, self.extra.as_deref());
        }
    }
}

impl Drop for RequestState {
    #[inline]
    fn drop(&mut self) {
        if !self.path.is_empty() {
            self.cache.recycle_path(mem::take(&mut self.path));
        }
    }
}

impl ResponseOutcome {
    /// Takes the outcome out of the place where it is no longer used.
    pub(crate) const fn take(&mut self) -> Self {
        Self { series: self.series.take(), key: self.key }
    }

    pub(crate) const fn status(&self) -> u16 {
        self.key.status()
    }

    /// Changes the outcome of a request that ends otherwise than its response's head told.
    pub(crate) const fn set_outcome(&mut self, outcome: Outcome) {
        self.key = OutcomeKey::new(outcome, self.key.label_set());
    }
}

#[cold]
#[expect(clippy::unnecessary_box_returns, reason = "the box keeps the request's state small")]
fn start_measuring(cache: &SeriesCache, request: &mut ServiceRequest) -> Box<ExtraMeasurements> {
    let counts_bytes = !cache.families.request_sizes.is_empty();
    let bytes_read = if counts_bytes { request_body::count_bytes(request) } else { None };
    Box::new(ExtraMeasurements { bytes_read, ..ExtraMeasurements::default() })
}
