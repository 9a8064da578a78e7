//! The body of a measured response.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use actix_web::{
    body::{BodySize, MessageBody},
    web::Bytes,
};
use pin_project_lite::pin_project;

use crate::exchange::Exchange;

pin_project! {
    /// The body of a response under [`HttpMetrics`](crate::HttpMetrics). The request ends with the body's last byte, or when the
    /// body is dropped before.
    #[derive(Debug)]
    pub struct MeasuredBody<B> {
        #[pin]
        body: B,
        // How much is still to come, where that is known.
        remaining: Option<u64>,
        // None for a request that is left out, or that has ended.
        exchange: Option<Exchange>,
    }
}

impl<B> MeasuredBody<B> {
    pub(crate) const fn new(body: B, size: BodySize, exchange: Option<Exchange>) -> Self {
        let remaining = match size {
            BodySize::Sized(size) => Some(size),
            BodySize::None | BodySize::Stream => None,
        };
        Self { body, remaining, exchange }
    }
}

impl<B: MessageBody> MessageBody for MeasuredBody<B> {
    type Error = B::Error;

    #[inline]
    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let this = self.project();
        let next = ready!(Exchange::watch(this.exchange, || this.body.poll_next(context)));
        match &next {
            Some(Ok(chunk)) => {
                Exchange::sent(this.exchange, chunk.len());
                if let Some(remaining) = this.remaining {
                    *remaining = remaining.saturating_sub(chunk.len() as u64);
                }
                // The server may drop a body without asking for what comes after its last byte.
                if *this.remaining == Some(0) {
                    Exchange::complete(this.exchange);
                }
            }
            Some(Err(_)) => Exchange::fail(this.exchange),
            None => Exchange::complete(this.exchange),
        }
        Poll::Ready(next)
    }

    fn try_into_bytes(self) -> Result<Bytes, Self> {
        let Self { body, remaining, mut exchange } = self;
        match body.try_into_bytes() {
            Ok(bytes) => {
                Exchange::sent(&mut exchange, bytes.len());
                Exchange::complete(&mut exchange);
                Ok(bytes)
            }
            Err(body) => Err(Self { body, remaining, exchange }),
        }
    }
}
