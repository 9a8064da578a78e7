//! Body of a request, with its bytes counted as the service reads them.

use std::{
    cell::Cell,
    mem,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, ready},
};

use actix_web::{
    dev::{Payload, ServiceRequest},
    error::PayloadError,
    web::Bytes,
};
use futures_core::Stream;

/// Payload that counts its bytes.
struct CountedPayload {
    inner: Payload,
    bytes: Rc<Cell<u64>>,
}

impl Stream for CountedPayload {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = ready!(Pin::new(&mut self.inner).poll_next(context));
        if let Some(Ok(chunk)) = &next {
            self.bytes.set(self.bytes.get() + chunk.len() as u64);
        }
        Poll::Ready(next)
    }
}

/// Counts the bytes of a request's body from now on; `None` for a request without a body.
pub(crate) fn count_bytes(request: &mut ServiceRequest) -> Option<Rc<Cell<u64>>> {
    let (_, payload) = request.parts_mut();
    if matches!(payload, Payload::None) {
        return None;
    }
    let bytes = Rc::new(Cell::new(0));
    let inner = mem::replace(payload, Payload::None);
    *payload = Payload::Stream { payload: Box::pin(CountedPayload { inner, bytes: Rc::clone(&bytes) }) };
    Some(bytes)
}
