//! Pages in chunks, which take little memory.

mod compressor;
mod permit;

use std::{fmt, ops::ControlFlow};

use self::compressor::Compressor;
pub use self::permit::ScrapePermit;
use super::{
    page,
    page_writer::{PageWriter, TakePart},
    scrape::Scrape,
    scrape_stats::ScrapeStats,
};
use crate::{encode::PageBuffer, model::format, registry::Registry};

/// Page of a scrape that is sent in chunks while it is made: see [`Registry::chunks`].
///
/// One chunk is in memory at a time. In the protobuf format it is one family, as a family's length precedes it: 67 bytes for a counter
/// with three short labels, so 6.7 MB for a hundred thousand of them.
///
/// Such a page is not a snapshot of one moment. Series are read while the page is sent, so a slow scraper gets later values at the end
/// of the page than at its start. The page has the families of its start, and each of them is whole. The values of one series belong
/// together: a histogram's `+Inf` bucket is its count.
///
/// If `send` refuses a chunk, the rest of the page is not made, and no further batch of series is read.
///
/// ```
/// use std::ops::ControlFlow;
///
/// use metrics_core::{Counter, Definition, Registry, Scrape};
///
/// let registry = Registry::new();
/// let jobs: Counter = registry.register(&Definition::new("app_jobs_total", "Jobs that ended."))?;
/// let chunks = registry.chunks(Scrape::negotiate(["*/*"], ["identity"]));
/// assert_eq!(chunks.content_type(), "text/plain; version=0.0.4; charset=utf-8");
/// let mut sent = Vec::new();
/// let end = chunks.send(1 << 16, |chunk| {
///     assert!(chunk.is_last); // it is a small page
///     sent.extend(chunk.bytes);
///     ControlFlow::Continue(())
/// });
/// assert!(end.is_continue());
/// assert_eq!(sent, registry.text().as_bytes());
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
pub struct PageChunks {
    registry: Registry,
    scrape: Scrape,
}

/// A chunk of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Chunk {
    /// Next bytes of the page, which may be cut anywhere.
    pub bytes: Vec<u8>,
    /// Value of the header `Content-Encoding` of a compressed page, the same in all of its chunks. A small page is not compressed.
    pub content_encoding: Option<&'static str>,
    /// Set for the last chunk of a page.
    pub is_last: bool,
}

impl PageChunks {
    pub(crate) fn new(registry: Registry, scrape: Scrape) -> Self {
        Self { registry, scrape }
    }

    /// Returns the value of the header `Content-Type`.
    pub const fn content_type(&self) -> &'static str {
        format::content_type(self.scrape.format(), self.scrape.escaping())
    }

    /// Makes the page and sends it in chunks of at least `size` bytes; the last may be shorter. A chunk exceeds the size by less than a
    /// series, or by less than a family in the protobuf format.
    ///
    /// `send` may block for any time, as no lock is held. If it breaks, the page ends, and this method breaks too.
    pub fn send(self, size: usize, mut send: impl FnMut(Chunk) -> ControlFlow<()>) -> ControlFlow<()> {
        let stats = ScrapeStats::begin(&self.registry, self.scrape.format());
        let mut length = 0;
        let encoding = self.scrape.encoding();
        let mut compressor = None;
        let mut take = |part| {
            let compressor = compressor.get_or_insert_with(|| Compressor::new(encoding));
            // Compression to memory does not fail.
            let Ok(()) = compressor.push(part) else { return ControlFlow::Break(()) };
            match compressor.take(size.max(1)) {
                Some(bytes) => {
                    length += bytes.len();
                    let content_encoding = compressor.content_encoding();
                    send(Chunk { bytes, content_encoding, is_last: false })
                }
                None => ControlFlow::Continue(()),
            }
        };
        let mut stopped = false;
        let mut noting = |part: Vec<u8>| {
            let flow = take(part);
            stopped |= flow.is_break();
            flow
        };
        let rest = encode(&self.registry, &self.scrape, size.max(1), &mut noting);
        if stopped {
            return ControlFlow::Break(());
        }
        // Without a part before it the rest is the whole page.
        let mut compressor = compressor.unwrap_or_else(|| Compressor::new(encoding.for_page(rest.len())));
        let content_encoding = compressor.content_encoding();
        let finished = compressor.push(rest).and_then(|()| compressor.finish());
        let Ok(bytes) = finished else { return ControlFlow::Break(()) };
        length += bytes.len();
        let flow = send(Chunk { bytes, content_encoding, is_last: true });
        if flow.is_continue() {
            stats.finish(length);
        }
        flow
    }
}

impl fmt::Debug for PageChunks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageChunks").field("scrape", &self.scrape).finish_non_exhaustive()
    }
}

/// Makes a page and passes it to `take` in parts; returns the last part.
fn encode(registry: &Registry, scrape: &Scrape, size: usize, take: &mut TakePart<'_>) -> Vec<u8> {
    let mut buffer = PageBuffer::default();
    let mut out = PageWriter::in_parts(&mut buffer, size, take);
    page::encode(registry, scrape.format(), scrape.filter(), &mut out);
    buffer.into_bytes()
}
