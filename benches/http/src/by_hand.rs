//! Instrumentation by hand with the `prometheus` crate: a counter, a histogram and a gauge, each looked up by its labels at
//! each request. A request ends with the head of its response; panics and disconnects are not counted.

use std::time::Instant;

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
};
use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, IntGaugeVec, Opts};

/// The metrics.
#[derive(Clone)]
pub(crate) struct ByHand {
    requests: IntCounterVec,
    duration: HistogramVec,
    in_progress: IntGaugeVec,
}

impl ByHand {
    pub(crate) fn new() -> Self {
        let requests = Opts::new("http_requests_total", "Requests.");
        let duration = HistogramOpts::new("http_request_duration_seconds", "Time.");
        let in_progress = Opts::new("http_requests_in_progress", "In progress.");
        Self {
            requests: IntCounterVec::new(requests, &["method", "endpoint", "status"]).expect("legal"),
            duration: HistogramVec::new(duration, &["method", "endpoint"]).expect("legal"),
            in_progress: IntGaugeVec::new(in_progress, &["method"]).expect("legal"),
        }
    }

    pub(crate) async fn measure<B: MessageBody>(
        self,
        request: ServiceRequest,
        next: Next<B>,
    ) -> Result<ServiceResponse<B>, Error> {
        let start = Instant::now();
        let method = request.method().clone();
        let in_progress = self.in_progress.with_label_values(&[method.as_str()]);
        in_progress.inc();
        let response = next.call(request).await;
        in_progress.dec();
        if let Ok(response) = &response {
            let pattern = response.request().match_pattern();
            let endpoint = pattern.as_deref().unwrap_or("unmatched");
            let status = response.status();
            self.requests.with_label_values(&[method.as_str(), endpoint, status.as_str()]).inc();
            let duration = self.duration.with_label_values(&[method.as_str(), endpoint]);
            duration.observe(start.elapsed().as_secs_f64());
        }
        response
    }
}
