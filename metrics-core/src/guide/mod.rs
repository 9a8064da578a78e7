//! The guide: a page for each subject, with examples that are run as tests.
//!
//! | page | subject |
//! |---|---|
//! | [`functions`] | `#[counted]`, `#[timed]`, `#[in_flight]` and `#[observed]` |
//! | [`groups`] | metrics as fields of a struct |
//! | [`field_types`], [`field_options`], [`group_options`] | each field type and each option with its lines on the page |
//! | [`instances`] | global, registered, labelled and unregistered instances |
//! | [`methods`] | timers, guards, handles, and reading values back |
//! | [`labels`] | enums, strings with a limit, and sets of labels |
//! | [`objectives`] | service-level objectives, their rules and alerts |
//! | [`catalogue`] | the list of all metrics, a dashboard, and rules |
//! | [`checks`] | errors and warnings at compile time and at run time |
//! | [`testing`] | tests of instrumented code |
//! | [`contract`] | a lock file, checks of dashboards and alerts by it, and moving to another name |
//! | [`builtin_metrics`] | metrics of the library, the process, the build and Tokio |
//! | [`exposition`] | formats, negotiation, large pages |
//! | [`exemplars`] | trace ids on counters and histograms |
//! | [`integrations`] | databases, pools, caches, containers and polled values |
//! | [`push`](push/index.html) | jobs that end, and servers that cannot be scraped; with the feature `push` |
//! | [`hosted`](hosted/index.html) | Grafana Cloud, Mimir, Thanos and OpenTelemetry, by push or by an agent; with the features `remote-write` and `otlp` |
//! | [`live_page`](live_page/index.html) | the metrics of one process in a browser; with the feature `http` |
//! | [`without_actix`] | the metrics endpoint in other servers |
//! | [`migration`] | from the `prometheus` crate, actix-web-prom, autometrics, `metrics`, prometheus-client and OpenTelemetry |
//! | [`limits`] | memory, platforms, forks, signals, editions, and the names of the packages |
//! | [`troubleshooting`] | a metric is missing, a value is wrong, a page is large |

pub mod builtin_metrics;
pub mod catalogue;
pub mod checks;
pub mod contract;
pub mod exemplars;
pub mod exposition;
pub mod field_options;
pub mod field_types;
pub mod functions;
pub mod group_options;
pub mod groups;
#[cfg(all(feature = "remote-write", feature = "otlp"))]
pub mod hosted;
pub mod instances;
pub mod integrations;
pub mod labels;
pub mod limits;
#[cfg(feature = "http")]
pub mod live_page;
pub mod methods;
pub mod migration;
pub mod objectives;
#[cfg(feature = "push")]
pub mod push;
pub mod testing;
pub mod troubleshooting;
pub mod without_actix;
