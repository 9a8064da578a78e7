//! Outcomes of calls, and the series that they leave; those of futures are in `function_endings_async.rs`.

use std::panic::{AssertUnwindSafe, catch_unwind};

use metrics_core::{Registry, counted, in_flight, observed, timed};

/// The lines of the global page that hold all of these texts, without the module.
fn lines(texts: &[&str]) -> Vec<String> {
    let page = kept_pages::text(Registry::global().text());
    let lines =
        page.lines().filter(|line| !line.starts_with('#') && texts.iter().all(|text| line.contains(text)));
    lines.map(|line| line.replace(&format!(",module=\"{}\"", module_path!()), "")).collect()
}

fn calls_of(function: &str) -> Vec<String> {
    lines(&["function_calls_total", &format!("function=\"{function}\"")])
}

fn caught<T>(call: impl FnOnce() -> T) -> bool {
    catch_unwind(AssertUnwindSafe(call)).is_err()
}

#[counted]
fn untouched() -> Result<(), String> {
    Err("never called".to_owned())
}

#[test]
fn results_at_zero() {
    let _ = untouched as fn() -> Result<(), String>;
    assert_eq!(
        calls_of("untouched"),
        [
            r#"function_calls_total{function="untouched",result="error"} 0"#,
            r#"function_calls_total{function="untouched",result="ok"} 0"#,
        ]
    );
}

#[counted]
fn plain(panics: bool) {
    assert!(!panics, "asked to");
}

#[test]
fn function_without_a_result() {
    plain(false);
    plain(false);
    assert!(caught(|| plain(true)));
    assert_eq!(
        calls_of("plain"),
        [
            r#"function_calls_total{function="plain",result="error"} 0"#,
            r#"function_calls_total{function="plain",result="ok"} 2"#,
            r#"function_calls_total{function="plain",result="panicked"} 1"#,
        ]
    );
}

#[counted]
fn leaves(by: u8) -> Result<u8, std::num::ParseIntError> {
    if by == 0 {
        return Ok(0);
    }
    if by == 1 {
        return "x".parse();
    }
    let number: u8 = if by == 2 { "300" } else { "3" }.parse()?;
    Ok(number)
}

#[test]
fn every_exit_counts_once() {
    for by in 0..4 {
        let _ = leaves(by);
    }
    assert_eq!(
        calls_of("leaves"),
        [
            r#"function_calls_total{function="leaves",result="error"} 2"#,
            r#"function_calls_total{function="leaves",result="ok"} 2"#,
        ]
    );
}

#[observed]
fn everything(depth: u32) -> u32 {
    let page = lines(&["function_calls_concurrent", "function=\"everything\""]);
    assert_eq!(page, [format!(r#"function_calls_concurrent{{function="everything"}} {}"#, 4 - depth)]);
    if depth == 0 { 0 } else { everything(depth - 1) + 1 }
}

#[test]
fn observed_and_recursion() {
    assert_eq!(everything(3), 3);
    assert!(
        calls_of("everything")
            .contains(&r#"function_calls_total{function="everything",result="ok"} 4"#.to_owned())
    );
    assert_eq!(
        lines(&["function_calls_duration_seconds_count", "function=\"everything\""]),
        [r#"function_calls_duration_seconds_count{function="everything"} 4"#]
    );
    assert_eq!(
        lines(&["function_calls_concurrent", "function=\"everything\""]),
        [r#"function_calls_concurrent{function="everything"} 0"#]
    );
}

struct Store {
    items: Vec<u8>,
}

#[observed]
impl Store {
    fn put(&mut self, item: u8) -> &mut u8 {
        self.items.push(item);
        let last = self.items.len() - 1;
        &mut self.items[last]
    }

    #[observed(skip)]
    fn quiet(&self) -> usize {
        self.items.len()
    }

    /// Takes from the store.
    #[counted(name = "endings_takes_total", error_if = |taken| taken.is_none(), labels(result))]
    fn take(&mut self) -> Option<u8> {
        self.items.pop()
    }
}

#[test]
fn annotated_impl() {
    let mut store = Store { items: Vec::new() };
    *store.put(1) = 2;
    assert_eq!(store.quiet(), 1);
    assert_eq!(store.take(), Some(2));
    assert_eq!(store.take(), None);
    assert!(
        calls_of("Store::put")
            .contains(&r#"function_calls_total{function="Store::put",result="ok"} 1"#.to_owned())
    );
    assert!(calls_of("Store::quiet").is_empty());
    assert_eq!(
        calls_of("Store::take"),
        [
            r#"function_calls_total{function="Store::take",result="error"} 1"#,
            r#"function_calls_total{function="Store::take",result="ok"} 1"#,
        ]
    );
    assert_eq!(
        lines(&["endings_takes_total"]),
        [r#"endings_takes_total{result="error"} 1"#, r#"endings_takes_total{result="ok"} 1"#]
    );
}

/// Calls that failed.
#[counted(name = "endings_failures_total", only = error)]
#[timed(
    name = "endings_attempt_duration_seconds",
    help = "Time of an attempt.",
    buckets(60, 120),
    labels(result)
)]
#[in_flight(name = "endings_attempts", help = "Attempts under way.")]
fn attempts(fails: bool) -> std::io::Result<()> {
    if fails { Err(std::io::Error::other("asked to")) } else { Ok(()) }
}

#[test]
fn own_families() {
    let _ = attempts(true);
    let _ = attempts(false);
    let _ = attempts(true);
    assert_eq!(lines(&["endings_failures_total"]), ["endings_failures_total 2"]);
    assert_eq!(lines(&["endings_attempts"]), ["endings_attempts 0"]);
    assert_eq!(
        lines(&["endings_attempt_duration_seconds_bucket", "error"]),
        [
            r#"endings_attempt_duration_seconds_bucket{result="error",le="60"} 2"#,
            r#"endings_attempt_duration_seconds_bucket{result="error",le="120"} 2"#,
            r#"endings_attempt_duration_seconds_bucket{result="error",le="+Inf"} 2"#,
        ]
    );
    let page = kept_pages::text(Registry::global().text());
    assert!(page.contains(
        "# HELP endings_failures_total Calls that failed.\n# TYPE endings_failures_total counter\n"
    ));
}

#[test]
fn nested_functions() {
    use metrics_core::{in_flight as under_way, timed as measured};

    #[counted]
    #[metrics_core::timed]
    fn outer(value: &str) -> Result<u8, std::num::ParseIntError> {
        use metrics_core::{counted, timed};

        #[counted]
        #[timed]
        fn inner(value: &str) -> Result<u8, std::num::ParseIntError> {
            let number: u8 = value.parse()?;
            Ok(number)
        }
        let once = |value: &str| -> Result<u8, std::num::ParseIntError> { Ok(inner(value)? + 1) };
        once(value)
    }

    // Attributes by another name expand one after the other.
    #[measured]
    #[under_way]
    fn renamed(value: &str) -> Result<u8, std::num::ParseIntError> {
        let number: u8 = value.parse()?;
        Ok(number)
    }

    assert_eq!(outer("1"), Ok(2));
    assert!(outer("x").is_err());
    assert_eq!(renamed("3"), Ok(3));
    for function in ["outer", "inner"] {
        let line = |result| format!(r#"function_calls_total{{function="{function}",result="{result}"}} 1"#);
        assert_eq!(calls_of(function), [line("error"), line("ok")]);
    }
    assert_eq!(
        lines(&["function_calls_concurrent", "function=\"renamed\""]),
        [r#"function_calls_concurrent{function="renamed"} 0"#]
    );
}

/// A call in a destructor during unwinding does not abort; each call counts as a panic or with its own outcome.
#[test]
fn call_during_unwinding() {
    #[counted]
    fn cleans_up() -> Result<(), String> {
        Ok(())
    }
    struct Cleans;
    impl Drop for Cleans {
        fn drop(&mut self) {
            let _ = cleans_up();
        }
    }
    #[counted]
    fn panics() {
        let _cleans = Cleans;
        panic!("asked to");
    }
    assert!(caught(panics));
    assert!(
        calls_of("cleans_up")
            .contains(&r#"function_calls_total{function="cleans_up",result="ok"} 1"#.to_owned())
    );
    assert!(
        calls_of("panics")
            .contains(&r#"function_calls_total{function="panics",result="panicked"} 1"#.to_owned())
    );
}
