//! Limits and use of the whole system, from `/proc`.

use std::{fs, path::Path};

use super::cgroup::parse_pressure;

/// Clock ticks per second in `/proc/stat`: `USER_HZ` of every architecture that Rust supports.
const TICKS: f64 = 100.0;

/// Memory of the system in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Memory {
    pub(super) total: f64,
    pub(super) used: f64,
}

/// Reads the memory of the system.
pub(super) fn memory(root: &Path) -> Option<Memory> {
    let text = fs::read_to_string(root.join("proc/meminfo")).ok()?;
    let bytes = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
        line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kibibytes| kibibytes as f64 * 1024.0)
    };
    let total = bytes("MemTotal")?;
    Some(Memory { total, used: total - bytes("MemAvailable")? })
}

/// Processors of the system.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Processors {
    pub(super) count: f64,
    pub(super) used_seconds: f64,
}

/// Reads the number of processors and the seconds in which they worked.
pub(super) fn processors(root: &Path) -> Option<Processors> {
    let text = fs::read_to_string(root.join("proc/stat")).ok()?;
    let mut lines = text.lines().filter_map(|line| line.strip_prefix("cpu"));
    let all = lines.find_map(|line| line.strip_prefix(' '))?;
    // user, nice, system, idle, iowait, irq, softirq, steal; a guest's time is in the user's
    let ticks = all.split_whitespace().take(8).enumerate();
    let worked = ticks.filter(|(at, _)| !matches!(at, 3 | 4 | 7));
    let worked: u64 = worked.filter_map(|(_, ticks)| ticks.parse::<u64>().ok()).sum();
    Some(Processors { count: lines.count() as f64, used_seconds: worked as f64 / TICKS })
}

/// Returns the seconds in which some task, and in which every task, waited for a resource.
pub(super) fn pressure(root: &Path, resource: &str) -> Option<[Option<f64>; 2]> {
    fs::read_to_string(root.join("proc/pressure").join(resource)).ok().map(|text| parse_pressure(&text))
}
