//! Futures.

use std::{error::Error, fmt::Display, future::Future, num::ParseIntError, pin::Pin};

use metrics_core::observed;

use crate::{ended, futures::to_the_end, is_send, once};

#[observed]
fn future_returned() -> impl Future<Output = u8> + Send {
    async { 5 }
}

#[observed]
fn future_boxed<'a>(value: &'a str) -> Pin<Box<dyn Future<Output = usize> + Send + 'a>> {
    Box::pin(async move { value.len() })
}

#[observed]
async fn waits() {
    std::future::ready(()).await;
}

#[observed]
async fn async_result(value: &str) -> Result<u8, Box<dyn Error + Send + Sync>> {
    let value = std::future::ready(value).await;
    if value == "0" {
        return Ok(0);
    }
    Ok(value.parse()?)
}

#[observed]
async fn async_coerced(value: &str) -> Result<Box<dyn Display + Send>, ParseIntError> {
    if value.is_empty() {
        return Ok(Box::new("empty"));
    }
    Ok(Box::new(value.parse::<u8>()?))
}

#[observed]
async fn async_collects(values: &[&str]) -> Result<Vec<u8>, ParseIntError> {
    for value in values {
        if value.is_empty() {
            return Ok(Vec::new());
        }
    }
    values.iter().map(|value| value.parse()).collect()
}

#[observed]
async fn async_early(stops: bool) {
    if stops {
        return;
    }
    std::future::ready(()).await;
}

#[observed]
async fn async_generic<T: Send + Clone + Sync>(value: &T) -> Option<T> {
    std::future::ready(Some(value.clone())).await
}

#[test]
fn futures_of_every_kind() {
    assert_eq!(once!("future_returned", to_the_end(is_send(future_returned()))), 5);
    assert_eq!(once!("future_boxed", to_the_end(future_boxed("abc"))), 3);
    once!("waits", to_the_end(is_send(waits())));
    assert_eq!(once!("async_result", to_the_end(is_send(async_result("5")))).expect("a number"), 5);
    assert!(to_the_end(async_result("x")).is_err());
    assert_eq!(ended(module_path!(), "async_result", "error"), 1);
    assert!(once!("async_coerced", to_the_end(async_coerced(""))).is_ok());
    assert_eq!(once!("async_collects", to_the_end(async_collects(&["1"]))), Ok(vec![1]));
    once!("async_early", to_the_end(async_early(true)));
    assert_eq!(once!("async_generic", to_the_end(is_send(async_generic(&1)))), Some(1));
}
