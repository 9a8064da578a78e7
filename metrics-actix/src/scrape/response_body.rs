//! Streamed page as a body of actix-web.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use actix_web::{
    body::{BodySize, MessageBody},
    web::Bytes,
};
use http_body::Body as _;
use metrics_core::{EndpointBody, StreamAborted};

/// Body whose length is not known.
#[derive(Debug)]
pub(super) struct StreamedBody(pub(super) EndpointBody);

impl MessageBody for StreamedBody {
    type Error = StreamAborted;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, StreamAborted>>> {
        let frame = ready!(Pin::new(&mut self.0).poll_frame(context));
        // All frames are data.
        Poll::Ready(frame.map(|frame| frame.map(|frame| frame.into_data().unwrap_or_default())))
    }
}
