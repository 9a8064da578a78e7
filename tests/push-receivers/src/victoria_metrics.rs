//! A `VictoriaMetrics` of the test's own, where it is installed.

use std::{fs, net::SocketAddr, process::Command, time::Duration};

use serde_json::Value;
use tests::{http, process::Process, scratch::Scratch, wait};

const PROGRAM: &str = "victoria-metrics";
const START: Duration = Duration::from_secs(120);
/// State of a socket that listens, in `/proc/net/tcp`.
const LISTENS: &str = "0A";

/// A running server. Dropping it ends the server and removes its data.
#[derive(Debug)]
pub struct VictoriaMetrics {
    // Fields are dropped in order: the process ends before its directory is removed.
    _process: Process,
    _data: Scratch,
    address: SocketAddr,
}

impl VictoriaMetrics {
    /// Starts a server on a free port and waits until it answers; returns `None` where it is not installed.
    pub fn start() -> Option<Self> {
        if Command::new(PROGRAM).arg("-version").output().is_err() {
            return None;
        }
        let data = Scratch::new("metrics-tests-victoria-metrics");
        let mut command = Command::new(PROGRAM);
        command
            .args(["-httpListenAddr=127.0.0.1:0", "-search.latencyOffset=0s"])
            .arg(format!("-storageDataPath={}", data.path().join("data").display()));
        let process = Process::start(&mut command, "install VictoriaMetrics");
        // Its log has the port zero.
        let address = wait::poll(START, || listening_address(process.id())).expect("it listens");
        let health = || http::get(address, "/health").ok().map(|answer| answer.status);
        wait::until_equal(START, "ready", &Some(200), health);
        Some(Self { _process: process, _data: data, address })
    }

    /// Returns the URL for remote write.
    pub fn write_url(&self) -> String {
        format!("http://{}/api/v1/write", self.address)
    }

    /// Returns the series of an instant query.
    pub fn series(&self, query: &str) -> Vec<(Value, f64)> {
        let flushed = http::get(self.address, "/internal/force_flush").expect("an answer");
        assert_eq!(flushed.status, 200, "{}", flushed.body);
        let target = format!("/api/v1/query?nocache=1&query={}", http::query_value(query));
        let answer = http::get(self.address, &target).expect("an answer").body;
        let answer: Value = serde_json::from_str(&answer).expect("an answer in JSON");
        let series = answer["data"]["result"].as_array().unwrap_or_else(|| panic!("{query}: {answer}"));
        let value = |series: &Value| series["value"][1].as_str().expect("a value in text").parse();
        series.iter().map(|series| (series["metric"].clone(), value(series).expect("a number"))).collect()
    }
}

/// Returns the address at which a process listens, as Linux knows it.
fn listening_address(process: u32) -> Option<SocketAddr> {
    let files = fs::read_dir(format!("/proc/{process}/fd")).ok()?;
    let links = files.flatten().filter_map(|file| fs::read_link(file.path()).ok());
    let sockets: Vec<_> = links
        .filter_map(|link| Some(link.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned()))
        .collect();
    let table = fs::read_to_string("/proc/net/tcp").ok()?;
    table.lines().find_map(|line| {
        let fields: Vec<_> = line.split_whitespace().collect();
        let (local, state, socket) = (fields.get(1)?, fields.get(3)?, fields.get(9)?);
        let (_, port) = local.split_once(':')?;
        let is_it = *state == LISTENS && sockets.iter().any(|other| other == socket);
        is_it.then_some(SocketAddr::from(([127, 0, 0, 1], u16::from_str_radix(port, 16).ok()?)))
    })
}
