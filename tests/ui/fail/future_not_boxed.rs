use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use metrics_core::counted;

struct ReadFuture;

impl Future for ReadFuture {
    type Output = Result<u8, ()>;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(Err(()))
    }
}

#[counted]
fn read() -> ReadFuture {
    ReadFuture
}

fn main() {}
