//! The body of a response.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::{page_queue::PageOutcome, page_receiver::PageReceiver};

/// Body of a response of the [`MetricsEndpoint`](crate::MetricsEndpoint): whole, or a page that is sent while it is made.
///
/// The size is known exactly where the body is whole.
#[derive(Debug)]
pub struct EndpointBody(Content);

#[derive(Debug)]
enum Content {
    Whole(Option<Bytes>),
    /// Response to `HEAD`, whose `GET` would be streamed: without bytes, and without a length.
    Omitted,
    Streamed(StreamedPage),
}

/// Page that is too large for one chunk.
#[derive(Debug)]
struct StreamedPage {
    /// Made before the head was sent.
    first: Option<Bytes>,
    rest: PageReceiver,
    has_ended: bool,
}

impl EndpointBody {
    pub(super) fn whole(content: impl Into<Bytes>) -> Self {
        Self(Content::Whole(Some(content.into()).filter(|content| !content.is_empty())))
    }

    pub(super) const fn omitted() -> Self {
        Self(Content::Omitted)
    }

    /// Returns the bytes of a body that is whole, or the body if it is streamed or omitted: for servers whose bodies are of another
    /// type.
    ///
    /// # Errors
    ///
    /// The error is the unchanged body.
    pub fn try_into_bytes(self) -> Result<Bytes, Self> {
        match self.0 {
            Content::Whole(content) => Ok(content.unwrap_or_default()),
            Content::Omitted | Content::Streamed(_) => Err(self),
        }
    }

    pub(super) const fn streamed(first: Bytes, rest: PageReceiver) -> Self {
        Self(Content::Streamed(StreamedPage { first: Some(first), rest, has_ended: false }))
    }
}

impl Body for EndpointBody {
    type Data = Bytes;
    type Error = StreamAborted;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, StreamAborted>>> {
        let next = match &mut self.0 {
            Content::Whole(bytes) => bytes.take().map(Ok),
            Content::Omitted => None,
            Content::Streamed(page) => ready!(page.poll(context)),
        };
        Poll::Ready(next.map(|next| next.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Content::Whole(content) => content.is_none(),
            // As empty as it is, it has no length.
            Content::Omitted => false,
            Content::Streamed(page) => page.has_ended && page.first.is_none(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Content::Whole(content) => SizeHint::with_exact(content.as_ref().map_or(0, Bytes::len) as u64),
            Content::Omitted | Content::Streamed(_) => SizeHint::default(),
        }
    }
}

impl StreamedPage {
    fn poll(&mut self, context: &Context<'_>) -> Poll<Option<Result<Bytes, StreamAborted>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(first)));
        }
        if self.has_ended {
            return Poll::Ready(None);
        }
        let next = ready!(self.rest.poll(context));
        self.has_ended = next.as_ref().map_or(true, |chunk| chunk.is_last);
        Poll::Ready(match next {
            // An empty chunk would end the body for some readers; the last one may be empty.
            Ok(chunk) if chunk.bytes.is_empty() => None,
            Ok(chunk) => Some(Ok(chunk.bytes.into())),
            Err(outcome) => Some(Err(StreamAborted(outcome))),
        })
    }
}

/// Error of a page whose rest is missing. A server closes the connection, by which the scraper sees it.
#[derive(Debug)]
pub struct StreamAborted(PageOutcome);

impl fmt::Display for StreamAborted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            PageOutcome::TimedOut => "the metrics page was not finished in time",
            PageOutcome::Complete | PageOutcome::Abandoned | PageOutcome::Failed => {
                "the metrics page could not be made"
            }
        })
    }
}

impl std::error::Error for StreamAborted {}
