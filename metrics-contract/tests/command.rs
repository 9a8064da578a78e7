//! The command as a person runs it.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Output},
    thread,
};

const LOCK: &str = "\
version = 1

[jobs]
type = \"gauge\"
labels.queue = [\"mail\", \"print\"]

[jobs_total]
type = \"counter\"
";
const RULES: &str = "\
groups:
- name: jobs
  rules:
  - record: queue:jobs:sum
    expr: sum by (queue) (jobs)
  - alert: TooMany
    expr: queue:jobs:sum{queue=\"mail\"} > 5
  - alert: NoPrints
    expr: jobs{queue=\"print\"} == 0
";

/// An empty folder for one test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        fs::write(folder.join(name), text).expect(name);
    }
}

fn run(folder: &Path, line: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-metrics"));
    command.arg("metrics").args(line.split_whitespace()).current_dir(folder).output().expect("the command")
}

/// Runs a command and returns its exit code and its output.
fn output(folder: &Path, line: &str) -> (Option<i32>, String) {
    let output = run(folder, line);
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(text).expect("UTF-8"))
}

#[test]
fn without_arguments_it_says_what_it_can_do() {
    let (code, text) = output(&folder("help"), "");
    assert_eq!(code, Some(0));
    for command in ["check [PATH…]", "diff OLD NEW", "live URL", "docs"] {
        assert!(text.contains(command), "{text}");
    }
    assert_eq!(output(&folder("help"), "chek").0, Some(2));
}

#[test]
fn check_tells_what_is_wrong_and_goes_on_past_broken_files() {
    let folder = folder("check");
    let wrong = RULES.replace("\"print\"", "\"prnt\"");
    let broken = "{\"panels\": [}";
    write(&folder, &[("metrics.lock", LOCK), ("a.json", broken), ("b.yml", "a: [\n"), ("c.yml", &wrong)]);
    let (code, text) = output(&folder, "check .");
    assert_eq!(code, Some(1), "{text}");
    let expected = [
        "./a.json:1:13: error[unreadable-file]: no JSON: expected value",
        "./c.yml:9:22: error[impossible-value]: `queue` never has the value \"prnt\"; did you mean `print`? (alert `NoPrints`)",
        "queries: 3, errors: 3, warnings: 0",
    ];
    for line in expected {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    assert!(text.contains("./b.yml:2:1: error[unreadable-file]: no YAML"), "{text}");
    let (_, json) = output(&folder, "check --format json c.yml");
    let found: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((&found[0]["line"], &found[0]["column"]), (&9.into(), &22.into()));
    assert_eq!(
        (&found[0]["rule"], &found[0]["owner"]),
        (&"impossible-value".into(), &"alert `NoPrints`".into())
    );
    let (_, sarif) = output(&folder, "check --format sarif c.yml");
    let log: serde_json::Value = serde_json::from_str(&sarif).expect("JSON");
    let result = &log["runs"][0]["results"][0];
    assert_eq!(result["locations"][0]["physicalLocation"]["region"]["startColumn"], 22);
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules");
    assert!(rules.iter().any(|rule| rule["id"] == result["ruleId"]));
}

#[test]
fn check_reads_the_configuration() {
    let folder = folder("config");
    let config = "lock = \"my.lock\"\npaths = [\"rules.yml\"]\ntarget_labels = [\"cluster\"]\n[others]\n\"node_*\" = \"any\"\n";
    let rules = RULES
        .replace("sum by (queue) (jobs)", "sum by (queue) (jobs{cluster=\"a\"} * on (instance) node_load1)");
    write(&folder, &[("my.lock", LOCK), ("rules.yml", &rules), ("metrics-contract.toml", config)]);
    let (code, text) = output(&folder, "check");
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("rules.yml:5:19: error[unknown-grouping-label]"), "{text}");
    write(&folder, &[("metrics-contract.toml", "paths = [\"rules.yml\"]\nunknown = 1\n")]);
    let (code, text) = output(&folder, "check");
    assert_eq!(code, Some(2));
    assert!(text.contains("metrics-contract.toml:2:1: unknown field `unknown`"), "{text}");
}

#[test]
fn diff_tells_what_breaks_and_whom() {
    let folder = folder("diff");
    let new = LOCK.replace("\"mail\", ", "") + "\n[more]\ntype = \"gauge\"\n";
    write(&folder, &[("old.lock", LOCK), ("new.lock", &new), ("rules.yml", RULES)]);
    let (code, text) = output(&folder, "diff old.lock new.lock --used-by rules.yml");
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("breaking: jobs: the value \"mail\" of the label `queue` is removed\n"), "{text}");
    assert!(!text.contains("NoPrints"), "{text}");
    let (code, text) = output(&folder, "diff old.lock new.lock --format markdown");
    assert_eq!(code, Some(1));
    assert!(text.starts_with("### Breaking changes of metrics\n\n- `jobs`: the value"), "{text}");
    assert!(text.ends_with("### Other changes of metrics\n\n- `more`: the metric is new\n\n"), "{text}");
    assert_eq!(output(&folder, "diff old.lock old.lock").0, Some(0));
    write(&folder, &[("new.lock", &LOCK.replace("[jobs]", "[tasks]"))]);
    let (_, text) = output(&folder, "diff old.lock new.lock --used-by .");
    for owner in ["recording `queue:jobs:sum`", "alert `TooMany`", "alert `NoPrints`"] {
        assert!(text.contains(owner), "{owner} in\n{text}");
    }
}

#[test]
fn diff_reads_git_revisions() {
    let folder = folder("revisions");
    let git = |line: &str| {
        let output =
            Command::new("git").args(line.split_whitespace()).current_dir(&folder).output().expect("git");
        assert!(output.status.success(), "git {line}: {}", String::from_utf8_lossy(&output.stderr));
    };
    git("init -q");
    write(&folder, &[("metrics.lock", LOCK)]);
    git("add metrics.lock");
    git("-c user.name=a -c user.email=a@example.org commit -qm a");
    write(&folder, &[("metrics.lock", &LOCK.replace("gauge", "counter"))]);
    let (code, text) = output(&folder, "diff HEAD metrics.lock");
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("jobs: the type was gauge and is counter"), "{text}");
    assert_eq!(output(&folder, "diff no-such-revision metrics.lock").0, Some(2));
}

#[test]
fn a_label_more_breaks_what_joins_alone() {
    let folder = folder("join");
    let new = LOCK.replace(
        "[jobs_total]\ntype = \"counter\"\n",
        "[jobs_total]\ntype = \"counter\"\nlabels.a = [\"b\"]\n",
    );
    let rule = |query: &str| format!("groups:\n- rules:\n  - alert: A\n    expr: {query}\n");
    write(&folder, &[("old.lock", LOCK), ("new.lock", &new)]);
    assert_eq!(output(&folder, "diff old.lock new.lock").0, Some(1));
    for (query, code) in [
        ("sum(rate(jobs_total[5m])) / sum(jobs)", 0),
        ("rate(jobs_total[5m]) > 5", 0),
        ("rate(jobs_total[5m]) / on (job) sum by (job) (jobs)", 1),
        ("jobs / jobs_total", 1),
    ] {
        write(&folder, &[("rules.yml", &rule(query))]);
        assert_eq!(output(&folder, "diff old.lock new.lock --used-by rules.yml").0, Some(code), "{query}");
    }
}

#[test]
fn live_compares_a_running_service() {
    let folder = folder("live");
    write(&folder, &[("metrics.lock", LOCK)]);
    let page = "# TYPE jobs counter\njobs{queue=\"fax\"} 1\n# TYPE other gauge\nother 1\n";
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a client");
        let mut request = [0; 1024];
        let length = stream.read(&mut request).expect("a request");
        let head = "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n";
        stream.write_all([head, page].concat().as_bytes()).expect("a reader");
        String::from_utf8_lossy(&request[..length]).into_owned()
    });
    let (code, text) = output(&folder, &format!("live http://{address}/metrics"));
    assert!(server.join().expect("a request").starts_with("GET /metrics HTTP/1.0\r\n"));
    assert_eq!(code, Some(1), "{text}");
    for line in [
        "jobs: it is a counter on the page and a gauge in the lock",
        "jobs: the label `queue` has the value \"fax\", which the lock does not list",
        "jobs_total: the page does not have it",
        "other: the lock does not have it",
        "4 differences",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    let right = "# TYPE jobs gauge\njobs{queue=\"mail\"} 1\n# HELP jobs_total Jobs.\n# TYPE jobs_total counter\njobs_total 1\n";
    write(&folder, &[("page.txt", right)]);
    assert_eq!(output(&folder, "live page.txt"), (Some(0), "0 differences\n".to_owned()));
}

#[test]
fn docs_are_a_table() {
    let folder = folder("docs");
    let catalogue = "{\"metrics\": [{\"name\": \"jobs\", \"help\": \"Jobs | now.\"}]}";
    write(&folder, &[("metrics.lock", LOCK), ("catalogue.json", catalogue)]);
    let (code, text) = output(&folder, "docs --catalogue catalogue.json");
    assert_eq!(code, Some(0));
    assert!(text.contains("| `jobs` | gauge | `queue`: mail, print | Jobs \\| now. |\n"), "{text}");
    assert!(text.contains("| `jobs_total` | counter |  |  |\n"), "{text}");
}
