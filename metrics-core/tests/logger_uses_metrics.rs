//! A logger that uses the group whose conflict it logs.

use std::{
    sync::{
        Mutex,
        mpsc::{self, RecvTimeoutError},
    },
    thread,
    time::Duration,
};

use log::{LevelFilter, Log, Metadata, Record};
use metrics_core::{Counter, Definition, Gauge, MetricGroup, Registry};

#[derive(MetricGroup)]
#[metrics(namespace = "reentrant")]
struct Logged {
    /// Lines logged.
    lines_total: Counter,
    /// Registered as a counter before.
    conflicting: Gauge,
}

/// A logger that counts in the group whose conflict it logs, asks for the list of conflicts, and makes a page.
struct CountingLogger;

static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());

impl Log for CountingLogger {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let errors = Registry::global().registration_errors().len();
        Logged::global().lines_total.inc();
        let page = Registry::global().text();
        LINES.lock().unwrap().push(format!(
            "{errors} {} {}",
            page.contains("reentrant_lines_total"),
            record.args()
        ));
    }

    fn flush(&self) {}
}

#[test]
fn logger_uses_the_group_being_registered() {
    log::set_logger(&CountingLogger).unwrap();
    log::set_max_level(LevelFilter::Error);
    let (done, is_done) = mpsc::channel();
    thread::spawn(move || {
        let definition = Definition::new("reentrant_conflicting", "Another help text.");
        let first: Counter = Registry::global().register(&definition).unwrap();
        Logged::global().conflicting.set(7);
        done.send(first.get()).unwrap();
    });
    match is_done.recv_timeout(Duration::from_secs(120)) {
        Ok(count) => assert_eq!(count, 0),
        Err(RecvTimeoutError::Timeout) => {
            panic!("the logger waits for the group, and the group for the logger")
        }
        Err(RecvTimeoutError::Disconnected) => panic!("the thread has panicked"),
    }
    let lines = LINES.lock().unwrap();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].starts_with("1 true metric `reentrant_conflicting` declared at "), "{lines:?}");
    assert_eq!(Logged::global().lines_total.get(), 1);
}
