//! Attempts that receivers of all kinds see. Times between them are tested on a paused clock, in metrics-core's `push/attempts.rs`.

use std::{
    net::TcpListener,
    time::{Duration, Instant},
};

use metrics_core::{Job, Push, PushClient, PushError, PushHandle, Pushgateway, Registry};
use tests::{
    scripted_server::{Answer, ScriptedServer},
    wait,
};
use tests_push::shop;

/// Deadline of what must succeed, or fail at once.
const LONG: Duration = Duration::from_secs(60);
/// Time-out of an attempt that hangs.
const SHORT: Duration = Duration::from_millis(50);

fn start(receiver: &ScriptedServer, timeout: Duration) -> PushHandle {
    let (registry, _) = shop::registry();
    let client = PushClient::new().no_proxy().timeout(timeout);
    let gateway = Pushgateway::new(&receiver.url("")).job("j").client(client);
    Push::to(gateway).registry(&registry).backoff(Duration::ZERO, Duration::from_millis(1)).start().unwrap()
}

/// Returns the number of attempts until the push is accepted.
fn attempts(script: &[Answer], timeout: Duration) -> usize {
    let receiver = ScriptedServer::start(script);
    start(&receiver, timeout).flush_blocking(LONG).unwrap_or_else(|error| panic!("{script:?}: {error}"));
    let requests = receiver.received();
    assert!(requests.iter().all(|request| request.body == requests[0].body), "the same request each time");
    requests.len()
}

fn accepted() -> Answer {
    Answer::status(202)
}

#[test]
fn failures_are_tried_again_until_one_is_accepted() {
    for failure in [
        Answer::status(500),
        Answer::status(503).header("Retry-After", "0"),
        Answer::status(429).header("Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT"),
        Answer::CloseEarly,
        Answer::CloseInHead,
    ] {
        assert_eq!(attempts(&[failure.clone(), failure.clone(), accepted()], LONG), 3, "{failure:?}");
    }
    for failure in [Answer::Hang, Answer::Trickle] {
        // On a busy machine the third may also take longer than the time-out.
        assert!(attempts(&[failure.clone(), failure.clone(), accepted()], SHORT) >= 3, "{failure:?}");
    }
}

#[test]
fn other_statuses_are_seen_once() {
    for status in [301, 307, 400, 401, 404, 413] {
        let receiver = ScriptedServer::start([Answer::status(status)
            .header("Location", "/elsewhere")
            .header("Retry-After", "0")]);
        let push = start(&receiver, LONG);
        let error = push.flush_blocking(LONG).unwrap_err();
        assert!(matches!(error, PushError::Rejected(_)), "{status}: {error:?}");
        assert_eq!(receiver.received().len(), 1, "{status}");
        // The next push is a request of its own.
        push.flush_blocking(LONG).unwrap_err();
        assert_eq!(receiver.received().len(), 2, "{status}");
    }
}

#[test]
fn no_attempt_is_made_before_the_time_in_retry_after() {
    let receiver = ScriptedServer::start([Answer::status(429).header("Retry-After", "3600"), accepted()]);
    let push = start(&receiver, LONG);
    let mut result = push.flush_blocking(Duration::ZERO);
    let is_refused = |push: &PushHandle| format!("{push:?}").contains("status 429");
    wait::until_equal(LONG, "refused", &true, || is_refused(&push));
    for _ in 0..3 {
        result = push.flush_blocking(SHORT);
    }
    assert!(matches!(&result, Err(PushError::Deadline(Some(why))) if why.contains("429")), "{result:?}");
    assert_eq!(receiver.received().len(), 1);
}

#[test]
fn endless_response_is_read_up_to_a_limit() {
    assert_eq!(attempts(&[Answer::Endless], LONG), 1, "the status counts, and the rest is abandoned");
}

#[test]
fn thread_and_job_end_whatever_the_receiver_does() {
    let closed = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    let hanging = ScriptedServer::start([Answer::Hang]);
    for url in [format!("http://{closed}"), hanging.url("")] {
        // The client's own time-out is longer than the test.
        let client = PushClient::new().no_proxy().timeout(Duration::from_secs(3600));
        let gateway = || Pushgateway::new(&url).client(client.clone());
        let start = Instant::now();
        let job =
            Job::new("j").push_to(gateway()).registry(&Registry::new()).deadline(SHORT).without_signals();
        assert_eq!(job.run(|| Err::<(), _>("an error")), Err("an error"));
        let push = Push::to(gateway().job("k")).registry(&Registry::new()).every(SHORT).start().unwrap();
        assert!(matches!(push.shutdown_blocking(SHORT), Err(PushError::Deadline(_))));
        assert!(start.elapsed() < Duration::from_secs(1800), "nothing waited for the client's time-out");
    }
}

#[tokio::test]
async fn task_of_a_runtime_pushes_and_ends_with_its_handle() {
    let receiver = ScriptedServer::start([accepted()]);
    let (registry, _) = shop::registry();
    let gateway = Pushgateway::new(&receiver.url("")).job("j").client(PushClient::new().no_proxy());
    let push = Push::to(gateway).registry(&registry).start_on(&tokio::runtime::Handle::current()).unwrap();
    push.flush(LONG).await.unwrap();
    push.shutdown(LONG).await.unwrap();
    let requests = receiver.received();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].line, "PUT /metrics/job/j HTTP/1.1");
    assert_eq!(requests[0].header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
}

#[tokio::test]
async fn job_may_end_on_a_thread_of_a_runtime() {
    let receiver = ScriptedServer::start([accepted()]);
    let gateway = Pushgateway::new(&receiver.url("")).client(PushClient::new().no_proxy());
    let job =
        Job::new("async").push_to(gateway).registry(&Registry::new()).without_signals().start().unwrap();
    tokio::task::yield_now().await;
    job.succeed().unwrap();
    assert_eq!(receiver.received()[0].line, "POST /metrics/job/async HTTP/1.1");
}

#[test]
fn panic_of_a_callback_does_not_end_the_push() {
    let receiver = ScriptedServer::start([accepted()]);
    let registry = Registry::new();
    let gauge: metrics_core::GaugeFn =
        registry.register(&metrics_core::Definition::new("broken", "Broken.")).unwrap();
    gauge.read_from(|| -> i64 { panic!("a bug of the service") });
    let gateway = Pushgateway::new(&receiver.url("")).job("j").client(PushClient::new().no_proxy());
    let push = Push::to(gateway).registry(&registry).start().unwrap();
    push.flush_blocking(LONG).unwrap();
    push.flush_blocking(LONG).unwrap();
    assert_eq!(receiver.received().len(), 2);
}
