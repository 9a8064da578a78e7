//! Functions that return a future without being `async`: the call is what the future does.

#![deny(warnings, clippy::all, clippy::pedantic, clippy::nursery)]

use std::{
    future::Future,
    num::ParseIntError,
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
};

use metrics_core::{Registry, counted, observed};
use tests::futures::to_the_end;

fn calls_of(function: &str) -> Vec<String> {
    let start = format!("function_calls_total{{function=\"{function}\",module=\"{}\",", module_path!());
    let page = Registry::global().text();
    page.lines().filter_map(|line| line.strip_prefix(start.as_str())).map(str::to_owned).collect()
}

async fn pause() {
    let mut paused = false;
    let once = std::future::poll_fn(|_| {
        if std::mem::replace(&mut paused, true) { Poll::Ready(()) } else { Poll::Pending }
    });
    once.await;
}

fn poll_once<F: Future>(future: F) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}

#[observed]
fn by_hand(value: &str) -> impl Future<Output = Result<u8, ParseIntError>> + Send + use<> {
    let value = value.to_owned();
    async move {
        pause().await;
        let number: u8 = value.parse()?;
        Ok(number)
    }
}

#[test]
fn future_made_by_hand() {
    assert_eq!(to_the_end(by_hand("1")), Ok(1));
    assert!(to_the_end(by_hand("x")).is_err());
    assert!(poll_once(by_hand("1")).is_pending());
    drop(by_hand("1"));
    assert_eq!(
        calls_of("by_hand"),
        [r#"result="cancelled"} 1"#, r#"result="error"} 1"#, r#"result="ok"} 1"#]
    );
}

/// Parses later.
#[counted(name = "futures_boxed_total", labels(result, long = value.len() > 3))]
#[counted]
fn boxed<'a>(value: &'a str) -> Pin<Box<dyn Future<Output = Result<u8, ParseIntError>> + Send + 'a>> {
    Box::pin(async move { value.parse() })
}

#[test]
fn boxed_future() {
    assert_eq!(to_the_end(boxed("1")), Ok(1));
    assert!(to_the_end(boxed("xxxx")).is_err());
    drop(boxed("1"));
    assert_eq!(calls_of("boxed"), [r#"result="error"} 1"#, r#"result="ok"} 1"#]);
    let page = Registry::global().text();
    assert!(page.contains("futures_boxed_total{result=\"error\",long=\"true\"} 1\n"));
}

struct Store {
    value: u8,
}

impl Store {
    /// The form that `async_trait` gives a method.
    #[counted]
    #[allow(clippy::needless_lifetimes, clippy::type_complexity, clippy::let_and_return)]
    fn get<'life0, 'async_trait>(
        &'life0 self,
        add: u8,
    ) -> ::core::pin::Pin<
        Box<dyn ::core::future::Future<Output = Result<u8, String>> + ::core::marker::Send + 'async_trait>,
    >
    where
        'life0: 'async_trait,
        Self: 'async_trait,
    {
        Box::pin(async move {
            if let Some(ret) = None::<Result<u8, String>> {
                return ret;
            }
            let this = self;
            let ret: Result<u8, String> = {
                pause().await;
                let sum = this.value.checked_add(add).ok_or_else(|| "too much".to_owned())?;
                Ok(sum)
            };
            ret
        })
    }
}

#[test]
fn async_trait_method() {
    let store = Store { value: 250 };
    assert_eq!(to_the_end(store.get(1)), Ok(251));
    assert!(to_the_end(store.get(9)).is_err());
    assert!(poll_once(store.get(1)).is_pending());
    assert_eq!(calls_of("get"), [r#"result="cancelled"} 1"#, r#"result="error"} 1"#, r#"result="ok"} 1"#]);
}

#[counted]
fn hands_on(value: u8) -> impl Future<Output = u8> {
    std::future::ready(value)
}

#[test]
fn future_from_elsewhere() {
    drop(hands_on(1));
    assert!(calls_of("hands_on").contains(&r#"result="ok"} 0"#.to_owned()));
    assert_eq!(to_the_end(hands_on(1)), 1);
    assert!(calls_of("hands_on").contains(&r#"result="ok"} 1"#.to_owned()));
}

type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Stands for the extension trait of `futures`.
trait Boxed: Future + Sized + Send {
    fn boxed<'a>(self) -> BoxFuture<'a, Self::Output>
    where
        Self: 'a,
    {
        Box::pin(self)
    }
}

impl<F: Future + Send> Boxed for F {}

#[observed]
fn by_method(fails: bool) -> BoxFuture<'static, Result<u8, String>> {
    async move {
        pause().await;
        if fails { Err("no".into()) } else { Ok(1) }
    }
    .boxed()
}

#[observed]
#[allow(clippy::needless_return)] // the form is what is tested
fn by_return(fails: bool) -> BoxFuture<'static, Result<u8, String>> {
    return Box::pin(async move { if fails { Err("no".into()) } else { Ok(1) } });
}

#[observed]
fn early(fails: bool) -> BoxFuture<'static, Result<u8, String>> {
    if fails {
        return Box::pin(async { Err("no".into()) });
    }
    Box::pin(async { Ok(1) })
}

#[observed]
#[allow(clippy::let_and_return)] // the form is what is tested
fn by_variable(fails: bool) -> impl Future<Output = Result<u8, String>> + Send {
    let future = async move { if fails { Err("no".into()) } else { Ok(1) } };
    future
}

#[allow(clippy::match_bool)] // Match arms are what the test is about.
#[observed]
fn by_arms(fails: bool) -> Pin<Box<dyn Future<Output = Result<u8, String>>>> {
    match fails {
        true => Box::pin(std::future::ready(Err("no".into()))),
        false => Box::pin(async { Ok::<_, String>(1_u8) }) as _,
    }
}

/// Stands for the trait of `tower`.
trait Service {
    type Future: Future<Output = Result<u8, String>>;

    fn call(&mut self, fails: bool) -> Self::Future;
}

struct Handler;

#[observed]
impl Service for Handler {
    type Future = BoxFuture<'static, Result<u8, String>>;

    fn call(&mut self, fails: bool) -> Self::Future {
        by_method(fails)
    }
}

#[test]
fn every_kind_of_future() {
    type Make = fn(bool) -> Pin<Box<dyn Future<Output = Result<u8, String>>>>;
    let functions: [(&str, Make); 6] = [
        ("by_return", |fails| by_return(fails)),
        ("early", |fails| early(fails)),
        ("by_variable", |fails| Box::pin(by_variable(fails))),
        ("by_arms", by_arms),
        ("Handler::call", |fails| Handler.call(fails)),
        ("by_method", |fails| by_method(fails)),
    ];
    for (name, make) in functions {
        let before = calls_of(name);
        drop(make(false));
        assert_eq!(calls_of(name), before, "{name}");
        assert_eq!(
            (to_the_end(make(false)), to_the_end(make(true))),
            (Ok(1), Err("no".to_owned())),
            "{name}"
        );
    }
    for name in ["by_return", "early", "by_variable", "by_arms", "Handler::call"] {
        assert_eq!(calls_of(name), [r#"result="error"} 1"#, r#"result="ok"} 1"#], "{name}");
    }
    // The handler has called it as well.
    assert!(poll_once(by_method(true)).is_pending());
    let calls = [r#"result="cancelled"} 1"#, r#"result="error"} 2"#, r#"result="ok"} 2"#];
    assert_eq!(calls_of("by_method"), calls);
}
