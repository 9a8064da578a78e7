//! Files of any content are told with a place, and stop neither the check nor the other files.

use metrics_contract::{Contract, Rule, SourceFile, Sources, check};

const RULES: &str = "groups:\n- name: a\n  rules:\n  - record: a:b\n    expr: |\n      sum(rate(jobs{queue=~\"a|b\"}[5m])) by (queue)\n  - alert: 'A'\n    expr: \"a:b{queue=\\\"x\\\"} > on () 1 # é\"\n    labels: {severity: page}\n";
const DASHBOARD: &str = "{\"panels\": [{\"title\": \"é\", \"targets\": [{\"expr\": \"rate(jobs{q=~\\\"$job\\\"}[$__interval]) \\u003e ${x:raw}\"}]}], \"templating\": {\"list\": [{\"name\": \"q\", \"type\": \"query\", \"query\": \"label_values(jobs{}, queue)\"}]}}";
const DOCUMENT: &str = "# é\n> ```promql\n> sum(jobs)\n> ```\n\n  ~~~promql\n  sum by (le) (\n    rate(x_bucket[5m])\n  )\n\n  jobs\n  ~~~\n";

fn findings(path: &str, text: &str) -> Vec<metrics_contract::Finding> {
    let mut sources = Sources::default();
    sources.add(SourceFile::new("right.md", "```promql\nunknown_metric\n```\n"));
    sources.add(SourceFile::new(path, text));
    let found = check(&Contract::new(metrics_core::testing::lock::Lock::default()), &sources);
    assert!(found.iter().any(|finding| finding.path == "right.md"), "{path}: {text}");
    let lines = text.lines().count() + 1;
    assert!(found.iter().all(|finding| finding.path == "right.md" || (1..=lines).contains(&finding.line)));
    found
}

#[test]
fn files_may_end_anywhere_and_lack_any_character() {
    for (path, text) in [("a.yml", RULES), ("a.json", DASHBOARD), ("a.md", DOCUMENT)] {
        for (at, character) in text.char_indices() {
            findings(path, &text[..at]);
            let without = [&text[..at], &text[at + character.len_utf8()..]].concat();
            findings(path, &without);
            for inserted in ["\"", "\\", "{", "\u{0}"] {
                findings(path, &[&text[..at], inserted, &text[at..]].concat());
            }
        }
    }
}

#[test]
fn odd_queries_are_told_and_do_not_stop_the_others() {
    for query in [
        "jobs[99999999999999999999y]",
        "jobs offset 99999999999999999w",
        "jobs @ 1e300",
        "jobs @ -1e300",
        "jobs[0s]",
        "1e99999",
        "0x",
        "{}",
        "jobs{queue=~\"(\"}",
        "jobs{queue=~\"a{9999999}\"}",
        "\"\\xff\"",
        "sum by (queue",
        "é",
        "",
    ] {
        findings("a.md", &format!("```promql\n{query}\n```\n"));
        findings("a.yml", &format!("groups:\n- rules:\n  - alert: A\n    expr: |\n      {query}\n"));
    }
}

#[test]
fn nesting_is_limited() {
    let nested = |open: &str, close: &str, count: usize| {
        [open.repeat(count), "1".to_owned(), close.repeat(count)].concat()
    };
    for count in [100, 2000, 100_000] {
        for query in [nested("(", ")", count), nested("-", "", count), nested("abs(", ")", count)] {
            findings("a.md", &format!("```promql\n{query}\n```\n"));
        }
        for (path, open, close) in [("a.json", "[", "]"), ("a.yml", "[", "]"), ("a.yml", "- ", "")] {
            let found = findings(path, &nested(open, close, count));
            let is_told = found.iter().any(|finding| finding.rule == Rule::UnreadableFile);
            assert_eq!(is_told, count > 200, "{path}: {count} {open}");
        }
    }
}
