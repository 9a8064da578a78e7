//! Types of a group's fields.
//!
//! The doc comment is the help text, and the name of the field is the end of the metric's name.
//!
//! ```
//! use metrics_core::{
//!     Counter, CounterFn, Family, Gauge, GaugeFn, Histogram, Info, LabelSet, LabelValue, MetricGroup, Registry,
//!     StateSet, Summary, prometheus,
//! };
//!
//! #[derive(Clone, Copy, LabelValue)]
//! #[label(rename_all = "snake_case")]
//! enum Phase { Starting, Running }
//!
//! #[derive(Clone, Copy, LabelSet)]
//! struct Ranked { ranked: bool }
//!
//! #[derive(MetricGroup)]
//! #[metrics(namespace = "arena", global = false)]
//! struct Every {
//!     /// Matches, whole.
//!     matches_total: Counter,
//!     /// Money, in fractions.
//!     money_euros_total: Counter<f64>,
//!     /// Players, up and down.
//!     players: Gauge,
//!     /// Temperature, in fractions.
//!     temperature_celsius: Gauge<f64>,
//!     /// Time of a round, in buckets.
//!     #[metric(buckets(0.5, 1))]
//!     round_duration_seconds: Histogram,
//!     /// Size of a message, as sum and count.
//!     message_size_bytes: Summary,
//!     /// Size of a file, with quantiles over ten minutes.
//!     #[metric(quantiles(0.5))]
//!     file_size_bytes: Summary,
//!     /// Facts, as labels.
//!     #[metric(labels(version = "1.2"))]
//!     build: Info, // the name of the metric ends in `_info` in any case
//!     /// One of several states.
//!     phase: StateSet<Phase>,
//!     /// Read when the page is made.
//!     queued_jobs: GaugeFn,
//!     /// Read too, and never goes down.
//!     faults_total: CounterFn,
//!     /// A metric for each label set.
//!     games_total: Family<Ranked, Counter>,
//!     /// A type of the `prometheus` crate.
//!     #[metric(labels(method))]
//!     calls_total: prometheus::IntCounterVec,
//! }
//!
//! let registry = Registry::new();
//! let every = Every::register_in(&registry)?;
//! every.matches_total.inc();
//! every.money_euros_total.inc_by(2.5);
//! every.players.set(3);
//! every.temperature_celsius.set(20.5);
//! every.round_duration_seconds.observe(0.7);
//! every.message_size_bytes.observe(100.0);
//! every.phase.set(Phase::Running);
//! every.queued_jobs.read_from(|| 7);
//! every.faults_total.read_from(|| 9);
//! every.games_total.with(Ranked { ranked: true }).inc_by(4);
//! every.calls_total.with_label_values(&["GET"]).inc();
//!
//! assert_eq!(registry.text(), r#"# HELP arena_build_info Facts, as labels.
//! ## TYPE arena_build_info gauge
//! arena_build_info{version="1.2"} 1
//! ## HELP arena_calls_total A type of the `prometheus` crate.
//! ## TYPE arena_calls_total counter
//! arena_calls_total{method="GET"} 1
//! ## HELP arena_faults_total Read too, and never goes down.
//! ## TYPE arena_faults_total counter
//! arena_faults_total 9
//! ## HELP arena_file_size_bytes Size of a file, with quantiles over ten minutes.
//! ## TYPE arena_file_size_bytes summary
//! arena_file_size_bytes{quantile="0.5"} NaN
//! arena_file_size_bytes_sum 0
//! arena_file_size_bytes_count 0
//! ## HELP arena_games_total A metric for each label set.
//! ## TYPE arena_games_total counter
//! arena_games_total{ranked="false"} 0
//! arena_games_total{ranked="true"} 4
//! ## HELP arena_matches_total Matches, whole.
//! ## TYPE arena_matches_total counter
//! arena_matches_total 1
//! ## HELP arena_message_size_bytes Size of a message, as sum and count.
//! ## TYPE arena_message_size_bytes summary
//! arena_message_size_bytes_sum 100
//! arena_message_size_bytes_count 1
//! ## HELP arena_money_euros_total Money, in fractions.
//! ## TYPE arena_money_euros_total counter
//! arena_money_euros_total 2.5
//! ## HELP arena_phase One of several states.
//! ## TYPE arena_phase gauge
//! arena_phase{arena_phase="starting"} 0
//! arena_phase{arena_phase="running"} 1
//! ## HELP arena_players Players, up and down.
//! ## TYPE arena_players gauge
//! arena_players 3
//! ## HELP arena_queued_jobs Read when the page is made.
//! ## TYPE arena_queued_jobs gauge
//! arena_queued_jobs 7
//! ## HELP arena_round_duration_seconds Time of a round, in buckets.
//! ## TYPE arena_round_duration_seconds histogram
//! arena_round_duration_seconds_bucket{le="0.5"} 0
//! arena_round_duration_seconds_bucket{le="1"} 1
//! arena_round_duration_seconds_bucket{le="+Inf"} 1
//! arena_round_duration_seconds_sum 0.7
//! arena_round_duration_seconds_count 1
//! ## HELP arena_temperature_celsius Temperature, in fractions.
//! ## TYPE arena_temperature_celsius gauge
//! arena_temperature_celsius 20.5
//! "#);
//! # Ok::<(), metrics_core::RegistrationError>(())
//! ```
