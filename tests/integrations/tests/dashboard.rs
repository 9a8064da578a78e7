//! The generated dashboard, with every integration that is on.

use std::{any::Any, collections::BTreeSet, convert::Infallible, time::Duration};

use metrics_core::{
    CacheMetrics, CacheStatus, CacheStatusMetrics, ContainerMetrics, DieselMetrics, JemallocMetrics,
    PoolMetrics, PoolStatus, PoolTimes, QuerySummaries, RedisMetrics, Registry, SqlxQueries, TokioMetrics,
};
use tokio::runtime::{Handle, Runtime};

/// Registers an integration and returns what keeps it on the page.
type Register = fn(&Registry, &Handle) -> Box<dyn Any>;

const INTEGRATIONS: [(&str, &str, Register); 12] = [
    ("pools", "db", |registry, _| {
        Box::new(PoolMetrics::register_in(registry, "main", PoolStatus::default).unwrap())
    }),
    ("pools, times", "db", |registry, _| Box::new(PoolTimes::register_in(registry, "main").unwrap())),
    ("sqlx-queries", "db", |registry, _| Box::new(SqlxQueries::register_in(registry, "sqlite").unwrap())),
    ("diesel", "db", |registry, _| Box::new(DieselMetrics::register_in(registry, "sqlite").unwrap())),
    ("redis", "db", |registry, _| Box::new(RedisMetrics::register_in(registry).unwrap())),
    ("query-summary", "db", |registry, _| Box::new(QuerySummaries::register_in(registry, 10).unwrap())),
    ("caches", "cache", |registry, _| Box::new(CacheMetrics::register_in(registry, "players").unwrap())),
    ("caches, status", "cache", |registry, _| {
        Box::new(CacheStatusMetrics::register_in(registry, "players", CacheStatus::default).unwrap())
    }),
    ("container", "container", |registry, _| Box::new(ContainerMetrics::register_in(registry).unwrap())),
    ("jemalloc", "jemalloc", |registry, _| Box::new(JemallocMetrics::register_in(registry).unwrap())),
    ("poll", "metrics", |registry, runtime| {
        let poll = || async { Ok::<(), Infallible>(()) };
        Box::new(registry.poll_every(Duration::from_secs(60), "quota", runtime, poll).unwrap())
    }),
    ("tokio", "tokio", |registry, runtime| {
        registry.register_collector(TokioMetrics::new("main", runtime).unwrap()).unwrap();
        Box::new(())
    }),
];

#[test]
fn every_integration_has_a_row_and_a_panel_for_each_metric() {
    let runtime = Runtime::new().unwrap();
    for (integration, row, register) in INTEGRATIONS {
        let registry = Registry::new();
        let _kept = register(&registry, runtime.handle());
        let catalog = registry.catalog();
        let names: BTreeSet<_> = catalog.metrics.iter().map(|metric| metric.name.as_str()).collect();
        let dashboard = catalog.to_grafana_dashboard("Main");
        let title = format!(r#""type":"row","title":"{row}""#);
        assert!(dashboard.contains(&title), "{integration}: {title} in\n{dashboard}");
        let page = registry.text();
        let mut families = page.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next());
        assert!(families.clone().next().is_some() || integration == "query-summary", "{integration}: {page}");
        assert!(families.all(|family| names.contains(family)), "{integration}: {names:?} in\n{page}");
        for name in names {
            let panel = format!(r#""title":"{name}""#);
            assert!(dashboard.contains(&panel), "{integration}: {panel} in\n{dashboard}");
        }
    }
}
