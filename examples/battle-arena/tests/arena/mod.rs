//! The program as its users run it.
#![allow(dead_code, reason = "every test file uses its own part")]

pub(crate) mod stack;
pub(crate) mod stopping;

use std::{net::SocketAddr, process::Command, time::Duration};

use serde_json::Value;
use tests::{
    http::{self, Response},
    process::Process,
};

/// Time limit on a busy machine.
pub(crate) const LIMIT: Duration = Duration::from_secs(120);

/// A running service.
pub(crate) struct Arena {
    pub(crate) process: Process,
    pub(crate) address: SocketAddr,
}

impl Arena {
    /// Starts it on a free port with more arguments.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::start_as(program().args(arguments))
    }

    /// Starts a command of [`program`].
    pub(crate) fn start_as(command: &mut Command) -> Self {
        let mut process = Process::start(command, "cargo builds it");
        let address = process.wait_for_line(LIMIT, "its address", |line| {
            line.strip_prefix("open http://")?.split_once('/')?.0.parse().ok()
        });
        Self { process, address }
    }

    /// Waits for its end and gives all that it has printed.
    pub(crate) fn ended(mut self) -> Vec<String> {
        assert!(self.process.wait_for_end(LIMIT).success());
        let output = self.process.output();
        assert!(output.iter().any(|line| line == "stopped"), "{output:?}");
        output
    }

    pub(crate) fn get(&self, path: &str) -> Response {
        http::get(self.address, path).expect("an answer")
    }

    /// Posts JSON and gives the status and the answer.
    pub(crate) fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let response =
            http::post(self.address, path, "application/json", &body.to_string()).expect("an answer");
        (response.status, serde_json::from_str(&response.body).expect("an answer in JSON"))
    }

    /// The value of a series on the page.
    pub(crate) fn value(&self, series: &str) -> f64 {
        let page = self.get("/metrics").body;
        let line = page.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
        line.unwrap_or_else(|| panic!("no {series} in\n{page}")).parse().expect("a number")
    }

    /// Says that a series has this value on the page.
    #[track_caller]
    pub(crate) fn assert_value(&self, series: &str, value: f64) {
        let found = self.value(series);
        assert!(found.total_cmp(&value).is_eq(), "{series} is {found} and not {value}");
    }
}

/// The program, on a free port, without a database from outside, and without spans, should it have been built with them.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_battle-arena"));
    command.args(["--port", "0"]).env("OTEL_TRACES_SAMPLER", "always_off");
    for variable in ["DATABASE_URL", "PORT", "RUST_LOG"] {
        command.env_remove(variable);
    }
    command
}
