//! The test kit in parallel tests that count in the same series.
//!
//! All tests use the same functions and groups in the global registry while another thread counts there. Each test sees its own
//! counts.

use std::{
    sync::{
        Once,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    thread,
};

use metrics_core::{
    Capped, Counter, Family, Gauge, Histogram, LabelSet, MetricGroup, Registry, assert_delta, observed,
    testing::{self, TestScope},
};

#[observed]
fn parse(text: &str) -> Result<u32, std::num::ParseIntError> {
    text.parse()
}

#[observed]
async fn fetch(answer: u32) -> u32 {
    tokio::task::yield_now().await;
    answer
}

#[derive(Clone, LabelSet)]
struct Tenant {
    tenant: Capped<20>,
}

#[derive(MetricGroup)]
#[metrics(namespace = "kit")]
struct KitMetrics {
    /// Jobs done.
    jobs_total: Counter,
    /// Money taken.
    money_total: Counter<f64>,
    /// Jobs by tenant.
    jobs_of_tenants_total: Family<Tenant, Counter>,
    /// Size of jobs.
    #[metric(buckets(1.0, 10.0))]
    job_size_bytes: Histogram,
    /// Jobs that wait.
    waiting_jobs: Gauge,
}

fn count() {
    let metrics = KitMetrics::global();
    metrics.jobs_total.inc();
    metrics.money_total.inc_by(0.5);
    metrics.jobs_of_tenants_total.with(Tenant { tenant: "acme".into() }).inc();
    metrics.job_size_bytes.observe(4.0);
    let _ = parse("seven");
}

/// Starts a thread that counts all the time, as another test would.
fn disturb() {
    static STARTED: Once = Once::new();
    static COUNTED: AtomicBool = AtomicBool::new(false);
    STARTED.call_once(|| {
        thread::spawn(|| {
            loop {
                count();
                COUNTED.store(true, Relaxed);
                thread::yield_now();
            }
        });
    });
    while !COUNTED.load(Relaxed) {
        thread::yield_now();
    }
}

const PARSE_ERRORS: &str = r#"function_calls_total{function="parse",module="test_kit",result="error"}"#;
const FETCHES: &str = r#"function_calls_total{function="fetch",module="test_kit",result="ok"}"#;

#[test]
fn counts_of_this_thread() {
    disturb();
    count();
    let scope = TestScope::new();
    let mine = scope.of(Registry::global());
    assert_delta!(mine, {
        "kit_jobs_total" => 2.0,
        "kit_money_total" => 1.0,
        r#"kit_jobs_of_tenants_total{tenant="acme"}"# => 2.0,
        r#"kit_job_size_bytes_bucket{le="10"}"# => 2.0,
        "kit_job_size_bytes_sum" => 8.0,
        PARSE_ERRORS => 2.0,
    }, {
        count();
        count();
    });
    testing::assert_family(
        &mine,
        "kit_jobs_total",
        "# HELP kit_jobs_total Jobs done.\n# TYPE kit_jobs_total counter\nkit_jobs_total 2\n",
    );
    assert!(testing::value(Registry::global(), "kit_jobs_total") > Some(2.0));
}

#[test]
fn counts_of_adopted_threads() {
    disturb();
    let scope = TestScope::new();
    thread::scope(|threads| {
        for _ in 0..4 {
            let handle = scope.handle();
            threads.spawn(move || {
                count(); // not taken in yet
                handle.run(|| (0..10).for_each(|_| count()));
                count(); // no more
                let _entered = (handle.enter(), handle.enter());
                count(); // once, though taken in twice
            });
        }
    });
    let mine = scope.of(Registry::global());
    assert_eq!(testing::value(&mine, "kit_jobs_total"), Some(44.0));
    assert_eq!(testing::value(&mine, r#"kit_jobs_of_tenants_total{tenant="acme"}"#), Some(44.0));
    assert_eq!(testing::value(&mine, PARSE_ERRORS), Some(44.0));
}

#[test]
fn new_series() {
    disturb();
    let scope = TestScope::new();
    let tenants = &KitMetrics::global().jobs_of_tenants_total;
    let inc = |tenant: &str, by| tenants.with(Tenant { tenant: tenant.into() }).inc_by(by);
    inc("short-lived", 5);
    assert!(tenants.remove(&Tenant { tenant: "short-lived".into() }));
    // The next series reuses the slots.
    inc("next", 3);
    let page = scope.of(Registry::global()).text();
    assert!(page.contains("kit_jobs_of_tenants_total{tenant=\"next\"} 3\n"), "{page}");
    assert!(!page.contains("short-lived"), "{page}");
}

#[test]
fn nested_scopes() {
    disturb();
    let outer = TestScope::new();
    count();
    {
        let inner = TestScope::new();
        count();
        assert_eq!(testing::value(&inner.of(Registry::global()), "kit_jobs_total"), Some(1.0));
    }
    count();
    assert_eq!(testing::value(&outer.of(Registry::global()), "kit_jobs_total"), Some(3.0));
}

#[test]
fn gauges_are_of_the_process() {
    let scope = TestScope::new();
    KitMetrics::global().waiting_jobs.set(7);
    thread::spawn(|| KitMetrics::global().waiting_jobs.inc()).join().unwrap();
    assert_eq!(testing::value(&scope.of(Registry::global()), "kit_waiting_jobs"), Some(8.0));
}

#[actix_web::test]
async fn actix_tasks() {
    disturb();
    let scope = TestScope::new();
    let tasks: Vec<_> = (0..5).map(|answer| actix_web::rt::spawn(fetch(answer))).collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(testing::value(&scope.of(Registry::global()), FETCHES), Some(5.0));
}

#[tokio::test]
async fn tokio_tasks() {
    disturb();
    let scope = TestScope::new();
    let tasks: Vec<_> = (0..5).map(|answer| tokio::spawn(fetch(answer))).collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(testing::value(&scope.of(Registry::global()), FETCHES), Some(5.0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn adopted_tasks() {
    disturb();
    let scope = TestScope::new();
    let task = |answer| async move {
        for _ in 0..10 {
            fetch(answer).await;
            tokio::task::yield_now().await;
        }
    };
    let mine: Vec<_> = (0..5).map(|answer| tokio::spawn(scope.handle().task(task(answer)))).collect();
    let others: Vec<_> = (0..5).map(|answer| tokio::spawn(task(answer))).collect();
    for task in mine.into_iter().chain(others) {
        task.await.unwrap();
    }
    assert_eq!(testing::value(&scope.of(Registry::global()), FETCHES), Some(50.0));
}

#[test]
fn runtime_threads() {
    disturb();
    let scope = TestScope::new();
    let handle = scope.handle();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .on_thread_start(move || handle.adopt_thread())
        .build()
        .unwrap();
    runtime.block_on(async {
        let tasks: Vec<_> = (0..5).map(|answer| tokio::spawn(fetch(answer))).collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
    let mine = scope.of(Registry::global());
    assert_eq!(testing::value(&mine, FETCHES), Some(5.0));
    // The counts of ended threads stay in the scope.
    drop(runtime);
    assert_eq!(testing::value(&mine, FETCHES), Some(5.0));
}

#[test]
fn wrong_delta() {
    let scope = TestScope::new();
    let told = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        assert_delta!(scope.of(Registry::global()), "kit_jobs_total", 2.0, { count() });
    }));
    let told = told.unwrap_err();
    let message = "`kit_jobs_total` changed by 1 and not by 2: it was 0 and is 1";
    assert_eq!(told.downcast_ref::<String>().unwrap(), message);
}
