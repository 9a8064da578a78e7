//! Time of a check of many queries: `cargo test -p metrics-contract --test scale -- --ignored --nocapture`.

use std::{fmt::Write as _, time::Instant};

use metrics_contract::{Contract, SourceFile, Sources, check};

#[test]
#[ignore = "prints a time, and asserts none"]
fn a_thousand_metrics_and_five_hundred_queries() {
    let mut lock = String::from("version = 1\n");
    for metric in 0..1000 {
        let values: Vec<_> = (0..20).map(|value| format!("\"value_{value}\"")).collect();
        let values = values.join(", ");
        writeln!(
            lock,
            "[app_{metric}_seconds]\ntype = \"histogram\"\nlabels.kind = [{values}]\nbuckets = [1, 2]"
        )
        .expect("writing to a string");
    }
    let mut rules = String::from("groups:\n- name: app\n  rules:\n");
    for query in 0..500 {
        let (name, kind) = (format!("app_{}_seconds", query * 2), query % 25);
        // A fifth of the kinds does not exist, and a tenth of the metrics.
        let name = if query % 10 == 0 { name.replace("app", "ap") } else { name };
        let expression = format!(
            "histogram_quantile(0.9, sum by (le, kind) (rate({name}_bucket{{kind=~\"value_{kind}|value_1\"}}[5m])))"
        );
        let rate = format!("sum(rate({name}_sum[5m])) / sum(rate({name}_count[5m]))");
        writeln!(rules, "  - alert: A{query}\n    expr: '{expression} > 1 and on () {rate} > 1'")
            .expect("writing to a string");
    }
    let start = Instant::now();
    let contract = Contract::new(lock.parse().expect("a lock"));
    let mut sources = Sources::default();
    sources.add(SourceFile::new("rules.yml", rules));
    let findings = check(&contract, &sources);
    println!("{} queries, {} findings: {:?}", sources.query_count(), findings.len(), start.elapsed());
    // Three names in each of 50 queries, and a value in a fifth of the others.
    assert_eq!(findings.len(), 50 * 3 + 90);
}
