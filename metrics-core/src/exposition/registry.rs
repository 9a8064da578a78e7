//! The pages of a registry.

use std::mem;

use super::{
    page::{self, Filter},
    page_writer::PageWriter,
    scrape::{self, Page, Scrape},
    stream::{PageChunks, ScrapePermit},
};
use crate::{encode::PageBuffer, model::Format, registry::Registry};

impl Registry {
    /// Returns the page in the text format 0.0.4.
    ///
    /// The page of the global registry shows all metrics that macros declare, used or not, and the collectors of
    /// `prometheus::default_registry()`.
    ///
    /// ```
    /// use metrics_core::{Counter, Definition, Registry};
    ///
    /// let registry = Registry::new();
    /// let jobs: Counter = registry.register(&Definition::new("jobs_total", "Number of jobs that ended."))?;
    /// jobs.inc();
    /// assert_eq!(
    ///     registry.text(),
    ///     "# HELP jobs_total Number of jobs that ended.\n# TYPE jobs_total counter\njobs_total 1\n"
    /// );
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn text(&self) -> String {
        let mut page = String::new();
        self.encode_text(&mut page);
        page
    }

    /// Appends the page to a buffer, which can be used again for the next scrape.
    ///
    /// Validates UTF-8 once more; use [`scrape`](Self::scrape) to avoid that.
    ///
    /// ```
    /// use metrics_core::Registry;
    ///
    /// let registry = Registry::new();
    /// let mut page = String::new(); // kept between scrapes
    /// registry.encode_text(&mut page);
    /// ```
    pub fn encode_text(&self, page: &mut String) {
        let mut text = PageBuffer::from(mem::take(page));
        page::encode(self, Format::Text, Filter::default(), &mut PageWriter::whole(&mut text));
        *page = text.into_string();
    }

    /// Returns the page in OpenMetrics 1.0.0.
    ///
    /// ```
    /// use metrics_core::{Counter, Definition, Registry};
    ///
    /// let registry = Registry::new();
    /// let jobs: Counter = registry.register(&Definition::new("app_jobs_total", "Jobs that ended."))?;
    /// jobs.inc();
    /// assert_eq!(
    ///     registry.open_metrics(),
    ///     "# TYPE app_jobs counter\n# HELP app_jobs Jobs that ended.\napp_jobs_total 1\n# EOF\n"
    /// );
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn open_metrics(&self) -> String {
        let mut page = PageBuffer::default();
        page::encode(self, Format::OpenMetrics, Filter::default(), &mut PageWriter::whole(&mut page));
        page.into_string()
    }

    /// Makes the page that a scraper asks for, and replaces the content of `page`. The types [`Scrape`] and [`Page`] have examples.
    ///
    /// ```
    /// use metrics_core::{Page, Registry, Scrape};
    ///
    /// let registry = Registry::new();
    /// let mut page = Page::default(); // kept between scrapes
    /// registry.scrape(&Scrape::negotiate(["application/openmetrics-text"], ["gzip"]), &mut page);
    /// assert!(page.content_type().starts_with("application/openmetrics-text"));
    /// ```
    pub fn scrape(&self, scrape: &Scrape, page: &mut Page) {
        scrape::write(self, scrape, page);
    }

    /// Returns the families as a page in the protobuf format has them, always with the times since when series count.
    #[cfg(any(feature = "remote-write", feature = "otlp"))]
    pub(crate) fn delimited_families(&self) -> Vec<u8> {
        let mut page = PageBuffer::default();
        page::encode_delimited(self, &mut PageWriter::whole(&mut page));
        page.into_bytes()
    }

    /// Returns the page that a scraper asks for, to be sent in chunks while it is made. A large page takes little memory so.
    ///
    /// A page in chunks is not a snapshot of one moment; see [`PageChunks`], which has an example.
    pub fn chunks(&self, scrape: Scrape) -> PageChunks {
        PageChunks::new(self.clone(), scrape)
    }

    /// Begins a scrape, or returns `None` if `most` scrapes are in flight. The refusal is counted in
    /// `metrics_scrape_errors_total{cause="busy"}`.
    ///
    /// A server asks for a permit before it makes a page, so that any number of scrapers needs the memory and threads of `most`
    /// scrapes. [`ScrapePermit`] has an example.
    pub fn begin_scrape(&self, most: usize) -> Option<ScrapePermit> {
        ScrapePermit::begin(self, most)
    }
}
