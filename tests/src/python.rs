//! The parsers of the Python client, which read pages.

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
    thread,
};

use serde_json::Value;

use crate::{artefact, process};

/// Path of the interpreter that `scripts/test` sets up.
const PYTHON: &str = "target/python/bin/python";
/// Path of the program that checks files by schemas, installed with the interpreter.
const CHECK_SCHEMA: &str = "target/python/bin/check-jsonschema";
const INSTALL: &str = "`scripts/test` sets it up";

/// A family as a parser returns it.
#[derive(Debug)]
pub struct Family {
    /// Name of the family; that of a counter has no `_total`.
    pub name: String,
    /// Type of the family.
    pub kind: String,
    /// Help text.
    pub help: String,
    /// Unit, which only OpenMetrics has.
    pub unit: String,
    /// Samples in their order.
    pub samples: Vec<Sample>,
}

/// A sample as a parser returns it.
#[derive(Debug)]
pub struct Sample {
    /// Name of the sample.
    pub name: String,
    /// Labels by name.
    pub labels: Vec<(String, String)>,
    /// Value of the sample.
    pub value: f64,
}

/// Runs a script of this workspace on the files of a folder, and returns its findings. The script's arguments are the program that
/// checks files by schemas and the folder.
#[track_caller]
pub fn look_at_files(script: &Path, folder: &Path) -> String {
    let [python, check_schema] = [PYTHON, CHECK_SCHEMA].map(|program| artefact::workspace().join(program));
    assert!(check_schema.exists(), "{CHECK_SCHEMA} is missing: {INSTALL}");
    let output = Command::new(python).arg(script).arg(check_schema).arg(folder).output();
    let output = output.unwrap_or_else(|error| panic!("{}", process::not_started(PYTHON, &error, INSTALL)));
    let failed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {failed}", script.display());
    String::from_utf8(output.stdout).expect("text").trim().to_owned()
}

/// Parses a page in the text format 0.0.4; panics if it is invalid.
#[track_caller]
pub fn parse_text(page: &str) -> Vec<Family> {
    parse("text", page)
}

/// Parses a page in OpenMetrics; panics if it is invalid.
#[track_caller]
pub fn parse_open_metrics(page: &str) -> Vec<Family> {
    parse("openmetrics", page)
}

/// Decodes a request of OTLP with the messages that OpenTelemetry publishes; panics if it is invalid. Fields have the names of the
/// messages, and numbers of 64 bits are texts.
#[track_caller]
pub fn decode_otlp(request: &[u8]) -> Value {
    run(&["tests/python/decode_otlp.py"], request)
}

#[track_caller]
fn parse(format: &str, page: &str) -> Vec<Family> {
    let families = run(&["tests/python/parse.py", format], page.as_bytes());
    families.as_array().expect("a list").iter().map(family).collect()
}

/// Runs a script on an input; panics with both if it fails.
#[track_caller]
fn run(arguments: &[&str], input: &[u8]) -> Value {
    let mut command = Command::new(artefact::workspace().join(PYTHON));
    command.args(arguments).current_dir(artefact::workspace());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child =
        command.spawn().unwrap_or_else(|error| panic!("{}", process::not_started(PYTHON, &error, INSTALL)));
    let mut stdin = child.stdin.take().expect("the input is a pipe");
    let output = thread::scope(|scope| {
        // Written on another thread, so that neither process waits for the other on a large page.
        scope.spawn(move || stdin.write_all(input));
        child.wait_with_output().expect("the output of the parser")
    });
    let said = String::from_utf8_lossy(&output.stderr);
    let shown = String::from_utf8_lossy(input);
    assert!(output.status.success(), "{arguments:?} refuses its input: {said}\n{shown}");
    serde_json::from_slice(&output.stdout).expect("an answer in JSON")
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn family(value: &Value) -> Family {
    let samples = value["samples"].as_array().expect("a list").iter().map(sample).collect();
    Family {
        name: text(&value["name"]),
        kind: text(&value["type"]),
        help: text(&value["help"]),
        unit: text(&value["unit"]),
        samples,
    }
}

fn sample(value: &Value) -> Sample {
    let labels = value["labels"].as_object().expect("an object");
    Sample {
        name: text(&value["name"]),
        labels: labels.iter().map(|(name, value)| (name.clone(), text(value))).collect(),
        value: text(&value["value"]).parse().expect("a number"),
    }
}
