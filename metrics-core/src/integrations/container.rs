//! Limits and use of the container that the process runs in, or of the host where there is no limit.

use std::path::PathBuf;

use prometheus::{
    core::{Collector, Desc},
    proto::MetricFamily,
};

use super::{cgroup::Cgroup, fact::Fact, host};

/// CPU time, memory, throttling and pressure of the container, with its limits, for
/// [`Registry::register_collector`](crate::Registry::register_collector).
///
/// The numbers are of the control group, version 2, that the process is in; the limits are the strictest of that group and of those
/// above it. Without a control group, as on a developer's machine, CPU time, memory and limits are those of the host. A number that
/// the system does not tell is missing from the page. Each page reads about a dozen small files.
///
/// ```
/// use metrics_core::{ContainerMetrics, Registry};
///
/// # let registry = Registry::new();
/// registry.register_collector(ContainerMetrics::new())?;
/// # #[cfg(all(feature = "enabled", target_os = "linux"))]
/// assert!(registry.text().contains("container_memory_limit_bytes "));
/// # Ok::<(), metrics_core::prometheus::Error>(())
/// ```
///
/// The share of the CPU limit is `rate(container_cpu_time_seconds_total[5m]) / container_cpu_limit`.
#[derive(Debug)]
pub struct ContainerMetrics {
    root: PathBuf,
    descs: Vec<Desc>,
}

const CPU_TIME: Fact =
    Fact::counter("container_cpu_time_seconds_total", "Total CPU time consumed in seconds.");
const CPU_LIMIT: Fact = Fact::gauge("container_cpu_limit", "Number of CPUs that can be used.");
const PERIODS: Fact =
    Fact::counter("container_cpu_periods_total", "Number of enforcement periods of the CPU limit.");
const THROTTLED_PERIODS: Fact = Fact::counter(
    "container_cpu_throttled_periods_total",
    "Number of enforcement periods in which the CPU limit was reached.",
);
const THROTTLED_TIME: Fact = Fact::counter(
    "container_cpu_throttled_seconds_total",
    "Total time tasks were throttled by the CPU limit in seconds.",
);
const MEMORY: Fact =
    Fact::gauge("container_memory_usage_bytes", "Memory usage in bytes, page cache included.");
const WORKING_SET: Fact = Fact::gauge(
    "container_memory_working_set_bytes",
    "Memory usage in bytes, without the page cache that is reclaimed first.",
);
const MEMORY_LIMIT: Fact = Fact::gauge("container_memory_limit_bytes", "Memory limit in bytes.");
const MEMORY_SHARE: Fact =
    Fact::gauge("container_memory_usage_ratio", "Working set as a share of the memory limit, from 0 to 1.");
const OUT_OF_MEMORY: Fact =
    Fact::counter("container_oom_kills_total", "Number of processes killed because memory ran out.");

/// Time that some task, and that all tasks, waited for each resource.
const PRESSURE: [(&str, [Fact; 2]); 3] = [
    (
        "cpu",
        [
            Fact::counter(
                "container_pressure_cpu_waiting_seconds_total",
                "Total time some task waited for a CPU in seconds.",
            ),
            Fact::counter(
                "container_pressure_cpu_stalled_seconds_total",
                "Total time all tasks waited for a CPU in seconds.",
            ),
        ],
    ),
    (
        "memory",
        [
            Fact::counter(
                "container_pressure_memory_waiting_seconds_total",
                "Total time some task waited for memory in seconds.",
            ),
            Fact::counter(
                "container_pressure_memory_stalled_seconds_total",
                "Total time all tasks waited for memory in seconds.",
            ),
        ],
    ),
    (
        "io",
        [
            Fact::counter(
                "container_pressure_io_waiting_seconds_total",
                "Total time some task waited for input or output in seconds.",
            ),
            Fact::counter(
                "container_pressure_io_stalled_seconds_total",
                "Total time all tasks waited for input or output in seconds.",
            ),
        ],
    ),
];

const FACTS: [Fact; 10] = [
    CPU_TIME,
    CPU_LIMIT,
    PERIODS,
    THROTTLED_PERIODS,
    THROTTLED_TIME,
    MEMORY,
    WORKING_SET,
    MEMORY_LIMIT,
    MEMORY_SHARE,
    OUT_OF_MEMORY,
];

impl Default for ContainerMetrics {
    fn default() -> Self {
        Self::new()
    }
}

impl ContainerMetrics {
    /// Creates the metrics of the container that this process is in.
    pub fn new() -> Self {
        Self::with_root("/")
    }

    /// Creates the metrics from the files `proc` and `sys/fs/cgroup` of another root, for tests.
    pub fn with_root(root: impl Into<PathBuf>) -> Self {
        let pressure = PRESSURE.iter().flat_map(|(_, facts)| facts);
        let descs = FACTS.iter().chain(pressure).filter_map(|fact| fact.desc(&[]).ok()).collect();
        Self { root: root.into(), descs }
    }

    fn cpu(&self, group: Option<&Cgroup>) -> impl Iterator<Item = Option<MetricFamily>> {
        let stat = group.and_then(Cgroup::cpu).unwrap_or_default();
        let host = host::processors(&self.root);
        let used = stat.used_seconds.or(host.map(|host| host.used_seconds));
        let limit = [group.and_then(Cgroup::cpu_limit), host.map(|host| host.count)];
        [
            CPU_TIME.family(&[], used),
            CPU_LIMIT.family(&[], limit.into_iter().flatten().reduce(f64::min)),
            PERIODS.family(&[], stat.periods),
            THROTTLED_PERIODS.family(&[], stat.throttled_periods),
            THROTTLED_TIME.family(&[], stat.throttled_seconds),
        ]
        .into_iter()
    }

    fn memory(&self, group: Option<&Cgroup>) -> impl Iterator<Item = Option<MetricFamily>> {
        let host = host::memory(&self.root);
        let of_host = host.map(|host| host.used);
        let of_group = group.and_then(Cgroup::memory_bytes);
        let inactive = group.and_then(Cgroup::inactive_file_bytes).unwrap_or_default();
        let working_set = of_group.map(|bytes| (bytes - inactive).max(0.0)).or(of_host);
        let limit = [group.and_then(Cgroup::memory_limit), host.map(|host| host.total)];
        let limit = limit.into_iter().flatten().reduce(f64::min);
        let share = working_set.zip(limit.filter(|limit| *limit > 0.0)).map(|(used, limit)| used / limit);
        [
            MEMORY.family(&[], of_group.or(of_host)),
            WORKING_SET.family(&[], working_set),
            MEMORY_LIMIT.family(&[], limit),
            MEMORY_SHARE.family(&[], share),
            OUT_OF_MEMORY.family(&[], group.and_then(Cgroup::out_of_memory_kills)),
        ]
        .into_iter()
    }

    fn pressure(&self, group: Option<&Cgroup>) -> impl Iterator<Item = Option<MetricFamily>> {
        PRESSURE.iter().flat_map(move |(resource, facts)| {
            let of_group = group.and_then(|group| group.pressure(resource));
            let seconds = of_group.or_else(|| host::pressure(&self.root, resource)).unwrap_or_default();
            facts.iter().zip(seconds).map(|(fact, seconds)| fact.family(&[], seconds))
        })
    }
}

impl Collector for ContainerMetrics {
    fn desc(&self) -> Vec<&Desc> {
        self.descs.iter().collect()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let group = Cgroup::of_process(&self.root);
        let group = group.as_ref();
        self.cpu(group).chain(self.memory(group)).chain(self.pressure(group)).flatten().collect()
    }
}
