//! Limits and use of the container or the host; with the feature `container`.

#![cfg(all(feature = "container", feature = "enabled"))]

use std::{
    fs,
    path::{Path, PathBuf},
};

use metrics_core::{ContainerMetrics, Registry};

/// A folder with the files of a system, removed at the end.
struct Root(PathBuf);

impl Drop for Root {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

fn root(name: &str, files: &[(&str, &str)]) -> Root {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    for (path, text) in files {
        let file = folder.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    Root(folder)
}

/// Sample lines of the metrics.
fn samples(root: &Path) -> Vec<String> {
    let registry = Registry::new();
    let metrics = ContainerMetrics::register_with_root(&registry, root).unwrap();
    let page = registry.text();
    drop(metrics);
    assert_eq!(registry.text(), "");
    page.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

const HOST: [(&str, &str); 2] = [
    (
        "proc/stat",
        "cpu  1000 20 300 40000 50 6 7 80 900 0\ncpu0 1 0 0 0 0 0 0 0 0 0\ncpu1 1 0 0 0 0 0 0 0 0 0\n\
         cpu2 1 0 0 0 0 0 0 0 0 0\ncpu3 1 0 0 0 0 0 0 0 0 0\nintr 4\n",
    ),
    ("proc/meminfo", "MemTotal:        4096 kB\nMemFree:          100 kB\nMemAvailable:    1024 kB\n"),
];

#[test]
fn a_container_with_limits() {
    let files = [
        ("proc/self/cgroup", "1:name=systemd:/other\n0::/pod/service\n"),
        ("sys/fs/cgroup/cgroup.controllers", "cpu memory\n"),
        ("sys/fs/cgroup/pod/cpu.max", "150000 100000\n"),
        ("sys/fs/cgroup/pod/memory.max", "max\n"),
        ("sys/fs/cgroup/pod/service/cpu.max", "200000 100000\n"),
        ("sys/fs/cgroup/pod/service/memory.max", "2097152\n"),
        (
            "sys/fs/cgroup/pod/service/cpu.stat",
            "usage_usec 2500000\nuser_usec 1\nnr_periods 40\nnr_throttled 4\nthrottled_usec 125000\n",
        ),
        ("sys/fs/cgroup/pod/service/memory.current", "1572864\n"),
        ("sys/fs/cgroup/pod/service/memory.stat", "anon 9\ninactive_file 524288\n"),
        ("sys/fs/cgroup/pod/service/memory.events", "oom 3\noom_kill 2\noom_group_kill 0\n"),
        (
            "sys/fs/cgroup/pod/service/cpu.pressure",
            "some avg10=0.00 avg60=1.00 avg300=0.00 total=3000000\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=500000\n",
        ),
    ];
    let root = root("limits", &[&HOST[..], &files].concat());
    let expected = [
        "container_cpu_limit 1.5",
        "container_cpu_periods_total 40",
        "container_cpu_throttled_periods_total 4",
        "container_cpu_throttled_seconds_total 0.125",
        "container_cpu_time_seconds_total 2.5",
        "container_memory_limit_bytes 2097152",
        "container_memory_usage_bytes 1572864",
        "container_memory_usage_ratio 0.5",
        "container_memory_working_set_bytes 1048576",
        "container_oom_kills_total 2",
        "container_pressure_cpu_stalled_seconds_total 0.5",
        "container_pressure_cpu_waiting_seconds_total 3",
    ];
    assert_eq!(samples(&root.0), expected);
}

#[test]
fn a_container_that_sees_its_group_as_the_mounted_one() {
    let files = [
        ("proc/self/cgroup", "0::/docker/0123\n"),
        ("sys/fs/cgroup/cgroup.controllers", ""),
        ("sys/fs/cgroup/cpu.max", "max 100000\n"),
        ("sys/fs/cgroup/memory.max", "9223372036854771712\n"),
        ("sys/fs/cgroup/memory.current", "1048576\n"),
    ];
    let root = root("mounted", &[&HOST[..], &files].concat());
    // No limit is larger than the host.
    let expected = [
        "container_cpu_limit 4",
        "container_cpu_time_seconds_total 13.33",
        "container_memory_limit_bytes 4194304",
        "container_memory_usage_bytes 1048576",
        "container_memory_usage_ratio 0.25",
        "container_memory_working_set_bytes 1048576",
    ];
    assert_eq!(samples(&root.0), expected);
}

#[test]
fn the_host_without_a_control_group() {
    let pressure = [("proc/pressure/memory", "some avg10=0 avg60=0 avg300=0 total=7000000\n")];
    let root = root("host", &[&HOST[..], &pressure].concat());
    let expected = [
        "container_cpu_limit 4",
        "container_cpu_time_seconds_total 13.33",
        "container_memory_limit_bytes 4194304",
        "container_memory_usage_bytes 3145728",
        "container_memory_usage_ratio 0.75",
        "container_memory_working_set_bytes 3145728",
        "container_pressure_memory_waiting_seconds_total 7",
    ];
    assert_eq!(samples(&root.0), expected);
}

#[test]
fn a_system_that_tells_nothing_has_no_series() {
    assert_eq!(samples(Path::new("/nonexistent")), [""; 0]);
}

#[test]
fn files_with_nonsense_are_left_out() {
    let files = [
        ("proc/self/cgroup", "0::/\n"),
        ("sys/fs/cgroup/cgroup.controllers", ""),
        ("sys/fs/cgroup/cpu.max", "100000 0\n"),
        ("sys/fs/cgroup/memory.max", "-1\n"),
        ("sys/fs/cgroup/cpu.stat", "usage_usec many\nnr_periods\n"),
        ("sys/fs/cgroup/cpu.pressure", "some total\nfull total=\n"),
        ("proc/meminfo", "MemTotal: 1\n"),
        ("proc/stat", "cpu\n"),
    ];
    assert_eq!(samples(&root("nonsense", &files).0), [""; 0]);
}
