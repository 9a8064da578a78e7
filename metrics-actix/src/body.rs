//! The body of a measured response.

use std::{
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

use actix_web::{
    body::{BodySize, MessageBody},
    web::Bytes,
};
use pin_project_lite::pin_project;

use crate::sending::Sending;

pin_project! {
    /// The body of a response under [`HttpMetrics`](crate::HttpMetrics). The request ends with the body's last byte, or when the
    /// body is dropped before.
    #[derive(Debug)]
    pub struct MeasuredBody<B> {
        #[pin]
        kind: Kind<B>,
    }
}

pin_project! {
    #[derive(Debug)]
    #[project = KindProjection]
    enum Kind<B> {
        // What is left to give is in memory, and the request has ended.
        Whole { bytes: Bytes },
        Streamed {
            #[pin]
            body: B,
            sending: Sending,
        },
    }
}

impl<B> MeasuredBody<B> {
    #[inline]
    pub(crate) const fn whole(bytes: Bytes) -> Self {
        Self { kind: Kind::Whole { bytes } }
    }

    #[inline]
    pub(crate) const fn streamed(body: B, sending: Sending) -> Self {
        Self { kind: Kind::Streamed { body, sending } }
    }
}

impl<B: MessageBody> MessageBody for MeasuredBody<B> {
    type Error = B::Error;

    #[inline]
    fn size(&self) -> BodySize {
        match &self.kind {
            Kind::Whole { bytes } => bytes.size(),
            Kind::Streamed { body, .. } => body.size(),
        }
    }

    #[inline]
    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        match self.project().kind.project() {
            KindProjection::Whole { bytes } => Poll::Ready((!bytes.is_empty()).then(|| Ok(mem::take(bytes)))),
            KindProjection::Streamed { body, sending } => {
                let next = ready!(sending.watch(|| body.poll_next(context)));
                sending.given(next.as_ref());
                Poll::Ready(next)
            }
        }
    }

    #[inline]
    fn try_into_bytes(self) -> Result<Bytes, Self> {
        match self.kind {
            Kind::Whole { bytes } => Ok(bytes),
            Kind::Streamed { body, mut sending } => match body.try_into_bytes() {
                Ok(bytes) => {
                    sending.given_whole(&bytes);
                    Ok(bytes)
                }
                Err(body) => Err(Self::streamed(body, sending)),
            },
        }
    }
}
