//! Advice about a registry that is dropped before anybody has read its metrics. It is given once in a process, so this is a test
//! program of its own.
#![cfg(feature = "enabled")]

use std::{
    sync::{Mutex, mpsc},
    thread,
    time::Duration,
};

use metrics_core::{Counter, Definition, Registry};

/// Logger that keeps all lines, and drops a registry on another thread for each.
struct Log;

static SAID: Mutex<Vec<String>> = Mutex::new(Vec::new());

impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        SAID.lock().expect("no panic").push(record.args().to_string());
        let (done, is_done) = mpsc::channel();
        thread::spawn(move || {
            let jobs = jobs_in(&Registry::new());
            jobs.inc();
            let _ = done.send(());
        });
        is_done.recv_timeout(Duration::from_secs(60)).expect("no thread waits for the logger");
    }

    fn flush(&self) {}
}

fn said() -> Vec<String> {
    SAID.lock().expect("no panic").clone()
}

fn jobs_in(registry: &Registry) -> Counter {
    registry.register(&Definition::new("jobs_total", "Jobs.")).expect("a new name")
}

#[test]
fn dropped_registry_is_told_once() {
    log::set_logger(&Log).expect("the first logger");
    log::set_max_level(log::LevelFilter::Warn);

    // Read, with a clone that lives on, without metrics, and after its metrics.
    let registry = Registry::new();
    let read = jobs_in(&registry);
    assert!(registry.text().contains("jobs_total 0"));
    drop(registry);
    let registry = Registry::new();
    let clone = registry.clone();
    let kept = jobs_in(&registry);
    drop((registry, Registry::new()));
    drop((kept, clone));
    drop(read);
    assert_eq!(said(), [""; 0]);

    let jobs = [0, 1].map(|_| jobs_in(&Registry::new()));
    jobs[0].inc();
    let said = said();
    assert_eq!(said.len(), usize::from(cfg!(debug_assertions)), "{said:?}");
    let told = |part: &str| said.iter().all(|said| said.contains(part));
    assert!(told("its metric `jobs_total` declared at ") && told("keep the registry"), "{said:?}");
}
