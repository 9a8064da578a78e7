//! Hosted and remote Prometheus, and OpenTelemetry: sent by the service itself, or by an agent that scrapes it.
//!
//! An agent is the better way where one runs: the service needs no credentials, and the agent keeps samples on disk while the
//! receiver is away. Without one, the service sends its metrics itself, with the feature `remote-write` or `otlp`, and `push-tls` for
//! `https`. Either way the receiver gets the samples of a scrape.
//!
//! # Grafana Cloud
//!
//! The page of a stack's Prometheus shows the URL and the user, a number; the password is a token with the scope `metrics:write`.
//!
//! ```
//! use std::{env, time::Duration};
//! use metrics_core::{Push, PushClient, PushError, PushHandle, RemoteWrite};
//!
//! fn push_metrics() -> Result<PushHandle, PushError> {
//!     let variable = |name| env::var(name).unwrap_or_default();
//!     let client = PushClient::new().basic_auth(variable("GRAFANA_USER"), variable("GRAFANA_TOKEN"));
//!     // https://prometheus-….grafana.net/api/prom/push
//!     let receiver = RemoteWrite::new(&variable("GRAFANA_URL"))
//!         .label("job", "shop")
//!         .label("instance", variable("HOSTNAME"))
//!         .client(client);
//!     Push::to(receiver).every(Duration::from_secs(60)).start()
//! }
//! # assert!(push_metrics().is_err(), "no URL");
//! ```
//!
//! Keep the handle, and call [`shutdown`](crate::PushHandle::shutdown) at the end: it sends the last state and ends the series. With
//! metrics-actix, keep a clone of `HttpMetrics` until then, since its series end with the server otherwise.
//!
//! # Other receivers
//!
//! Only the URL and the credentials differ:
//!
//! | receiver | URL | credentials |
//! |---|---|---|
//! | Prometheus, started with `--web.enable-remote-write-receiver` | `http://prometheus:9090/api/v1/write` | those of its `web.config.file` |
//! | Mimir | `http://mimir:8080/api/v1/push` | `.header("X-Scope-OrgID", "tenant")` |
//! | Thanos Receive | `http://thanos:19291/api/v1/receive` | `.header("THANOS-TENANT", "tenant")` |
//! | `VictoriaMetrics` | `http://victoria-metrics:8428/api/v1/write` | `.bearer_token(…)` at its proxy |
//! | OpenTelemetry collector | `Otlp::new("http://collector:4318")` | `.header("api-key", "…")`, or `Otlp::from_env()` |
//!
//! Options leave out the parts that a receiver does not store, since some refuse the whole request for them:
//!
//! | receiver | option |
//! |---|---|
//! | no native histograms (`VictoriaMetrics`, and others unless they are switched on) | [`without_native_histograms`](crate::RemoteWrite::without_native_histograms) |
//! | remote write 2.0 refused with another status than 415 | [`version_1`](crate::RemoteWrite::version_1) |
//! | totals refused by an OTLP back end | [`delta`](crate::Otlp::delta) |
//!
//! A receiver of remote write 1.0 is found out by itself: it gets the first request in both versions.
//!
//! # Few series
//!
//! A free plan has a limit of series, 10,000 at Grafana Cloud when this was written; then the receiver answers 429 or 400. To stay
//! below it:
//!
//! * Send the families that someone looks at: [`only`](crate::RemoteWrite::only) takes the beginnings of names.
//! * Give histograms native buckets with [`native`](crate::Definition::native): one series in place of one for each bucket.
//! * Push once a minute: plans count samples as well.
//! * Look at what is sent: `metrics_label_sets` is the number of label sets, and this the number of series:
//!
//! ```promql
//! topk(10, count by (__name__) ({job="shop"}))
//! ```
//!
//! ```
//! use metrics_core::{Push, RemoteWrite};
//!
//! # fn main() -> Result<(), metrics_core::PushError> {
//! let receiver = RemoteWrite::new("http://127.0.0.1:9090/api/v1/write")
//!     .label("job", "shop")
//!     .only("shop_")
//!     .only("http_requests_total");
//! # let _push =
//! Push::to(receiver).start()?;
//! # Ok(())
//! # }
//! ```
//!
//! # By an agent
//!
//! Prometheus itself, started with `--enable-feature=agent` (from 3.0 on `--agent`), scrapes and sends, and stores nothing:
//!
//! ```yaml
//! global:
//!   scrape_interval: 60s
//! scrape_configs:
//!   - job_name: shop
//!     static_configs:
//!       - targets: ["127.0.0.1:8080"]
//!     metric_relabel_configs:
//!       - source_labels: [__name__]
//!         regex: "shop_.*|http_requests_total"
//!         action: keep
//! remote_write:
//!   - url: https://prometheus-prod-01-eu-west-0.grafana.net/api/prom/push
//!     basic_auth:
//!       username: "123456"
//!       password_file: /etc/prometheus/grafana-token
//!     send_exemplars: true
//!     send_native_histograms: true
//! ```
//!
//! Grafana Alloy does the same with this configuration:
//!
//! ```text
//! prometheus.scrape "shop" {
//!   targets         = [{ "__address__" = "127.0.0.1:8080", "job" = "shop" }]
//!   scrape_interval = "60s"
//!   forward_to      = [prometheus.relabel.shop.receiver]
//! }
//!
//! prometheus.relabel "shop" {
//!   rule {
//!     source_labels = ["__name__"]
//!     regex         = "shop_.*|http_requests_total"
//!     action        = "keep"
//!   }
//!   forward_to = [prometheus.remote_write.cloud.receiver]
//! }
//!
//! prometheus.remote_write "cloud" {
//!   endpoint {
//!     url = "https://prometheus-prod-01-eu-west-0.grafana.net/api/prom/push"
//!     basic_auth {
//!       username = "123456"
//!       password = sys.env("GRAFANA_TOKEN")
//!     }
//!   }
//! }
//! ```
//!
//! # OpenTelemetry
//!
//! ```
//! use metrics_core::{Otlp, Push};
//!
//! # fn main() -> Result<(), metrics_core::PushError> {
//! // OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS, OTEL_SERVICE_NAME, …
//! let push = Push::to(Otlp::from_env()?).every(std::time::Duration::from_secs(60)).start()?;
//! # drop(push);
//! # Ok(())
//! # }
//! ```
//!
//! Names stay as they are, as OpenTelemetry's
//! [specification](https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/) asks for, so that a back end
//! that writes Prometheus' names has those of a scrape. [`without_suffixes`](crate::Otlp::without_suffixes) removes `_total` and the unit.
//!
//! | metric | in OTLP |
//! |---|---|
//! | counter | monotonic sum |
//! | gauge, info, state set | gauge |
//! | histogram | histogram; exponential histogram if it has native buckets |
//! | summary | summary |
//! | exemplar | exemplar; its `trace_id` and `span_id` are the ids |
