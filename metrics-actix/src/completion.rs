//! Completion of a request: exactly once, with its response's head, its body, an error, a panic, or by being dropped.

use std::{mem, rc::Rc, thread};

use actix_web::{HttpRequest, body::BodySize, dev::ResponseHead, http::StatusCode};
use metrics_core::__private::elapsed_nanos;

use crate::{
    in_flight::{InFlightRequest, RequestState},
    labels::{Method, Outcome, OutcomeKey},
    matched_route::RoutedRequest,
    nesting::ActiveMiddleware,
    outcome_series::OutcomeSeries,
    series_cache::RouteSeries,
};

/// Series that a request will be counted in, as its response's head tells.
#[derive(Debug)]
pub(crate) struct ResponseOutcome {
    /// `None` where the prediction was right.
    series: Option<Rc<RouteSeries>>,
    key: OutcomeKey,
}

impl InFlightRequest {
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

    /// Ends the request as one whose response is not known.
    #[cold]
    pub(crate) fn end_without_response(&mut self, outcome: Outcome) {
        if let Some(state) = self.0.take() {
            state.finish_without_response(outcome);
        }
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
        let key = self.outcome_key(request, head);
        if self.cache.has_one_route() {
            return ResponseOutcome { series: None, key };
        }
        let predicted = &self.predicted.route;
        let routed = RoutedRequest { request, response: Some(head), predicted, path: &self.path };
        let route = routed.find_route(&self.cache.predictor);
        let series = (route != predicted.id).then(|| self.cache.for_other_route(&self.predicted, route));
        ResponseOutcome { series, key }
    }

    /// Returns the label values that a response's head tells.
    #[inline]
    fn outcome_key(&self, request: &HttpRequest, head: &ResponseHead) -> OutcomeKey {
        let labels = &self.cache.options.response_labels;
        let label_set =
            self.cache.response_labels.label_set(labels, |label, cached| (label.read)(request, head, cached));
        OutcomeKey::new(Outcome::from_status(head.status.as_u16()), label_set)
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

    /// Counts the database operations of this thread for the request from now on.
    #[inline]
    pub(crate) fn enter_database_use(&self) {
        if let Some(extra) = &self.extra {
            extra.database_use.enter();
        }
    }

    /// Ends what [`enter_database_use`](Self::enter_database_use) has begun.
    #[inline]
    pub(crate) fn exit_database_use(&self) {
        if let Some(extra) = &self.extra {
            extra.database_use.exit();
        }
    }

    /// Marks the inner service as being called.
    #[inline]
    pub(crate) fn activate(&self) -> ActiveMiddleware {
        self.enter_database_use();
        ActiveMiddleware::enter(&self.cache.families)
    }

    /// Counts the request, which has ended.
    #[inline]
    pub(crate) fn finish(&self, outcome: &ResponseOutcome) {
        let nanos = elapsed_nanos(self.stopwatch);
        let series = outcome.series.as_ref().unwrap_or(&self.predicted);
        if !series.outcomes.record_fast(self.predicted.in_progress.get(), outcome.key, nanos) {
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
        let route = self.cache.predictor.find_without_response(&self.path);
        self.record(&self.cache.for_other_route(&self.predicted, route), key, nanos);
    }

    #[inline(never)]
    fn record(&self, series: &RouteSeries, key: OutcomeKey, nanos: u64) {
        if !self.predicted.is_excluded() {
            self.predicted.decrement_gauge(&self.cache.families);
        }
        if !series.is_excluded() {
            let record = |outcome: &OutcomeSeries| {
                outcome.record(&self.cache.families, nanos, self.extra.as_deref());
            };
            series.outcomes.record(key, || self.cache.create_outcome(series, key), record);
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
