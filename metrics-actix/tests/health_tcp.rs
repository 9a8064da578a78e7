//! The health route over TCP.

mod scraper;

use std::{
    future::pending,
    sync::{
        Arc, Barrier, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
        mpsc,
    },
    time::Duration,
};

use actix_web::rt::task;
use metrics_actix::{HealthRoute, MetricsRoute, MetricsServer, RunningServer};
use metrics_core::Registry;
use scraper::{Answer, Connection, wait_for};

fn serve(health: HealthRoute) -> RunningServer {
    let server = MetricsServer::bind("127.0.0.1:0").expect("a free port");
    server
        .route(MetricsRoute::new("/m").registry(&Registry::new()))
        .health(health)
        .spawn()
        .expect("it starts")
}

fn request(server: &RunningServer, method: &str, target: &str) -> Answer {
    let mut connection = Connection::to(server.address());
    connection.send(method, target, &[]);
    connection.answer(method)
}

/// Returns the names and statuses of the checks in a response.
fn statuses(answer: &Answer) -> Vec<(String, String)> {
    let text = answer.text();
    let value = |part: &str, key: &str| {
        let rest = part.split_once(&format!("\"{key}\":\"")).expect("each has one").1;
        rest.split_once('"').expect("it ends").0.to_owned()
    };
    text.split("{\"name\"")
        .skip(1)
        .map(|part| (value(&format!("\"name\"{part}"), "name"), value(part, "status")))
        .collect()
}

/// Longer than any check that ends.
const LONG: Duration = Duration::from_secs(60);

fn told<const N: usize>(answer: &[(&str, &str); N]) -> Vec<(String, String)> {
    answer.iter().map(|(name, status)| ((*name).to_owned(), (*status).to_owned())).collect()
}

#[test]
fn every_check_is_reported() {
    let health = HealthRoute::new("/health")
        .check("well", || async { Ok::<_, String>(()) })
        .check("bad", || async { Err("secret") })
        .check("panics", || async { if true { panic!("at once") } else { Ok::<_, String>(()) } })
        .check("panics later", || async {
            task::yield_now().await;
            if true { panic!("later") } else { Ok::<_, String>(()) }
        })
        .check("panics before", || -> std::future::Ready<Result<(), String>> { panic!("before") })
        .blocking_check("blocks", || Ok::<_, String>(()))
        .blocking_check("blocks and panics", || -> Result<(), String> { panic!("there") })
        .timeout(LONG);
    let server = serve(health);
    let answer = request(&server, "GET", "/health");
    assert_eq!(answer.status(), 503);
    assert_eq!(answer.head.get("content-type"), Some("application/json"));
    assert_eq!(answer.head.get("cache-control"), Some("no-store"));
    let expected = [
        ("well", "ok"),
        ("bad", "failed"),
        ("panics", "panicked"),
        ("panics later", "panicked"),
        ("panics before", "panicked"),
        ("blocks", "ok"),
        ("blocks and panics", "panicked"),
    ];
    assert_eq!(statuses(&answer), told(&expected));
    assert!(!answer.text().contains("secret"));
    assert_eq!(request(&server, "HEAD", "/health").status(), 503);
    server.stop();
}

/// Returns the results of checks of which two hang, with this time limit for each.
fn statuses_in(time: Duration) -> Vec<(String, String)> {
    // The check "blocks long" hangs until this is dropped.
    let (end, ended) = mpsc::channel::<()>();
    let ended = Mutex::new(ended);
    let health = HealthRoute::new("/health")
        .check("stuck", pending::<Result<(), String>>)
        .check("well", || async {
            task::yield_now().await;
            Ok::<_, String>(())
        })
        .blocking_check("blocks long", move || {
            let _end = ended.lock().map(|ended| ended.recv());
            Ok::<_, String>(())
        })
        .blocking_check("blocks", || Ok::<_, String>(()))
        .timeout(time);
    let server = serve(health);
    let answer = request(&server, "GET", "/health");
    assert_eq!(answer.status(), 503);
    drop(end);
    server.stop();
    statuses(&answer)
}

#[test]
fn hanging_check_times_out_without_delaying_others() {
    let expected =
        told(&[("stuck", "timed_out"), ("well", "ok"), ("blocks long", "timed_out"), ("blocks", "ok")]);
    // On a busy machine the others may take longer.
    let mut time = Duration::from_millis(250);
    while statuses_in(time) != expected && time < LONG {
        time *= 4;
    }
    assert!(time < LONG, "{:?}", statuses_in(LONG));
}

#[test]
fn liveness_answers_get_and_head_only() {
    let health = HealthRoute::new("/health").check("bad", || async { Err("bad") }).liveness("/alive");
    let server = serve(health);
    let alive = request(&server, "GET", "/alive");
    assert_eq!((alive.status(), alive.text()), (200, "{\"status\":\"ok\"}\n"));
    assert_eq!(request(&server, "HEAD", "/alive").status(), 200);
    for target in ["/health", "/alive"] {
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "BREW"] {
            let refused = request(&server, method, target);
            assert_eq!((refused.status(), refused.head.get("allow")), (405, Some("GET, HEAD")), "{method}");
            assert_eq!(refused.head.get("content-type"), Some("application/json"));
            assert_eq!(refused.head.get("cache-control"), Some("no-store"));
            assert_eq!(refused.text(), "{\"error\":\"the health route answers GET and HEAD\"}\n");
        }
    }
    server.stop();
}

#[test]
fn checks_run_concurrently() {
    // Each waits for the other: in sequence they would never end.
    let barrier = Arc::new(Barrier::new(2));
    let wait = move || {
        let barrier = Arc::clone(&barrier);
        move || {
            barrier.wait();
            Ok::<_, String>(())
        }
    };
    let both = Arc::new(tokio::sync::Barrier::new(2));
    let meet = move || {
        let both = Arc::clone(&both);
        async move {
            both.wait().await;
            Ok::<_, String>(())
        }
    };
    let health = HealthRoute::new("/health")
        .blocking_check("one", wait())
        .blocking_check("other", wait())
        .check("one here", meet.clone())
        .check("other here", meet)
        .timeout(LONG);
    let server = serve(health);
    assert_eq!(request(&server, "GET", "/health").status(), 200);
    server.stop();
}

#[test]
fn concurrent_requests_share_a_run_and_recovery_is_reported() {
    let (is_well, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let all_have_asked = Arc::new(tokio::sync::Semaphore::new(0));
    let check = {
        let (is_well, asked, gate) = (Arc::clone(&is_well), Arc::clone(&asked), Arc::clone(&all_have_asked));
        move || {
            asked.fetch_add(1, SeqCst);
            let answer = if is_well.load(SeqCst) { Ok(()) } else { Err("not yet") };
            let gate = Arc::clone(&gate);
            async move {
                let _open = gate.acquire().await;
                answer
            }
        }
    };
    let health = HealthRoute::new("/health").check("late", check).timeout(LONG);
    let server = serve(health.show_errors());
    let mut askers: Vec<_> = (0..8).map(|_| Connection::to(server.address())).collect();
    for asker in &mut askers {
        asker.send("GET", "/health", &[]);
    }
    wait_for("the check", || asked.load(SeqCst) == 1);
    all_have_asked.add_permits(1);
    for mut asker in askers {
        let answer = asker.answer("GET");
        assert_eq!(answer.status(), 503);
        assert!(answer.text().contains("\"error\":\"not yet\""));
    }
    assert!(asked.load(SeqCst) < 8, "asked {} times for eight who came at once", asked.load(SeqCst));
    is_well.store(true, SeqCst);
    wait_for("the service to be well", || request(&server, "GET", "/health").status() == 200);
    server.stop();
}

#[test]
fn disconnected_client_does_not_block_others() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let check = move || {
        let first = count.fetch_add(1, SeqCst) == 0;
        async move {
            if first {
                pending::<()>().await;
            }
            Ok::<_, String>(())
        }
    };
    let server = serve(HealthRoute::new("/health").check("first", check).timeout(Duration::from_millis(300)));
    let mut leaving = Connection::to(server.address());
    leaving.send("GET", "/health", &[]);
    wait_for("the check", || asked.load(SeqCst) == 1);
    drop(leaving);
    wait_for("another answer", || request(&server, "GET", "/health").status() == 200);
    server.stop();
}
