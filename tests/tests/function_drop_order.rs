//! Arguments of annotated functions drop as those of plain functions: the last first, after the locals.

#![deny(warnings, clippy::all, clippy::pedantic, clippy::nursery)]
// Futures that do not wait are enough here, and arguments are passed to be dropped.
#![allow(
    clippy::future_not_send,
    clippy::unused_async,
    clippy::needless_pass_by_value,
    clippy::significant_drop_tightening
)]

use std::{
    cell::RefCell,
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::{Context, Poll, Waker},
};

use metrics_core::observed;

type Log = RefCell<Vec<&'static str>>;

/// Logs when it drops.
struct Logged<'a>(&'static str, &'a Log);

impl Logged<'_> {
    fn touch(&self) {
        assert!(!self.0.is_empty());
    }
}

impl Drop for Logged<'_> {
    fn drop(&mut self) {
        self.1.borrow_mut().push(self.0);
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Way {
    End,
    QuestionMark,
    Return,
    Panic,
}

const WAYS: [Way; 4] = [Way::End, Way::QuestionMark, Way::Return, Way::Panic];

fn step(way: Way) -> Result<(), ()> {
    match way {
        Way::QuestionMark => Err(()),
        Way::Panic => panic!("on purpose"),
        Way::End | Way::Return => Ok(()),
    }
}

/// Hides an exit, so that the body runs in a closure or in an `async` block.
macro_rules! hidden_step {
    ($way:expr) => {
        if step($way).is_err() {
            return Err(());
        }
    };
}

/// Functions with the same body: plain, and with attributes in front.
macro_rules! functions {
    ($($name:ident, $async_name:ident: [$($attribute:tt)*] $step:ident;)*) => {$(
        $($attribute)*
        fn $name(a: Logged<'_>, b: Logged<'_>, _: Logged<'_>, way: Way) -> Result<(), ()> {
            let local = Logged("local", a.1);
            a.touch();
            b.touch();
            $step!(way);
            if way == Way::Return {
                return Ok(());
            }
            local.touch();
            Ok(())
        }

        $($attribute)*
        async fn $async_name(a: Logged<'_>, b: Logged<'_>, _: Logged<'_>, way: Way) -> Result<(), ()> {
            let local = Logged("local", a.1);
            a.touch();
            b.touch();
            std::future::ready(()).await;
            $step!(way);
            if way == Way::Return {
                return Ok(());
            }
            local.touch();
            std::future::pending::<()>().await;
            Ok(())
        }
    )*};
}

macro_rules! visible_step {
    ($way:expr) => {
        step($way)?
    };
}

functions! {
    plain, plain_async: [] visible_step;
    hidden, hidden_async: [#[observed]] hidden_step;
}

#[observed]
fn visible(a: Logged<'_>, b: Logged<'_>, _: Logged<'_>, way: Way) -> Result<(), ()> {
    let local = Logged("local", a.1);
    a.touch();
    b.touch();
    step(way)?;
    if way == Way::Return {
        return Ok(());
    }
    local.touch();
    Ok(())
}

#[observed]
async fn visible_async(a: Logged<'_>, b: Logged<'_>, _: Logged<'_>, way: Way) -> Result<(), ()> {
    let local = Logged("local", a.1);
    a.touch();
    b.touch();
    std::future::ready(()).await;
    step(way)?;
    if way == Way::Return {
        return Ok(());
    }
    local.touch();
    std::future::pending::<()>().await;
    Ok(())
}

/// The order in which a function drops, without the argument that has no name.
fn order(run: impl FnOnce(&Log)) -> Vec<&'static str> {
    let log = Log::default();
    let _ = catch_unwind(AssertUnwindSafe(|| run(&log)));
    let mut log = log.into_inner();
    log.retain(|name| *name != "unnamed");
    log
}

/// The whole order.
fn whole_order(run: impl FnOnce(&Log)) -> Vec<&'static str> {
    let log = Log::default();
    let _ = catch_unwind(AssertUnwindSafe(|| run(&log)));
    log.into_inner()
}

fn poll_once(future: impl Future<Output = Result<(), ()>>) {
    let mut future = pin!(future);
    // A future that waits is cancelled after this.
    let _: Poll<_> = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
}

macro_rules! arguments {
    ($log:ident, $way:ident, $function:path) => {
        $function(Logged("a", $log), Logged("b", $log), Logged("unnamed", $log), $way)
    };
}

#[test]
fn functions() {
    for way in WAYS {
        let expected = whole_order(|log| {
            let _ = arguments!(log, way, plain);
        });
        assert_eq!(expected.len(), 4, "{way:?}");
        assert_eq!(
            whole_order(|log| {
                let _ = arguments!(log, way, visible);
            }),
            expected,
            "{way:?}"
        );
        let expected = order(|log| {
            let _ = arguments!(log, way, plain);
        });
        assert_eq!(
            order(|log| {
                let _ = arguments!(log, way, hidden);
            }),
            expected,
            "{way:?}"
        );
    }
}

#[test]
fn futures() {
    for way in WAYS {
        let expected = whole_order(|log| poll_once(arguments!(log, way, plain_async)));
        assert_eq!(expected.len(), 4, "{way:?}");
        assert_eq!(whole_order(|log| poll_once(arguments!(log, way, visible_async))), expected, "{way:?}");
        let expected = order(|log| poll_once(arguments!(log, way, plain_async)));
        assert_eq!(order(|log| poll_once(arguments!(log, way, hidden_async))), expected, "{way:?}");
    }
}
