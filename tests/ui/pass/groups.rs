//! Label values, label sets and groups of every shape, compiled under every lint that a strict user has.

#![deny(
    warnings,
    missing_docs,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
    rust_2018_idioms
)]
#![forbid(unsafe_code)]

use metrics_core::{
    Capped, Counter, Family, Gauge, Histogram, LabelSet, LabelValue, MetricGroup, Registry, StatusClass,
};

#[derive(Clone, Copy, Debug, LabelValue)]
#[label(rename_all = "snake_case")]
enum Match {
    Solo,
    TwoTeams,
    #[label(rename = "cup")]
    Tournament,
}

#[derive(Clone, Copy, Debug, LabelValue)]
enum Raw {
    r#Type,
    AsWritten,
}

#[derive(Clone, Debug, LabelSet)]
struct Matches {
    kind: Match,
    won: bool,
    class: Option<StatusClass>,
}

#[derive(Clone, Debug, LabelSet)]
struct Tenants<const N: usize> {
    #[label(allow(label_type))]
    r#type: Raw,
    #[label(rename = "tenant")]
    owner: Capped<N>,
}

#[derive(LabelSet)]
struct Borrowed<'a, L>
where
    L: LabelValue,
{
    kind: &'a L,
}

/// Activity of a cache.
#[derive(Debug, MetricGroup)]
#[metrics(subsystem = "cache")]
pub struct CacheMetrics {
    /// Hits.
    hits_total: Counter,
    /// Fill, from 0 to 1.
    fill_ratio: Gauge<f64>,
}

/// Matches
/// and money.
#[derive(Debug, MetricGroup)]
#[metrics(namespace = "pass", subsystem = "arena")]
pub struct ArenaMetrics {
    /// Matches by kind
    /// and outcome.
    matches_total: Family<Matches, Counter>,
    /// Money taken.
    #[metric(unit = "usd", labels(shop = "main", r#type = "card"), allow(label_type))]
    revenue_usd_total: Counter<f64>,
    /// Players online.
    #[metric(name = "players")]
    active_players: Gauge,
    #[metric(help = "Time spent in one SQL query.", buckets(0.5, 1))]
    query_duration_seconds: Family<Tenants<2>, Histogram>,
    #[metric(flatten)]
    cache: CacheMetrics,
    #[metric(nested = "second")]
    other: CacheMetrics,
    #[cfg(any())]
    absent: Absent,
    /// An older name.
    #[metric(allow(reserved_suffix))]
    players_count: Gauge,
}

/// A generic group.
#[derive(Debug, MetricGroup)]
#[metrics(namespace = "pool")]
struct Pool<L: LabelSet> {
    /// Connections taken.
    taken_total: Family<L, Counter>,
}

/// Without an instance of its own accord.
#[derive(Debug, MetricGroup)]
#[metrics(namespace = "pass_local", global = false, allow(counter_total))]
struct Local {
    /// Hits.
    hits: Counter,
}

fn lines(page: &str, start: &str) -> Vec<String> {
    page.lines().filter(|line| line.starts_with(start)).map(str::to_owned).collect()
}

#[test]
fn label_values_and_sets() {
    let names: Vec<_> = (0..Match::COUNT).map(Match::name_at).collect();
    assert_eq!(names, ["solo", "two_teams", "cup"]);
    assert_eq!([Match::Solo, Match::TwoTeams, Match::Tournament].map(|value| value.index()), [0, 1, 2]);
    assert_eq!([Raw::r#Type, Raw::AsWritten].map(|value| value.as_str()), ["Type", "AsWritten"]);
    let names: Vec<_> = Tenants::<3>::DIMENSIONS.iter().map(metrics_core::Dimension::name).collect();
    assert_eq!(names, ["type", "tenant"]);
    const { assert!(Tenants::<3>::CAPPED && !Matches::CAPPED && !Borrowed::<'static, Match>::CAPPED) };
    let borrowed = Borrowed { kind: &Match::Tournament };
    assert_eq!(borrowed.kind.as_str(), "cup");
}

#[test]
fn global_instance() {
    let page = Registry::global().text();
    assert_eq!(lines(&page, "pass_arena_matches_total").len(), 3 * 2 * 6);
    assert_eq!(lines(&page, "pass_arena_cache_hits_total"), ["pass_arena_cache_hits_total 0"]);
    assert_eq!(lines(&page, "pass_arena_second_cache_fill_ratio"), ["pass_arena_second_cache_fill_ratio 0"]);
    assert!(page.contains("# HELP pass_arena_matches_total Matches by kind and outcome.\n"));
    assert!(lines(&page, "pass_local").is_empty());
}

#[test]
fn own_instance() {
    let registry = Registry::new();
    let arena = ArenaMetrics::register_in(&registry).expect("an empty registry");
    arena.matches_total.with(Matches { kind: Match::Tournament, won: true, class: None }).inc();
    arena.revenue_usd_total.inc_by(1.5);
    arena.active_players.set(3);
    let labels = Tenants { r#type: Raw::AsWritten, owner: "acme".into() };
    arena.query_duration_seconds.with(labels).observe(0.7);
    arena.cache.hits_total.inc();
    arena.other.fill_ratio.set(0.5);
    arena.players_count.set(2);
    let page = registry.text();
    assert!(
        lines(&page, "pass_arena_matches_total")
            .contains(&r#"pass_arena_matches_total{kind="cup",won="true"} 1"#.to_owned())
    );
    assert_eq!(
        lines(&page, "pass_arena_revenue_usd_total"),
        [r#"pass_arena_revenue_usd_total{shop="main",type="card"} 1.5"#]
    );
    assert_eq!(lines(&page, "pass_arena_players"), ["pass_arena_players 3", "pass_arena_players_count 2"]);
    assert_eq!(
        lines(&page, "pass_arena_query_duration_seconds_bucket"),
        [
            r#"pass_arena_query_duration_seconds_bucket{type="AsWritten",tenant="acme",le="0.5"} 0"#,
            r#"pass_arena_query_duration_seconds_bucket{type="AsWritten",tenant="acme",le="1"} 1"#,
            r#"pass_arena_query_duration_seconds_bucket{type="AsWritten",tenant="acme",le="+Inf"} 1"#,
        ]
    );
    assert_eq!(lines(&page, "pass_arena_cache_hits_total"), ["pass_arena_cache_hits_total 1"]);
    assert_eq!(
        lines(&page, "pass_arena_second_cache_fill_ratio"),
        ["pass_arena_second_cache_fill_ratio 0.5"]
    );
    assert_eq!(ArenaMetrics::global().cache.hits_total.get(), 0);
    drop(ArenaMetrics::unregistered());
}

#[test]
fn generic_groups() {
    let registry = Registry::new();
    let pool = Pool::<Matches>::register_in(&registry).expect("an empty registry");
    pool.taken_total.with(Matches { kind: Match::Solo, won: false, class: Some(StatusClass::Success) }).inc();
    assert_eq!(lines(&registry.text(), "pool_taken_total").len(), 36);
    let local = Local::unregistered();
    local.hits.inc();
    assert_eq!(local.hits.get(), 1);
}
