//! Limits and use of the process's control group, version 2.
//!
//! <https://docs.kernel.org/admin-guide/cgroup-v2.html>

use std::{
    fs,
    path::{Path, PathBuf},
};

const MICROSECONDS: f64 = 1e6;

/// The control group of the process. A file that the kernel does not have gives `None`.
#[derive(Debug)]
pub(super) struct Cgroup {
    /// Folders from the group of the process up to the one that is mounted: a limit of each holds.
    folders: Vec<PathBuf>,
}

impl Cgroup {
    /// Finds the group; `None` without a control group of version 2.
    pub(super) fn of_process(root: &Path) -> Option<Self> {
        let text = fs::read_to_string(root.join("proc/self/cgroup")).ok()?;
        let path = text.lines().find_map(|line| line.strip_prefix("0::/"))?;
        let mount = root.join("sys/fs/cgroup");
        if !mount.join("cgroup.controllers").exists() {
            return None;
        }
        // A container sees its own group as the mounted one, and may be told a path that it does not see.
        let known = Path::new(path).ancestors().filter(|path| !path.as_os_str().is_empty());
        let mut folders: Vec<_> =
            known.map(|path| mount.join(path)).filter(|folder| folder.is_dir()).collect();
        folders.push(mount);
        Some(Self { folders })
    }

    fn read(&self, file: &str) -> Option<String> {
        fs::read_to_string(self.folders.first()?.join(file)).ok()
    }

    /// Returns the strictest limit that one of the groups has.
    fn limit(&self, file: &str, parse: fn(&str) -> Option<f64>) -> Option<f64> {
        let limits = self.folders.iter().filter_map(|folder| fs::read_to_string(folder.join(file)).ok());
        limits.filter_map(|text| parse(&text)).reduce(f64::min)
    }

    /// Returns how many CPUs the group may use.
    pub(super) fn cpu_limit(&self) -> Option<f64> {
        self.limit("cpu.max", parse_cpu_max)
    }

    /// Returns the largest amount of memory in bytes.
    pub(super) fn memory_limit(&self) -> Option<f64> {
        self.limit("memory.max", parse_number)
    }

    pub(super) fn memory_bytes(&self) -> Option<f64> {
        parse_number(&self.read("memory.current")?)
    }

    /// Returns the part of the page cache that the kernel gives back first, in bytes.
    pub(super) fn inactive_file_bytes(&self) -> Option<f64> {
        field(&self.read("memory.stat")?, "inactive_file")
    }

    pub(super) fn out_of_memory_kills(&self) -> Option<f64> {
        field(&self.read("memory.events")?, "oom_kill")
    }

    pub(super) fn cpu(&self) -> Option<CpuStat> {
        let text = self.read("cpu.stat")?;
        let seconds = |name| field(&text, name).map(|microseconds| microseconds / MICROSECONDS);
        Some(CpuStat {
            used_seconds: seconds("usage_usec"),
            periods: field(&text, "nr_periods"),
            throttled_periods: field(&text, "nr_throttled"),
            throttled_seconds: seconds("throttled_usec"),
        })
    }

    /// Returns the seconds in which some task, and in which every task, waited for a resource: `cpu`, `memory` or `io`.
    pub(super) fn pressure(&self, resource: &str) -> Option<[Option<f64>; 2]> {
        self.read(&format!("{resource}.pressure")).map(|text| parse_pressure(&text))
    }
}

/// Time on processors, and the time in which the limit kept the group from them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct CpuStat {
    pub(super) used_seconds: Option<f64>,
    pub(super) periods: Option<f64>,
    pub(super) throttled_periods: Option<f64>,
    pub(super) throttled_seconds: Option<f64>,
}

/// Returns a number; nothing for `max`.
fn parse_number(text: &str) -> Option<f64> {
    text.trim().parse::<u64>().ok().map(|number| number as f64)
}

/// Returns the CPUs of `QUOTA PERIOD`; nothing for `max PERIOD`.
fn parse_cpu_max(text: &str) -> Option<f64> {
    let (quota, period) = text.trim().split_once(' ')?;
    let period = parse_number(period).filter(|period| *period > 0.0)?;
    Some(parse_number(quota)? / period)
}

/// Returns the number of a line `name number`.
fn field(text: &str, name: &str) -> Option<f64> {
    let number = |line: &str| line.strip_prefix(name)?.strip_prefix(' ').and_then(parse_number);
    text.lines().find_map(number)
}

/// Returns the totals of the lines `some` and `full` in seconds.
pub(super) fn parse_pressure(text: &str) -> [Option<f64>; 2] {
    ["some ", "full "].map(|line| {
        let line = text.lines().find_map(|other| other.strip_prefix(line))?;
        let total = line.split_whitespace().find_map(|field| field.strip_prefix("total="))?;
        parse_number(total).map(|microseconds| microseconds / MICROSECONDS)
    })
}
