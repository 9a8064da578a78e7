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
        exchange: Exchange,
    }
}

impl<B> MeasuredBody<B> {
    pub(crate) const fn new(body: B, size: BodySize, exchange: Exchange) -> Self {
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
        let next = ready!(this.exchange.watch(|| this.body.poll_next(context)));
        match &next {
            Some(Ok(chunk)) => {
                this.exchange.sent(chunk.len());
                if let Some(remaining) = this.remaining {
                    *remaining = remaining.saturating_sub(chunk.len() as u64);
                }
                // The server may drop a body without asking for what comes after its last byte.
                if *this.remaining == Some(0) {
                    this.exchange.complete();
                }
            }
            Some(Err(_)) => this.exchange.fail(),
            None => this.exchange.complete(),
        }
        Poll::Ready(next)
    }

    fn try_into_bytes(self) -> Result<Bytes, Self> {
        let Self { body, remaining, mut exchange } = self;
        match body.try_into_bytes() {
            Ok(bytes) => {
                exchange.sent(bytes.len());
                exchange.complete();
                Ok(bytes)
            }
            Err(body) => Err(Self { body, remaining, exchange }),
        }
    }
}
