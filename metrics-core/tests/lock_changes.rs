//! Changes of a lock file, each told as one that breaks readers or as one that does not.

use metrics_core::testing::lock::{Lock, LockError};

const BEFORE: &str = r#"version = 1

[build_info]
type = "info"
labels.commit = "any"

[http_requests_total]
type = "counter"
labels.method = ["GET", "POST"]
labels.path = { limit = 100 }
labels.tenant = "any"
objectives = ["login"]

[job_duration_seconds]
type = "histogram"
unit = "seconds"
labels.queue = ["mail", "print"]
buckets = [0.1, 1, 10]
native = true

[job_size_bytes]
type = "summary"
unit = "bytes"

[jobs]
type = "gauge"

[jobs_total]
type = "counter"
renamed_from = "tasks_total"
labels.queue = ["mail", "print"]
labels.zone = ["a"]

[service_state]
type = "stateset"
labels.service_state = ["starting", "running"]
"#;

/// Text before, text after, and the changes: breaking ones begin with `!`.
type Case = (&'static str, &'static str, &'static [&'static str]);

const CASES: [Case; 46] = [
    ("version = 1", "# A comment.\nversion = 1", &[]),
    ("[\"GET\", \"POST\"]", "[\n  \"POST\",\n  \"GET\",\n]", &[]),
    ("type = \"summary\"\nunit = \"bytes\"", "unit = \"bytes\"\ntype = \"summary\"", &[]),
    ("[0.1, 1, 10]", "[1e-1, 1.0, 10.0]", &[]),
    ("[jobs]\ntype = \"gauge\"\n", "", &["!jobs: the metric is removed"]),
    (
        "[jobs]\n",
        "[tasks]\n",
        &[
            "!jobs: the metric is removed; if `tasks` is its new name, `renamed_from` keeps the old one",
            "tasks: the metric is new",
        ],
    ),
    (
        "[jobs]\ntype = \"gauge\"",
        "[tasks]\ntype = \"gauge\"\nrenamed_from = \"jobs\"",
        &["jobs: the metric is now `tasks`, and exposed under both names"],
    ),
    (
        "[jobs]\ntype = \"gauge\"",
        "[tasks]\ntype = \"counter\"\nrenamed_from = \"jobs\"",
        &[
            "jobs: the metric is now `tasks`, and exposed under both names",
            "!jobs: the type was gauge and is counter",
        ],
    ),
    (
        "renamed_from = \"tasks_total\"\n",
        "",
        &["!jobs_total: its former name `tasks_total` is exposed no more"],
    ),
    (
        "renamed_from = \"tasks_total\"",
        "renamed_from = \"work_total\"",
        &[
            "jobs_total: it is exposed as `work_total` as well",
            "!jobs_total: its former name `tasks_total` is exposed no more",
        ],
    ),
    (
        "[jobs]\ntype = \"gauge\"",
        "[jobs]\ntype = \"gauge\"\nrenamed_from = \"work\"",
        &["jobs: it is exposed as `work` as well"],
    ),
    (
        "[jobs_total]\ntype = \"counter\"\nrenamed_from = \"tasks_total\"",
        "[tasks_total]\ntype = \"counter\"\nrenamed_from = \"jobs_total\"",
        &["jobs_total: the metric is now `tasks_total`, and exposed under both names"],
    ),
    ("[service_state]", "[a_total]\ntype = \"counter\"\n\n[service_state]", &["a_total: the metric is new"]),
    (
        "[service_state]",
        "[a_total]\ntype = \"counter\"\nrenamed_from = \"b_total\"\n\n[service_state]",
        &["a_total: the metric is new"],
    ),
    ("[jobs]\ntype = \"gauge\"", "[jobs]\ntype = \"counter\"", &["!jobs: the type was gauge and is counter"]),
    (
        "type = \"summary\"",
        "type = \"histogram\"",
        &["!job_size_bytes: the type was summary and is histogram"],
    ),
    ("type = \"info\"", "type = \"gauge\"", &["!build_info: the type was info and is gauge"]),
    ("unit = \"bytes\"\n", "", &["!job_size_bytes: the unit was `bytes` and is none"]),
    ("unit = \"bytes\"", "unit = \"bits\"", &["!job_size_bytes: the unit was `bytes` and is `bits`"]),
    (
        "[jobs]\ntype = \"gauge\"",
        "[jobs]\ntype = \"gauge\"\nunit = \"jobs\"",
        &["!jobs: the unit was none and is `jobs`"],
    ),
    ("labels.zone = [\"a\"]\n", "", &["!jobs_total: the label `zone` is removed"]),
    (
        "labels.zone = [\"a\"]",
        "labels.area = [\"a\"]",
        &["!jobs_total: the label `zone` is removed", "!jobs_total: the label `area` is added to its series"],
    ),
    ("labels.tenant = \"any\"\n", "", &["!http_requests_total: the label `tenant` is removed"]),
    (
        "[jobs]\ntype = \"gauge\"",
        "[jobs]\ntype = \"gauge\"\nlabels.queue = [\"mail\"]",
        &["!jobs: the label `queue` is added to its series"],
    ),
    (
        "[jobs]\ntype = \"gauge\"",
        "[jobs]\ntype = \"gauge\"\nlabels.queue = [\"\", \"mail\"]",
        &["jobs: the label `queue` is added to some of its series"],
    ),
    (
        "[jobs]\ntype = \"gauge\"",
        "[jobs]\ntype = \"gauge\"\nlabels.user = { limit = 5 }",
        &["!jobs: the label `user` is added to its series"],
    ),
    ("\"GET\", ", "", &["!http_requests_total: the value \"GET\" of the label `method` is removed"]),
    ("\"POST\"", "\"POST\", \"PUT\"", &["http_requests_total: the label `method` has the new value \"PUT\""]),
    (
        "\"GET\"",
        "\"get\"",
        &[
            "!http_requests_total: the value \"GET\" of the label `method` is removed",
            "http_requests_total: the label `method` has the new value \"get\"",
        ],
    ),
    (
        "labels.zone = [\"a\"]",
        "labels.zone = [\"b\"]",
        &[
            "!jobs_total: the value \"a\" of the label `zone` is removed",
            "jobs_total: the label `zone` has the new value \"b\"",
        ],
    ),
    (
        "[\"starting\", \"running\"]",
        "[\"starting\"]",
        &["!service_state: the value \"running\" of the label `service_state` is removed"],
    ),
    ("limit = 100", "limit = 50", &["!http_requests_total: the label `path` keeps fewer strings apart"]),
    ("limit = 100", "limit = 500", &["http_requests_total: the label `path` keeps more strings apart"]),
    ("{ limit = 100 }", "\"any\"", &["http_requests_total: the label `path` keeps more strings apart"]),
    ("{ limit = 100 }", "[\"/\"]", &["!http_requests_total: the label `path` keeps fewer strings apart"]),
    (
        "tenant = \"any\"",
        "tenant = { limit = 9 }",
        &["!http_requests_total: the label `tenant` keeps fewer strings apart"],
    ),
    (
        "tenant = \"any\"",
        "tenant = [\"a\"]",
        &["!http_requests_total: the label `tenant` keeps fewer strings apart"],
    ),
    (
        "method = [\"GET\", \"POST\"]",
        "method = \"any\"",
        &["http_requests_total: the label `method` keeps more strings apart"],
    ),
    (
        "method = [\"GET\", \"POST\"]",
        "method = { limit = 9 }",
        &["http_requests_total: the label `method` keeps more strings apart"],
    ),
    ("[0.1, 1, 10]", "[0.1, 10]", &["!job_duration_seconds: the bucket with the bound 1 is removed"]),
    ("[0.1, 1, 10]", "[0.1, 0.5, 1, 10]", &["job_duration_seconds: the bucket with the bound 0.5 is new"]),
    (
        "[0.1, 1, 10]",
        "[0.2, 1, 10]",
        &[
            "!job_duration_seconds: the bucket with the bound 0.1 is removed",
            "job_duration_seconds: the bucket with the bound 0.2 is new",
        ],
    ),
    ("native = true\n", "", &["!job_duration_seconds: it has no native buckets any more"]),
    ("type = \"summary\"", "type = \"summary\"\nnative = true", &["job_size_bytes: it has native buckets"]),
    (
        "objectives = [\"login\"]",
        "objectives = [\"login\", \"search\"]",
        &["http_requests_total: it evaluates the objective `search`"],
    ),
    (
        "objectives = [\"login\"]",
        "objectives = [\"search\"]",
        &[
            "!http_requests_total: it evaluates the objective `login` no more",
            "http_requests_total: it evaluates the objective `search`",
        ],
    ),
];

fn lock(text: &str) -> Lock {
    text.parse().unwrap_or_else(|error: LockError| panic!("{error}\n{text}"))
}

#[test]
fn each_change_is_told_as_breaking_or_not() {
    for (before, after, expected) in CASES {
        assert!(BEFORE.contains(before), "{before}");
        let after_text = BEFORE.replacen(before, after, 1);
        let shown = |change: &metrics_core::testing::lock::Change| {
            format!("{}{change}", if change.is_breaking() { "!" } else { "" })
        };
        let changes: Vec<_> = lock(BEFORE).changes_to(&lock(&after_text)).iter().map(shown).collect();
        assert_eq!(changes, expected, "{before:?} → {after:?}");
    }
}

#[test]
fn a_lock_is_read_as_it_was_written() {
    let text = lock(BEFORE).to_string();
    assert_eq!(lock(&text), lock(BEFORE));
    let odd =
        "version = 1\n[\"a:b\"]\ntype = \"gauge\"\nlabels.l = [\"\", \"a\\\"b\\\\c\\nd\\u0007\", \"é\"]\n";
    assert_eq!(lock(&lock(odd).to_string()), lock(odd));
    let mut values: Vec<_> = (0..40).map(|number| format!("\"value {number}\"")).collect();
    values.sort();
    let wide = format!("version = 1\n[a]\ntype = \"gauge\"\nlabels.l = [{}]\n", values.join(", "));
    let written = lock(&wide).to_string();
    assert!(
        written.contains("\n    \"value 7\",\n") && written.lines().all(|line| line.chars().count() <= 110)
    );
    assert_eq!(lock(&written), lock(&wide));
}

#[test]
fn what_is_no_lock_is_told_with_its_place() {
    for (text, expected) in [
        ("", "1:1: expected a key, found the end of the line"),
        ("version = 2", "1:1: version 2 of the lock file is not known; update the crate"),
        ("[a]", "1:1: expected a key, found `[`"),
        ("version = 1\n[a]\n", "2:1: `a` has no `type`"),
        ("version = 1\n[a]\ntype = \"count\"", "3:1: unknown type `count`"),
        ("version = 1\n[a]\ntype = \"gauge\"\n[a]\ntype = \"gauge\"", "4:1: `a` stands twice"),
        ("version = 1\n[a]\ntype = \"gauge\"\ntype = \"gauge\"", "4:1: `type` stands twice"),
        ("version = 1\n[a]\ntype = \"gauge\"\nhelp = \"A.\"", "4:1: unknown key `help`, or a wrong value"),
        ("version = 1\n[a]\nlabels.l = { limit = 0 }", "3:14: expected `limit = ` and a number above zero"),
        (
            "version = 1\n[a]\nlabels.l = [\"x\"",
            "3:16: expected an element or `]`, found the end of the line",
        ),
        ("version = 1\n[a]\nbuckets = [1, \"x\"]", "3:15: expected an element or `]`, found \"x\""),
        ("version = 1\n[a]\nlabels.l = [\"x]", "3:13: the closing quote is missing"),
        (
            "version = 1\n[a]\nlabels.l = \"all\"",
            "3:1: a label has a list of values, `{ limit = … }` or \"any\"",
        ),
        (
            "version = 1\n[a]\nunit = \"\\q\"",
            "3:9: unknown escape; known are \\\" \\\\ \\n \\r \\t and \\uXXXX",
        ),
    ] {
        let error = text.parse::<Lock>().map(|_| ()).expect_err(text);
        assert_eq!(error.to_string(), expected, "{text}");
    }
}
