//! Metrics of the process, with the names and help texts that all client libraries have.
//!
//! <https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics>

use prometheus::proto::MetricFamily;

/// Returns the families with these constant labels. Those that the system does not report are missing.
#[cfg(all(feature = "process", target_os = "linux"))]
pub(crate) fn families(labels: &[(String, String)]) -> Vec<MetricFamily> {
    linux::read().into_iter().filter_map(|metric| metric.family(labels)).collect()
}

/// Returns nothing: only Linux is supported.
#[cfg(not(all(feature = "process", target_os = "linux")))]
pub(crate) fn families(_: &[(String, String)]) -> Vec<MetricFamily> {
    Vec::new()
}

#[cfg(all(feature = "process", target_os = "linux"))]
mod linux {
    use std::sync::{LazyLock, Mutex, PoisonError};

    use prometheus::proto::{Counter, Gauge, LabelPair, Metric, MetricFamily, MetricType};

    use crate::builtin::proc_files::{
        Limits, Stat, boot_seconds, network_bytes, open_files, resident_bytes, ticks_per_second,
    };

    /// A metric of the process. Its value is `None` if the system does not report it.
    pub(super) struct ProcessMetric {
        name: &'static str,
        help: &'static str,
        metric_type: MetricType,
        value: Option<f64>,
    }

    impl ProcessMetric {
        const fn counter(name: &'static str, help: &'static str, value: Option<f64>) -> Self {
            Self { name, help, metric_type: MetricType::COUNTER, value }
        }

        const fn gauge(name: &'static str, help: &'static str, value: Option<f64>) -> Self {
            Self { name, help, metric_type: MetricType::GAUGE, value }
        }

        pub(super) fn family(&self, labels: &[(String, String)]) -> Option<MetricFamily> {
            let value = self.value?;
            let mut metric = Metric::from_label(labels.iter().map(label_pair).collect());
            if self.metric_type == MetricType::COUNTER {
                let mut counter = Counter::default();
                counter.set_value(value);
                metric.set_counter(counter);
            } else {
                let mut gauge = Gauge::default();
                gauge.set_value(value);
                metric.set_gauge(gauge);
            }
            let mut family = MetricFamily::default();
            family.set_name(self.name.into());
            family.set_help(self.help.into());
            family.set_field_type(self.metric_type);
            family.set_metric(vec![metric]);
            Some(family)
        }
    }

    fn label_pair((name, value): &(String, String)) -> LabelPair {
        let mut pair = LabelPair::default();
        pair.set_name(name.clone());
        pair.set_value(value.clone());
        pair
    }

    static TICKS_PER_SECOND: LazyLock<f64> = LazyLock::new(|| ticks_per_second() as f64);

    /// Reads all metrics of the process.
    pub(super) fn read() -> Vec<ProcessMetric> {
        let stat = Stat::read();
        let stat = stat.as_ref();
        let limits = Limits::read();
        let (received, sent) = network_bytes().unzip();
        vec![
            ProcessMetric::counter(
                "process_cpu_seconds_total",
                "Total user and system CPU time spent in seconds.",
                stat.map(|stat| stat.cpu_ticks as f64 / *TICKS_PER_SECOND),
            ),
            ProcessMetric::gauge(
                "process_max_fds",
                "Maximum number of open file descriptors.",
                limits.as_ref().and_then(|limits| limits.open_files),
            ),
            ProcessMetric::counter(
                "process_network_receive_bytes_total",
                "Number of bytes received by the process over the network.",
                received.map(|bytes| bytes as f64),
            ),
            ProcessMetric::counter(
                "process_network_transmit_bytes_total",
                "Number of bytes sent by the process over the network.",
                sent.map(|bytes| bytes as f64),
            ),
            ProcessMetric::gauge(
                "process_open_fds",
                "Number of open file descriptors.",
                open_files().map(|count| count as f64),
            ),
            ProcessMetric::gauge(
                "process_resident_memory_bytes",
                "Resident memory size in bytes.",
                resident_bytes().map(|bytes| bytes as f64),
            ),
            ProcessMetric::gauge(
                "process_start_time_seconds",
                "Start time of the process since unix epoch in seconds.",
                stat.and_then(|stat| START_TIME.seconds(stat.start_ticks, boot_seconds)),
            ),
            ProcessMetric::gauge(
                "process_threads",
                "Number of OS threads in the process.",
                stat.map(|stat| stat.threads as f64),
            ),
            ProcessMetric::gauge(
                "process_virtual_memory_bytes",
                "Virtual memory size in bytes.",
                stat.map(|stat| stat.virtual_bytes as f64),
            ),
            ProcessMetric::gauge(
                "process_virtual_memory_max_bytes",
                "Maximum amount of virtual memory available in bytes.",
                limits.and_then(|limits| limits.address_space),
            ),
        ]
    }

    static START_TIME: StartTime = StartTime(Mutex::new(None));

    /// Start time of the process: clock ticks after the boot, and seconds since the Unix epoch.
    ///
    /// The kernel moves the time of the boot when the clock is adjusted, but a process starts once, so the seconds are computed
    /// once. A fork has the memory of its parent but other ticks, so it computes the seconds again.
    struct StartTime(Mutex<Option<(u64, f64)>>);

    impl StartTime {
        fn seconds(&self, ticks: u64, boot_seconds: impl FnOnce() -> Option<u64>) -> Option<f64> {
            let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((of_ticks, seconds)) = *known
                && of_ticks == ticks
            {
                return Some(seconds);
            }
            let seconds = boot_seconds()? as f64 + ticks as f64 / *TICKS_PER_SECOND;
            *known = Some((ticks, seconds));
            Some(seconds)
        }
    }

    #[cfg(test)]
    mod tests {
        use super::StartTime;

        #[test]
        fn a_fork_has_a_start_time_of_its_own() {
            let start = StartTime(std::sync::Mutex::default());
            assert_eq!(start.seconds(250, || None), None);
            assert_eq!(start.seconds(250, || Some(1000)), Some(1002.5));
            assert_eq!(start.seconds(250, || Some(1007)), Some(1002.5), "the clock was adjusted");
            assert_eq!(start.seconds(800, || Some(1000)), Some(1008.0), "the process has forked");
        }
    }
}
