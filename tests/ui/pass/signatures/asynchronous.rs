//! Futures of every kind.

use std::{
    cell::Cell,
    future::Future,
    io,
    num::ParseIntError,
    pin::Pin,
    rc::Rc,
    task::{Context, Waker},
};

use metrics_core::observed;

use crate::{futures::to_the_end, model::Model, quietly};

fn polled_once(future: impl Future) {
    let mut future = std::pin::pin!(future);
    assert!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
}

#[observed]
async fn waits_forever(value: u8) -> u8 {
    std::future::pending::<()>().await;
    value
}

#[observed]
async fn panics_later(text: &str) -> Result<u8, ParseIntError> {
    std::future::ready(()).await;
    let value = text.parse()?;
    assert!(value > 0, "zero");
    Ok(value)
}

#[observed]
async fn not_send(value: Rc<Cell<u8>>) -> u8 {
    std::future::ready(()).await;
    value.replace(5)
}

#[observed]
async fn elided(left: &str, right: &str) -> io::Result<String> {
    let left = std::future::ready(left).await;
    if right.is_empty() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    Ok(format!("{left}{right}"))
}

#[observed]
async fn mutable_argument(values: &mut Vec<u8>) -> Option<&mut u8> {
    values.push(1);
    std::future::ready(()).await;
    let first = values.first_mut()?;
    Some(first)
}

#[observed]
async fn generic_future<F, T>(future: F) -> T
where
    F: Future<Output = T> + Send,
{
    future.await
}

#[observed]
fn future_with_work_before(text: &str) -> impl Future<Output = Result<usize, String>> + Send + '_ {
    let length = text.len();
    async move {
        std::future::ready(()).await;
        let first = text.chars().next().ok_or("empty")?;
        Ok(length + first.len_utf8())
    }
}

#[observed]
fn pinned_by_hand(fails: bool) -> Pin<Box<dyn Future<Output = Result<u8, String>> + Send>> {
    Box::pin(async move {
        if fails {
            return Err("asked".to_owned());
        }
        Ok(1)
    })
}

#[observed]
async unsafe fn asynchronous_and_not_safe() -> u8 {
    std::future::ready(3).await
}

const fn is_send_and_static<T: Send + 'static>(value: T) -> T {
    value
}

pub fn calls(model: &mut Model) {
    drop(is_send_and_static(waits_forever(1)));
    polled_once(waits_forever(1));
    model.each("waits_forever", &["cancelled"]);
    assert!(to_the_end(panics_later("1")).is_ok() && to_the_end(panics_later("")).is_err());
    quietly(|| to_the_end(panics_later("0")));
    model.each("panics_later", &["ok", "error", "panicked"]);
    assert_eq!(to_the_end(not_send(Rc::new(Cell::new(1)))), 1);
    assert!(to_the_end(elided("a", "b")).is_ok() && to_the_end(elided("a", "")).is_err());
    model.each("elided", &["ok", "error"]);
    assert_eq!(to_the_end(mutable_argument(&mut Vec::new())), Some(&mut 1));
    assert_eq!(to_the_end(is_send_and_static(generic_future(async { 5 }))), 5);
    assert_eq!(to_the_end(is_send_and_static(future_with_work_before("ab"))), Ok(3));
    assert!(to_the_end(future_with_work_before("")).is_err());
    drop(future_with_work_before("never polled"));
    model.each("future_with_work_before", &["ok", "error"]);
    assert!(to_the_end(pinned_by_hand(true)).is_err() && to_the_end(pinned_by_hand(false)).is_ok());
    model.each("pinned_by_hand", &["ok", "error"]);
    // SAFETY: it does nothing that is not safe.
    assert_eq!(to_the_end(unsafe { asynchronous_and_not_safe() }), 3);
    for name in ["not_send", "mutable_argument", "generic_future", "asynchronous_and_not_safe"] {
        model.add(name, "ok", 1);
    }
}
