//! Durations of queries by summaries that the service gives.

use super::operations::DURATION_BUCKETS;
use crate::{
    clock::Stopwatch,
    metric::{DynamicFamily, Histogram},
    model::RegistrationError,
    registry::{Definition, Registry},
};

/// Durations of queries by a summary that the service gives each of them, such as `player by id`.
///
/// It tells the queries of one operation apart, which the integrations do not, as they take no label from the text of a statement.
/// It works with any client, and beside the integration of one.
///
/// The first summaries have series of their own, up to the limit; later ones count as `_OTHER`, and in `metrics_overflow_total`.
/// Clones share the metrics, which leave the page with the last of them.
///
/// ```
/// use metrics_core::{QuerySummaries, Registry};
///
/// # async fn query() -> u32 { 7 }
/// # async fn example(registry: &Registry) -> Result<(), metrics_core::RegistrationError> {
/// let summaries = QuerySummaries::register_in(registry, 100)?;
/// let player = summaries.measure("player by id", query()).await;
/// # #[cfg(feature = "enabled")]
/// assert!(registry.text().contains("db_client_query_duration_seconds_count{db_query_summary=\"player by id\"} 1\n"));
/// # Ok(())
/// # }
/// # let (registry, waker) = (Registry::new(), std::task::Waker::noop());
/// # assert!(std::pin::pin!(example(&registry)).as_mut().poll(&mut std::task::Context::from_waker(waker)).is_ready());
/// ```
#[derive(Clone, Debug)]
pub struct QuerySummaries {
    durations: DynamicFamily<Histogram>,
}

impl QuerySummaries {
    /// Registers the metric; `limit` is the number of distinct summaries.
    ///
    /// # Errors
    ///
    /// Returns a conflict with a metric of the registry that has the same name.
    pub fn register_in(registry: &Registry, limit: usize) -> Result<Self, RegistrationError> {
        let help = "Duration of queries by their summary in seconds.";
        let definition = Definition::new("db_client_query_duration_seconds", help)
            .dynamic_label("db_query_summary", limit)
            .buckets(DURATION_BUCKETS);
        Ok(Self { durations: registry.register(&definition)? })
    }

    /// Waits for a query and counts its duration, also if it is dropped before its end.
    pub async fn measure<F: Future>(&self, summary: &str, query: F) -> F::Output {
        let _running = RunningQuery { duration: self.durations.with(&[summary]), watch: Stopwatch::start() };
        query.await
    }

    /// Runs a query on this thread, as [`measure`](Self::measure) does.
    pub fn measure_blocking<T>(&self, summary: &str, query: impl FnOnce() -> T) -> T {
        let _running = RunningQuery { duration: self.durations.with(&[summary]), watch: Stopwatch::start() };
        query()
    }
}

/// A query that is running. It counts once, when it is dropped.
struct RunningQuery {
    duration: Histogram,
    watch: Stopwatch,
}

impl Drop for RunningQuery {
    fn drop(&mut self) {
        self.duration.observe_duration(self.watch.elapsed());
    }
}

#[cfg(all(test, feature = "enabled"))]
mod tests {
    use std::{
        future::pending,
        panic::{AssertUnwindSafe, catch_unwind},
        pin::pin,
        task::{Context, Waker},
        time::Duration,
    };

    use super::*;
    use crate::testing::value;

    const COUNT: &str = "db_client_query_duration_seconds_count{db_query_summary=\"q\"}";

    #[test]
    fn query_that_is_dropped_or_panics_counts_once() {
        let registry = Registry::new();
        let summaries = QuerySummaries::register_in(&registry, 1).unwrap();
        {
            let mut query = pin!(summaries.measure("q", pending::<()>()));
            assert!(query.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
            assert_eq!(value(&registry, COUNT), Some(0.0), "it runs");
        }
        assert_eq!(value(&registry, COUNT), Some(1.0));
        let panicked = catch_unwind(AssertUnwindSafe(|| summaries.measure_blocking("q", || panic!("a bug"))));
        assert!(panicked.is_err());
        assert_eq!(value(&registry, COUNT), Some(2.0));
    }

    #[test]
    fn durations_are_those_of_the_queries() {
        let registry = Registry::new();
        let summaries = QuerySummaries::register_in(&registry, 1).unwrap();
        let query = || std::thread::sleep(Duration::from_millis(2));
        summaries.measure_blocking("q", query);
        let mut measured = pin!(summaries.measure("q", async { query() }));
        assert!(measured.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
        let sum = value(&registry, "db_client_query_duration_seconds_sum{db_query_summary=\"q\"}").unwrap();
        assert!(sum >= 0.004, "{sum}");
        let bounds: Vec<_> =
            registry.text().lines().filter(|line| line.contains("_bucket{")).map(str::to_owned).collect();
        assert_eq!(bounds.len(), DURATION_BUCKETS.len() + 1, "{bounds:?}");
    }

    #[test]
    fn ten_thousand_summaries_stay_within_the_limit() {
        let registry = Registry::new();
        let summaries = QuerySummaries::register_in(&registry, 50).unwrap();
        for number in 0..10_000 {
            assert_eq!(summaries.measure_blocking(&format!("query {number}"), || number), number);
        }
        let series = "db_client_query_duration_seconds_count{db_query_summary=";
        let page = registry.text();
        assert_eq!(page.lines().filter(|line| line.starts_with(series)).count(), 51, "{page}");
        assert_eq!(value(&registry, &format!("{series}\"query 49\"}}")), Some(1.0));
        assert_eq!(value(&registry, &format!("{series}\"_OTHER\"}}")), Some(9950.0));
    }
}
