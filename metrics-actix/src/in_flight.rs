//! Request in flight: the values that its start leaves for its end.
//!
//! ```text
//! start   middleware ─► in_flight ─► series_cache ─► nesting, route_prediction ─► route_matcher
//! end     response_future ─► completion ─► matched_route, outcome_series
//! ```
//!
//! A streamed response passes `response_body` between `response_future` and `completion`. The end asks `series_cache` again for an
//! outcome that is new, for another route than the predicted one, and to give back the buffer of the path.

use std::rc::Rc;

use actix_web::dev::ServiceRequest;
use metrics_core::Stopwatch;

use crate::{
    outcome_series::ExtraMeasurements,
    request_body,
    series_cache::{RouteSeries, SeriesCache},
};

/// Request in flight; empty for one that is excluded or has ended.
///
/// Dropping it counts the request, so that it is counted exactly once whatever happens: see [`completion`](crate::completion).
#[derive(Debug)]
pub(crate) struct InFlightRequest(pub(crate) Option<RequestState>);

/// State of a request that has not ended.
#[derive(Debug)]
pub(crate) struct RequestState {
    pub(crate) stopwatch: Stopwatch,
    pub(crate) cache: Rc<SeriesCache>,
    /// Series whose gauge was incremented; decremented on completion.
    pub(crate) predicted: Rc<RouteSeries>,
    /// Path that the route was predicted from; empty where all requests have one route.
    pub(crate) path: String,
    pub(crate) extra: Option<Box<ExtraMeasurements>>,
}

impl InFlightRequest {
    /// Starts a request, unless it is excluded or counted already.
    #[inline]
    pub(crate) fn start(cache: &Rc<SeriesCache>, request: &mut ServiceRequest) -> Self {
        let stopwatch = Stopwatch::start();
        if cache.is_excluded(request) {
            return Self(None);
        }
        if cfg!(debug_assertions) {
            cache.families.unread_requests.note_request(&cache.options.registry);
        }
        let predicted = cache.predict(request);
        let path = if cache.has_one_route() { String::new() } else { cache.keep_path(request) };
        if !predicted.is_excluded() {
            predicted.increment_gauge(&cache.families);
        }
        let extra = cache.needs_extra_measurements.then(|| start_measuring(cache, request));
        Self(Some(RequestState { stopwatch, cache: Rc::clone(cache), predicted, path, extra }))
    }
}

#[cold]
#[expect(clippy::unnecessary_box_returns, reason = "the box keeps the request's state small")]
fn start_measuring(cache: &SeriesCache, request: &mut ServiceRequest) -> Box<ExtraMeasurements> {
    let counts_bytes = !cache.families.request_sizes.is_empty();
    let bytes_read = if counts_bytes { request_body::count_bytes(request) } else { None };
    Box::new(ExtraMeasurements { bytes_read, ..ExtraMeasurements::default() })
}
