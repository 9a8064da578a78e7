//! Limits and use of the container that the process runs in, or of the host where there is no limit.

use std::{path::PathBuf, sync::Arc};

use super::{
    cgroup::{Cgroup, CpuStat},
    host,
};
use crate::{
    metric::{CounterFn, GaugeFn},
    model::RegistrationError,
    registry::{Definition, Registry},
};

/// CPU time, memory, throttling and pressure of the container, with its limits.
///
/// The numbers are of the control group, version 2, that the process is in; the limits are the strictest of that group and of those
/// above it. Without a control group, as on a developer's machine, CPU time, memory and limits are those of the host. A number that
/// the system does not tell at the start is missing from the page. Each page reads some dozens of small files.
///
/// The metrics leave the page when this value is dropped.
///
/// ```
/// use metrics_core::{ContainerMetrics, Registry};
///
/// # let registry = Registry::new();
/// let _container = ContainerMetrics::register_in(&registry)?;
/// # #[cfg(all(feature = "enabled", target_os = "linux"))]
/// assert!(registry.text().contains("container_memory_limit_bytes "));
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
///
/// The share of the CPU limit is `rate(container_cpu_time_seconds_total[5m]) / container_cpu_limit`.
#[derive(Debug)]
#[must_use = "the metrics leave the page when this is dropped"]
pub struct ContainerMetrics {
    _gauges: Vec<GaugeFn<f64>>,
    _counters: Vec<CounterFn<f64>>,
}

/// A number of the container, if the system tells it.
struct Fact {
    name: &'static str,
    help: &'static str,
    read: fn(&System) -> Option<f64>,
}

const GAUGES: [Fact; 5] = [
    Fact { name: "container_cpu_limit", help: "Number of CPUs that can be used.", read: System::cpu_limit },
    Fact {
        name: "container_memory_usage_bytes",
        help: "Memory usage in bytes, page cache included.",
        read: System::memory_bytes,
    },
    Fact {
        name: "container_memory_working_set_bytes",
        help: "Memory usage in bytes, without the page cache that is reclaimed first.",
        read: System::working_set_bytes,
    },
    Fact {
        name: "container_memory_limit_bytes",
        help: "Memory limit in bytes.",
        read: System::memory_limit_bytes,
    },
    Fact {
        name: "container_memory_usage_ratio",
        help: "Working set as a share of the memory limit, from 0 to 1.",
        read: System::memory_share,
    },
];

const COUNTERS: [Fact; 11] = [
    Fact {
        name: "container_cpu_time_seconds_total",
        help: "Total CPU time consumed in seconds.",
        read: System::cpu_seconds,
    },
    Fact {
        name: "container_cpu_periods_total",
        help: "Number of enforcement periods of the CPU limit.",
        read: |system| system.cpu().periods,
    },
    Fact {
        name: "container_cpu_throttled_periods_total",
        help: "Number of enforcement periods in which the CPU limit was reached.",
        read: |system| system.cpu().throttled_periods,
    },
    Fact {
        name: "container_cpu_throttled_seconds_total",
        help: "Total time tasks were throttled by the CPU limit in seconds.",
        read: |system| system.cpu().throttled_seconds,
    },
    Fact {
        name: "container_oom_kills_total",
        help: "Number of processes killed because memory ran out.",
        read: |system| system.group()?.out_of_memory_kills(),
    },
    Fact {
        name: "container_pressure_cpu_waiting_seconds_total",
        help: "Total time some task waited for a CPU in seconds.",
        read: |system| system.pressure("cpu")[0],
    },
    Fact {
        name: "container_pressure_cpu_stalled_seconds_total",
        help: "Total time all tasks waited for a CPU in seconds.",
        read: |system| system.pressure("cpu")[1],
    },
    Fact {
        name: "container_pressure_memory_waiting_seconds_total",
        help: "Total time some task waited for memory in seconds.",
        read: |system| system.pressure("memory")[0],
    },
    Fact {
        name: "container_pressure_memory_stalled_seconds_total",
        help: "Total time all tasks waited for memory in seconds.",
        read: |system| system.pressure("memory")[1],
    },
    Fact {
        name: "container_pressure_io_waiting_seconds_total",
        help: "Total time some task waited for input or output in seconds.",
        read: |system| system.pressure("io")[0],
    },
    Fact {
        name: "container_pressure_io_stalled_seconds_total",
        help: "Total time all tasks waited for input or output in seconds.",
        read: |system| system.pressure("io")[1],
    },
];

impl ContainerMetrics {
    /// Registers the metrics of the container that this process is in.
    ///
    /// # Errors
    ///
    /// Returns a conflict with a metric of the registry that has the same name.
    pub fn register_in(registry: &Registry) -> Result<Self, RegistrationError> {
        Self::register_with_root(registry, "/")
    }

    /// Registers the metrics from the files in `proc` and `sys/fs/cgroup` of another root, for tests.
    ///
    /// # Errors
    ///
    /// Returns a conflict with a metric of the registry that has the same name.
    pub fn register_with_root(
        registry: &Registry,
        root: impl Into<PathBuf>,
    ) -> Result<Self, RegistrationError> {
        let system = Arc::new(System { root: root.into() });
        let is_told = |fact: &Fact| (fact.read)(&system).is_some();
        let mut gauges = Vec::new();
        for Fact { name, help, read } in GAUGES.into_iter().filter(is_told) {
            let gauge: GaugeFn<f64> = registry.register(&Definition::new(name, help))?;
            gauge.read_shared(&system, move |system| read(system).unwrap_or_default());
            gauges.push(gauge);
        }
        let mut counters = Vec::new();
        for Fact { name, help, read } in COUNTERS.into_iter().filter(is_told) {
            let counter: CounterFn<f64> = registry.register(&Definition::new(name, help))?;
            counter.read_shared(&system, move |system| read(system).unwrap_or_default());
            counters.push(counter);
        }
        Ok(Self { _gauges: gauges, _counters: counters })
    }
}

/// The system that the files of a root describe.
#[derive(Debug)]
struct System {
    root: PathBuf,
}

impl System {
    fn group(&self) -> Option<Cgroup> {
        Cgroup::of_process(&self.root)
    }

    fn cpu(&self) -> CpuStat {
        self.group().and_then(|group| group.cpu()).unwrap_or_default()
    }

    fn cpu_seconds(&self) -> Option<f64> {
        self.cpu().used_seconds.or_else(|| host::processors(&self.root).map(|host| host.used_seconds))
    }

    /// Returns the limit; the host has no more.
    fn cpu_limit(&self) -> Option<f64> {
        let of_group = self.group().and_then(|group| group.cpu_limit());
        let of_host = host::processors(&self.root).map(|host| host.count);
        of_group.into_iter().chain(of_host).reduce(f64::min)
    }

    fn memory_bytes(&self) -> Option<f64> {
        let of_group = self.group().and_then(|group| group.memory_bytes());
        of_group.or_else(|| host::memory(&self.root).map(|host| host.used))
    }

    fn working_set_bytes(&self) -> Option<f64> {
        let Some((group, used)) =
            self.group().and_then(|group| group.memory_bytes().map(|used| (group, used)))
        else {
            return host::memory(&self.root).map(|host| host.used);
        };
        Some((used - group.inactive_file_bytes().unwrap_or_default()).max(0.0))
    }

    /// Returns the limit; the host has no more.
    fn memory_limit_bytes(&self) -> Option<f64> {
        let of_group = self.group().and_then(|group| group.memory_limit());
        let of_host = host::memory(&self.root).map(|host| host.total);
        of_group.into_iter().chain(of_host).reduce(f64::min)
    }

    fn memory_share(&self) -> Option<f64> {
        let limit = self.memory_limit_bytes().filter(|limit| *limit > 0.0)?;
        Some(self.working_set_bytes()? / limit)
    }

    fn pressure(&self, resource: &str) -> [Option<f64>; 2] {
        let of_group = self.group().and_then(|group| group.pressure(resource));
        of_group.or_else(|| host::pressure(&self.root, resource)).unwrap_or_default()
    }
}
