//! Summaries with quantiles in all formats.
#![cfg(feature = "enabled")]

use std::{thread, time::Duration};

use metrics_core::{
    Capped, Counter, Definition, Family, Format, LabelSet, Page, Registry, Scrape, Summary, testing,
};

#[derive(Clone, LabelSet)]
struct Tenant {
    tenant: Capped<10>,
}

fn definition() -> Definition {
    Definition::new("wait_duration_seconds", "Time spent waiting.").quantiles(&[0.5, 1.0])
}

/// Checks the quantiles up to their relative error, and the rest of the page exactly.
fn rounded(page: &str) -> String {
    let rounded = |line: &str| match line.rsplit_once(' ') {
        Some((name, value)) if name.contains("quantile") => {
            let value: f64 = value.parse().expect("a number");
            format!("{name} {value:.1}\n")
        }
        _ => format!("{line}\n"),
    };
    page.lines().map(rounded).collect()
}

#[test]
fn text_formats() {
    let registry = Registry::new();
    let wait: Summary = registry.register(&definition()).expect("an empty registry");
    for _ in 0..3 {
        wait.observe_duration(Duration::from_secs(2));
    }
    assert_eq!(
        rounded(&kept_pages::text(registry.text())),
        "# HELP wait_duration_seconds Time spent waiting.\n\
         # TYPE wait_duration_seconds summary\n\
         wait_duration_seconds{quantile=\"0.5\"} 2.0\n\
         wait_duration_seconds{quantile=\"1\"} 2.0\n\
         wait_duration_seconds_sum 6\n\
         wait_duration_seconds_count 3\n"
    );
    assert_eq!(
        rounded(&kept_pages::open_metrics(registry.open_metrics())),
        "# TYPE wait_duration_seconds summary\n\
         # HELP wait_duration_seconds Time spent waiting.\n\
         wait_duration_seconds{quantile=\"0.5\"} 2.0\n\
         wait_duration_seconds{quantile=\"1.0\"} 2.0\n\
         wait_duration_seconds_sum 6\n\
         wait_duration_seconds_count 3\n\
         # EOF\n"
    );
    assert_eq!(testing::lint(&registry), []);
}

fn page(registry: &Registry, format: Format) -> Vec<u8> {
    let mut page = Page::default();
    registry.scrape(&Scrape::new(format), &mut page);
    page.as_ref().to_vec()
}

#[test]
fn json() {
    let registry = Registry::new();
    let wait: Family<Tenant, Summary> = registry.register(&definition()).expect("an empty registry");
    let acme = wait.with(Tenant { tenant: "acme".into() });
    assert!(acme.quantiles().iter().all(|(_, value)| value.is_nan()));
    let json = String::from_utf8(page(&registry, Format::Json)).expect("UTF-8");
    let quantiles =
        r#""quantiles":[{"quantile":0.5,"value":"NaN"},{"quantile":1,"value":"NaN"}],"sum":0,"count":0"#;
    assert!(json.contains(quantiles), "{json}");
    let binary = page(&registry, Format::Protobuf);
    // Field 4 of a metric is the summary, whose field 3 is a quantile: two doubles in 18 bytes.
    let quantile = [&[0x1a, 18, 9][..], &0.5_f64.to_le_bytes(), &[17], &f64::NAN.to_le_bytes()].concat();
    assert!(binary.windows(quantile.len()).any(|window| window == quantile), "{binary:?}");
}

#[test]
fn removed_series() {
    let registry = Registry::new();
    let wait: Family<Tenant, Summary> = registry.register(&definition()).expect("an empty registry");
    let acme = Tenant { tenant: "acme".into() };
    wait.with(&acme).observe(5.0);
    assert!(wait.with(&acme).quantiles()[0].1 > 4.9);
    assert!(wait.remove(&acme));
    assert!(!kept_pages::text(registry.text()).contains("acme"));
    assert!(wait.with(&acme).quantiles()[0].1.is_nan());
}

#[test]
fn concurrent_threads() {
    let wait: Summary = Registry::new().register(&definition()).expect("an empty registry");
    thread::scope(|scope| {
        for thread in 0..4 {
            let wait = &wait;
            scope.spawn(move || (1..=1000).for_each(|at| wait.observe(f64::from(at * 4 + thread))));
        }
    });
    assert_eq!(wait.count(), 4000);
    let quantiles = wait.quantiles();
    assert!((quantiles[0].1 - 2000.0).abs() < 41.0, "{quantiles:?}");
    assert!((quantiles[1].1 - 4003.0).abs() < 41.0, "{quantiles:?}");
}

#[test]
fn conflicts() {
    let registry = Registry::new();
    let _wait: Summary = registry.register(&definition()).expect("an empty registry");
    let other = definition().window(Duration::from_secs(60));
    let error = registry.register::<Summary>(&other).expect_err("another window");
    assert!(error.to_string().contains("has other quantiles than the one declared at"), "{error}");
    let says = |definition: Definition, what: &str| {
        let error = Registry::new().register::<Summary>(&definition).expect_err("it is illegal");
        assert!(error.to_string().contains(what), "{error}");
    };
    says(definition().quantiles(&[1.5]), "a quantile goes from 0 to 1");
    says(definition().quantiles(&[f64::NAN]), "a quantile goes from 0 to 1");
    says(definition().quantiles(&[0.9, 0.5]), "do not increase");
    says(definition().window(Duration::ZERO), "shorter than a millisecond");
    let calls = Definition::new("calls_total", "Calls.").quantiles(&[0.5]);
    let error = registry.register::<Counter>(&calls).expect_err("no summary");
    assert!(error.to_string().contains("only a summary has quantiles"), "{error}");
}
