//! Closures of metrics, which are dropped with the last handle and may use the registry then.

use std::{sync::Arc, thread};

use metrics_core::{Definition, GaugeFn, Registry};

/// Returns the sample lines of a page.
fn samples(registry: &Registry) -> Vec<String> {
    registry.text().lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

#[test]
fn closure_is_dropped_with_the_last_handle() {
    let registry = Registry::new();
    let level: GaugeFn = registry.register(&Definition::new("level", "Level.")).unwrap();
    let kept = Arc::new(());
    // A closure may have the registry, whose latest page has the set.
    let own = (Arc::clone(&kept), registry.clone());
    level.read_from(move || i64::try_from(Arc::strong_count(&own.0)).unwrap());
    assert_eq!(samples(&registry), ["level 2"]);
    let clone = level.clone();
    drop(level);
    assert_eq!(Arc::strong_count(&kept), 2);
    drop(clone);
    assert_eq!(Arc::strong_count(&kept), 1);
    assert_eq!(registry.text(), "");
}

/// Registers a metric of the registry that it has, as the user's code may.
struct RegistersWhenDropped(Registry);

impl Drop for RegistersWhenDropped {
    fn drop(&mut self) {
        let _again: GaugeFn = self.0.register(&Definition::new("level", "Level.")).unwrap();
        assert_eq!(samples(&self.0), ["level 0"]);
    }
}

#[test]
fn closure_that_registers_when_it_is_dropped() {
    let registry = Registry::new();
    let level: GaugeFn = registry.register(&Definition::new("level", "Level.")).unwrap();
    let own = RegistersWhenDropped(registry.clone());
    level.read_from(move || {
        let _own = &own;
        4
    });
    assert_eq!(samples(&registry), ["level 4"]);
    drop(level);
    assert_eq!(registry.text(), "");
}

/// A registration that looks at a metric whose last handle is dropped meanwhile must not be the one that drops its closure, as it holds
/// the registry's lock.
#[test]
fn closure_that_uses_the_registry_is_dropped_during_registrations() {
    struct UsesRegistry(Registry);

    impl Drop for UsesRegistry {
        fn drop(&mut self) {
            let _page = self.0.text();
        }
    }

    let registry = Registry::new();
    // Each registration compares its definition with one of another thread.
    let register = |queue: &'static str| {
        let definition = Definition::new("level", "Level.").label("queue", queue);
        let level: GaugeFn = registry.register(&definition).unwrap();
        let at_drop = UsesRegistry(registry.clone());
        level.read_from(move || {
            let _used = &at_drop;
            1
        });
    };
    thread::scope(|scope| {
        for queue in ["a", "b", "c", "d"] {
            scope.spawn(move || (0..5_000).for_each(|_| register(queue)));
        }
    });
    assert_eq!(registry.text(), "");
}
