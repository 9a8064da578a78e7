//! Future of a measured request: the calls into the inner service, and its response.

use std::{
    future::Future,
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

use actix_web::{
    Error, HttpResponse,
    body::{BodySize, BoxBody, MessageBody},
    dev::ServiceResponse,
    error::InternalError,
    http::StatusCode,
};
use pin_project_lite::pin_project;

use crate::{in_flight::InFlightRequest, labels::Outcome, mounted_routes, response_body::stream};

pin_project! {
    /// Future of a request under [`HttpMetrics`](crate::HttpMetrics).
    #[derive(Debug)]
    pub struct MeasuredFuture<F> {
        #[pin]
        inner: F,
        in_flight: InFlightRequest,
    }

    impl<F> PinnedDrop for MeasuredFuture<F> {
        fn drop(this: Pin<&mut Self>) {
            // The inner future is dropped next, and with it operations that have not ended.
            if let Some(state) = &this.project().in_flight.0 {
                state.enter_database_use();
            }
        }
    }
}

impl<F> MeasuredFuture<F> {
    /// Calls the inner service.
    #[inline]
    pub(crate) fn start(mut in_flight: InFlightRequest, call: impl FnOnce() -> F) -> Self {
        let inner = in_flight.watch(call);
        Self { inner, in_flight }
    }
}

impl InFlightRequest {
    /// Calls the inner service. A panic in it ends the request, and unwinds on.
    ///
    /// The runtime catches a panic before it drops the connection, so that it cannot be seen later.
    #[inline]
    fn watch<R>(&mut self, inner: impl FnOnce() -> R) -> R {
        let Some(state) = &self.0 else { return inner() };
        let _active = state.activate();
        let guard = PanicGuard(self);
        let result = inner();
        mem::forget(guard);
        if let Some(state) = &self.0 {
            state.exit_database_use();
        }
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

impl<F, B> Future for MeasuredFuture<F>
where
    F: Future<Output = Result<ServiceResponse<B>, Error>>,
    B: MessageBody + 'static,
{
    type Output = Result<ServiceResponse, Error>;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        Poll::Ready(match ready!(this.in_flight.watch(|| this.inner.poll(context))) {
            Ok(response) => Ok(measure_response(this.in_flight, response)),
            Err(error) => Err(measure_error(this.in_flight, error)),
        })
    }
}

/// Records a response's head. The request ends here if the body is in memory, as the server takes that in one piece; otherwise it
/// ends with the body.
#[inline]
fn measure_response<B: MessageBody + 'static>(
    in_flight: &mut InFlightRequest,
    response: ServiceResponse<B>,
) -> ServiceResponse {
    if cfg!(debug_assertions) {
        mounted_routes::check_response(response.request(), response.status());
    }
    let outcome = in_flight.outcome(response.request(), response.response().head());
    let Some(mut outcome) = outcome else { return response.map_into_boxed_body() };
    let size = response.response().body().size();
    // `map_body` is not inlined, and moves the whole response once more.
    let (request, response) = response.into_parts();
    let (response, body) = response.into_parts();
    let body = match into_memory(body, size) {
        Ok(body) => body,
        Err(body) => stream(in_flight, body, size, &mut outcome),
    };
    in_flight.complete(&outcome, size);
    ServiceResponse::new(request, response.set_body(body))
}

/// Returns the body as it is if it is in memory or empty.
#[inline]
fn into_memory<B: MessageBody + 'static>(body: B, size: BodySize) -> Result<BoxBody, B> {
    match size {
        BodySize::None => Ok(body.boxed()),
        BodySize::Sized(_) => body.try_into_bytes().map(BoxBody::new),
        BodySize::Stream => Err(body),
    }
}

#[cold]
fn measure_error(in_flight: &mut InFlightRequest, error: Error) -> Error {
    if !in_flight.is_active() {
        return error;
    }
    let (status, error) = status_of(error);
    in_flight.fail(status);
    error
}

/// Returns the status of an error's response, and the error to pass on.
///
/// An `InternalError` that was made of a response gives it once only, so the response is asked for only if the error's own status
/// is 500: that is also the status of an error that tells it in its response alone.
fn status_of(error: Error) -> (StatusCode, Error) {
    let status = error.as_response_error().status_code();
    if status != StatusCode::INTERNAL_SERVER_ERROR {
        return (status, error);
    }
    let response = error.error_response();
    let status = response.status();
    if is_repeatable(&error, &response) {
        return (status, error);
    }
    (status, InternalError::from_response(error, response).into())
}

/// Returns `true` if an error gives the same response once more.
fn is_repeatable(error: &Error, response: &HttpResponse) -> bool {
    let again = error.error_response();
    again.status() == response.status()
        && again.body().size() == response.body().size()
        && again.headers().len() == response.headers().len()
}
