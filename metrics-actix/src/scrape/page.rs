//! The page, made on a thread of its own.

use std::{
    ops::ControlFlow,
    thread,
    time::{Duration, Instant},
};

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder, body,
    http::{
        Method,
        header::{
            ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, RETRY_AFTER, VARY,
        },
    },
    web::Bytes,
};
use metrics_core::{Page, PageChunks, Scrape};
use tokio::runtime::Handle;

use super::{
    error_response::ErrorFormat,
    options::Options,
    page_body::{PageReceiver, StreamedPage},
    page_queue::{self, PageOutcome, QueueSender},
};

/// A page up to this size is sent as a whole, with its length; a larger one in chunks of this size.
const CHUNK: usize = 1 << 16;

/// In which header Prometheus says how many seconds it waits.
const SCRAPE_TIMEOUT: &str = "x-prometheus-scrape-timeout-seconds";

/// Answers with a page, which is made on a thread of its own: a worker does other things meanwhile, and a service whose
/// blocking threads are all taken still shows its metrics.
pub(super) async fn answer(
    options: &Options,
    scrape: Scrape,
    error_format: ErrorFormat,
    request: &HttpRequest,
) -> HttpResponse {
    // There may be a page a little later.
    let busy = |why| {
        let mut response = HttpResponse::ServiceUnavailable();
        response.insert_header((RETRY_AFTER, "1"));
        error_format.refuse(response, why)
    };
    let Some(permit) = options.registry.begin_scrape(options.most_scrapes) else {
        return busy("there are as many scrapes as may be at once");
    };
    let deadline = after(time(options.timeout, request.headers()));
    let chunks = options.registry.chunks(scrape);
    let (content_type, encoding) = (chunks.content_type(), chunks.content_encoding());
    let (sender, receiver) = page_queue::queue(permit, deadline);
    let mut page = PageReceiver::new(receiver);
    if let Err(error) = make(chunks, sender) {
        log::error!("no thread for a scrape: {error}");
        return busy("there is no thread for a scrape");
    }
    let first = match page.next().await {
        Ok(first) => first,
        Err(PageOutcome::TimedOut) => return busy("the metrics page was not begun in time"),
        Err(_) => {
            return error_format
                .refuse(HttpResponse::InternalServerError(), "the metrics page could not be made");
        }
    };
    let mut response = HttpResponse::Ok();
    response
        .insert_header((CONTENT_TYPE, content_type))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((VARY, Page::VARY));
    if let Some(encoding) = encoding {
        response.insert_header((CONTENT_ENCODING, encoding));
    }
    send(&mut response, first.is_last, first.bytes.into(), page, request.method())
}

fn send(
    response: &mut HttpResponseBuilder,
    is_whole: bool,
    first: Bytes,
    page: PageReceiver,
    method: &Method,
) -> HttpResponse {
    if is_whole {
        return response.body(first);
    }
    if method == Method::HEAD {
        // The rest is not asked for; that it is dropped is no fault of the scraper's. A body without a length would make
        // actix end it, and the scraper take that for the next answer.
        page.finish();
        return response.body(body::None::new());
    }
    response.body(StreamedPage::new(first, page))
}

/// Makes the page; returns before it is made.
fn make(chunks: PageChunks, sender: QueueSender) -> std::io::Result<()> {
    let runtime = Handle::try_current().ok();
    let make = move || {
        // A collector may ask for the runtime that it is in.
        let _context = runtime.as_ref().map(Handle::enter);
        // What it ends with is known to the sender.
        let _ended: ControlFlow<()> = chunks.send(CHUNK, |chunk| sender.send(chunk));
    };
    thread::Builder::new().name("metrics-scrape".into()).spawn(make).map(drop)
}

/// The time after another, or after a year where that is further away than a clock goes.
fn after(time: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(time).unwrap_or_else(|| now + Duration::from_secs(365 * 24 * 3600))
}

/// How long a scrape may take: as long as the scraper waits, but no longer than the route allows.
fn time(most: Duration, headers: &HeaderMap) -> Duration {
    let wanted = headers.get(SCRAPE_TIMEOUT).and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let wanted = wanted.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    wanted.filter(|wanted| !wanted.is_zero()).map_or(most, |wanted| wanted.min(most))
}

/// The scrape of a format, restricted and compressed as the request says.
pub(super) fn scrape<A: AsRef<[u8]>>(accept: impl IntoIterator<Item = A>, request: &HttpRequest) -> Scrape {
    let encodings = request.headers().get_all(ACCEPT_ENCODING);
    Scrape::negotiate(accept, encodings).query(request.query_string())
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

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
            headers.insert(
                HeaderName::from_static(SCRAPE_TIMEOUT),
                HeaderValue::from_str(value).expect("a header's value"),
            );
            assert_eq!(time(most, &headers), expected, "{value}");
        }
        assert_eq!(time(most, &HeaderMap::new()), most);
    }
}
