//! Memory while a receiver is away for good. The allocator counts for the whole process, so this file has one test.

use std::{alloc::System, net::TcpListener, time::Duration};

use metrics_core::{Capped, Counter, Definition, Family, LabelSet, Push, PushClient, Pushgateway, Registry};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tests::wait;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

#[derive(Clone, LabelSet)]
struct ThingLabel {
    name: Capped<2000>,
}

const LIMIT: Duration = Duration::from_secs(300);

/// Waits until this many attempts have failed.
fn wait_for_attempts(registry: &Registry, count: u64) {
    let start = "metrics_push_attempts_total{push=\"pushgateway\",outcome=\"failed\"} ";
    let failed = || {
        let page = registry.text();
        page.lines().find_map(|line| line.strip_prefix(start)?.parse::<u64>().ok()).unwrap_or_default()
    };
    wait::until_equal(LIMIT, "attempts", &true, || failed() >= count);
}

#[test]
fn receiver_that_is_away_for_good_costs_no_growing_memory() {
    let registry = Registry::new();
    let family: Family<ThingLabel, Counter> =
        registry.register(&Definition::new("things_total", "Things.")).unwrap();
    for number in 0..2000 {
        family.with(ThingLabel { name: format!("{number:0100}").as_str().into() }).inc();
    }
    let page = registry.text().len();
    assert!(page > 200_000, "{page}");
    // Nobody listens there any more.
    let closed = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    let gateway = Pushgateway::new(&format!("http://{closed}")).job("j").client(PushClient::new().no_proxy());
    let push = Push::to(gateway).registry(&registry).every(Duration::from_millis(1));
    let push = push.backoff(Duration::ZERO, Duration::from_millis(1)).start().unwrap();
    wait_for_attempts(&registry, 50);
    let region = Region::new(ALLOCATOR);
    wait_for_attempts(&registry, 500);
    let change = region.change();
    let grown = change.bytes_allocated.saturating_sub(change.bytes_deallocated);
    assert!(change.bytes_allocated > 100 * page, "pages were made: {change:?}");
    assert!(grown < 10 * page, "{grown} bytes of pages of {page}");
    drop(push);
}
