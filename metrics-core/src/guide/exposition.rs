//! Exposition: the page in each format.
//!
//! | format | method | for |
//! |---|---|---|
//! | text 0.0.4 | [`Registry::text`](crate::Registry::text) | every scraper, people |
//! | OpenMetrics 1.0.0 | [`Registry::open_metrics`](crate::Registry::open_metrics) | exemplars, units |
//! | protobuf | [`Format::Protobuf`](crate::Format::Protobuf) | native histograms |
//! | JSON | [`Format::Json`](crate::Format::Json) | programs other than scrapers |
//!
//! A scraper says in its `Accept` header what it reads. [`Scrape::negotiate`](crate::Scrape::negotiate) takes the values of that
//! header and of `Accept-Encoding`, and never fails: without them the page is in the text format.
//!
//! ```
//! use metrics_core::{Counter, Definition, Page, Registry, Scrape};
//!
//! let registry = Registry::new();
//! let jobs: Counter = registry.register(&Definition::new("jobs_total", "Jobs that ended."))?;
//! jobs.inc();
//!
//! let mut page = Page::default(); // reuse it, so that a scrape allocates next to nothing
//! for (accept, content_type) in [
//!     ("text/plain", "text/plain; version=0.0.4; charset=utf-8"),
//!     ("application/openmetrics-text; version=1.0.0", "application/openmetrics-text; version=1.0.0; charset=utf-8"),
//! ] {
//!     registry.scrape(&Scrape::negotiate([accept], ["identity"]), &mut page);
//!     assert_eq!(page.content_type(), content_type);
//!     assert!(String::from_utf8_lossy(page.as_ref()).contains("\njobs_total 1\n"));
//! }
//! # Ok::<(), metrics_core::RegistrationError>(())
//! ```
//!
//! # Large pages
//!
//! [`Registry::chunks`](crate::Registry::chunks) gives a page in chunks while it is made. Each family is whole, and the values of one
//! series belong together. Series are read while the page is sent, so such a page is not a snapshot of one moment.
//!
//! # Errors
//!
//! A callback or a collector that panics, and a family that is not valid, are missing from that page. The rest of the page is
//! complete, and `metrics_scrape_errors_total` counts the error by its cause.
//!
//! # Beside the `prometheus` crate
//!
//! The page of the global registry shows the metrics of `prometheus::default_registry()` too, and `prometheus::gather()` shows
//! ours. Nothing is shown twice.
//!
//! ```
//! use metrics_core::{Registry, prometheus};
//!
//! let theirs = prometheus::IntCounter::new("their_total", "Counted by the other crate.")?;
//! prometheus::default_registry().register(Box::new(theirs.clone()))?;
//! theirs.inc();
//! assert!(Registry::global().text().contains("their_total 1\n"));
//! # Ok::<(), prometheus::Error>(())
//! ```
