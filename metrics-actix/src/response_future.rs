//! Future of a measured request.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use actix_web::{
    Error, HttpResponse, body::MessageBody, dev::ServiceResponse, error::InternalError, http::StatusCode,
};
use pin_project_lite::pin_project;

use crate::{in_flight::InFlightRequest, response_body::measure_response};

pin_project! {
    /// Future of a request under [`HttpMetrics`](crate::HttpMetrics).
    #[derive(Debug)]
    pub struct MeasuredFuture<F> {
        #[pin]
        inner: F,
        in_flight: InFlightRequest,
    }
}

impl<F> MeasuredFuture<F> {
    pub(crate) const fn new(inner: F, in_flight: InFlightRequest) -> Self {
        Self { inner, in_flight }
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
