//! What ends a request that several metrics know of, in few steps: for the middleware.

use super::{Counter, Gauge, Histogram};

/// Observes a duration in nanoseconds, without the way over a `Duration`.
#[inline]
pub fn observe_nanos(histogram: &Histogram, nanos: u64) {
    histogram.child().observe_nanos(nanos);
}

/// Takes one out of a gauge, observes a duration and counts it, if nothing has to be found first; `false` means that nothing was
/// done.
#[inline]
pub fn finish_request(in_progress: &Gauge, durations: &Histogram, requests: &Counter, nanos: u64) -> bool {
    durations.child().finish_request(in_progress, requests, nanos)
}

#[cfg(all(test, feature = "enabled", not(loom)))]
mod tests {
    use super::finish_request;
    use crate::{Counter, Definition, Gauge, Histogram, Registry};

    #[test]
    fn it_is_all_or_nothing() {
        let registry = Registry::new();
        let definition = |name: &str| Definition::new(name, "A metric.");
        let in_progress: Gauge = registry.register(&definition("in_progress")).unwrap();
        let requests: Counter = registry.register(&definition("requests_total")).unwrap();
        let seconds: Histogram =
            registry.register(&definition("duration_seconds").buckets(&[1.0, 2.0])).unwrap();
        let bytes: Histogram = registry.register(&definition("size_bytes").buckets(&[1.0])).unwrap();
        let native: Histogram = registry.register(&definition("native_seconds").native()).unwrap();
        let counts = || (in_progress.get(), requests.get(), seconds.count(), bytes.count(), native.count());

        // Nothing has been touched by this thread, and then not all.
        assert!(!finish_request(&in_progress, &seconds, &requests, 5));
        seconds.observe(0.5);
        requests.inc();
        assert!(!finish_request(&in_progress, &seconds, &requests, 5));
        assert_eq!(counts(), (0, 1, 1, 0, 0));

        in_progress.add(2);
        assert!(finish_request(&in_progress, &seconds, &requests, 1_500_000_000));
        assert_eq!(counts(), (1, 2, 2, 0, 0));
        assert_eq!(seconds.snapshot().buckets, [(1.0, 1), (2.0, 2), (f64::INFINITY, 2)]);
        assert!((seconds.sum() - 2.0).abs() < 1e-9);

        // What is not a histogram of durations with classic buckets alone, and what is longer than any request.
        assert!(!finish_request(&in_progress, &bytes, &requests, 5));
        assert!(!finish_request(&in_progress, &native, &requests, 5));
        assert!(!finish_request(&in_progress, &seconds, &requests, u64::MAX));
        assert_eq!(counts(), (1, 2, 2, 0, 0));
    }
}
