//! Methods of metrics: timers, guards, handles, and reading values back.
//!
//! ```
//! use std::time::{Duration, UNIX_EPOCH};
//!
//! use metrics_core::{Counter, Family, Gauge, Histogram, LabelSet, MetricGroup, Registry};
//!
//! #[derive(Clone, Copy, LabelSet)]
//! struct Job { urgent: bool }
//!
//! #[derive(MetricGroup)]
//! #[metrics(namespace = "work", global = false)]
//! struct Work {
//!     /// Jobs done.
//!     jobs_total: Family<Job, Counter>,
//!     /// Running jobs.
//!     running_jobs: Gauge,
//!     /// Duration of a job in seconds.
//!     #[metric(buckets(60))]
//!     job_duration_seconds: Histogram,
//!     /// Time at which a job last ended.
//!     last_job_timestamp_seconds: Gauge<f64>,
//! }
//!
//! let registry = Registry::new();
//! let work = Work::register_in(&registry)?;
//!
//! let urgent = work.jobs_total.with(Job { urgent: true }); // a handle: small and `Copy`
//! urgent.inc();
//! urgent.inc_by(2);
//!
//! {
//!     let _running = work.running_jobs.track(); // until it is dropped
//!     let _timer = work.job_duration_seconds.start_timer(); // likewise
//!     assert_eq!(work.running_jobs.get(), 1);
//! }
//! let answer = work.job_duration_seconds.observe_closure(|| 42);
//! work.job_duration_seconds.observe_duration(Duration::from_secs(90));
//! work.job_duration_seconds.start_timer().stop_and_discard();
//! work.last_job_timestamp_seconds.set_to_current_time();
//!
//! assert_eq!((answer, urgent.get(), work.running_jobs.get()), (42, 3, 0));
//! let snapshot = work.job_duration_seconds.snapshot();
//! assert_eq!(snapshot.buckets, [(60.0, 2), (f64::INFINITY, 3)]);
//! let jobs: Vec<_> =
//!     work.jobs_total.series().iter().map(|series| (series.label("urgent") == Some("true"), series.value)).collect();
//! assert_eq!(jobs, [(false, 0), (true, 3)]);
//! assert!(UNIX_EPOCH.elapsed().unwrap().as_secs_f64() >= work.last_job_timestamp_seconds.get());
//!
//! assert_eq!(metrics_core::testing::family(&registry, "work_jobs_total"), r#"# HELP work_jobs_total Jobs done.
//! ## TYPE work_jobs_total counter
//! work_jobs_total{urgent="false"} 0
//! work_jobs_total{urgent="true"} 3
//! "#);
//! assert_eq!(metrics_core::testing::family(&registry, "work_running_jobs"), r#"# HELP work_running_jobs Running jobs.
//! ## TYPE work_running_jobs gauge
//! work_running_jobs 0
//! "#);
//! # Ok::<(), metrics_core::RegistrationError>(())
//! ```
