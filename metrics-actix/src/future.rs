//! The future of a measured request.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use actix_web::{
    Error, HttpResponse, body::MessageBody, dev::ServiceResponse, error::InternalError, http::StatusCode,
};
use pin_project_lite::pin_project;

use crate::exchange::Exchange;

pin_project! {
    /// The future of a request under [`HttpMetrics`](crate::HttpMetrics).
    #[derive(Debug)]
    pub struct MeasuredFuture<F> {
        #[pin]
        inner: F,
        exchange: Exchange,
    }
}

impl<F> MeasuredFuture<F> {
    pub(crate) const fn new(inner: F, exchange: Exchange) -> Self {
        Self { inner, exchange }
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
        Poll::Ready(match ready!(this.exchange.watch(|| this.inner.poll(context))) {
            Ok(response) => Ok(this.exchange.respond(response)),
            Err(error) => Err(refuse(this.exchange, error)),
        })
    }
}

#[cold]
fn refuse(exchange: &mut Exchange, error: Error) -> Error {
    if !exchange.is_running() {
        return error;
    }
    let (status, error) = status_of(error);
    exchange.refuse(status);
    error
}

/// The status of the response that an error gives, and the error to pass on.
///
/// Asking for the response is avoided where it can be: an `InternalError` that was made of a response gives it once only. But
/// 500 is also what an error says that gives its status in the response alone.
fn status_of(error: Error) -> (StatusCode, Error) {
    let status = error.as_response_error().status_code();
    if status != StatusCode::INTERNAL_SERVER_ERROR {
        return (status, error);
    }
    let response = error.error_response();
    let status = response.status();
    if gives_again(&error, &response) {
        return (status, error);
    }
    (status, InternalError::from_response(error, response).into())
}

/// Whether an error gives the same response once more.
fn gives_again(error: &Error, response: &HttpResponse) -> bool {
    let again = error.error_response();
    again.status() == response.status()
        && again.body().size() == response.body().size()
        && again.headers().len() == response.headers().len()
}
