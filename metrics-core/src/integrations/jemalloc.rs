//! Memory of the allocator jemalloc.

use tikv_jemalloc_ctl::{Result, epoch, stats};

use crate::{
    metric::GaugeFn,
    model::RegistrationError,
    registry::{Definition, Registry},
};

/// Memory of the allocator jemalloc, which the program has as its global allocator.
///
/// The names are those of jemalloc's statistics: `jemalloc_allocated_bytes` is in use by the program, `…_active_bytes` the pages
/// with it, `…_resident_bytes` the physical memory, `…_mapped_bytes` the mapped extents, and `…_retained_bytes` the address space
/// that is kept for later. The share of memory that fragmentation costs is
/// `1 - jemalloc_allocated_bytes / jemalloc_active_bytes`.
///
/// The metrics leave the page when this value is dropped.
///
/// ```
/// use metrics_core::{JemallocMetrics, Registry};
///
/// # let registry = Registry::new();
/// // #[global_allocator]
/// // static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;
/// let _jemalloc = JemallocMetrics::register_in(&registry)?;
/// # #[cfg(feature = "enabled")]
/// assert!(registry.text().contains("# TYPE jemalloc_allocated_bytes gauge\n"));
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
///
/// A page asks jemalloc to refresh its statistics, which merges those of all arenas. `tikv-jemallocator` must be of the version that
/// Cargo has chosen for `tikv-jemalloc-ctl`, as a program links one jemalloc; otherwise the numbers are not those of the program.
#[derive(Debug)]
#[must_use = "the metrics leave the page when this is dropped"]
pub struct JemallocMetrics {
    _gauges: Vec<GaugeFn<f64>>,
}

/// A statistic of jemalloc.
struct Statistic {
    name: &'static str,
    help: &'static str,
    read: fn() -> Result<usize>,
}

const STATISTICS: [Statistic; 5] = [
    Statistic {
        name: "jemalloc_allocated_bytes",
        help: "Number of bytes allocated by the application.",
        read: stats::allocated::read,
    },
    Statistic {
        name: "jemalloc_active_bytes",
        help: "Number of bytes in active pages allocated by the application.",
        read: stats::active::read,
    },
    Statistic {
        name: "jemalloc_resident_bytes",
        help: "Number of bytes in physically resident data pages mapped by the allocator.",
        read: stats::resident::read,
    },
    Statistic {
        name: "jemalloc_mapped_bytes",
        help: "Number of bytes in active extents mapped by the allocator.",
        read: stats::mapped::read,
    },
    Statistic {
        name: "jemalloc_retained_bytes",
        help: "Number of bytes in virtual memory mappings that were retained rather than returned.",
        read: stats::retained::read,
    },
];

impl JemallocMetrics {
    /// Registers the metrics.
    ///
    /// # Errors
    ///
    /// Returns a conflict with a metric of the registry that has the same name.
    pub fn register_in(registry: &Registry) -> std::result::Result<Self, RegistrationError> {
        let register = |Statistic { name, help, read }| {
            let gauge: GaugeFn<f64> = registry.register(&Definition::new(name, help))?;
            gauge.read_from(move || current(read));
            Ok(gauge)
        };
        Ok(Self { _gauges: STATISTICS.into_iter().map(register).collect::<std::result::Result<_, _>>()? })
    }
}

/// Reads a statistic that jemalloc has refreshed; `NaN` if it was built without statistics.
fn current(read: fn() -> Result<usize>) -> f64 {
    epoch::advance().and_then(|_| read()).map_or(f64::NAN, |bytes| bytes as f64)
}
