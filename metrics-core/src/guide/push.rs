//! Pushing: jobs that end, and servers that cannot be scraped. It needs the feature `push`, and `push-tls` for `https`.
//!
//! A scrape is the better way wherever Prometheus reaches the service: it finds the service that is down, and asks as often as it
//! likes. Push where that is impossible:
//!
//! | metrics of | way |
//! |---|---|
//! | a batch job that ends before it is scraped | [`Job`] to a [`Pushgateway`], or into a [`Textfile`] on a host with `node_exporter` |
//! | a service behind a NAT, a function that is frozen after its answer, a hosted Prometheus | [`Push`] by remote write or OTLP |
//! | a service of many instances | no Pushgateway: it shows instances that are gone for ever |
//!
//! # Jobs
//!
//! ```
//! use metrics_core::{Job, Pushgateway};
//!
//! # fn write_report() -> Result<(), std::io::Error> { Ok(()) }
//! # fn main() -> Result<(), std::io::Error> {
//! # let deadline = std::time::Duration::ZERO;
//! Job::new("nightly-report")
//!     .push_to(Pushgateway::new("http://127.0.0.1:9091"))
//! #   .deadline(deadline)
//!     .run(write_report)
//! # }
//! ```
//!
//! The job pushes its registry, the global one unless another is set, with `job_duration_seconds`, `job_status{outcome}` and the
//! times of the last end and the last success, when it returns, fails, panics, or gets SIGTERM or SIGINT. After `std::process::exit`,
//! SIGKILL and a panic of a program with `panic = "abort"` no code runs, so nothing is pushed: alert on the age of the last success,
//! which covers them all.
//!
//! ```promql
//! time() - job_last_success_timestamp_seconds{job="nightly-report"} > 86400
//! ```
//!
//! `examples/nightly-job` in the repository is a whole program. One with an async `main` takes [`start`](crate::Job::start), and
//! [`finish`](crate::RunningJob::finish) at its end.
//!
//! # Targets
//!
//! | target | content | while the receiver is away |
//! |---|---|---|
//! | [`Pushgateway`] | text, or [protobuf](crate::Pushgateway::protobuf) with native histograms, for a group of labels | the next push replaces the waiting one |
//! | [`Textfile`] | text in a file that is replaced in one step | the same |
//! | `RemoteWrite` (feature `remote-write`) | samples with their time, for Prometheus, Mimir, Thanos and hosted services; see [`hosted`](../hosted/index.html) | requests wait in a queue |
//! | `Otlp` (feature `otlp`) | metrics for an OpenTelemetry collector or back end; see [`hosted`](../hosted/index.html) | the same |
//!
//! A group of a Pushgateway belongs to one program: [`put`](crate::Pushgateway::put) replaces all of its metrics, [`post`](crate::Pushgateway::post)
//! those of the same names. Prometheus scrapes the Pushgateway with `honor_labels: true`. The Pushgateway has no parser for
//! OpenMetrics, so exemplars and units do not reach it.
//!
//! # Services
//!
//! ```
//! use std::time::Duration;
//! use metrics_core::{Push, PushClient, Pushgateway, Registry};
//!
//! # fn main() -> Result<(), metrics_core::PushError> {
//! # let registry = Registry::new();
//! let client = PushClient::new().bearer_token_file("/var/run/secrets/token").timeout(Duration::from_secs(5));
//! let gateway = Pushgateway::new("http://127.0.0.1:9091").job("importer").group("instance", "a").client(client);
//! let push = Push::to(gateway).registry(&registry).every(Duration::from_secs(15)).start()?;
//! // … at the end:
//! # let deadline = Duration::ZERO;
//! if let Err(error) = push.shutdown_blocking(deadline) {
//!     eprintln!("{error}");
//! }
//! # Ok(())
//! # }
//! ```
//!
//! [`start`](crate::Push::start) has a thread of its own; [`start_on`](crate::Push::start_on) takes a Tokio runtime. Both end with the handle.
//! [`flush`](crate::PushHandle::flush) pushes now and waits, [`shutdown`](crate::PushHandle::shutdown) also ends the push; each has a blocking form.
//!
//! # Failures
//!
//! | answer | consequence |
//! |---|---|
//! | 2xx | accepted |
//! | 429, 5xx (by OTLP of these 502, 503 and 504 alone) | sent again after the time in `Retry-After` or the [back-off](crate::Push::backoff), the longer of both |
//! | no connection, a broken one, a [time-out](crate::PushClient::timeout) | sent again after the back-off |
//! | any other, redirects included | dropped, logged, and the error of a waiting flush |
//!
//! A push never slows the service: requests are made and sent beside it, and one request is in flight at a time. Targets that store samples
//! by their time have a queue of [limited size](crate::Push::queue_bytes) that drops the oldest.
//!
//! # Metrics of a push
//!
//! They are in the pushed registry, with the label `push`: the target's protocol, or the [name](crate::Push::name).
//!
//! | metric | value |
//! |---|---|
//! | `metrics_push_attempts_total{push,outcome}` | attempts: `accepted`, `rejected`, `unavailable` (429 and 5xx), `failed` (no response) |
//! | `metrics_push_attempt_duration_seconds{push}` | duration of attempts |
//! | `metrics_push_dropped_requests_total{push,cause}` | requests dropped: `queue_full`, `replaced`, `rejected` |
//! | `metrics_push_encoding_errors_total{push}` | pushes for which the registry could not be encoded |
//! | `metrics_push_queue_length{push}`, `metrics_push_queue_size_bytes{push}` | requests that wait, and their size |
//! | `metrics_push_last_success_timestamp_seconds{push}` | time of the last accepted request |
//!
//! # Credentials
//!
//! [`PushClient`] has basic authentication, bearer tokens from the program or a file, further headers, a proxy, and certificates. The
//! variables `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` are followed. Neither logs nor errors nor `Debug` show secrets,
//! also not those of a URL such as `http://user:password@gateway`.
//!
//! `push-tls` uses the system's TLS library and the certificates that it trusts. On Linux this is OpenSSL, whose headers the build
//! needs (`libssl-dev` on Debian). It turns on no feature of reqwest or rustls, so other clients of the program stay as
//! they are. A program without the system's OpenSSL turns on the feature `vendored` of `native-tls`, which builds it.
//!
//! [`Job`]: crate::Job
//! [`Push`]: crate::Push
//! [`PushClient`]: crate::PushClient
//! [`Pushgateway`]: crate::Pushgateway
//! [`Textfile`]: crate::Textfile
