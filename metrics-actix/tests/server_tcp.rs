//! The metrics server over TCP.

mod scraper;

use std::{
    io::ErrorKind,
    net::{SocketAddr, TcpListener, TcpStream},
    ops::RangeInclusive,
    sync::{Arc, Condvar, Mutex, mpsc},
    thread,
    time::{Duration, Instant},
};

use actix_web::{App, HttpServer, rt, web};
use metrics_actix::{HealthRoute, MetricsRoute, MetricsServer};
use metrics_core::{Definition, Gauge, GaugeFn, Registry};
use scraper::{Answer, Connection, wait_for};

fn level() -> (Registry, Gauge) {
    let registry = Registry::new();
    let level = registry.register(&Definition::new("level", "Level.")).expect("a new name");
    (registry, level)
}

fn bind() -> MetricsServer {
    MetricsServer::bind("127.0.0.1:0").expect("a free port")
}

#[test]
fn server_runs_without_an_async_runtime() {
    let (registry, level) = level();
    let server = bind()
        .route(MetricsRoute::new("/m").registry(&registry).bearer_token("t").json("/j"))
        .health(HealthRoute::new("/health"));
    let server = server.spawn().expect("it starts");
    level.set(4);
    let get = |target: &str, headers: &[(&str, &str)]| {
        let mut connection = Connection::to(server.address());
        connection.send("GET", target, headers);
        connection.answer("GET")
    };
    let token = [("Authorization", "Bearer t")];
    assert!(get("/m", &token).text().ends_with("level 4\n"));
    assert_eq!(get("/m", &[]).status(), 401);
    assert_eq!(get("/j", &token).status(), 200);
    assert_eq!(get("/health", &[]).text(), "{\"status\":\"ok\",\"checks\":[]}\n");
    assert_eq!(get("/metrics", &token).status(), 404);
    let address = server.address();
    server.stop();
    wait_for_port(address);
}

#[test]
fn global_registry_is_the_default() {
    let server = bind().spawn().expect("it starts");
    let mut connection = Connection::to(server.address());
    connection.send("GET", "/metrics", &[]);
    assert!(connection.answer("GET").text().contains("metrics_registration_errors_total 0\n"));
    server.stop();
}

#[test]
fn bind_first_takes_the_first_free_port() {
    // Needs three adjacent ports. Another program may take one at any time: then it is tried again.
    let (mut first, mut second) = (None, None);
    for _ in 0..20 {
        let free = bind().address().port();
        let Some(last) = free.checked_add(2) else { continue };
        let Ok(taken) = TcpListener::bind(("127.0.0.1", free)) else { continue };
        first = MetricsServer::bind_first("127.0.0.1", free..=last).ok();
        second = MetricsServer::bind_first("127.0.0.1", free..=last).ok();
        if let (Some(first), Some(second)) = (&first, &second)
            && (first.address().port(), second.address().port()) == (free + 1, last)
        {
            let error = MetricsServer::bind_first("127.0.0.1", free..=last).expect_err("all are taken");
            assert_eq!(error.kind(), ErrorKind::AddrInUse);
            assert_eq!(error.to_string(), format!("none of the ports {free} to {last} of 127.0.0.1 is free"));
            drop(taken);
            // Another program may have taken it.
            let Ok(again) = MetricsServer::bind_first("127.0.0.1", free..=last) else { continue };
            assert_eq!(again.address().port(), free);
            return;
        }
    }
    panic!("no three ports in a row are free: {first:?}, {second:?}");
}

#[test]
fn invalid_configuration_is_an_error_at_start() {
    let taken = bind();
    let error = MetricsServer::bind(taken.address()).expect_err("it is taken");
    assert_eq!(error.kind(), ErrorKind::AddrInUse);
    // A reversed range is empty.
    let ports = RangeInclusive::new(9474, 9464);
    let error = MetricsServer::bind_first("127.0.0.1", ports).expect_err("there is no port in it");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(error.to_string(), "the range of ports 9474 to 9464 is empty");
    let route = MetricsRoute::new("/metrics").bearer_token("").allow_ips(["x"]);
    let error = bind().route(route).spawn().expect_err("it admits nobody");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(
        error.to_string(),
        "a bearer token admits nobody: it is empty; `x` is neither an address nor a network such as `10.0.0.0/8`"
    );
}

/// Returns `true` if no program listens.
fn is_closed(address: SocketAddr) -> bool {
    TcpStream::connect(address).is_err()
}

/// Waits until a port is free: another program may have it for a moment.
fn wait_for_port(address: SocketAddr) {
    wait_for("the port", || TcpListener::bind(address).is_ok());
}

/// Registers a gauge whose callback blocks until a door is opened; returns it with the function that opens the door.
fn behind_a_door(registry: &Registry) -> (GaugeFn, impl Fn() + use<>) {
    let gauge: GaugeFn = registry.register(&Definition::new("behind", "Behind a door.")).expect("a new name");
    let door = Arc::new((Mutex::new(false), Condvar::new()));
    let handle = Arc::clone(&door);
    gauge.read_from(move || {
        let (open, opened) = &*door;
        let _open = opened.wait_while(open.lock().expect("no panic"), |open| !*open).expect("no panic");
        7
    });
    let open = move || {
        *handle.0.lock().expect("no panic") = true;
        handle.1.notify_all();
    };
    (gauge, open)
}

/// Time that scrapes in flight have when the server stops.
const LEFT: Duration = Duration::from_secs(5);

/// Returns the responses to scrapes in flight while a server stops. On a busy machine they may come too late: then it is tried
/// again.
fn answers_in_time(stop_while_scraping: impl Fn() -> (Duration, Vec<Answer>)) -> Vec<Answer> {
    for _ in 0..10 {
        let (took, answers) = stop_while_scraping();
        if took < LEFT {
            return answers;
        }
    }
    panic!("ten times the machine took longer than {LEFT:?}");
}

#[test]
fn stop_waits_for_all_scrapes_in_flight() {
    for answer in answers_in_time(stop_during_scrapes) {
        assert_eq!((answer.status(), answer.is_whole), (200, true));
        assert!(answer.text().ends_with("behind 7\n"));
    }
}

fn stop_during_scrapes() -> (Duration, Vec<Answer>) {
    const SCRAPES: usize = 8;
    let registry = Registry::new();
    let (_gauge, open) = behind_a_door(&registry);
    let server = bind().route(MetricsRoute::new("/metrics").registry(&registry)).spawn().expect("it starts");
    let address = server.address();
    // Idle connections do not delay the stop.
    let mut idle = Connection::to(address);
    idle.send("POST", "/metrics", &[]);
    assert_eq!(idle.answer("POST").status(), 405);
    let silent = Connection::to(address);
    let mut scrapes: Vec<_> = (0..SCRAPES).map(|_| Connection::to(address)).collect();
    for scrape in &mut scrapes {
        scrape.send("GET", "/metrics", &[]);
    }
    wait_for("the scrapes", || registry.begin_scrape(SCRAPES).is_none());
    let start = Instant::now();
    let stopping = thread::spawn(move || server.stop());
    wait_for("the end of listening", || is_closed(address));
    open();
    let answers = scrapes.iter_mut().map(|scrape| scrape.answer("GET")).collect();
    let took = start.elapsed();
    stopping.join().expect("it stops");
    drop((idle, silent));
    wait_for_port(address);
    (took, answers)
}

#[test]
fn stop_does_not_wait_for_a_hanging_scrape() {
    let registry = Registry::new();
    let (_gauge, _never) = behind_a_door(&registry);
    let server = bind().route(MetricsRoute::new("/metrics").registry(&registry)).spawn().expect("it starts");
    let address = server.address();
    let mut connection = Connection::to(address);
    connection.send("GET", "/metrics", &[]);
    wait_for("the scrape", || registry.begin_scrape(1).is_none());
    let start = Instant::now();
    server.stop();
    assert!(start.elapsed() >= LEFT, "the scrape had {:?}", start.elapsed());
    // The connection is closed without a response.
    assert_eq!(connection.head().status, 0);
    wait_for_port(address);
}

#[test]
fn dropped_server_runs_on_and_stops_by_its_handle() {
    let (registry, level) = level();
    level.set(3);
    let server = bind().route(MetricsRoute::new("/metrics").registry(&registry)).spawn().expect("it starts");
    let (address, handle) = (server.address(), server.handle());
    drop(server);
    for _ in 0..3 {
        let mut connection = Connection::to(address);
        connection.send("GET", "/metrics", &[("Connection", "close")]);
        assert!(connection.answer("GET").text().ends_with("level 3\n"));
    }
    drop(handle.stop(true));
    wait_for("the end of listening", || is_closed(address));
    // A second call does nothing.
    drop(handle.stop(true));
    wait_for_port(address);
}

#[test]
fn stop_after_the_handle_stopped_it_returns() {
    let server = bind().spawn().expect("it starts");
    let address = server.address();
    rt::System::new().block_on(server.handle().stop(true));
    server.stop();
    wait_for_port(address);
}

#[test]
fn server_that_is_not_run_frees_its_port() {
    let server = bind();
    let address = server.address();
    TcpListener::bind(address).expect_err("it is taken");
    drop(server);
    wait_for_port(address);
    // So does a server that cannot run.
    let server = bind().route(MetricsRoute::new("/metrics").bearer_token(""));
    let address = server.address();
    server.spawn().expect_err("it admits nobody");
    wait_for_port(address);
}

#[test]
fn graceful_stop_waits_for_a_scrape_in_flight() {
    for answer in answers_in_time(stop_during_a_scrape) {
        assert_eq!((answer.status(), answer.is_whole), (200, true));
        assert!(answer.text().ends_with("stuck 7\n"));
    }
}

fn stop_during_a_scrape() -> (Duration, Vec<Answer>) {
    let registry = Registry::new();
    let gauge: GaugeFn = registry.register(&Definition::new("stuck", "Stuck.")).expect("a new name");
    let (go_on, receiver) = mpsc::channel::<()>();
    let receiver = Mutex::new(receiver);
    gauge.read_from(move || {
        let _gone = receiver.lock().map(|receiver| receiver.recv());
        7
    });
    let server = bind().route(MetricsRoute::new("/metrics").registry(&registry)).spawn().expect("it starts");
    let address = server.address();
    let mut connection = Connection::to(address);
    connection.send("GET", "/metrics", &[]);
    wait_for("the scrape", || registry.begin_scrape(1).is_none());
    let start = Instant::now();
    let stopping = thread::spawn(move || server.stop());
    wait_for("the end of listening", || is_closed(address));
    let is_stopped = stopping.is_finished();
    go_on.send(()).expect("the scrape waits");
    let answer = connection.answer("GET");
    let took = start.elapsed();
    assert!(!is_stopped || took >= LEFT);
    drop(go_on);
    stopping.join().expect("it stops");
    (took, vec![answer])
}

#[test]
fn run_beside_another_server_stops_with_it() {
    let (registry, level) = level();
    level.set(9);
    let (sender, receiver) = mpsc::channel();
    let thread = thread::spawn(move || {
        rt::System::new().block_on(async {
            let service = HttpServer::new(|| App::new().route("/", web::get().to(async || "service")));
            let service = service.workers(1).disable_signals().bind("127.0.0.1:0").expect("a free port");
            let served = service.addrs()[0];
            let service = service.run();
            let metrics = bind().route(MetricsRoute::new("/metrics").registry(&registry));
            let shown = metrics.address();
            let metrics = metrics.run().expect("it starts");
            sender.send((served, shown, service.handle(), metrics.handle())).expect("the test waits");
            let (served, shown) = futures_util::future::join(service, metrics).await;
            served.and(shown).expect("both stop well");
        });
    });
    let (served, shown, service, metrics) = receiver.recv().expect("both start");
    for (address, target, end) in [(served, "/", "service"), (shown, "/metrics", "level 9\n")] {
        let mut connection = Connection::to(address);
        connection.send("GET", target, &[("Connection", "close")]);
        assert!(connection.answer("GET").text().ends_with(end));
    }
    drop(service.stop(true));
    drop(metrics.stop(true));
    thread.join().expect("both have stopped");
    for address in [served, shown] {
        wait_for_port(address);
    }
}
