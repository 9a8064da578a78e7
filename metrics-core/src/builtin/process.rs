//! What the system says about the process.
//!
//! <https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics>

use prometheus::proto::MetricFamily;

/// The families, of which each is missing that the system does not tell.
#[cfg(all(feature = "process", target_os = "linux"))]
pub(crate) fn families() -> Vec<MetricFamily> {
    linux::facts().into_iter().filter_map(|fact| fact.family()).collect()
}

/// No system but Linux is asked yet.
#[cfg(not(all(feature = "process", target_os = "linux")))]
pub(crate) fn families() -> Vec<MetricFamily> {
    Vec::new()
}

#[cfg(all(feature = "process", target_os = "linux"))]
mod linux {
    use once_cell::sync::OnceCell;
    use procfs::{
        ProcResult, boot_time_secs, page_size,
        process::{LimitValue, Process, Stat},
        ticks_per_second,
    };
    use prometheus::proto::{Counter, Gauge, Metric, MetricFamily, MetricType};

    /// A number about the process, where it is known.
    pub(super) struct Fact {
        name: &'static str,
        help: &'static str,
        kind: MetricType,
        value: Option<f64>,
    }

    impl Fact {
        const fn counter(name: &'static str, help: &'static str, value: Option<f64>) -> Self {
            Self { name, help, kind: MetricType::COUNTER, value }
        }

        const fn gauge(name: &'static str, help: &'static str, value: Option<f64>) -> Self {
            Self { name, help, kind: MetricType::GAUGE, value }
        }

        pub(super) fn family(&self) -> Option<MetricFamily> {
            let value = self.value?;
            let mut metric = Metric::default();
            if self.kind == MetricType::COUNTER {
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
            family.set_field_type(self.kind);
            family.set_metric(vec![metric]);
            Some(family)
        }
    }

    /// All facts, read once.
    pub(super) fn facts() -> Vec<Fact> {
        let Ok(process) = Process::myself() else { return Vec::new() };
        let stat = process.stat().ok();
        let of_stat = |value: fn(&Stat) -> f64| stat.as_ref().map(value);
        let limits = process.limits().ok();
        let (received, sent) = network(&process).unzip();
        vec![
            Fact::counter(
                "process_cpu_seconds_total",
                "Time that processors have spent on the process, in its own code and the system's.",
                of_stat(|stat| (stat.utime + stat.stime) as f64 / ticks_per_second() as f64),
            ),
            Fact::gauge(
                "process_max_fds",
                "File descriptors that the process may have open.",
                limits.as_ref().map(|limits| most(limits.max_open_files.soft_limit)),
            ),
            Fact::counter(
                "process_network_receive_bytes_total",
                "Bytes that the network interfaces of the process have received, loopback left out.",
                received,
            ),
            Fact::counter(
                "process_network_transmit_bytes_total",
                "Bytes that the network interfaces of the process have sent, loopback left out.",
                sent,
            ),
            Fact::gauge(
                "process_open_fds",
                "File descriptors that the process has open.",
                process.fd_count().ok().map(|count| count as f64),
            ),
            Fact::gauge(
                "process_resident_memory_bytes",
                "Memory of the process that is in the machine's.",
                of_stat(|stat| stat.rss as f64 * page_size() as f64),
            ),
            Fact::gauge(
                "process_start_time_seconds",
                "When the process started, in seconds since 1970.",
                stat.as_ref().and_then(start),
            ),
            Fact::gauge(
                "process_threads",
                "Threads of the process.",
                of_stat(|stat| stat.num_threads as f64),
            ),
            Fact::gauge(
                "process_virtual_memory_bytes",
                "Memory that the process has addresses for.",
                of_stat(|stat| stat.vsize as f64),
            ),
            Fact::gauge(
                "process_virtual_memory_max_bytes",
                "Memory that the process may have addresses for.",
                limits.as_ref().map(|limits| most(limits.max_address_space.soft_limit)),
            ),
        ]
    }

    /// Without a limit the largest number there is, as other client libraries have it.
    const fn most(limit: LimitValue) -> f64 {
        match limit {
            LimitValue::Unlimited => u64::MAX as f64,
            LimitValue::Value(value) => value as f64,
        }
    }

    fn start(stat: &Stat) -> Option<f64> {
        // Adjusting the clock moves the time of the boot, but a process starts once.
        static START: OnceCell<f64> = OnceCell::new();
        let read = || -> ProcResult<f64> {
            Ok(boot_time_secs()? as f64 + stat.starttime as f64 / ticks_per_second() as f64)
        };
        START.get_or_try_init(read).ok().copied()
    }

    /// The bytes received and sent.
    fn network(process: &Process) -> Option<(f64, f64)> {
        let interfaces = process.dev_status().ok()?;
        let others = || interfaces.values().filter(|interface| interface.name != "lo");
        let received: u64 = others().map(|interface| interface.recv_bytes).sum();
        let sent: u64 = others().map(|interface| interface.sent_bytes).sum();
        Some((received as f64, sent as f64))
    }
}
