//! Callbacks are dropped with their series, and one that panics does not affect others.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    thread,
    time::Duration,
};

use metrics_core::{Capped, Counter, CounterFn, Definition, Family, GaugeFn, LabelSet, Registry};

#[derive(Clone, LabelSet)]
struct Database {
    name: Capped<100>,
}

fn database(name: &str) -> Database {
    Database { name: name.into() }
}

#[derive(Clone, Copy, LabelSet)]
struct Pool {
    is_idle: bool,
}

/// Creates a family of callback gauges, and a reference whose count is the number of closures.
fn pools(definition: &Definition) -> (Registry, Family<Database, GaugeFn>, Arc<()>) {
    let registry = Registry::new();
    let pools = registry.register(definition).unwrap();
    (registry, pools, Arc::new(()))
}

fn read(pools: &Family<Database, GaugeFn>, name: &str, kept: &Arc<()>) {
    let kept = Arc::clone(kept);
    pools.with(database(name)).read_from(move || i64::try_from(Arc::strong_count(&kept)).unwrap());
}

#[test]
fn removed_series_drops_its_callback() {
    let (registry, pools, kept) = pools(&Definition::new("pool_size", "Size."));
    for number in 0..20 {
        read(&pools, &format!("db-{number}"), &kept);
    }
    assert_eq!(Arc::strong_count(&kept), 21);
    for number in 0..20 {
        assert!(pools.remove(database(&format!("db-{number}"))));
    }
    assert_eq!(Arc::strong_count(&kept), 1);
    assert!(!registry.text().contains("pool_size{"));
}

#[test]
fn handle_of_a_removed_series() {
    let (_registry, pools, kept) = pools(&Definition::new("late_size", "Size."));
    let late = pools.with(database("a"));
    assert!(pools.remove(database("a")));
    let own = Arc::clone(&kept);
    late.read_from(move || i64::try_from(Arc::strong_count(&own)).unwrap());
    assert_eq!(Arc::strong_count(&kept), 1);
}

#[test]
fn removed_finite_series_drops_its_callback() {
    let registry = Registry::new();
    let pools: Family<Pool, GaugeFn> = registry.register(&Definition::new("pools", "Pools.")).unwrap();
    let kept = Arc::new(());
    let own = Arc::clone(&kept);
    pools.with(Pool { is_idle: true }).read_from(move || i64::try_from(Arc::strong_count(&own)).unwrap());
    assert!(registry.text().contains("pools{is_idle=\"true\"} 2\n"));
    assert!(pools.remove(Pool { is_idle: true }));
    assert_eq!(Arc::strong_count(&kept), 1);
    assert!(!registry.text().contains("is_idle=\"true\""));
}

#[test]
fn forgotten_series_drops_its_callback() {
    let definition = Definition::new("requests_total", "Requests.").ttl(Duration::from_millis(20));
    let registry = Registry::new();
    let requests: Family<Database, CounterFn> = registry.register(&definition).unwrap();
    let kept = Arc::new(());
    let own = Arc::clone(&kept);
    requests.with(database("a")).read_from(move || Arc::strong_count(&own) as u64);
    for _ in 0..500 {
        registry.text();
        if Arc::strong_count(&kept) == 1 {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("the callback is still there");
}

#[test]
fn panicking_callback_is_skipped() {
    let (registry, pools, kept) = pools(&Definition::new("pool_size", "Size."));
    read(&pools, "good", &kept);
    let runs = Arc::new(AtomicUsize::new(0));
    let own = Arc::clone(&runs);
    pools.with(database("bad")).read_from(move || {
        assert!(own.fetch_add(1, Relaxed) > 0, "the first time");
        7
    });
    let page = registry.text();
    assert!(page.contains("pool_size{name=\"good\"} 2\n"), "{page}");
    assert!(!page.contains("bad"), "{page}");
    assert_eq!(pools.series().len(), 2, "the second time it does not panic");
    assert!(registry.text().contains("pool_size{name=\"bad\"} 7\n"));
}

#[test]
fn callback_reads_its_metric_and_makes_a_page() {
    let (registry, pools, _) = pools(&Definition::new("pool_size", "Size."));
    let (own, page) = (pools.clone(), registry.clone());
    pools.with(database("a")).read_from(move || {
        let length = i64::try_from(page.text().len()).unwrap();
        own.with(database("a")).get() + length.signum()
    });
    assert!(registry.text().contains("pool_size{name=\"a\"} 1\n"));
    assert!(registry.text().contains("pool_size{name=\"a\"} 2\n"));
}

#[test]
fn metric_registered_again_during_a_scrape() {
    let registry = Registry::new();
    let register = |registry: &Registry| -> Counter {
        registry.register(&Definition::new("z_jobs_total", "Jobs.")).unwrap()
    };
    let jobs = Mutex::new(Some(register(&registry)));
    jobs.lock().unwrap().as_ref().unwrap().inc_by(5);
    let other: GaugeFn = registry.register(&Definition::new("a_level", "Level.")).unwrap();
    let own = registry.clone();
    // By now the scrape has its list of metrics.
    other.read_from(move || {
        drop(jobs.lock().unwrap().take());
        let again = register(&own);
        let count = again.get();
        *jobs.lock().unwrap() = Some(again);
        i64::try_from(count).unwrap()
    });
    assert!(registry.text().contains("a_level 0\n"));
    assert!(registry.text().contains("z_jobs_total 0\n"));
}
