//! Annotated functions in the default families: the start of their program, their first page and their first calls.
//!
//! Functions register once a process, so each measurement is a child process of this program. Each group of functions has a
//! registry of its own.

// Functions that are only there to be registered and called.
#![allow(dead_code)]

use std::{
    env, io,
    process::{Command, Stdio},
    sync::LazyLock,
    time::Instant,
};

use metrics_core::Registry;

use crate::report::{Row, per_unit};

/// Runs of each child process, of which the fastest counts.
const RUNS: usize = 5;

static ONE: LazyLock<Registry> = LazyLock::new(Registry::new);
static TEN: LazyLock<Registry> = LazyLock::new(Registry::new);
static HUNDRED: LazyLock<Registry> = LazyLock::new(Registry::new);
static THOUSAND: LazyLock<Registry> = LazyLock::new(Registry::new);
static TEN_THOUSAND: LazyLock<Registry> = LazyLock::new(Registry::new);

macro_rules! one_function {
    ($registry:ident) => {
        #[::metrics_core::counted(registry = crate::functions::$registry)]
        #[::metrics_core::timed(registry = crate::functions::$registry)]
        fn function() -> Result<(), ()> {
            Ok(())
        }

        pub(crate) fn call() {
            let _ = function();
        }
    };
}
macro_rules! ten {
    ($content:ident $registry:ident) => {
        ten! { $content $registry: a b c d e f g h i j }
    };
    ($content:ident $registry:ident: $($module:ident)+) => {
        $(mod $module { crate::functions::$content! { $registry } })+

        pub(crate) fn call() {
            $($module::call();)+
        }
    };
}
macro_rules! ten_functions {
    ($registry:ident) => {
        crate::functions::ten! { one_function $registry }
    };
}
macro_rules! hundred_functions {
    ($registry:ident) => {
        crate::functions::ten! { ten_functions $registry }
    };
}
macro_rules! thousand_functions {
    ($registry:ident) => {
        crate::functions::ten! { hundred_functions $registry }
    };
}
use hundred_functions;
use one_function;
use ten;
use ten_functions;
use thousand_functions;

mod one {
    crate::functions::one_function! { ONE }
}
mod ten_of_them {
    crate::functions::ten! { one_function TEN }
}
mod hundred {
    crate::functions::ten! { ten_functions HUNDRED }
}
mod thousand {
    crate::functions::ten! { hundred_functions THOUSAND }
}
mod ten_thousand {
    crate::functions::ten! { thousand_functions TEN_THOUSAND }
}

/// Functions with a registry of their own.
struct Group {
    functions: u32,
    registry: &'static LazyLock<Registry>,
    call: fn(),
}

const GROUPS: [Group; 5] = [
    Group { functions: 1, registry: &ONE, call: one::call },
    Group { functions: 10, registry: &TEN, call: ten_of_them::call },
    Group { functions: 100, registry: &HUNDRED, call: hundred::call },
    Group { functions: 1_000, registry: &THOUSAND, call: thousand::call },
    Group { functions: 10_000, registry: &TEN_THOUSAND, call: ten_thousand::call },
];

/// Measurement of a child process.
const WORKS: [(&str, &str); 3] = [
    ("first-page", "first page of annotated functions"),
    ("first-call", "first call of annotated functions"),
    ("further-call", "second call of annotated functions"),
];

/// Runs the measurement that a parent process asks for; returns `false` if there is none.
pub(crate) fn is_child() -> bool {
    let mut arguments = env::args().skip(1);
    let (Some(work), Some(group)) = (arguments.next(), arguments.next()) else {
        return false;
    };
    let Some(group) = group.parse().ok().and_then(|at: usize| GROUPS.get(at)) else { return false };
    let time: Box<dyn Fn() -> f64> = match &*work {
        "start" => return true,
        "first-page" => Box::new(|| time_of(|| drop(group.registry.text()))),
        "first-call" => Box::new(|| time_of(group.call)),
        "further-call" => Box::new(|| {
            (group.call)();
            time_of(group.call)
        }),
        _ => return false,
    };
    // The clock's calibration, the thread's slab and the library's own statics.
    one::call();
    ONE.text();
    println!("{}", time());
    true
}

#[inline(never)] // a line of its own in a profile
fn time_of(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64() * 1e9
}

/// Prints the time a function of each measurement; `is_quick` leaves the largest group out.
pub(crate) fn report(is_quick: bool) {
    let groups = if is_quick { GROUPS.len() - 1 } else { GROUPS.len() };
    for (work, description) in WORKS {
        // The first group warms each child up.
        for (at, group) in GROUPS.iter().enumerate().take(groups).skip(1) {
            let nanos = (0..RUNS).filter_map(|_| child(work, at).ok()?.parse().ok()).fold(f64::NAN, f64::min);
            per_unit(&Row { work: description, units: group.functions, unit: "function" }, nanos);
        }
    }
    let start = || time_of(|| drop(child("start", 0)));
    let nanos = (0..4 * RUNS).map(|_| start()).fold(f64::NAN, f64::min);
    let functions = GROUPS.iter().map(|group| group.functions).sum();
    per_unit(&Row { work: "start and end of a process with", units: functions, unit: "function" }, nanos);
}

/// Runs this program for one measurement; returns its output.
fn child(work: &str, group: usize) -> io::Result<String> {
    let output = Command::new(env::current_exe()?)
        .args([work, &group.to_string()])
        .stderr(Stdio::inherit())
        .output()?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
