//! The rules for names, compared with `promtool check metrics` on pages of generated metrics.

use std::collections::BTreeSet;

use metrics_core::{
    Bounded, Counter, Definition, Family, Gauge, Histogram, LabelSet, Registry, Summary,
    testing::{self, Severity},
};
use tests::promtool;

/// Rules that promtool does not have.
const OURS_ALONE: [&str; 7] = [
    "leading_underscore",
    "seconds_suffix",
    "bytes_suffix",
    "ratio_suffix",
    "timestamp_suffix",
    "unit_suffix",
    "",
];

const STEMS: [&str; 21] = [
    "jobs",
    "waiting",
    "activeJobs",
    "app:jobs",
    "a_counter",
    "x_gauge_y",
    "summary",
    "b",
    "http_2xx",
    "A",
    "jobs_by",
    "uploadMB",
    "_hidden",
    "gauge",
    "histogram_jobs",
    "x_summary",
    "cpu_percent",
    "login_duration",
    "request_size",
    "h_h_jobs",
    "s",
];

/// At most one unit in a name: promtool 2.42 reports a random one of several.
const UNITS: [&str; 26] = [
    "",
    "_seconds",
    "_milliseconds",
    "_microseconds",
    "_minutes",
    "_hours",
    "_days",
    "_bytes",
    "_kilobytes",
    "_kibibytes",
    "_bits",
    "_ms",
    "_us",
    "_ns",
    "_sec",
    "_kb",
    "_mb",
    "_celsius",
    "_fahrenheit",
    "_metres",
    "_miles",
    "_ratio",
    "_joules",
    "_volts",
    "_ounces",
    "_d",
];

const ENDS: [&str; 9] =
    ["", "_total", "_count", "_sum", "_bucket", "_info", "_created", "_histogram", "_total_jobs"];

/// A label set.
#[derive(Clone, LabelSet)]
struct Shards {
    shard: Bounded<1, 2>,
}

/// A generator of random numbers with a fixed seed.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % limit
    }

    fn one_of(&mut self, words: &[&'static str]) -> &'static str {
        words[self.below(words.len())]
    }
}

/// Metrics of a page, which this value keeps alive.
#[derive(Default)]
struct Page {
    registry: Registry,
    kept: Vec<Box<dyn std::any::Any>>,
}

impl Page {
    /// Registers a metric of the type with this number, unless the registry refuses it.
    fn register(&mut self, definition: &Definition, kind: usize) {
        fn keep<T: 'static, E>(kept: &mut Vec<Box<dyn std::any::Any>>, metric: Result<T, E>) {
            kept.extend(metric.ok().map(|metric| Box::new(metric) as Box<dyn std::any::Any>));
        }
        let (registry, kept) = (&self.registry, &mut self.kept);
        match kind {
            0 => keep(kept, registry.register::<Counter>(definition)),
            1 => keep(kept, registry.register::<Gauge<f64>>(definition)),
            2 => keep(kept, registry.register::<Histogram>(definition)),
            3 => keep(kept, registry.register::<Summary>(definition)),
            4 => keep(kept, registry.register::<Family<Shards, Counter>>(definition)),
            _ => keep(kept, registry.register::<Family<Shards, Histogram>>(definition)),
        }
    }
}

/// Returns the metrics with a finding of promtool.
fn found_by_promtool(page: &str) -> BTreeSet<String> {
    let verdict = promtool::check_metrics(page);
    assert!(matches!(verdict.code, Some(0 | 3)), "{verdict:?}");
    verdict
        .findings
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(name, _)| name.to_owned())
        .collect()
}

fn found_by_us(registry: &Registry) -> BTreeSet<String> {
    let problems = testing::lint(registry).into_iter();
    problems
        .filter(|problem| problem.severity == Severity::Error && !OURS_ALONE.contains(&problem.rule))
        .map(|problem| problem.metric)
        .collect()
}

#[test]
fn generated_metrics() {
    let mut numbers = Numbers(42);
    let mut compared = 0;
    for _ in 0..12 {
        let mut page = Page::default();
        for _ in 0..400 {
            let parts = [numbers.one_of(&STEMS), numbers.one_of(&UNITS), numbers.one_of(&ENDS)];
            let help = numbers.one_of(&["Help.", "Help.", "Help.", "", "Two\nlines."]);
            let mut definition = Definition::new(parts.concat(), help);
            if numbers.below(5) == 0 {
                definition = definition.label(numbers.one_of(&["site", "buildHost", "Site", "x_1"]), "a");
            }
            page.register(&definition, numbers.below(6));
        }
        let text = page.registry.text();
        compared += text.lines().filter(|line| line.starts_with("# TYPE")).count();
        assert_eq!(found_by_us(&page.registry), found_by_promtool(&text), "on the page\n{text}");
    }
    assert!(compared > 1500, "only {compared} metrics were compared");
}

/// Asserts that known bad names are refused, and that the names in their place are clean.
#[test]
fn known_names() {
    let mut page = Page::default();
    for (name, kind) in [
        ("revenue_total_usd", 0),
        ("app_request_count", 0),
        ("active_players_count", 1),
        ("django_migrations_unapplied_total", 1),
        ("revenue_usd_total", 0),
        ("app_requests_total", 0),
        ("active_players", 1),
    ] {
        page.register(&Definition::new(name, "Help."), kind);
    }
    let expected = [
        "active_players_count",
        "app_request_count",
        "django_migrations_unapplied_total",
        "revenue_total_usd",
    ];
    assert_eq!(found_by_us(&page.registry), expected.map(str::to_owned).into());
    assert_eq!(found_by_promtool(&page.registry.text()), expected.map(str::to_owned).into());
}
