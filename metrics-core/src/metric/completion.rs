//! Completion of a request in three metrics at once, for the middleware.

use super::{
    counter::Counter,
    gauge::Gauge,
    histogram::{Histogram, record_nanos},
};
use crate::cell::Cells;

/// Observes a duration in nanoseconds, without a conversion from `Duration`.
#[inline]
pub fn observe_nanos(durations: &Histogram, nanos: u64) {
    record_nanos(durations.cells(), durations.buckets(), nanos);
}

/// Subtracts one from a gauge, observes a duration and adds one to a counter, if this thread has fast cells for all three.
/// Returns `false` without a change otherwise.
#[inline]
pub fn record_completion(in_progress: &Gauge, durations: &Histogram, requests: &Counter, nanos: u64) -> bool {
    let bucket = durations.buckets().quick_of_nanos(nanos);
    Cells::add_request(in_progress.cells(), durations.cells(), requests.cells(), bucket, nanos)
}

#[cfg(all(test, not(metrics_core_loom)))]
mod tests {
    use super::record_completion;
    use crate::{Counter, Definition, Gauge, Histogram, Registry};

    #[test]
    fn finishing_a_request_is_all_or_nothing() {
        let registry = Registry::new();
        let definition = |name: &str| Definition::new(name, "A metric.");
        let in_progress: Gauge = registry.register(&definition("in_progress")).unwrap();
        let requests: Counter = registry.register(&definition("requests_total")).unwrap();
        let seconds: Histogram =
            registry.register(&definition("duration_seconds").buckets(&[1.0, 2.0])).unwrap();
        let bytes: Histogram = registry.register(&definition("size_bytes").buckets(&[1.0])).unwrap();
        let native: Histogram = registry.register(&definition("native_seconds").native()).unwrap();
        let counts = || (in_progress.get(), requests.get(), seconds.count(), bytes.count(), native.count());

        // This thread has no cells yet, and then not all.
        assert!(!record_completion(&in_progress, &seconds, &requests, 5));
        seconds.observe(0.5);
        requests.inc();
        assert!(!record_completion(&in_progress, &seconds, &requests, 5));
        assert_eq!(counts(), (0, 1, 1, 0, 0));

        in_progress.add(2);
        assert!(record_completion(&in_progress, &seconds, &requests, 1_500_000_000));
        assert_eq!(counts(), (1, 2, 2, 0, 0));
        assert_eq!(seconds.snapshot().buckets, [(1.0, 1), (2.0, 2), (f64::INFINITY, 2)]);
        assert!((seconds.sum() - 2.0).abs() < 1e-9);

        // Sizes, native buckets, and a duration longer than any request are refused.
        assert!(!record_completion(&in_progress, &bytes, &requests, 5));
        assert!(!record_completion(&in_progress, &native, &requests, 5));
        assert!(!record_completion(&in_progress, &seconds, &requests, u64::MAX));
        assert_eq!(counts(), (1, 2, 2, 0, 0));
    }
}
