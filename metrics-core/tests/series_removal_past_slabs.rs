//! Removed series while more threads count than there are slabs. It is a process of its own, as its threads take all slabs.

use std::{sync::Barrier, thread};

use metrics_core::{
    __private::Interners, Capped, Counter, Definition, Dimension, Family, LabelField, LabelSet, Registry,
};

struct Name(Capped<2>);

impl LabelSet for Name {
    const DIMENSIONS: &'static [Dimension] = &[Dimension::of::<Capped<2>>("name")];
    const CAPPED: bool = true;
    fn index(&self, interners: &Interners) -> usize {
        self.0.position(interners, 0)
    }
}

fn name(name: &str) -> Name {
    Name(name.into())
}

/// Threads past the limit of slabs write to the shared cells.
#[test]
fn late_writes_without_a_slab() {
    const THREADS: usize = 300;
    let calls: Family<Name, Counter> =
        Registry::new().register(&Definition::new("calls_total", "Calls.")).unwrap();
    let late = calls.with(name("a"));
    let (before, removed) = (Barrier::new(THREADS + 1), Barrier::new(THREADS + 1));
    let next = thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                late.inc();
                before.wait();
                removed.wait();
                late.inc();
                calls.with(name("b")).inc();
            });
        }
        before.wait();
        assert_eq!(late.get(), THREADS as u64);
        calls.remove(name("a"));
        let next = calls.with(name("b"));
        assert_eq!(next.get(), 0);
        removed.wait();
        next
    });
    assert_eq!(next.get(), THREADS as u64);
}
