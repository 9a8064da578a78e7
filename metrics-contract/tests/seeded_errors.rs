//! Seeded errors of rule files, dashboards and documents: each is found where it stands, and nothing else is.

use metrics_contract::{Contract, Rule, SourceFile, Sources, check};

const LOCK: &str = r#"version = 1

[build_info]
type = "info"
labels.version = "any"

[http_request_duration_seconds]
type = "histogram"
unit = "seconds"
labels.method = ["GET", "POST"]
buckets = [0.1, 0.5, 1]

[http_requests_total]
type = "counter"
renamed_from = "requests_total"
labels.method = ["GET", "POST"]
labels.result = ["error", "ok"]
labels.tenant = { limit = 100 }

[job_size_bytes]
type = "summary"

[jobs]
type = "gauge"
labels.queue = ["mail", "print"]

[query_seconds]
type = "histogram"
native = true
labels.table = ["players"]

[service_state]
type = "stateset"
labels.service_state = ["running", "starting"]
"#;

fn contract() -> Contract {
    Contract::new(LOCK.parse().expect("a lock")).with_others("node_*", None).with_target_label("zone")
}

/// Stands before the place of the error.
const MARK: char = '⟨';

use Rule::{
    FormerName, ImpossibleValue, InvalidQuery, QuantileOfNoHistogram, QuantileWithoutLe, RateOfGauge,
    UnknownGroupingLabel, UnknownLabel, UnknownMetric, UnknownRecording, UnknownSuffix, UnreadableFile,
    UnusedRecording,
};

/// Queries with a mark before the error, its rule, and a part of the message.
const QUERIES: [(&str, Rule, &str); 40] = [
    ("sum(rate(⟨http_request_total[5m]))", UnknownMetric, "did you mean `http_requests_total`?"),
    ("⟨job > 5", UnknownMetric, "did you mean `jobs`?"),
    ("jobs / ⟨joobs", UnknownMetric, "did you mean `jobs`?"),
    ("⟨completely_different", UnknownMetric, "no metric `completely_different` is exposed"),
    ("jobs unless on (queue) ⟨old_jobs{queue=\"mail\"}", UnknownMetric, "`old_jobs`"),
    ("{__name__=\"⟨jobz\"}", UnknownMetric, "did you mean `jobs`?"),
    ("rate(⟨http_requests_total_bucket[5m])", UnknownSuffix, "is a counter and has no `_bucket`"),
    ("⟨jobs_sum / jobs", UnknownSuffix, "`jobs` is a gauge and has no `_sum`"),
    ("⟨service_state_count", UnknownSuffix, "is a stateset and has no `_count`"),
    ("rate(⟨job_size_bytes_bucket[5m])", UnknownSuffix, "is a summary and has no `_bucket`"),
    ("rate(⟨query_seconds_bucket[5m])", UnknownSuffix, "native histogram without classic buckets"),
    (
        "rate(⟨http_request_duration_seconds[5m])",
        UnknownSuffix,
        "read `http_request_duration_seconds_bucket`",
    ),
    ("⟨job:http:rate5m > 1", UnknownRecording, "no rule records `job:http:rate5m`"),
    ("⟨job:jobs:summ", UnknownRecording, "did you mean `job:jobs:sum`?"),
    ("http_requests_total{⟨methd=\"GET\"}", UnknownLabel, "did you mean `method`?"),
    ("http_requests_total{method=\"GET\", ⟨code=\"500\"}", UnknownLabel, "has no label `code`"),
    (
        "sum(rate(http_requests_total{job=\"a\"}[5m])) or sum(jobs{⟨le=\"1\"})",
        UnknownLabel,
        "has no label `le`",
    ),
    ("rate(http_request_duration_seconds_sum{⟨le=\"1\"}[5m])", UnknownLabel, "has no label `le`"),
    ("job:jobs:sum{⟨instance=\"a\"}", UnknownLabel, "`job:jobs:sum` has no label `instance`"),
    ("up{⟨method=\"GET\"}", UnknownLabel, "`up` has no label `method`"),
    ("http_requests_total{method=⟨\"get\"}", ImpossibleValue, "never has the value \"get\""),
    ("http_requests_total{method!=⟨\"PUT\"}", ImpossibleValue, "never has the value \"PUT\""),
    ("http_requests_total{result=~⟨\"fail.*\"}", ImpossibleValue, "a value that matches `fail.*`"),
    ("http_requests_total{result=~⟨\"ok|eror\"}", ImpossibleValue, "\"eror\"; did you mean `error`?"),
    ("http_requests_total{result!~⟨\"5..\"}", ImpossibleValue, "a value that matches `5..`"),
    ("jobs{queue=⟨\"\"}", ImpossibleValue, "never has the value \"\""),
    ("http_request_duration_seconds_bucket{le=⟨\"0.25\"}", ImpossibleValue, "never has the value \"0.25\""),
    ("service_state{service_state=⟨\"stopped\"} == 1", ImpossibleValue, "never has the value \"stopped\""),
    ("sum by (⟨methd) (rate(http_requests_total[5m]))", UnknownGroupingLabel, "did you mean `method`?"),
    ("sum(jobs) by (queue, ⟨tenant)", UnknownGroupingLabel, "the series have no label `tenant`"),
    ("max without (⟨path) (jobs)", UnknownGroupingLabel, "the series have no label `path`"),
    (
        "sum by (job) (jobs) / on (job, ⟨instance) group_left () jobs",
        UnknownGroupingLabel,
        "the left side has no label `instance`",
    ),
    ("jobs * on (⟨queue) up", UnknownGroupingLabel, "the right side has no label `queue`"),
    ("jobs / ignoring (⟨que) jobs", UnknownGroupingLabel, "did you mean `queue`?"),
    ("jobs * on (instance) group_left (⟨commit) build_info", UnknownGroupingLabel, "right side has no label"),
    ("sum by (⟨le) (rate(http_requests_total[5m]))", UnknownGroupingLabel, "no label `le`"),
    ("rate(⟨jobs[5m])", RateOfGauge, "`jobs` is a gauge, of which `rate` makes no sense"),
    ("increase(⟨job:jobs:sum[1h])", RateOfGauge, "of which `increase` makes no sense"),
    (
        "histogram_quantile(0.9, sum by (method) (rate(⟨http_requests_total[5m])))",
        QuantileOfNoHistogram,
        "`http_requests_total` is a counter and no histogram",
    ),
    (
        "⟨histogram_quantile(0.9, sum by (method) (rate(http_request_duration_seconds_bucket[5m])))",
        QuantileWithoutLe,
        "the series have lost the label `le`",
    ),
];

/// Whole files: the path, the text with a mark before the error, its rule, and a part of the message.
const FILES: [(&str, &str, Rule, &str); 24] = [
    (
        "a.yml",
        "groups:\n- name: a\n  rules:\n  - alert: A\n    expr: |\n      sum(jobs)\n        / sum(⟨jobz)\n",
        UnknownMetric,
        "jobz",
    ),
    (
        "a.yml",
        "groups:\n- rules:\n  - alert: A\n    expr: >-\n      sum(jobs{queue=\"mail\"})\n\n      / sum(⟨jobz)\n",
        UnknownMetric,
        "jobz",
    ),
    (
        "a.yml",
        "groups:\n- rules:\n  - {alert: A, expr: 'jobs{queue=\"mail\"} > ⟨jobz', for: 5m}\n",
        UnknownMetric,
        "jobz",
    ),
    (
        "a.yml",
        "groups:\n- rules:\n  - alert: A\n    expr: \"jobs{queue=\\\"mail\\\"}\\n  > ⟨jobz\"\n",
        UnknownMetric,
        "jobz",
    ),
    ("a.yml", "groups:\n- rules:\n  - alert: A\n    expr: jobs\n      > ⟨jobz\n", UnknownMetric, "jobz"),
    (
        "a.yml",
        "# é\ngroups:\n- rules:\n  - alert: Ä\n    expr: jobs{queue=~⟨\"é|mail\"} or jobs\n",
        ImpossibleValue,
        "",
    ),
    (
        "a.yaml",
        "kind: PrometheusRule\nspec:\n  groups:\n  - rules:\n    - record: job:unused:sum\n      expr: sum(⟨jobz)\n    - alert: A\n      expr: job:unused:sum > 1\n",
        UnknownMetric,
        "jobz",
    ),
    (
        "a.yml",
        "groups:\n- rules:\n  - record: ⟨job:nobody:sum\n    expr: sum by (job) (jobs)\n",
        UnusedRecording,
        "no query reads the recording `job:nobody:sum`",
    ),
    (
        "a.yml",
        "groups:\n- rules:\n  - record: a:b\n    expr: sum by (job) (jobs)\n    labels: {kind: x}\n  - alert: A\n    expr: a:b{kind=⟨\"y\"}\n",
        ImpossibleValue,
        "never has the value \"y\"",
    ),
    (
        "a.yml",
        "groups:\n- rules:\n  - alert: A\n    expr: rate(⟨requests_total[5m])\n",
        FormerName,
        "former name of `http_requests_total`",
    ),
    (
        "a.yml",
        "groups:\n- rules:\n  - alert: A\n    expr: ⟨sum(jobs) by\n",
        InvalidQuery,
        "invalid promql query",
    ),
    ("a.yml", "groups:\n- rules:\n  - alert: A\n    expr: sum⟨(jobs\n", InvalidQuery, "`(` is not closed"),
    ("a.yml", "groups:\n  - rules: [\n⟨", UnreadableFile, "no YAML"),
    ("a.yml", "groups:\n- rules:\n  - alert: ⟨'A", UnreadableFile, "no YAML"),
    ("a.json", "{\"panels\": [{\"title\": \"P\",⟨}]}", UnreadableFile, "no JSON"),
    (
        "a.json",
        "{\"panels\": [{\"title\": \"P\", \"targets\": [{\"expr\": \"sum(⟨jobz)\"}]}]}",
        UnknownMetric,
        "jobz",
    ),
    (
        "a.json",
        "{\"panels\": [\n {\"title\": \"P\", \"targets\": [\n  {\"expr\": \"jobs{queue=\\\"mail\\\"}\\n / ⟨jobz\"}]}]}",
        UnknownMetric,
        "jobz",
    ),
    (
        "a.json",
        "{\"panels\": [{\"type\": \"row\", \"panels\": [{\"title\": \"P\", \"targets\": [{\"expr\": \"jobs \\u003e ⟨jobz\"}]}]}]}",
        UnknownMetric,
        "jobz",
    ),
    (
        "a.json",
        "{\"panels\": [{\"title\": \"P\", \"targets\": [{\"expr\": \"rate(http_requests_total{tenant=\\\"$tenant\\\", method=⟨\\\"X\\\"}[$__rate_interval])\"}]}]}",
        ImpossibleValue,
        "never has the value \"X\"",
    ),
    (
        "a.json",
        "{\"panels\": [{\"title\": \"P\", \"targets\": [{\"expr\": \"topk($n, rate(http_requests_total[[[i]]])) > on (⟨methid) ${m}\"}]}]}",
        UnknownGroupingLabel,
        "methid",
    ),
    (
        "a.json",
        "{\"panels\": [], \"templating\": {\"list\": [{\"type\": \"query\", \"name\": \"q\", \"query\": {\"query\": \"label_values(jobs, ⟨que)\"}}]}}",
        UnknownGroupingLabel,
        "did you mean `queue`?",
    ),
    (
        "a.json",
        "{\"dashboard\": {\"panels\": [], \"annotations\": {\"list\": [{\"name\": \"N\", \"expr\": \"⟨jobz == 1\"}]}}}",
        UnknownMetric,
        "jobz",
    ),
    ("a.md", "# Title\n\n```promql\nsum(jobs)\n  / sum(⟨jobz)\n```\n", UnknownMetric, "jobz"),
    (
        "a.md",
        "Text\n\n* List:\n\n  ```promql\n  # A comment.\n  sum(jobs)\n\n  rate(⟨jobs[5m])\n  max(jobs)\n  ```\n",
        RateOfGauge,
        "jobs",
    ),
];

/// Rules that record what the queries read.
const RECORDINGS: &str = "groups:\n- rules:\n  - record: job:jobs:sum\n    expr: sum by (job) (jobs)\n  - alert: Reads\n    expr: job:jobs:sum > 1\n";

#[track_caller]
fn assert_found(path: &str, marked: &str, rule: Rule, message: &str) {
    let before = marked.split(MARK).next().unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let mut sources = Sources::default();
    sources.add(SourceFile::new("recordings.yml", RECORDINGS));
    sources.add(SourceFile::new(path, marked.replacen(MARK, "", 1)));
    let found = check(&contract(), &sources);
    let of_case: Vec<_> = found.iter().filter(|finding| finding.path == path).collect();
    let place = |finding: &metrics_contract::Finding| (finding.line, finding.column, finding.rule);
    let matching = of_case.iter().find(|finding| place(finding) == (line, column, rule));
    let shown: Vec<_> = of_case.iter().map(ToString::to_string).collect();
    let matching = matching
        .unwrap_or_else(|| panic!("expected {rule:?} at {line}:{column} of\n{marked}\nfound {shown:#?}"));
    assert!(matching.message.contains(message), "{marked}: {}", matching.message);
    assert_eq!(of_case.len(), 1, "{marked}: {shown:#?}");
}

#[test]
fn errors_in_queries_of_rules() {
    for (query, rule, message) in QUERIES {
        let text = format!("groups:\n- name: a\n  rules:\n  - alert: A\n    expr: |\n      {query}\n");
        assert_found("rules.yml", &text, rule, message);
    }
}

#[test]
fn errors_in_queries_of_panels() {
    for (query, rule, message) in QUERIES {
        let escaped = query.replace('"', "\\\"");
        let text =
            format!("{{\n  \"panels\": [\n    {{ \"title\": \"é\", \"expr\": \"{escaped}\" }}\n  ]\n}}\n");
        assert_found("panel.json", &text, rule, message);
    }
}

#[test]
fn errors_in_queries_of_documents() {
    for (query, rule, message) in QUERIES {
        assert_found("text.md", &format!("A text.\n\n```promql\n{query}\n```\n"), rule, message);
    }
}

#[test]
fn errors_of_files() {
    for (path, text, rule, message) in FILES {
        assert_found(path, text, rule, message);
    }
}

const RIGHT: &[&str] = &[
    "sum by (job, method) (rate(http_requests_total{result=\"error\"}[5m])) / on (job, method) sum by (job, method) (rate(http_requests_total[5m]))",
    "histogram_quantile(0.99, sum by (le, method) (rate(http_request_duration_seconds_bucket{job=\"a\"}[5m])))",
    "histogram_quantile(0.99, sum(rate(query_seconds{table=\"players\"}[5m])))",
    "rate(http_request_duration_seconds_sum[5m]) / rate(http_request_duration_seconds_count[5m])",
    "rate(job_size_bytes_sum[5m]) / rate(job_size_bytes_count[5m]) or job_size_bytes{quantile=\"0.9\"}",
    "http_request_duration_seconds_bucket{le=\"1.0\"} or http_request_duration_seconds_bucket{le=\"1\"}",
    "jobs * on (job, instance) group_left (version) build_info",
    "sum by (zone) (jobs)",
    "node_cpu_seconds_total{mode=\"idle\"} / on (instance) up",
    "label_replace(jobs, \"x\", \"$1\", \"queue\", \"(.*)\") * on (x) count_values(\"x\", jobs)",
    "max_over_time(sum(rate(http_requests_total[5m]))[1h:]) > bool 5",
    "absent(jobs{queue=\"mail\"}) or absent_over_time(up[5m])",
    "jobs{queue=~\"ma.*\", zone!=\"\", queue!~\"print|mail\"}",
    "topk(3, sum without (tenant) (rate(http_requests_total[1h] offset 1d)))",
    "ALERTS{alertname=\"A\", severity=\"page\"} == 1",
    "{__name__=~\"http_.*\", job=\"a\"}",
    "service_state{service_state=\"running\"} == 1",
    "increase(http_requests_total[1h]) * scalar(jobs) + time()",
    "http_requests_created > 0",
    "deriv(jobs[5m]) + delta(jobs[5m])",
];

#[test]
fn what_is_right_is_silent() {
    let mut sources = Sources::default();
    sources.add(SourceFile::new("recordings.yml", RECORDINGS));
    for (index, query) in RIGHT.iter().enumerate() {
        let text = format!("groups:\n- name: a\n  rules:\n  - alert: A\n    expr: {}\n", serde_json(query));
        sources.add(SourceFile::new(format!("{index}.yml"), text));
    }
    let found: Vec<_> = check(&contract(), &sources).iter().map(ToString::to_string).collect();
    assert_eq!(found, [""; 0]);
}

fn serde_json(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
