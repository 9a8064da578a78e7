//! Counting after `main` has returned neither panics nor blocks, and destructors see the counts.
//!
//! Destructors that run after the main thread has given its slab away count in the shared slab.

use std::{cell::RefCell, env, process::Command};

use metrics_core::{Counter, Definition, Histogram, Registry};

/// Environment variable that is set in the child process.
const CHILD: &str = "METRICS_CORE_AFTER_MAIN";

struct CountOnDrop(&'static str, Counter, Histogram);

impl Drop for CountOnDrop {
    fn drop(&mut self) {
        self.1.inc();
        self.2.observe(0.5);
        let late: Counter = Registry::global().register(&Definition::new(self.0, "Late.")).unwrap();
        late.inc();
        println!("{} {} {} {}", self.0, self.1.get(), self.2.count(), late.get());
    }
}

thread_local! {
    static EARLY: RefCell<Option<CountOnDrop>> = const { RefCell::new(None) };
    static LATE: RefCell<Option<CountOnDrop>> = const { RefCell::new(None) };
}

/// Leaves two destructors that count to the end of the main thread, and a thread that counts until the process is gone.
fn child() {
    let calls: Counter = Registry::global().register(&Definition::new("calls_total", "Calls.")).unwrap();
    let sizes: Histogram = Registry::global().register(&Definition::new("size_bytes", "Sizes.")).unwrap();
    // One is dropped before the slab is given away, and one after that.
    EARLY.set(Some(CountOnDrop("early_total", calls.clone(), sizes.clone())));
    calls.inc();
    LATE.set(Some(CountOnDrop("late_total", calls, sizes)));
    let other: Counter = Registry::global().register(&Definition::new("other_total", "Other.")).unwrap();
    std::thread::spawn(move || {
        loop {
            other.inc();
        }
    });
}

fn main() {
    if env::var_os(CHILD).is_some() {
        return child();
    }
    let output = Command::new(env::current_exe().unwrap()).env(CHILD, "1").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{:?}: {errors}", output.status);
    let mut lines: Vec<_> = text.lines().collect();
    lines.sort_unstable();
    // The count in `main` and one for each destructor, in whichever order they run.
    let one_first = ["early_total 2 1 1", "late_total 3 2 1"];
    let other_first = ["early_total 3 2 1", "late_total 2 1 1"];
    assert!(lines == one_first || lines == other_first, "{text}{errors}");
    println!("counting after main: ok");
}
