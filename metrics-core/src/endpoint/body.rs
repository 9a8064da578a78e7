//! The body of a response.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::{page_queue::PageOutcome, page_receiver::PageReceiver};

/// Body of a response of the [`MetricsEndpoint`](crate::MetricsEndpoint). A page of more than 64 KiB is streamed; the size of any
/// other body is known.
#[derive(Debug)]
pub struct EndpointBody(BodyContent);

#[derive(Debug)]
enum BodyContent {
    Whole(Option<Bytes>),
    /// Response to `HEAD` for a page that `GET` would stream: no bytes, and no length.
    Omitted,
    Streamed(StreamedPage),
}

/// A page that is too large for one chunk.
#[derive(Debug)]
struct StreamedPage {
    /// Chunk that was made before the head was sent.
    first: Option<Bytes>,
    rest: PageReceiver,
    has_ended: bool,
}

impl EndpointBody {
    pub(super) fn whole(content: impl Into<Bytes>) -> Self {
        Self(BodyContent::Whole(Some(content.into()).filter(|content| !content.is_empty())))
    }

    pub(super) const fn omitted() -> Self {
        Self(BodyContent::Omitted)
    }

    /// Returns the bytes of a body that is not streamed, for servers with a body type of their own.
    ///
    /// # Errors
    ///
    /// Returns the unchanged body if it is streamed, or if it is the response to a `HEAD` request for a streamed page.
    ///
    /// ```
    /// use http::Request;
    /// use metrics_core::{EndpointRequest, MetricsEndpoint, Registry};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), http::Error> {
    /// let endpoint = MetricsEndpoint::new("/metrics").registry(&Registry::new());
    /// let request = Request::get("/metrics").body(())?;
    /// let response = endpoint.respond(EndpointRequest::new(&request)).await;
    /// assert_eq!(response.into_body().try_into_bytes().expect("a small page"), "");
    /// # Ok(())
    /// # }
    /// ```
    pub fn try_into_bytes(self) -> Result<Bytes, Self> {
        match self.0 {
            BodyContent::Whole(content) => Ok(content.unwrap_or_default()),
            BodyContent::Omitted | BodyContent::Streamed(_) => Err(self),
        }
    }

    pub(super) const fn streamed(first: Bytes, rest: PageReceiver) -> Self {
        Self(BodyContent::Streamed(StreamedPage { first: Some(first), rest, has_ended: false }))
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
            BodyContent::Whole(bytes) => bytes.take().map(Ok),
            BodyContent::Omitted => None,
            BodyContent::Streamed(page) => ready!(page.poll(context)),
        };
        Poll::Ready(next.map(|next| next.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            BodyContent::Whole(content) => content.is_none(),
            // An ended body would get the length 0.
            BodyContent::Omitted => false,
            BodyContent::Streamed(page) => page.has_ended && page.first.is_none(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            BodyContent::Whole(content) => {
                SizeHint::with_exact(content.as_ref().map_or(0, Bytes::len) as u64)
            }
            BodyContent::Omitted | BodyContent::Streamed(_) => SizeHint::default(),
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
            // Only the last chunk may be empty, and some servers take an empty chunk for the end.
            Ok(chunk) if chunk.bytes.is_empty() => None,
            Ok(chunk) => Some(Ok(chunk.bytes.into())),
            Err(outcome) => Some(Err(StreamAborted(outcome))),
        })
    }
}

/// Error of a streamed page that could not be finished. The server closes the connection, so that the scrape fails.
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
