//! Nothing in here says what the dependency is really called.

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use meters::{counted, observed, Counter, Family, LabelSet, LabelValue, MetricGroup, Registry};

    #[derive(LabelValue)]
    enum Kind {
        Plain,
    }

    #[derive(LabelSet)]
    struct Kinds {
        kind: Kind,
    }

    /// Of this crate.
    #[derive(MetricGroup)]
    #[metrics(namespace = "renamed")]
    struct Metrics {
        /// Hits by kind.
        hits_total: Family<Kinds, Counter>,
    }

    #[counted]
    #[meters::timed]
    fn parse(value: &str) -> Result<u8, std::num::ParseIntError> {
        value.parse()
    }

    #[test]
    fn the_name_in_the_manifest_is_found() {
        assert_eq!(parse("1"), Ok(1));
        Metrics::global().hits_total.with(Kinds { kind: Kind::Plain }).inc();
        let page = Registry::global().text();
        assert!(page.contains("renamed_hits_total{kind=\"Plain\"} 1\n"), "{page}");
        assert!(page.contains("function_calls_duration_seconds_count{function=\"parse\",module=\"tests_renamed::tests\"} 1\n"), "{page}");
    }

    thread_local! {
        static DROPPED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
    }

    struct Noisy(&'static str);

    impl Noisy {
        fn value(&self) -> Result<usize, std::fmt::Error> {
            Ok(self.0.len())
        }

        fn len(&self) -> usize {
            self.0.len()
        }
    }

    impl Drop for Noisy {
        fn drop(&mut self) {
            DROPPED.with_borrow_mut(|dropped| dropped.push(self.0));
        }
    }

    fn as_written() -> Result<usize, std::fmt::Error> {
        let _local = Noisy("local");
        Noisy("temporary").value()
    }

    #[observed]
    fn annotated() -> Result<usize, std::fmt::Error> {
        let _local = Noisy("local");
        Noisy("temporary").value()
    }

    #[observed]
    fn plain() -> usize {
        let _local = Noisy("local");
        Noisy("temporary").len()
    }

    #[observed]
    fn with_exits(leaves: bool) -> Result<usize, std::fmt::Error> {
        let _local = Noisy("local");
        if leaves {
            return Ok(0);
        }
        Noisy("temporary").value()
    }

    #[observed]
    #[track_caller]
    fn with_seen_exits(leaves: bool) -> Result<usize, std::fmt::Error> {
        let _local = Noisy("local");
        if leaves {
            return Ok(0);
        }
        Noisy("temporary").value()
    }

    /// The edition decides what a body drops last; an attribute changes nothing about it.
    #[test]
    fn temporaries_of_the_tail_drop_as_they_did() {
        let order = |call: fn() -> usize| {
            call();
            DROPPED.take()
        };
        let expected = order(|| as_written().unwrap_or_default());
        assert_eq!(expected, ["local", "temporary"]);
        assert_eq!(order(|| annotated().unwrap_or_default()), expected);
        assert_eq!(order(plain), expected);
        assert_eq!(order(|| with_exits(false).unwrap_or_default()), expected);
        assert_eq!(order(|| with_seen_exits(false).unwrap_or_default()), expected);
    }
}
