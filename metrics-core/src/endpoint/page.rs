//! Responses with a page, which is made on a thread of its own.

use std::{io, ops::ControlFlow, thread, time::Duration};

use http::{
    HeaderName, HeaderValue, Method, Response, StatusCode,
    header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, RETRY_AFTER, VARY},
};
use tokio::runtime::Handle;

use super::{
    body::EndpointBody,
    deadline::Deadline,
    error_response::ErrorFormat,
    page_queue::{self, PageLimits, PageOutcome, QueueSender},
    page_receiver::PageReceiver,
    request::EndpointRequest,
};
use crate::{
    exposition::{Chunk, Page, PageChunks, Scrape},
    registry::Registry,
};

/// Size of a chunk, and of the largest page that is sent as a whole.
const CHUNK_SIZE: usize = 1 << 16;

/// Header in which Prometheus says how many seconds it waits.
const SCRAPE_TIMEOUT: HeaderName = HeaderName::from_static("x-prometheus-scrape-timeout-seconds");

/// Registry of the pages, and the limits of a scrape.
#[derive(Clone, Debug)]
pub(super) struct PageSource {
    pub(super) registry: Registry,
    pub(super) max_concurrent: usize,
    pub(super) timeout: Duration,
    pub(super) send_timeout: Duration,
}

impl PageSource {
    /// Returns the deadline of a scrape: the scraper's or the configured one, whichever is earlier.
    pub(super) fn deadline(&self, headers: &HeaderMap) -> Deadline {
        Deadline::after(timeout(self.timeout, headers))
    }

    /// Makes a page on a thread of its own: the server's threads stay free for requests, and a service whose blocking threads are
    /// all busy still shows its metrics.
    pub(super) async fn respond(
        &self,
        scrape: Scrape,
        deadline: Deadline,
        format: ErrorFormat,
        method: &Method,
    ) -> Response<EndpointBody> {
        let Some(permit) = self.registry.begin_scrape(self.max_concurrent) else {
            return unavailable(format, "too many scrapes are in flight");
        };
        let chunks = self.registry.chunks(scrape);
        let content_type = chunks.content_type();
        let limits = PageLimits { deadline: deadline.at(), send_timeout: self.send_timeout };
        let (sender, receiver) = page_queue::queue(permit, limits);
        let mut page = PageReceiver::new(receiver, deadline);
        if let Err(error) = spawn(chunks, sender) {
            log::error!("cannot start a thread for a scrape: {error}");
            return unavailable(format, "no thread could be started for the scrape");
        }
        let first = match page.next().await {
            Ok(first) => first,
            Err(PageOutcome::TimedOut) => {
                return unavailable(format, "the metrics page was not begun in time");
            }
            Err(PageOutcome::Complete | PageOutcome::Abandoned | PageOutcome::Failed) => {
                let status = StatusCode::INTERNAL_SERVER_ERROR;
                return format.response(status, "the metrics page could not be made", []);
            }
        };
        let headers = page_headers(content_type, first.content_encoding);
        let mut response = Response::new(body(first, page, method));
        *response.headers_mut() = headers;
        response
    }
}

/// Creates the response to a scrape that may succeed a little later.
pub(super) fn unavailable(format: ErrorFormat, reason: &'static str) -> Response<EndpointBody> {
    let retry = (RETRY_AFTER, HeaderValue::from_static("1"));
    format.response(StatusCode::SERVICE_UNAVAILABLE, reason, [retry])
}

/// Reads the format, the compression and the family names of a scrape from a request.
pub(super) fn scrape<A: AsRef<[u8]>>(
    accept: impl IntoIterator<Item = A>,
    request: &EndpointRequest<'_>,
) -> Scrape {
    let encodings = request.headers.get_all(ACCEPT_ENCODING);
    Scrape::negotiate(accept, encodings).query(request.query)
}

fn page_headers(content_type: &'static str, content_encoding: Option<&'static str>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(VARY, HeaderValue::from_static(Page::VARY));
    if let Some(encoding) = content_encoding {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    headers
}

fn body(first: Chunk, rest: PageReceiver, method: &Method) -> EndpointBody {
    if first.is_last {
        return EndpointBody::whole(first.bytes);
    }
    if method == Method::HEAD {
        // Nobody asked for the rest, so that dropping it must not count as abandoned.
        rest.finish();
        return EndpointBody::omitted();
    }
    EndpointBody::streamed(first.bytes.into(), rest)
}

/// Starts the thread that makes the page.
fn spawn(chunks: PageChunks, sender: QueueSender) -> io::Result<()> {
    let runtime = Handle::try_current().ok();
    let make = move || {
        // A collector may use the current runtime.
        let _context = runtime.as_ref().map(Handle::enter);
        // The sender has the outcome.
        let _outcome: ControlFlow<()> = chunks.send(CHUNK_SIZE, |chunk| sender.send(chunk));
    };
    thread::Builder::new().name("metrics-scrape".into()).spawn(make).map(drop)
}

/// Returns the time for which the scraper waits, at most `most`.
fn timeout(most: Duration, headers: &HeaderMap) -> Duration {
    let wanted = headers.get(SCRAPE_TIMEOUT).and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let wanted = wanted.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    wanted.filter(|wanted| !wanted.is_zero()).map_or(most, |wanted| wanted.min(most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scraper_can_shorten_its_time() {
        let most = Duration::from_secs(60);
        for (value, expected) in [
            ("10", Duration::from_secs(10)),
            (" 0.5 ", Duration::from_millis(500)),
            ("61", most),
            ("1e300", most),
            ("inf", most),
            ("NaN", most),
            ("-1", most),
            ("0", most),
            ("ten", most),
            ("", most),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(SCRAPE_TIMEOUT, HeaderValue::from_str(value).expect("a header's value"));
            assert_eq!(timeout(most, &headers), expected, "{value}");
        }
        assert_eq!(timeout(most, &HeaderMap::new()), most);
    }
}
