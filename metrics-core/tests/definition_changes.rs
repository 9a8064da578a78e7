//! Definitions that come and go between and during pages, which share a list of families until then.

use std::{
    ops::ControlFlow,
    sync::{
        Arc, Barrier,
        atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
    },
    thread,
};

use metrics_core::{
    Bounded, Counter, Definition, Family, Format, Gauge, GaugeFn, Histogram, LabelSet, Registry, Scrape,
};

fn jobs(registry: &Registry, queue: &'static str) -> Counter {
    registry.register(&Definition::new("jobs_total", "Jobs.").label("queue", queue)).unwrap()
}

fn named(registry: &Registry, name: &'static str) -> Counter {
    registry.register(&Definition::new(name, "A counter.")).unwrap()
}

/// Returns the sample lines of a page.
fn samples(registry: &Registry) -> Vec<String> {
    registry.text().lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

#[test]
fn definition_after_a_page() {
    let registry = Registry::new();
    let _a = named(&registry, "b_total");
    assert_eq!(samples(&registry), ["b_total 0"]);
    let _b = (named(&registry, "a_total"), jobs(&registry, "x"));
    assert_eq!(samples(&registry), ["a_total 0", "b_total 0", "jobs_total{queue=\"x\"} 0"]);
    let _c = jobs(&registry, "w");
    assert_eq!(
        samples(&registry),
        ["a_total 0", "b_total 0", "jobs_total{queue=\"w\"} 0", "jobs_total{queue=\"x\"} 0"]
    );
}

#[test]
fn dropped_definition() {
    let registry = Registry::new();
    let (one, other) = (jobs(&registry, "x"), jobs(&registry, "y"));
    let alone = named(&registry, "alone_total");
    let clone = other.clone();
    assert_eq!(samples(&registry).len(), 3);
    drop((alone, other));
    // A clone keeps the metric.
    assert_eq!(samples(&registry), ["jobs_total{queue=\"x\"} 0", "jobs_total{queue=\"y\"} 0"]);
    drop(clone);
    assert_eq!(samples(&registry), ["jobs_total{queue=\"x\"} 0"]);
    drop(one);
    assert_eq!(registry.text(), "");
}

#[test]
fn definition_again_starts_at_zero() {
    let registry = Registry::new();
    for queue in ["x", "y"] {
        let counter = jobs(&registry, queue);
        counter.inc_by(5);
        let value = |value: u64| [format!("jobs_total{{queue=\"{queue}\"}} {value}")];
        assert_eq!(samples(&registry), value(5));
        drop(counter);
        let counter = jobs(&registry, queue);
        assert_eq!(samples(&registry), value(0));
        counter.inc();
        assert_eq!(samples(&registry), value(1));
    }
}

#[test]
fn definition_again_during_a_page() {
    let registry = Registry::new();
    let _first = named(&registry, "a_total");
    let mut counter = Some(named(&registry, "b_total"));
    counter.as_ref().unwrap().inc_by(5);
    for _ in 0..2 {
        let (mut page, mut others) = (Vec::new(), Vec::new());
        let flow = registry.chunks(Scrape::new(Format::Text)).send(1, |chunk| {
            page.extend(chunk.bytes);
            // A later owner of the dropped metric's cells would appear under its name.
            drop(counter.take());
            let again = named(&registry, "b_total");
            again.inc_by(7);
            counter = Some(again);
            others.push(jobs(&registry, "x"));
            for other in &others {
                other.inc_by(100);
            }
            ControlFlow::Continue(())
        });
        assert!(flow.is_continue());
        let page = String::from_utf8(page).unwrap();
        let shown: Vec<_> = page.lines().filter(|line| line.starts_with("b_total ")).collect();
        // A page lasts from its first chunk on, and shows the metric that was there then.
        assert!(["b_total 5", "b_total 7"].contains(&shown.join("").as_str()), "{page}");
        drop(others);
        assert_eq!(samples(&registry), ["a_total 0", "b_total 7"]);
    }
}

#[test]
fn definition_of_several_types() {
    let registry = Registry::new();
    let level: Gauge = registry.register(&Definition::new("level", "Level.")).unwrap();
    let load: Gauge<f64> = registry.register(&Definition::new("load", "Load.")).unwrap();
    let work: Counter<f64> = registry.register(&Definition::new("work_total", "Work.")).unwrap();
    let sizes: Histogram =
        registry.register(&Definition::new("sizes_bytes", "Sizes.").buckets(&[1.0, 2.0])).unwrap();
    registry.text();
    level.set(-3);
    load.set(0.5);
    work.inc_by(1.5);
    sizes.observe(1.5);
    thread::scope(|scope| {
        scope.spawn(|| {
            level.add(1);
            work.inc_by(2.0);
            sizes.observe(7.0);
        });
    });
    assert_eq!(
        samples(&registry),
        [
            "level -2",
            "load 0.5",
            "sizes_bytes_bucket{le=\"1\"} 0",
            "sizes_bytes_bucket{le=\"2\"} 1",
            "sizes_bytes_bucket{le=\"+Inf\"} 2",
            "sizes_bytes_sum 8.5",
            "sizes_bytes_count 2",
            "work_total 3.5",
        ]
    );
}

#[test]
fn callback_after_a_page() {
    let registry = Registry::new();
    let level = |queue: &'static str| -> GaugeFn {
        registry.register(&Definition::new("level", "Level.").label("queue", queue)).unwrap()
    };
    let (one, _other) = (level("x"), level("y"));
    assert_eq!(samples(&registry), ["level{queue=\"x\"} 0", "level{queue=\"y\"} 0"]);
    one.read_from(|| 7);
    assert_eq!(samples(&registry), ["level{queue=\"x\"} 7", "level{queue=\"y\"} 0"]);
    one.read_from(|| 8);
    assert_eq!(samples(&registry), ["level{queue=\"x\"} 8", "level{queue=\"y\"} 0"]);
}

#[test]
fn family_whose_callbacks_all_panic_and_recover() {
    let registry = Registry::new();
    let definition =
        |name: &'static str| Definition::new(name, "Level.").renamed_from(format!("former_{name}"));
    let levels: Vec<GaugeFn> =
        ["a_level", "z_level"].map(|name| registry.register(&definition(name)).unwrap()).into();
    let fails = Arc::new(AtomicBool::new(true));
    let own = Arc::clone(&fails);
    levels[0].read_from(|| 1);
    levels[1].read_from(move || {
        assert!(!own.load(SeqCst), "a failure");
        2
    });
    let _unrelated = named(&registry, "b_total");
    let page = registry.text();
    assert!(!page.contains("z_level"), "{page}");
    assert!(page.contains("former_a_level 1\n") && page.contains("b_total 0\n"), "{page}");
    fails.store(false, SeqCst);
    let all = ["a_level 1", "b_total 0", "former_a_level 1", "former_z_level 2", "z_level 2"];
    assert_eq!(samples(&registry), all);
}

#[test]
fn callback_that_panics_beside_another() {
    let registry = Registry::new();
    let level = |queue: &'static str| -> GaugeFn {
        registry.register(&Definition::new("level", "Level.").label("queue", queue)).unwrap()
    };
    let (good, bad) = (level("x"), level("y"));
    let fails = Arc::new(AtomicBool::new(false));
    let own = Arc::clone(&fails);
    good.read_from(|| 1);
    bad.read_from(move || {
        assert!(!own.load(SeqCst), "a failure");
        2
    });
    assert_eq!(samples(&registry), ["level{queue=\"x\"} 1", "level{queue=\"y\"} 2"]);
    fails.store(true, SeqCst);
    assert_eq!(samples(&registry), ["level{queue=\"x\"} 1"]);
    fails.store(false, SeqCst);
    assert_eq!(samples(&registry), ["level{queue=\"x\"} 1", "level{queue=\"y\"} 2"]);
}

#[derive(Clone, Copy, LabelSet)]
struct OnlyOne {
    shard: Bounded<3, 3>,
}

#[test]
fn removed_series_of_a_family_of_one() {
    let registry = Registry::new();
    let family: Family<OnlyOne, Counter> =
        registry.register(&Definition::new("jobs_total", "Jobs.")).unwrap();
    let labels = || OnlyOne { shard: 3.into() };
    family.with(labels()).inc_by(4);
    assert_eq!(samples(&registry), ["jobs_total{shard=\"3\"} 4"]);
    assert!(family.remove(labels()));
    assert_eq!(samples(&registry), [""; 0]);
    family.with(labels()).inc();
    assert_eq!(samples(&registry), ["jobs_total{shard=\"3\"} 1"]);
    assert!(family.remove(labels()));
    assert_eq!(samples(&registry), [""; 0]);
}

#[test]
fn former_names_come_and_go() {
    let registry = Registry::new();
    let _other = named(&registry, "b_total");
    let define = || -> Counter {
        registry.register(&Definition::new("c_total", "C.").renamed_from("a_total")).unwrap()
    };
    for _ in 0..2 {
        let renamed = define();
        renamed.inc_by(3);
        assert_eq!(samples(&registry), ["a_total 3", "b_total 0", "c_total 3"]);
        drop(renamed);
        assert_eq!(samples(&registry), ["b_total 0"]);
    }
}

#[test]
fn registries_do_not_disturb_each_other() {
    let registries = [Registry::new(), Registry::new()];
    let first = jobs(&registries[0], "x");
    let second = [jobs(&registries[1], "x"), named(&registries[1], "b_total")];
    first.inc_by(1);
    second[0].inc_by(2);
    assert_eq!(samples(&registries[0]), ["jobs_total{queue=\"x\"} 1"]);
    assert_eq!(samples(&registries[1]), ["b_total 0", "jobs_total{queue=\"x\"} 2"]);
    drop(first);
    assert_eq!(registries[0].text(), "");
    assert_eq!(samples(&registries[1]), ["b_total 0", "jobs_total{queue=\"x\"} 2"]);
}

#[test]
fn threads_count_after_the_first_page() {
    let registry = Registry::new();
    let counters = [jobs(&registry, "x"), jobs(&registry, "y"), named(&registry, "b_total")];
    let counted = |by: u64| {
        let [x, y] = ["x", "y"].map(|queue| format!("jobs_total{{queue=\"{queue}\"}} {by}"));
        [format!("b_total {by}"), x, y]
    };
    assert_eq!(samples(&registry), counted(0));
    for round in 1..=20 {
        let barrier = Barrier::new(4);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    barrier.wait();
                    for counter in &counters {
                        counter.inc();
                    }
                });
            }
        });
        assert_eq!(samples(&registry), counted(4 * round));
    }
}

/// Names of the metrics that threads register and drop; each belongs to one thread.
const NAMES: [&str; 3] = ["a_total", "b_total", "c_total"];

/// State of a metric: twice its number of registrations so far, and one more while it is registered.
type Registrations = AtomicU64;

#[test]
fn threads_register_and_drop_while_pages_are_made() {
    const ROUNDS: u64 = 300;
    let registry = Registry::new();
    let stays = named(&registry, "stays_total");
    let states: [Registrations; 3] = Default::default();
    let is_done = AtomicBool::new(false);
    thread::scope(|scope| {
        let owners: Vec<_> = NAMES
            .into_iter()
            .zip(&states)
            .map(|(name, state)| {
                let (registry, stays) = (&registry, &stays);
                scope.spawn(move || {
                    for round in 1..=ROUNDS {
                        let counter = named(registry, name);
                        // Each registration counts another number, by which a page tells them apart.
                        counter.inc_by(round);
                        state.fetch_add(1, SeqCst);
                        stays.inc();
                        thread::yield_now();
                        state.fetch_add(1, SeqCst);
                        drop(counter);
                    }
                })
            })
            .collect();
        for _ in 0..2 {
            scope.spawn(|| {
                while !is_done.load(SeqCst) {
                    let before = states.each_ref().map(|state| state.load(SeqCst));
                    let page = registry.text();
                    let after = states.each_ref().map(|state| state.load(SeqCst));
                    assert!(page.contains("\nstays_total "), "{page}");
                    for ((name, before), after) in NAMES.into_iter().zip(before).zip(after) {
                        check(&page, name, before, after);
                    }
                }
            });
        }
        for owner in owners {
            owner.join().unwrap();
        }
        is_done.store(true, SeqCst);
    });
    assert_eq!(samples(&registry), [format!("stays_total {}", 3 * ROUNDS)]);
}

/// Compares what a page shows of a metric with its states before and after the page.
fn check(page: &str, name: &str, before: u64, after: u64) {
    let prefix = format!("{name} ");
    let value = page.lines().find_map(|line| line.strip_prefix(&prefix)).map(|value| value.parse().unwrap());
    match value {
        // Registered the whole time.
        _ if before == after && before % 2 == 1 => assert_eq!(value, Some(before / 2 + 1), "{page}"),
        // Registered and not yet counted.
        None | Some(0) => {}
        // The metric counts before its state changes, and is dropped after it has changed.
        Some(round) => {
            assert!((before.div_ceil(2)..=after / 2 + 1).contains(&round), "{before} {after} {page}");
        }
    }
}
