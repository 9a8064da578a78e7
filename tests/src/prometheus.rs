//! A real Prometheus server that scrapes one service.

use std::{
    fs,
    net::SocketAddr,
    path::Path,
    process::Command,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde_json::Value;

use crate::{INSTALL_PROMETHEUS, artefact, http, process::Process, promtool, scratch::Scratch, wait};

/// Path of the configuration in the workspace.
const CONFIGURATION: &str = "tests/prometheus/prometheus.yml";
/// Address in the configuration that is replaced by that of the service.
const TARGET: &str = "127.0.0.1:8080";
/// Longest time until the first scrape. A server looks for new targets every five seconds.
const START: Duration = Duration::from_secs(120);
/// Longest time until the next scrape. The interval is a second; the rest is for a busy machine.
const NEXT_SCRAPE: Duration = Duration::from_secs(120);

/// A running server. Dropping it ends the server and removes its data.
#[derive(Debug)]
pub struct Server {
    // Fields are dropped in order: the process ends before its directory is removed.
    _process: Process,
    _data: Scratch,
    address: SocketAddr,
}

impl Server {
    /// Starts a server with this repository's configuration on a free port and waits until it is ready.
    pub fn start(target: SocketAddr) -> Self {
        let data = Scratch::new("metrics-tests-prometheus");
        let file = data.path().join("prometheus.yml");
        let template = fs::read_to_string(artefact::workspace().join(CONFIGURATION)).expect(CONFIGURATION);
        assert_eq!(template.matches(TARGET).count(), 1, "{CONFIGURATION} names {TARGET} once");
        fs::write(&file, template.replace(TARGET, &target.to_string())).expect("writing the configuration");
        Self::run(&file, data)
    }

    /// Starts a server with a configuration and a data directory, which is removed with the server, and waits until it is ready.
    pub fn run(configuration: &Path, data: Scratch) -> Self {
        Self::run_with(configuration, data, "exemplar-storage")
    }

    /// Starts a server as [`run`](Self::run) does, with these features.
    pub fn run_with(configuration: &Path, data: Scratch, features: &str) -> Self {
        Self::run_with_arguments(configuration, data, &[&format!("--enable-feature={features}")])
    }

    /// Starts a server as [`run`](Self::run) does, which receives remote write at `/api/v1/write`, with exemplars and native
    /// histograms.
    pub fn run_receiver(configuration: &Path, data: Scratch) -> Self {
        let features = "--enable-feature=exemplar-storage,native-histograms";
        Self::run_with_arguments(configuration, data, &["--web.enable-remote-write-receiver", features])
    }

    fn run_with_arguments(configuration: &Path, data: Scratch, arguments: &[&str]) -> Self {
        promtool::assert_config(configuration);
        let mut command = Command::new("prometheus");
        command
            .arg(format!("--config.file={}", configuration.display()))
            .arg(format!("--storage.tsdb.path={}", data.path().join("data").display()))
            .arg("--web.listen-address=127.0.0.1:0")
            .args(arguments);
        let mut process = Process::start(&mut command, INSTALL_PROMETHEUS);
        let address = process.wait_for_line(START, "the address it listens on", listening_address);
        let server = Self { _process: process, _data: data, address };
        wait::until_equal(START, "ready", &Some(200), || {
            http::get(address, "/-/ready").ok().map(|answer| answer.status)
        });
        server
    }

    /// Returns the address of the server.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the data of a request to the HTTP API, such as `/api/v1/rules`.
    ///
    /// # Errors
    ///
    /// Returns the error that the server reports.
    pub fn ask(&self, path: &str) -> Result<Value, String> {
        let answer = http::get(self.address, path).expect("an answer of Prometheus");
        let mut answer: Value = serde_json::from_str(&answer.body).expect("an answer in JSON");
        if answer["status"] == "success" {
            Ok(answer["data"].take())
        } else {
            Err(answer["error"].to_string())
        }
    }

    /// Waits for a successful scrape that begins after this call, so that queries show everything that was counted before.
    #[track_caller]
    pub fn wait_for_scrape(&self) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970").as_secs_f64();
        wait::until_equal(START, "a scrape after now", &true, || {
            // Only a plain selector keeps the time of its sample: `timestamp(up == 1)` is the time of the query.
            self.value("timestamp(up) and up == 1").is_some_and(|scraped| scraped > now)
        });
    }

    /// Returns the labels and values of the series that an instant query gives.
    #[track_caller]
    pub fn series(&self, query: &str) -> Vec<(Value, f64)> {
        let value = |series: &Value| series["value"][1].as_str().expect("a value in text").parse();
        let pair = |series: &Value| (series["metric"].clone(), value(series).expect("a number"));
        self.vector(query).iter().map(pair).collect()
    }

    /// Returns the series of an instant query, each with its labels in `metric` and its `value` or `histogram`.
    #[track_caller]
    pub fn vector(&self, query: &str) -> Vec<Value> {
        let data = self.ask(&format!("/api/v1/query?query={}", http::query_value(query)));
        let data = data.unwrap_or_else(|error| panic!("{query}: {error}"));
        data["result"].as_array().expect("an instant vector").clone()
    }

    /// Returns the value of an instant query with one result, or `None` without a result.
    #[track_caller]
    pub fn value(&self, query: &str) -> Option<f64> {
        let series = self.series(query);
        assert!(series.len() <= 1, "{query} gives more than one series: {series:?}");
        series.first().map(|(_, value)| *value)
    }

    /// Returns the labels and values of the exemplars of a query's series, from the last minutes.
    #[track_caller]
    pub fn exemplars(&self, query: &str) -> Vec<(Value, f64)> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970").as_secs();
        let (start, end) = (now - 600, now + 60);
        let query = http::query_value(query);
        let answer = self.ask(&format!("/api/v1/query_exemplars?query={query}&start={start}&end={end}"));
        let exemplar = |exemplar: &Value| {
            let value = exemplar["value"].as_str().expect("a value in text").parse().expect("a number");
            (exemplar["labels"].clone(), value)
        };
        let series = answer.expect("an answer");
        let series = series.as_array().expect("a list").iter();
        series
            .flat_map(|series| series["exemplars"].as_array().expect("a list").iter().map(exemplar))
            .collect()
    }

    /// Waits until an instant query has this value.
    #[track_caller]
    pub fn wait_for_value(&self, query: &str, value: f64) {
        wait::until_equal(NEXT_SCRAPE, query, &Some(value), || self.value(query));
    }

    /// Asserts that an instant query has this value now.
    #[track_caller]
    pub fn assert_value(&self, query: &str, value: f64) {
        assert_eq!(self.value(query), Some(value), "{query}");
    }
}

/// Parses the address in the line that the server and the exporters log once they listen.
pub fn listening_address(line: &str) -> Option<SocketAddr> {
    if !line.contains("Listening on") {
        return None;
    }
    let (_, address) = line.split_once("address=")?;
    address.split_whitespace().next()?.trim_matches('"').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::listening_address;

    #[test]
    fn the_address_is_found_in_the_lines_of_old_and_new_servers() {
        let line =
            r#"caller=tls_config.go:232 level=info component=web msg="Listening on" address=127.0.0.1:41903"#;
        assert_eq!(listening_address(line).unwrap().port(), 41903);
        let line = r#"level=INFO source=tls_config.go:347 msg="Listening on" component=web address=127.0.0.1:5 http2=x"#;
        assert_eq!(listening_address(line).unwrap().port(), 5);
        let asked = r#"msg="Start listening for connections" address=127.0.0.1:0"#;
        assert_eq!(listening_address(asked), None);
    }
}
