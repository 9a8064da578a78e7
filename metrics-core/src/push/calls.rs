//! Calls of a handle that wait for the sender.

use std::{
    mem,
    sync::{Arc, Weak, mpsc::SyncSender},
};

use tokio::sync::oneshot;

use super::error::PushError;

/// Call of a handle.
pub(super) enum Command {
    /// Pushes the present state and replies when nothing waits any more.
    Flush(Reply),
    /// Flushes, sends the last requests, and ends.
    Shutdown(Reply),
}

/// Way back to a call of a handle, which may have given up.
pub(super) struct Reply {
    channel: ReplyChannel,
    /// Gone when the call has ended.
    call: Weak<()>,
}

pub(super) enum ReplyChannel {
    Async(oneshot::Sender<Result<(), PushError>>),
    Blocking(SyncSender<Result<(), PushError>>),
}

impl Reply {
    pub(super) fn new(channel: ReplyChannel, call: &Arc<()>) -> Self {
        Self { channel, call: Arc::downgrade(call) }
    }

    fn is_awaited(&self) -> bool {
        self.call.strong_count() > 0
    }

    fn send(self, result: Result<(), PushError>) {
        match self.channel {
            ReplyChannel::Async(reply) => drop(reply.send(result)),
            ReplyChannel::Blocking(reply) => drop(reply.try_send(result)),
        }
    }
}

/// Calls that wait. Those that gave up are forgotten, or they would gather while a receiver is away or a push encodes.
#[derive(Default)]
pub(super) struct Calls {
    /// Calls whose state is not encoded yet.
    new: Vec<Reply>,
    /// Calls whose state is on its way.
    encoded: Vec<Reply>,
}

impl Calls {
    pub(super) fn add(&mut self, reply: Reply) {
        self.forget_abandoned();
        self.new.push(reply);
    }

    pub(super) fn forget_abandoned(&mut self) {
        self.new.retain(Reply::is_awaited);
        self.encoded.retain(Reply::is_awaited);
    }

    /// Notes that the state of all calls is being encoded.
    pub(super) fn encode(&mut self) {
        self.encoded.append(&mut self.new);
    }

    /// Returns true if the state of some call is on its way.
    pub(super) fn has_encoded(&self) -> bool {
        !self.encoded.is_empty()
    }

    /// Answers the calls whose state has arrived. The first gets an error as it is; more than one at a time is rare.
    pub(super) fn answer(&mut self, mut result: Result<(), PushError>) {
        for call in self.encoded.drain(..) {
            let copy = result.as_ref().map(|&()| ()).map_err(PushError::copy);
            call.send(mem::replace(&mut result, copy));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(calls: &mut Calls) -> (Arc<()>, oneshot::Receiver<Result<(), PushError>>) {
        let (sender, receiver) = oneshot::channel();
        let call = Arc::new(());
        calls.add(Reply::new(ReplyChannel::Async(sender), &call));
        (call, receiver)
    }

    #[test]
    fn calls_that_gave_up_are_forgotten() {
        let mut calls = Calls::default();
        for _ in 0..100 {
            drop(call(&mut calls));
        }
        assert_eq!((calls.new.len(), calls.encoded.len()), (1, 0), "while a push encodes");
        for _ in 0..100 {
            calls.encode();
            drop(call(&mut calls));
        }
        assert_eq!((calls.new.len(), calls.encoded.len()), (1, 0), "while a receiver is away");
    }

    #[test]
    fn awaited_calls_are_answered_once_their_state_is_sent() {
        let mut calls = Calls::default();
        let (_sent, mut sent) = call(&mut calls);
        calls.encode();
        let (_new, mut new) = call(&mut calls);
        calls.forget_abandoned();
        calls.answer(Err(PushError::Rejected("no".into())));
        assert!(matches!(sent.try_recv(), Ok(Err(PushError::Rejected(_)))));
        assert!(new.try_recv().is_err(), "its state is not sent");
        calls.encode();
        calls.answer(Ok(()));
        assert!(matches!(new.try_recv(), Ok(Ok(()))));
    }
}
