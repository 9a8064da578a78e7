//! Tests of the attempts that a sender makes, on a paused clock.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use http::header::{HeaderValue, RETRY_AFTER};
use tokio::{runtime::Handle, time::Instant};

use super::{
    builder::Push,
    error::PushError,
    protocol::{Backlog, Protocol, PushRequest, PushResponse, Verdict},
    target::Destination,
    transport::{Attempt, Transport, TransportError},
};
use crate::registry::Registry;

/// Answer of a scripted receiver.
#[derive(Clone, Copy)]
enum Answer {
    Status(u16),
    After(u16, &'static str),
    Broken,
}

/// A receiver that answers by a script, and then with the last answer for ever.
#[derive(Clone)]
struct Receiver {
    script: Arc<Mutex<VecDeque<Answer>>>,
    seen: Arc<Mutex<Vec<(Instant, String)>>>,
}

impl Receiver {
    fn new(script: &[Answer]) -> Self {
        let script = Arc::new(Mutex::new(script.iter().copied().collect()));
        Self { script, seen: Arc::default() }
    }

    fn bodies(&self) -> Vec<String> {
        self.seen.lock().unwrap().iter().map(|(_, body)| body.clone()).collect()
    }

    /// Waits between the attempts.
    fn waits(&self) -> Vec<Duration> {
        let seen = self.seen.lock().unwrap();
        seen.windows(2).map(|pair| pair[1].0.duration_since(pair[0].0)).collect()
    }
}

impl Transport for Receiver {
    fn send(&self, request: PushRequest) -> Attempt {
        let body = String::from_utf8(request.into_body().to_vec()).unwrap();
        self.seen.lock().unwrap().push((Instant::now(), body));
        let mut script = self.script.lock().unwrap();
        let answer = if script.len() > 1 { script.pop_front() } else { script.front().copied() };
        let response = |status: u16| {
            let mut response = PushResponse::default();
            *response.status_mut() = status.try_into().unwrap();
            response
        };
        let result = match answer.unwrap() {
            Answer::Status(status) => Ok(response(status)),
            Answer::After(status, after) => {
                let mut response = response(status);
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(after));
                Ok(response)
            }
            Answer::Broken => Err(TransportError("connection closed".into())),
        };
        Box::pin(async move { result })
    }
}

/// A protocol whose requests are numbered.
struct Numbers {
    backlog: Backlog,
    next: usize,
    replaces: bool,
}

impl Numbers {
    fn new(backlog: Backlog) -> Self {
        Self { backlog, next: 0, replaces: false }
    }
}

fn numbered(text: String) -> PushRequest {
    PushRequest::new(Bytes::from(text))
}

impl Protocol for Numbers {
    fn name(&self) -> &'static str {
        "numbers"
    }

    fn backlog(&self) -> Backlog {
        self.backlog
    }

    fn requests(&mut self, _: &Registry, _: SystemTime) -> Result<Vec<PushRequest>, PushError> {
        self.next += 1;
        Ok(vec![numbered(self.next.to_string())])
    }

    fn last_requests(&mut self, _: SystemTime) -> Vec<PushRequest> {
        vec![numbered("last".into())]
    }

    fn verdict(&mut self, _: &PushRequest, response: &PushResponse) -> Verdict {
        if response.status() == 415 && !self.replaces {
            self.replaces = true;
            return Verdict::Replace(vec![numbered("a".into()), numbered("b".into())]);
        }
        Verdict::of_status(response.status())
    }
}

const SECOND: Duration = Duration::from_secs(1);

fn push(receiver: &Receiver, backlog: Backlog, registry: &Registry) -> Push {
    let destination = Destination::new(Numbers::new(backlog), receiver.clone());
    Push::to_destination(Ok(destination)).registry(registry).backoff(SECOND, 8 * SECOND)
}

async fn flush(script: &[Answer], deadline: Duration) -> (Result<(), PushError>, Receiver) {
    let (receiver, registry) = (Receiver::new(script), Registry::new());
    let push = push(&receiver, Backlog::LatestOnly, &registry).start_on(&Handle::current()).unwrap();
    (push.flush(deadline).await, receiver)
}

#[tokio::test(start_paused = true)]
async fn accepted_once_is_sent_once() {
    let (result, receiver) = flush(&[Answer::Status(202)], SECOND).await;
    result.unwrap();
    assert_eq!(receiver.bodies(), ["1"]);
}

#[tokio::test(start_paused = true)]
async fn server_errors_are_tried_again_after_a_growing_time() {
    let script = [500, 503, 599, 429, 200].map(Answer::Status);
    let (result, receiver) = flush(&script, 60 * SECOND).await;
    result.unwrap();
    assert_eq!(receiver.bodies(), ["1"; 5]);
    for (wait, whole) in receiver.waits().into_iter().zip([1, 2, 4, 8]) {
        let whole = SECOND * whole;
        // The clock's steps are milliseconds.
        assert!((whole / 2..=whole + Duration::from_millis(1)).contains(&wait), "{wait:?} of {whole:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn client_errors_and_redirects_are_never_tried_again() {
    for status in [301, 304, 400, 401, 403, 404, 408, 413, 422, 499] {
        let (result, receiver) = flush(&[Answer::Status(status)], 3600 * SECOND).await;
        assert!(matches!(result, Err(PushError::Rejected(_))), "{status}: {result:?}");
        assert_eq!(receiver.bodies(), ["1"], "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn broken_connections_are_tried_again() {
    let (result, receiver) = flush(&[Answer::Broken, Answer::Broken, Answer::Status(200)], 60 * SECOND).await;
    result.unwrap();
    assert_eq!(receiver.bodies(), ["1"; 3]);
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_waited_for() {
    for status in [429, 503] {
        let script = [Answer::After(status, "120"), Answer::After(status, "0"), Answer::Status(200)];
        let (result, receiver) = flush(&script, 3600 * SECOND).await;
        result.unwrap();
        let waits = receiver.waits();
        assert_eq!(waits[0].as_secs(), 120, "{status}");
        assert!(waits[1] >= SECOND && waits[1] <= 3 * SECOND, "{status}: the back-off is longer: {waits:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn deadline_ends_the_call_with_the_last_error() {
    let (result, receiver) = flush(&[Answer::Status(503)], 10 * SECOND).await;
    let Err(PushError::Deadline(Some(why))) = result else { panic!("{result:?}") };
    assert!(why.contains("503"), "{why}");
    assert!(receiver.bodies().len() > 2);
}

#[tokio::test(start_paused = true)]
async fn flush_does_not_wait_for_the_back_off_but_for_the_receiver() {
    for (answer, is_tried) in [(Answer::Broken, true), (Answer::After(429, "600"), false)] {
        let (receiver, registry) = (Receiver::new(&[answer]), Registry::new());
        let push = push(&receiver, Backlog::LatestOnly, &registry).start_on(&Handle::current()).unwrap();
        push.flush(Duration::from_millis(100)).await.unwrap_err();
        assert_eq!(receiver.bodies(), ["1"]);
        push.flush(Duration::from_millis(100)).await.unwrap_err();
        assert_eq!(receiver.bodies().len(), if is_tried { 2 } else { 1 });
    }
}

#[tokio::test(start_paused = true)]
async fn call_that_gave_up_stops_no_push() {
    for is_blocking in [false, true] {
        let (receiver, registry) =
            (Receiver::new(&[Answer::Broken, Answer::Broken, Answer::Status(200)]), Registry::new());
        let push =
            push(&receiver, Backlog::Queue, &registry).backoff(60 * SECOND, 60 * SECOND).every(10 * SECOND);
        let push = push.start_on(&Handle::current()).unwrap();
        tokio::time::sleep(SECOND).await;
        if is_blocking {
            push.flush_blocking(Duration::ZERO).unwrap_err();
        } else {
            push.flush(SECOND).await.unwrap_err();
        }
        tokio::time::sleep(88 * SECOND).await;
        let bodies: Vec<_> = receiver.bodies();
        // One by the flush, and one every ten seconds.
        assert_eq!(bodies.last().unwrap(), "10", "{bodies:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn latest_replaces_what_waits() {
    let script = [Answer::After(503, "95"), Answer::Status(200)];
    let (receiver, registry) = (Receiver::new(&script), Registry::new());
    let push = push(&receiver, Backlog::LatestOnly, &registry).every(10 * SECOND);
    let push = push.start_on(&Handle::current()).unwrap();
    tokio::time::sleep(99 * SECOND).await;
    assert_eq!(receiver.bodies(), ["1", "10"], "the tenth push was at 90 seconds");
    drop(push);
}

#[tokio::test(start_paused = true)]
async fn queue_keeps_the_order() {
    let script = [Answer::After(503, "35"), Answer::Status(200)];
    let (receiver, registry) = (Receiver::new(&script), Registry::new());
    let push = push(&receiver, Backlog::Queue, &registry).every(10 * SECOND);
    let push = push.start_on(&Handle::current()).unwrap();
    tokio::time::sleep(39 * SECOND).await;
    assert_eq!(receiver.bodies(), ["1", "1", "2", "3", "4"]);
    drop(push);
}

#[tokio::test(start_paused = true)]
async fn full_queue_drops_the_oldest() {
    let script = [Answer::After(503, "95"), Answer::Status(200)];
    let (receiver, registry) = (Receiver::new(&script), Registry::new());
    // A request counts with its overhead of a kilobyte.
    let push = push(&receiver, Backlog::Queue, &registry).queue_bytes(3 * 1100).every(10 * SECOND);
    let push = push.start_on(&Handle::current()).unwrap();
    tokio::time::sleep(94 * SECOND).await;
    if cfg!(feature = "enabled") {
        let page = registry.text();
        for line in [
            "metrics_push_dropped_requests_total{push=\"numbers\",cause=\"queue_full\"} 7",
            "metrics_push_queue_length{push=\"numbers\"} 3",
            "metrics_push_attempts_total{push=\"numbers\",outcome=\"unavailable\"} 1",
        ] {
            assert!(page.lines().any(|other| other == line), "{line} in\n{page}");
        }
    }
    tokio::time::sleep(5 * SECOND).await;
    assert_eq!(receiver.bodies(), ["1", "8", "9", "10"]);
    drop(push);
    tokio::task::yield_now().await;
    assert!(!registry.text().contains("metrics_push"), "they leave the page with the push");
}

#[tokio::test(start_paused = true)]
async fn receiver_that_is_away_for_good_costs_bounded_memory() {
    const LIMIT: usize = 50_000;
    let (receiver, registry) = (Receiver::new(&[Answer::Broken]), Registry::new());
    let push = push(&receiver, Backlog::Queue, &registry).queue_bytes(LIMIT).every(SECOND);
    let push = push.start_on(&Handle::current()).unwrap();
    let value = |name: &str| {
        let page = registry.text();
        let value =
            page.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix("{push=\"numbers\"} "));
        value.map_or(0, |value| value.parse::<usize>().unwrap())
    };
    for _ in 0..100 {
        tokio::time::sleep(100 * SECOND).await;
        assert!(value("metrics_push_queue_size_bytes") <= LIMIT);
    }
    if cfg!(feature = "enabled") {
        assert!(value("metrics_push_queue_length") >= 40, "the queue is used");
    }
    drop(push);
}

#[tokio::test(start_paused = true)]
async fn refused_request_is_replaced_at_once() {
    let (result, receiver) = flush(&[Answer::Status(415), Answer::Status(200)], SECOND).await;
    result.unwrap();
    assert_eq!(receiver.bodies(), ["1", "a", "b"]);
    assert_eq!(receiver.waits(), [Duration::ZERO; 2]);
}

#[tokio::test(start_paused = true)]
async fn shutdown_sends_the_last_requests() {
    let (receiver, registry) = (Receiver::new(&[Answer::Status(200)]), Registry::new());
    let push = push(&receiver, Backlog::LatestOnly, &registry).start_on(&Handle::current()).unwrap();
    push.shutdown(SECOND).await.unwrap();
    assert_eq!(receiver.bodies(), ["1", "last"]);
}

#[tokio::test(start_paused = true)]
async fn dropped_handle_ends_the_attempts() {
    let (receiver, registry) = (Receiver::new(&[Answer::Broken]), Registry::new());
    let push = push(&receiver, Backlog::Queue, &registry).every(SECOND);
    let push = push.start_on(&Handle::current()).unwrap();
    tokio::time::sleep(5 * SECOND).await;
    drop(push);
    tokio::task::yield_now().await;
    let before = receiver.bodies().len();
    tokio::time::sleep(3600 * SECOND).await;
    assert_eq!(receiver.bodies().len(), before);
}

#[test]
fn thread_pushes_and_ends_with_its_handle() {
    let (receiver, registry) = (Receiver::new(&[Answer::Status(200)]), Registry::new());
    let push = push(&receiver, Backlog::LatestOnly, &registry).start().unwrap();
    push.flush_blocking(60 * SECOND).unwrap();
    push.shutdown_blocking(60 * SECOND).unwrap();
    assert_eq!(receiver.bodies(), ["1", "2", "last"]);
    assert_eq!(Arc::strong_count(&receiver.seen), 1, "the thread has left nothing");
}

#[test]
fn pushes_of_one_name_count_together() {
    let (receiver, registry) = (Receiver::new(&[Answer::Status(200)]), Registry::new());
    let first = push(&receiver, Backlog::Queue, &registry).start().unwrap();
    let second = push(&receiver, Backlog::Queue, &registry).start().unwrap();
    let named = push(&receiver, Backlog::Queue, &registry).name("backup").start().unwrap();
    for push in [&first, &second, &named] {
        push.flush_blocking(60 * SECOND).unwrap();
    }
    if cfg!(feature = "enabled") {
        let page = registry.text();
        for (name, count) in [("numbers", 2), ("backup", 1)] {
            let line = format!("metrics_push_attempts_total{{push=\"{name}\",outcome=\"accepted\"}} {count}");
            assert!(page.lines().any(|other| other == line), "{line} in\n{page}");
        }
    }
}
