//! Scrapes: the request and the page.

use std::{borrow::Cow, mem};

use super::{
    compression::Encoding,
    negotiation,
    page::{self, Filter},
    page_writer::PageWriter,
    scrape_stats::ScrapeStats,
};
use crate::{
    encode::PageBuffer,
    model::{
        Format,
        format::{self, Escaping},
    },
    registry::Registry,
};

/// Request for a page: the format, the compression and the names of families.
///
/// ```
/// use metrics_core::{Counter, Definition, Page, Registry, Scrape};
///
/// let registry = Registry::new();
/// let jobs: Counter = registry.register(&Definition::new("app_jobs_total", "Jobs that ended."))?;
/// // The headers `Accept` and `Accept-Encoding` of the request.
/// let scrape = Scrape::negotiate(["application/openmetrics-text; version=1.0.0"], ["identity"]);
/// let mut page = Page::default(); // keep it for the next scrape
/// registry.scrape(&scrape, &mut page);
/// assert_eq!(page.content_type(), "application/openmetrics-text; version=1.0.0; charset=utf-8");
/// assert!(page.as_ref().ends_with(b"app_jobs_total 0\n# EOF\n"));
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Scrape {
    format: Format,
    escaping: Option<Escaping>,
    encoding: Encoding,
    names: Vec<String>,
    is_without_timestamps: bool,
}

impl Scrape {
    /// Creates a request for an uncompressed page.
    pub fn new(format: Format) -> Self {
        Self { format, ..Self::default() }
    }

    /// Creates the request of the headers `Accept` and `Accept-Encoding`; a header may have several values.
    ///
    /// The format with the most weight wins. Without a known format in an `Accept` header the page is in the text format 0.0.4. It is
    /// compressed if the scraper accepts it, the feature `gzip` or `zstd` is on, and it has at least 1024 bytes. No header makes this
    /// fail, and no part of a header is repeated in the response.
    ///
    /// <https://www.rfc-editor.org/rfc/rfc9110#section-12.5>
    ///
    /// ```
    /// use metrics_core::{Format, Scrape};
    ///
    /// let scrape = Scrape::negotiate(["application/openmetrics-text;q=0.5", "text/plain"], [""]);
    /// assert_eq!(scrape.format(), Format::Text);
    /// ```
    pub fn negotiate<A: AsRef<[u8]>, E: AsRef<[u8]>>(
        accept: impl IntoIterator<Item = A>,
        accept_encoding: impl IntoIterator<Item = E>,
    ) -> Self {
        let (format, escaping) = negotiation::format(accept);
        let encoding = negotiation::encoding(accept_encoding);
        Self { format, escaping, encoding, ..Self::default() }
    }

    /// Restricts the page to families of this name and of other added names. The name of a sample selects its family.
    ///
    /// ```
    /// use metrics_core::{Counter, Definition, Format, Page, Registry, Scrape};
    ///
    /// let registry = Registry::new();
    /// let _jobs: Counter = registry.register(&Definition::new("jobs_total", "Jobs that ended."))?;
    /// let _mails: Counter = registry.register(&Definition::new("mails_total", "Mails that were sent."))?;
    /// let mut page = Page::default();
    /// registry.scrape(&Scrape::new(Format::Text).name("jobs_total"), &mut page);
    /// let page = std::str::from_utf8(page.as_ref())?;
    /// assert!(!page.contains("mails_total"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.names.push(name.into());
        self
    }

    /// Restricts the page to the names in a query: each `name[]=…` adds a [name](Self::name).
    ///
    /// ```
    /// use metrics_core::{Gauge, Definition, Format, Page, Registry, Scrape};
    ///
    /// let registry = Registry::new();
    /// let _one: Gauge = registry.register(&Definition::new("one", "One."))?;
    /// let _other: Gauge = registry.register(&Definition::new("other", "Other."))?;
    /// let mut page = Page::default();
    /// registry.scrape(&Scrape::new(Format::Text).query("name%5B%5D=one&x=y"), &mut page);
    /// assert_eq!(page.as_ref(), b"# HELP one One.\n# TYPE one gauge\none 0\n");
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn query(mut self, query: &str) -> Self {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let names =
            pairs.filter(|(key, _)| unescape(key) == "name[]").map(|(_, name)| unescape(name).into_owned());
        self.names.extend(names);
        self
    }

    /// Leaves out the timestamps of samples, which collectors of the `prometheus` crate may give. A Pushgateway and the textfile
    /// collector of `node_exporter` refuse a page that has one.
    ///
    /// ```
    /// use metrics_core::{Format, Page, Registry, Scrape};
    ///
    /// let mut page = Page::default();
    /// Registry::new().scrape(&Scrape::new(Format::Text).without_timestamps(), &mut page);
    /// assert_eq!(page.as_ref(), b"");
    /// ```
    pub const fn without_timestamps(mut self) -> Self {
        self.is_without_timestamps = true;
        self
    }

    pub(super) fn filter(&self) -> Filter<'_> {
        Filter::new(&self.names, self.is_without_timestamps)
    }

    pub(super) const fn escaping(&self) -> Option<Escaping> {
        self.escaping
    }

    pub(super) const fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Returns the format of the page.
    pub const fn format(&self) -> Format {
        self.format
    }
}

/// Decodes `%XX` in a part of a query; an invalid escape is kept.
fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return text.into();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escaped =
            after.get(..2).filter(|_| *first == b'%').and_then(|digits| str::from_utf8(digits).ok());
        let byte = escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned().into()
}

/// Page of a scrape. Its memory is reused by the next scrape.
///
/// ```
/// use metrics_core::{Format, Gauge, Definition, Page, Registry, Scrape};
///
/// let registry = Registry::new();
/// let level: Gauge = registry.register(&Definition::new("level", "Level."))?;
/// let mut page = Page::default();
/// for format in Format::ALL {
///     registry.scrape(&Scrape::new(format), &mut page);
///     assert_eq!(page.content_type(), format.content_type());
///     assert!(!page.as_ref().is_empty()); // the body of the response
/// }
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
#[derive(Debug, Default)]
pub struct Page {
    plain: Vec<u8>,
    compressed: Vec<u8>,
    /// Coding of the page. An uncompressed page is in `plain`.
    encoding: Encoding,
    format: Format,
    escaping: Option<Escaping>,
}

impl Page {
    /// Returns the value of the header `Content-Type`.
    pub const fn content_type(&self) -> &'static str {
        format::content_type(self.format, self.escaping)
    }

    /// Returns the value of the header `Content-Encoding` of a compressed page.
    pub const fn content_encoding(&self) -> Option<&'static str> {
        self.encoding.name()
    }

    /// Value of the header `Vary`: the headers that the page depends on.
    pub const VARY: &'static str = "Accept, Accept-Encoding";

    /// Empties the page and keeps its memory.
    pub fn clear(&mut self) {
        self.plain.clear();
        self.compressed.clear();
        self.encoding = Encoding::Identity;
    }
}

impl AsRef<[u8]> for Page {
    fn as_ref(&self) -> &[u8] {
        match self.encoding {
            Encoding::Identity => &self.plain,
            #[cfg(feature = "gzip")]
            Encoding::Gzip => &self.compressed,
            #[cfg(feature = "zstd")]
            Encoding::Zstd => &self.compressed,
        }
    }
}

/// Makes a registry's page.
pub(crate) fn write(registry: &Registry, scrape: &Scrape, page: &mut Page) {
    let stats = ScrapeStats::begin(registry, scrape.format);
    page.compressed.clear();
    page.encoding = Encoding::Identity;
    (page.format, page.escaping) = (scrape.format, scrape.escaping);
    let mut buffer = PageBuffer::from(mem::take(&mut page.plain));
    page::encode(registry, scrape.format, scrape.filter(), &mut PageWriter::whole(&mut buffer));
    page.plain = buffer.into_bytes();
    let encoding = scrape.encoding.for_page(page.plain.len());
    if encoding.compress(&page.plain, &mut page.compressed) {
        page.encoding = encoding;
    }
    stats.finish(page.as_ref().len());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_read_whatever_is_in_them() {
        let names = |query: &str| Scrape::default().query(query).names;
        assert_eq!(names("name[]=a&name%5b%5d=b_total&name=c&d"), ["a", "b_total"]);
        assert_eq!(
            names("name[]=%41%&name[]=%zz&name[]=%ff&name[]=%c3"),
            ["A%", "%zz", "\u{FFFD}", "\u{FFFD}"]
        );
        assert_eq!(names("&&=&%&name[]"), [""; 0]);
    }

    #[test]
    fn the_memory_of_a_page_is_used_again_and_nothing_of_the_last_page_is_left() {
        let registry = Registry::new();
        let level: crate::Gauge = registry.register(&crate::Definition::new("level", "Level.")).unwrap();
        let mut page = Page::default();
        let mut memory = None;
        for (value, format) in
            [(i64::MIN, Format::Json), (5, Format::Protobuf), (-70, Format::Text), (8, Format::OpenMetrics)]
        {
            level.set(value);
            registry.scrape(&Scrape::new(format), &mut page);
            let mut new = Page::default();
            registry.scrape(&Scrape::new(format), &mut new);
            assert_eq!(page.as_ref(), new.as_ref(), "{format:?}");
            assert_eq!(*memory.get_or_insert(page.as_ref().as_ptr()), page.as_ref().as_ptr(), "{format:?}");
        }
    }

    /// Returns a registry and the gauge on its page, which has this many bytes.
    #[cfg(any(feature = "gzip", feature = "zstd"))]
    fn page_of(length: usize) -> (Registry, crate::Gauge) {
        let registry = Registry::new();
        let without_help = "# HELP level \n# TYPE level gauge\nlevel 0\n";
        let help = "h".repeat(length - without_help.len());
        let gauge = registry.register(&crate::Definition::new("level", help)).unwrap();
        assert_eq!(registry.text().len(), length);
        (registry, gauge)
    }

    #[cfg(any(feature = "gzip", feature = "zstd"))]
    #[test]
    fn small_pages_are_not_compressed() {
        for coding in Encoding::AVAILABLE {
            let scrape = Scrape::negotiate(["*/*"], coding.name());
            for (length, encoding) in [(1023, None), (1024, coding.name())] {
                let (registry, _gauge) = page_of(length);
                let mut page = Page::default();
                registry.scrape(&scrape, &mut page);
                assert_eq!(page.content_encoding(), encoding, "{length}");
                assert_eq!(encoding.is_none(), page.as_ref() == registry.text().as_bytes(), "{length}");
                let mut chunks = Vec::new();
                let flow = registry.chunks(scrape.clone()).send(1 << 16, |chunk| {
                    chunks.push((chunk.content_encoding, chunk.bytes));
                    std::ops::ControlFlow::Continue(())
                });
                assert!(flow.is_continue());
                assert_eq!(chunks, [(encoding, page.as_ref().to_vec())], "{length}");
            }
        }
    }

    #[cfg(feature = "gzip")]
    #[test]
    fn a_compressed_page_is_the_page() {
        use std::io::Read as _;

        let (registry, _gauge) = page_of(5000);
        let mut page = Page::default();
        registry.scrape(&Scrape::negotiate(["*/*"], ["gzip"]), &mut page);
        assert_eq!(page.content_encoding(), Some("gzip"));
        let mut text = String::new();
        flate2::read::GzDecoder::new(page.as_ref()).read_to_string(&mut text).unwrap();
        assert_eq!(text, registry.text());
        registry.scrape(&Scrape::default(), &mut page);
        assert_eq!((page.content_encoding(), page.as_ref()), (None, registry.text().as_bytes()));
    }

    #[cfg(feature = "zstd")]
    #[test]
    fn a_page_in_zstandard_is_the_page() {
        let (registry, _gauge) = page_of(5000);
        let mut page = Page::default();
        registry.scrape(&Scrape::negotiate(["*/*"], ["zstd"]), &mut page);
        assert_eq!(page.content_encoding(), Some("zstd"));
        assert_eq!(zstd::stream::decode_all(page.as_ref()).unwrap(), registry.text().as_bytes());
    }
}
