//! The metrics endpoint in servers other than actix-web.
//!
//! Nothing in this crate needs a web framework: a server answers `GET /metrics` with a page. These are the steps, with any server
//! and no further feature:
//!
//! ```
//! use metrics_core::{Page, Registry, Scrape};
//!
//! /// Makes the page for the values of two request headers.
//! fn metrics(accept: Option<&str>, accept_encoding: Option<&str>) -> Page {
//!     let mut page = Page::default();
//!     Registry::global().scrape(&Scrape::negotiate(accept, accept_encoding), &mut page);
//!     page
//! }
//!
//! let page = metrics(Some("text/plain"), None);
//! assert_eq!(page.content_type(), "text/plain; version=0.0.4; charset=utf-8");
//! assert_eq!(page.content_encoding(), None); // or `gzip`, if the scraper accepts it
//! assert!(page.as_ref().starts_with(b"# HELP "));
//! ```
//!
//! The response has the body `page.as_ref()`, the header `Content-Type`, and `Content-Encoding` if the page has one. A server that
//! keeps a `Page` for the next scrape allocates less. A server that many scrapers reach asks [`Registry::begin_scrape`](crate::Registry::begin_scrape)
//! for a permit first, and answers 503 if there is none.
//!
//! # Servers on the `http` crate
//!
//! With the feature `http`, `MetricsEndpoint` decides all of that over the types of the `http` crate, which axum and hyper have:
//! negotiation, credentials, allowed networks, the limit of concurrent scrapes, JSON and the live page. The example `axum` in the
//! repository mounts it in a few lines.
//!
//! # Batch jobs
//!
//! A job that ends before it is scraped writes its page at the end, for the textfile collector of the node exporter:
//!
//! ```
//! use metrics_core::{Definition, Gauge, Registry};
//!
//! let registry = Registry::new();
//! let definition = Definition::new("backup_timestamp_seconds", "Time of the last backup.");
//! let backup: Gauge<f64> = registry.register(&definition)?;
//! backup.set_to_current_time();
//!
//! let folder = std::env::temp_dir(); // the exporter's --collector.textfile.directory
//! # let folder = folder.join(format!("metrics-guide-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! let (unfinished, file) = (folder.join("backup.prom.tmp"), folder.join("backup.prom"));
//! std::fs::write(&unfinished, registry.text())?;
//! std::fs::rename(&unfinished, &file)?; // a reader never sees half a page
//! assert!(std::fs::read_to_string(&file)?.contains("backup_timestamp_seconds "));
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
