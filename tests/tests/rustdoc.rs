//! The list of metrics in the documentation of an annotated function, as rustdoc renders it.

use std::{
    env, fs,
    path::PathBuf,
    process::{self, Command, Stdio},
};

use serde_json::Value;
use tests::artefact;

/// Returns the documentation of `parse` in `tests/src/bin/app.rs`, rendered with these environment variables.
fn page(variables: &[(&str, &str)]) -> String {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| env!("CARGO").into()));
    command.args([
        "rustdoc",
        "--package",
        "tests",
        "--bin",
        "app",
        "--message-format",
        "json-render-diagnostics",
    ]);
    // A version of its own, as cargo does not render again for another environment variable.
    let version = format!("{}-{}", process::id(), variables.len());
    command.args(["--", "--document-private-items", "--crate-version", &version]);
    command.env_remove("PROMETHEUS_URL").env_remove("METRICS_DOCS").env_remove("RUSTDOCFLAGS");
    let output = command
        .envs(variables.iter().copied())
        .current_dir(artefact::workspace())
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .expect("the cargo that runs this test");
    assert!(output.status.success(), "the documentation is not made");
    let messages = String::from_utf8(output.stdout).expect("messages in UTF-8");
    let index = messages.lines().find_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        let file = message["filenames"][0].as_str().filter(|file| file.ends_with("index.html"))?;
        (message["target"]["name"] == "app").then(|| PathBuf::from(file))
    });
    let file = index.expect("cargo names the page").with_file_name("fn.parse.html");
    fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// Returns the list.
fn list(page: &str) -> &str {
    let (_, list) =
        page.split_once("<details><summary>Metrics</summary>").expect("a list that can be opened");
    list.split_once("</details>").expect("its end").0
}

// One test, as all renderings write the same file.
#[test]
fn metrics_and_queries_of_a_function() {
    let made = page(&[]);
    let plain = list(&made);
    for part in [
        "<code>function_calls_total</code>",
        "<code>function_calls_duration_seconds</code>",
        "rate <code>sum(rate(function_calls_total{function=\"parse\",module=\"app\"}[5m]))</code>",
        "error ratio <code>",
    ] {
        let part = part.replace('"', "&quot;");
        assert!(plain.replace('"', "&quot;").contains(&part), "{part} in\n{plain}");
    }
    assert!(!plain.contains("href"), "{plain}");

    let made = page(&[("PROMETHEUS_URL", "https://prometheus.example.org/")]);
    let linked = list(&made);
    let query =
        "sum%28rate%28function_calls_total%7Bfunction%3D%22parse%22%2Cmodule%3D%22app%22%7D%5B5m%5D%29%29";
    for part in [
        &format!("<a href=\"https://prometheus.example.org/graph?g0.expr={query}&amp;g0.tab=0\">rate</a>"),
        ">error ratio</a>",
        ">95th percentile</a>",
    ] {
        assert!(linked.contains(part), "{part} in\n{linked}");
    }

    let made = page(&[("METRICS_DOCS", "off"), ("RUST_BACKTRACE", "0")]);
    assert!(made.contains("parse") && !made.contains("<summary>Metrics</summary>"));
}
