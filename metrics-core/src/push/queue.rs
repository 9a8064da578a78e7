//! Requests that wait to be sent.

use std::collections::VecDeque;

use super::protocol::PushRequest;

/// Size of a request without its body: the line, headers and bookkeeping.
const OVERHEAD: usize = 1024;

/// Queue of requests, bounded by their bytes. The newest is always kept; the oldest are dropped for it.
#[derive(Debug)]
pub(super) struct Queue {
    requests: VecDeque<PushRequest>,
    bytes: usize,
    limit: usize,
}

impl Queue {
    pub(super) const fn new(limit: usize) -> Self {
        Self { requests: VecDeque::new(), bytes: 0, limit }
    }

    /// Appends a request. Returns the number of older ones that were dropped for it.
    pub(super) fn push_back(&mut self, request: PushRequest) -> usize {
        let size = size(&request);
        let mut dropped = 0;
        while self.bytes.saturating_add(size) > self.limit && self.pop_front().is_some() {
            dropped += 1;
        }
        self.bytes += size;
        self.requests.push_back(request);
        dropped
    }

    /// Puts the oldest request back. Returns the number of requests dropped: it alone, if newer ones leave no room.
    pub(super) fn push_front(&mut self, request: PushRequest) -> usize {
        let size = size(&request);
        if !self.requests.is_empty() && self.bytes.saturating_add(size) > self.limit {
            return 1;
        }
        self.bytes += size;
        self.requests.push_front(request);
        0
    }

    /// Removes the oldest request.
    pub(super) fn pop_front(&mut self) -> Option<PushRequest> {
        let request = self.requests.pop_front()?;
        self.bytes -= size(&request);
        Some(request)
    }

    /// Removes all requests and returns their number.
    pub(super) fn clear(&mut self) -> usize {
        self.bytes = 0;
        self.requests.drain(..).count()
    }

    pub(super) fn len(&self) -> usize {
        self.requests.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.requests.is_empty()
    }

    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }
}

fn size(request: &PushRequest) -> usize {
    request.body().len() + OVERHEAD
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn request(len: usize) -> PushRequest {
        PushRequest::new(Bytes::from(vec![0; len]))
    }

    fn lengths(queue: &Queue) -> Vec<usize> {
        queue.requests.iter().map(|request| request.body().len()).collect()
    }

    #[test]
    fn oldest_are_dropped() {
        let mut queue = Queue::new(3 * OVERHEAD + 6);
        assert_eq!([1, 2, 3].map(|len| queue.push_back(request(len))), [0, 0, 0]);
        assert_eq!(queue.push_back(request(1)), 1);
        assert_eq!((lengths(&queue), queue.bytes()), (vec![2, 3, 1], 3 * OVERHEAD + 6));
        assert_eq!(queue.push_back(request(4)), 2);
        assert_eq!(lengths(&queue), [1, 4]);
    }

    #[test]
    fn newest_is_kept_whatever_its_size() {
        let mut queue = Queue::new(10);
        assert_eq!(queue.push_back(request(100)), 0);
        assert_eq!(queue.push_back(request(200)), 1);
        assert_eq!(lengths(&queue), [200]);
        assert_eq!(queue.push_front(request(1)), 1, "an older one is dropped for it");
        assert_eq!(lengths(&queue), [200]);
        assert_eq!((queue.clear(), queue.bytes(), queue.is_empty()), (1, 0, true));
    }
}
