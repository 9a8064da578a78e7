//! Labels of annotated functions: their values, their names, and the series that are there before the first call.

#![deny(warnings, clippy::all, clippy::pedantic, clippy::nursery)]

use std::sync::atomic::{AtomicUsize, Ordering};

use metrics_core::{LabelValue, Registry, counted, timed};

fn lines_of(metric: &str) -> Vec<String> {
    let page = Registry::global().text();
    let lines = page.lines().filter_map(|line| line.strip_prefix(metric));
    lines.filter(|rest| rest.starts_with(['{', ' '])).map(str::to_owned).collect()
}

#[derive(Clone, Copy, LabelValue)]
#[label(rename_all = "snake_case")]
enum Fault {
    Io,
    Format,
}

impl Fault {
    const fn of(self) -> Self {
        self
    }
}

/// Reads.
#[counted(name = "labels_reads_total", labels(result, kind = error(|fault| fault.of())))]
fn read(fault: Option<Fault>) -> Result<(), Fault> {
    fault.map_or(Ok(()), Err)
}

/// Failed reads.
#[counted(name = "labels_read_failures_total", only = error, labels(kind = error(|fault| fault.of())))]
fn read_or_fail(fault: Option<Fault>) -> Result<(), Fault> {
    fault.map_or(Ok(()), Err)
}

#[test]
fn possible_series_at_zero() {
    let possible =
        [r#"{result="error",kind="format"} 0"#, r#"{result="error",kind="io"} 0"#, r#"{result="ok"} 0"#];
    let sorted = |metric| {
        let mut lines = lines_of(metric);
        lines.sort();
        lines
    };
    assert_eq!(sorted("labels_reads_total"), possible);
    assert_eq!(sorted("labels_read_failures_total"), [r#"{kind="format"} 0"#, r#"{kind="io"} 0"#]);
    assert!(read(None).is_ok() && read(Some(Fault::Io)).is_err());
    assert!(read_or_fail(None).is_ok() && read_or_fail(Some(Fault::Format)).is_err());
    assert!(lines_of("labels_reads_total").contains(&r#"{result="ok"} 1"#.to_owned()));
    assert!(lines_of("labels_reads_total").contains(&r#"{result="error",kind="io"} 1"#.to_owned()));
}

/// Writes.
#[counted(name = "labels_writes_total", labels(outcome = result))]
fn write(fails: bool) -> Result<(), ()> {
    if fails { Err(()) } else { Ok(()) }
}

/// Copies.
#[counted(name = "labels_copies_total", labels(outcome = result))]
fn copy(result: bool) -> bool {
    result
}

#[test]
fn outcome_label_name() {
    assert!(write(true).is_err() && write(false).is_ok());
    assert_eq!(lines_of("labels_writes_total"), [r#"{outcome="error"} 1"#, r#"{outcome="ok"} 1"#]);
    // An argument of that name is the argument.
    assert!(copy(true));
    assert_eq!(lines_of("labels_copies_total"), [r#"{outcome="false"} 0"#, r#"{outcome="true"} 1"#]);
}

/// Parses.
#[counted(name = "labels_parses_total", labels(result, kind = error(|err| capped(err, 2))))]
fn parse(text: &str) -> Result<usize, String> {
    if text.is_empty() { Ok(0) } else { Err(text.to_owned()) }
}

/// Renders.
#[timed(name = "labels_renders_seconds", labels(size = |ret| capped(ret.len(), 10)))]
fn render(text: &str) -> String {
    text.to_owned()
}

#[test]
fn capped_return_labels() {
    for text in ["", "", "one", "two", "two", "three"] {
        assert_eq!(parse(text).is_ok(), text.is_empty());
    }
    let lines = lines_of("labels_parses_total");
    for line in [
        r#"{result="ok"} 2"#,
        r#"{result="error",kind="one"} 1"#,
        r#"{result="error",kind="two"} 2"#,
        r#"{result="error",kind="_OTHER"} 1"#,
    ] {
        assert!(lines.iter().any(|other| other == line), "{line} is not in {lines:?}");
    }
    assert_eq!(render("four"), "four");
    assert_eq!(lines_of("labels_renders_seconds_count"), [r#"{size="4"} 1"#]);
}

#[derive(Default)]
struct Dice(AtomicUsize);

impl Dice {
    fn is_odd(&self) -> bool {
        self.0.fetch_add(1, Ordering::Relaxed) % 2 == 1
    }

    /// Rolls.
    #[counted(name = "labels_rolls_total", labels(odd = self.is_odd()))]
    fn roll(&self) -> &Self {
        self
    }
}

#[test]
fn expressions_run_once() {
    let dice = Dice::default();
    let first = dice.roll().0.load(Ordering::Relaxed);
    assert_eq!((first, dice.roll().0.load(Ordering::Relaxed)), (1, 2));
    assert_eq!(lines_of("labels_rolls_total"), [r#"{odd="false"} 1"#, r#"{odd="true"} 1"#]);
}

/// Numbers that were read.
#[counted(name = "labels_numbers_total", labels(kind = error(|error| capped(error, 20)), text = capped(Shown(text), 20)))]
fn number(text: &str) -> Result<u8, std::num::ParseIntError> {
    text.parse()
}

/// A value with a text, and neither a string nor a number.
struct Shown<'a>(&'a str);

impl std::fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{}>", self.0)
    }
}

/// Amounts.
#[counted(name = "labels_amounts_total", labels(amount = |ret| capped(ret, 20), rounded = |ret| capped(ret.round(), 20)))]
fn amount(of: f64) -> f64 {
    of
}

#[test]
fn capped_labels_show_anything_with_display() {
    assert!(number("7").is_ok() && number("x").is_err());
    let lines = lines_of("labels_numbers_total");
    assert!(lines.contains(&r#"{text="<7>"} 1"#.to_owned()), "{lines:?}");
    assert!(
        lines.contains(&r#"{kind="invalid digit found in string",text="<x>"} 1"#.to_owned()),
        "{lines:?}"
    );
    assert!(amount(2.25) > 2.0);
    assert_eq!(lines_of("labels_amounts_total"), [r#"{amount="2.25",rounded="2"} 1"#]);
}

/// A type with a name that a parameter of an `impl` could have.
#[derive(Clone, Copy, LabelValue)]
#[label(rename_all = "lowercase")]
enum DB {
    Main,
    Replica,
}

struct Pool;

impl Pool {
    /// Queries.
    #[counted(name = "labels_queries_total", labels(db: DB = db))]
    fn query(&self, db: DB) {
        let _ = (self, db);
    }
}

#[test]
fn written_types_are_at_zero_in_methods() {
    let lines = lines_of("labels_queries_total");
    assert_eq!(lines, [r#"{db="main"} 0"#, r#"{db="replica"} 0"#]);
    Pool.query(DB::Main);
    Pool.query(DB::Replica);
}
