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
    /// The global registry's page shows everything that macros have declared, touched or not, and what is registered in
    /// `prometheus::default_registry()`.
    pub fn text(&self) -> String {
        let mut page = String::new();
        self.encode_text(&mut page);
        page
    }

    /// Appends the page to a buffer, which can be used again for the next scrape.
    ///
    /// Validates UTF-8 once more; use [`scrape`](Self::scrape) to avoid that.
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

    /// Makes the page that a scraper asks for, in place of what `page` held before.
    pub fn scrape(&self, scrape: &Scrape, page: &mut Page) {
        scrape::write(self, scrape, page);
    }

    /// Returns the page that a scraper asks for, to be sent in chunks while it is made: for pages of any size.
    ///
    /// A page in chunks is no snapshot: see [`PageChunks`].
    pub fn chunks(&self, scrape: Scrape) -> PageChunks {
        PageChunks::new(self.clone(), scrape)
    }

    /// Begins a scrape, unless `most` scrapes are in flight; then the refusal is counted in
    /// `metrics_scrape_errors_total{cause="busy"}`.
    ///
    /// A server asks for a permit before it makes a page. So any number of scrapers takes no more memory and threads than
    /// `most` scrapes need.
    pub fn begin_scrape(&self, most: usize) -> Option<ScrapePermit> {
        ScrapePermit::begin(self, most)
    }
}
