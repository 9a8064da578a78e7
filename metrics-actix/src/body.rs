//! The body of a measured response that comes piece by piece.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use actix_web::{
    body::{BodySize, BoxBody, MessageBody},
    web::Bytes,
};
use pin_project_lite::pin_project;

use crate::sending::Sending;

pin_project! {
    /// A body that is not in memory. The request ends with its last byte, or when it is dropped before.
    struct MeasuredBody<B> {
        #[pin]
        body: B,
        sending: Sending,
    }
}

/// The body as it is, if it is in memory or there is none: nobody has to wait for its end.
#[inline]
pub(crate) fn in_memory<B: MessageBody + 'static>(body: B, size: BodySize) -> Result<BoxBody, B> {
    match size {
        BodySize::None => Ok(body.boxed()),
        BodySize::Sized(_) => body.try_into_bytes().map(BoxBody::new),
        BodySize::Stream => Err(body),
    }
}

/// A body whose end ends the request. It takes the one allocation that a body takes in a box.
pub(crate) fn measured<B: MessageBody + 'static>(body: B, sending: Sending) -> BoxBody {
    BoxBody::new(MeasuredBody { body, sending })
}

impl<B: MessageBody> MessageBody for MeasuredBody<B> {
    type Error = B::Error;

    #[inline]
    fn size(&self) -> BodySize {
        self.body.size()
    }

    #[inline]
    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let this = self.project();
        let next = ready!(this.sending.watch(|| this.body.poll_next(context)));
        this.sending.given(next.as_ref());
        Poll::Ready(next)
    }
}
