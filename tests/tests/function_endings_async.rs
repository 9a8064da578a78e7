//! Outcomes of futures: ready, cancelled because they were dropped, or panicked.

use std::{
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    task::{Context, Waker},
};

use metrics_core::{Registry, counted};
use tests::futures::{pause, poll_once, to_the_end};

/// Lines of a function's calls, without the module.
fn calls_of(function: &str) -> Vec<String> {
    let start = format!("function_calls_total{{function=\"{function}\",");
    let page = kept_pages::text(Registry::global().text());
    let module = format!("module=\"{}\",", module_path!());
    page.lines().filter(|line| line.starts_with(&start)).map(|line| line.replace(&module, "")).collect()
}

fn caught<T>(call: impl FnOnce() -> T) -> bool {
    catch_unwind(AssertUnwindSafe(call)).is_err()
}

#[counted]
async fn waits(fails: bool) -> Result<(), std::fmt::Error> {
    pause().await;
    if fails {
        Err(std::fmt::Error)?;
    }
    Ok(())
}

#[test]
fn future_completes_or_is_cancelled() {
    to_the_end(waits(false)).expect("no failure");
    to_the_end(waits(true)).expect_err("a failure");
    assert!(poll_once(waits(false)).is_pending());
    drop(waits(false));
    assert_eq!(
        calls_of("waits"),
        [
            r#"function_calls_total{function="waits",result="cancelled"} 1"#,
            r#"function_calls_total{function="waits",result="error"} 1"#,
            r#"function_calls_total{function="waits",result="ok"} 1"#,
        ]
    );
}

#[counted]
async fn sleeps() {
    pause().await;
}

#[test]
fn future_without_a_value_is_cancelled() {
    to_the_end(sleeps());
    assert!(poll_once(sleeps()).is_pending());
    assert_eq!(
        calls_of("sleeps"),
        [
            r#"function_calls_total{function="sleeps",result="cancelled"} 1"#,
            r#"function_calls_total{function="sleeps",result="error"} 0"#,
            r#"function_calls_total{function="sleeps",result="ok"} 1"#,
        ]
    );
}

#[counted]
async fn breaks() -> u8 {
    pause().await;
    panic!("asked to")
}

#[test]
fn future_panics() {
    assert!(caught(|| to_the_end(breaks())));
    assert!(
        calls_of("breaks")
            .contains(&r#"function_calls_total{function="breaks",result="panicked"} 1"#.to_owned())
    );
}

/// A guard that unwinds cannot tell whose panic it is: the task's panic is the call's.
#[test]
fn future_dropped_by_a_panic() {
    #[counted]
    async fn bystander() {
        pause().await;
    }
    assert!(caught(|| {
        let mut future = Box::pin(bystander());
        assert!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        panic!("elsewhere");
    }));
    assert!(
        calls_of("bystander")
            .contains(&r#"function_calls_total{function="bystander",result="panicked"} 1"#.to_owned())
    );
}
