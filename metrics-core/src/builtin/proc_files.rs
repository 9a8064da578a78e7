//! Numbers about the process, parsed from the files of `/proc/self`.
//!
//! The files are read with `std` alone, which needs no further crate and makes no system call that valgrind does not know.

use std::fs;

/// Value for an unlimited resource, as the other client libraries show it.
const UNLIMITED: f64 = u64::MAX as f64;

/// Clock ticks per second unless the kernel reports another number: `USER_HZ` of every architecture that Rust supports.
const DEFAULT_TICKS: u64 = 100;

fn read(path: &str) -> Option<String> {
    fs::read_to_string(path).ok()
}

/// Fields of `/proc/self/stat`.
///
/// <https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html>
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stat {
    /// Clock ticks in user and system mode.
    pub(super) cpu_ticks: u64,
    pub(super) threads: u64,
    /// Clock ticks between the boot of the system and the start of the process.
    pub(super) start_ticks: u64,
    pub(super) virtual_bytes: u64,
}

impl Stat {
    pub(super) fn read() -> Option<Self> {
        Self::parse(&read("/proc/self/stat")?)
    }

    fn parse(text: &str) -> Option<Self> {
        // The second field, the program's name in parentheses, may contain spaces and parentheses.
        let (_, fields) = text.rsplit_once(')')?;
        let fields: Vec<&str> = fields.split_whitespace().collect();
        let field = |number: usize| fields.get(number - 3)?.parse::<u64>().ok();
        Some(Self {
            cpu_ticks: field(14)?.saturating_add(field(15)?),
            threads: field(20)?,
            start_ticks: field(22)?,
            virtual_bytes: field(23)?,
        })
    }
}

/// Soft limits in `/proc/self/limits`.
#[derive(Debug, PartialEq)]
pub(super) struct Limits {
    pub(super) open_files: Option<f64>,
    pub(super) address_space: Option<f64>,
}

impl Limits {
    pub(super) fn read() -> Option<Self> {
        Some(Self::parse(&read("/proc/self/limits")?))
    }

    fn parse(text: &str) -> Self {
        let soft = |resource: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(resource))?;
            match line.split_whitespace().next()? {
                "unlimited" => Some(UNLIMITED),
                limit => limit.parse().ok(),
            }
        };
        Self { open_files: soft("Max open files"), address_space: soft("Max address space") }
    }
}

/// Returns the resident memory in bytes.
pub(super) fn resident_bytes() -> Option<u64> {
    parse_resident_bytes(&read("/proc/self/status")?)
}

fn parse_resident_bytes(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

/// Returns the number of open file descriptors.
pub(super) fn open_files() -> Option<u64> {
    const FOLDER: &str = "/proc/self/fd";
    // In Linux 6.2 and later the size of the folder is the number, which is cheaper than listing it.
    let size = fs::metadata(FOLDER).ok()?.len();
    if size > 0 {
        return Some(size);
    }
    // Listing the folder opens a descriptor.
    let listed = fs::read_dir(FOLDER).ok()?.count() as u64;
    Some(listed.saturating_sub(1))
}

/// Returns the bytes received and sent over all network interfaces but loopback.
pub(super) fn network_bytes() -> Option<(u64, u64)> {
    Some(parse_network_bytes(&read("/proc/self/net/dev")?))
}

fn parse_network_bytes(text: &str) -> (u64, u64) {
    let interfaces = text.lines().filter_map(|line| line.split_once(':'));
    let others = interfaces.filter(|(name, _)| name.trim() != "lo");
    others.fold((0_u64, 0_u64), |(received, sent), (_, numbers)| {
        let numbers: Vec<u64> = numbers.split_whitespace().map_while(|number| number.parse().ok()).collect();
        let number = |at: usize| numbers.get(at).copied().unwrap_or_default();
        (received.saturating_add(number(0)), sent.saturating_add(number(8)))
    })
}

/// Returns the time of the system's boot in seconds since the Unix epoch.
pub(super) fn boot_seconds() -> Option<u64> {
    let stat = read("/proc/stat")?;
    stat.lines().find_map(|line| line.strip_prefix("btime "))?.trim().parse().ok()
}

/// Returns the number of clock ticks per second.
pub(super) fn ticks_per_second() -> u64 {
    fs::read("/proc/self/auxv").ok().and_then(|auxv| parse_ticks(&auxv)).unwrap_or(DEFAULT_TICKS)
}

/// Finds `AT_CLKTCK` in the auxiliary vector: pairs of words, a key and a value.
fn parse_ticks(auxv: &[u8]) -> Option<u64> {
    const AT_CLKTCK: usize = 17;
    const WORD: usize = size_of::<usize>();
    let word = |bytes: &[u8]| bytes.try_into().ok().map(usize::from_ne_bytes);
    auxv.chunks_exact(2 * WORD)
        .find_map(|pair| {
            let (key, value) = pair.split_at(WORD);
            (word(key) == Some(AT_CLKTCK)).then(|| word(value))?
        })
        .filter(|ticks| *ticks > 0)
        .and_then(|ticks| u64::try_from(ticks).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_may_be_called_anything() {
        let text = "7 (a) (b 1) R 1 2 3 4 5 6 7 8 9 10 30 12 13 14 15 16 5 18 900 4096 77 0\n";
        let stat = Stat { cpu_ticks: 42, threads: 5, start_ticks: 900, virtual_bytes: 4096 };
        assert_eq!(Stat::parse(text), Some(stat));
        assert_eq!(Stat::parse("7 (a) R 1"), None);
    }

    #[test]
    fn limits_are_soft_ones() {
        let text = "Limit                     Soft Limit           Hard Limit           Units\n\
                    Max open files            1024                 4096                 files\n\
                    Max address space         unlimited            unlimited            bytes\n";
        assert_eq!(Limits::parse(text), Limits { open_files: Some(1024.0), address_space: Some(UNLIMITED) });
        assert_eq!(Limits::parse(""), Limits { open_files: None, address_space: None });
    }

    #[test]
    fn loopback_is_no_network() {
        let text = "Inter-|   Receive                 |  Transmit\n\
                     face |bytes    packets errs drop fifo frame compressed multicast|bytes packets\n\
                        lo:  100 1 0 0 0 0 0 0 100 1 0 0 0 0 0 0\n\
                      eth0: 2000 2 0 0 0 0 0 0 300 3 0 0 0 0 0 0\n\
                      eth1:    5 2 0 0 0 0 0 0   7 3 0 0 0 0 0 0\n";
        assert_eq!(parse_network_bytes(text), (2005, 307));
    }

    #[test]
    fn memory_is_in_bytes() {
        assert_eq!(parse_resident_bytes("VmHWM:\t9 kB\nVmRSS:\t    8 kB\n"), Some(8192));
        assert_eq!(parse_resident_bytes("Name:\tx\n"), None);
    }

    #[test]
    fn ticks_are_found_in_the_auxiliary_vector() {
        let auxv: Vec<u8> =
            [6_usize, 4096, 17, 250, 0, 0].iter().flat_map(|word| word.to_ne_bytes()).collect();
        assert_eq!(parse_ticks(&auxv), Some(250));
        assert_eq!(parse_ticks(&auxv[..8]), None);
        assert_eq!(ticks_per_second(), 100);
    }

    #[test]
    fn the_files_of_this_process_are_read() {
        assert!(Stat::read().is_some_and(|stat| stat.threads >= 1 && stat.virtual_bytes > 0));
        assert!(Limits::read().is_some_and(|limits| limits.open_files > Some(3.0)));
        assert!(resident_bytes() > Some(4096) && open_files() >= Some(3) && network_bytes().is_some());
        assert!(boot_seconds() > Some(1_000_000_000));
    }
}
