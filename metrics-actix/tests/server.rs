//! The server for the metrics alone, with a client that speaks over TCP.

#[cfg(feature = "rustls")]
mod http2;
mod scraper;

use std::{
    io::ErrorKind,
    net::{SocketAddr, TcpListener, TcpStream},
    ops::RangeInclusive,
    sync::{Arc, Condvar, Mutex, mpsc},
    thread,
};

use actix_web::{App, HttpServer, rt, web};
use metrics_actix::{HealthRoute, MetricsRoute, MetricsServer};
use metrics_core::{Definition, Gauge, GaugeFn, Registry};
use scraper::{Connection, wait_for};

fn level() -> (Registry, Gauge) {
    let registry = Registry::new();
    let level = registry.register(&Definition::new("level", "Level.")).expect("a new name");
    (registry, level)
}

fn bind() -> MetricsServer {
    MetricsServer::bind("127.0.0.1:0").expect("a free port")
}

#[test]
fn a_program_without_a_runtime_shows_its_metrics() {
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
fn the_global_registry_is_shown_unless_told() {
    let server = bind().spawn().expect("it starts");
    let mut connection = Connection::to(server.address());
    connection.send("GET", "/metrics", &[]);
    assert!(connection.answer("GET").text().contains("metrics_registration_errors_total 0\n"));
    server.stop();
}

#[test]
fn the_first_free_port_of_some_is_taken() {
    // Three ports in a row, of which others may take one at any time: then it is tried again.
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
            // Somebody else may have been faster.
            let Ok(again) = MetricsServer::bind_first("127.0.0.1", free..=last) else { continue };
            assert_eq!(again.address().port(), free);
            return;
        }
    }
    panic!("no three ports in a row are free: {first:?}, {second:?}");
}

#[test]
fn what_cannot_be_served_is_an_error_at_the_start() {
    let taken = bind();
    let error = MetricsServer::bind(taken.address()).expect_err("it is taken");
    assert_eq!(error.kind(), ErrorKind::AddrInUse);
    // The other way round there is no port in it.
    let ports = RangeInclusive::new(9474, 9464);
    let error = MetricsServer::bind_first("127.0.0.1", ports).expect_err("there is no port in it");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(error.to_string(), "there is no port from 9474 to 9464");
    let route = MetricsRoute::new("/metrics").bearer_token("").allow_ips(["x"]);
    let error = bind().route(route).spawn().expect_err("it admits nobody");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(
        error.to_string(),
        "a bearer token admits nobody: it is empty; `x` is no address and no network as 10.0.0.0/8"
    );
}

/// Whether nobody listens.
fn is_closed(address: SocketAddr) -> bool {
    TcpStream::connect(address).is_err()
}

/// Waits for a port to be free: for a moment somebody else may have it.
fn wait_for_port(address: SocketAddr) {
    wait_for("the port", || TcpListener::bind(address).is_ok());
}

/// A gauge whose readings wait for a door to be opened.
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

#[test]
fn all_scrapes_that_have_begun_are_answered_before_it_stops() {
    const SCRAPES: usize = 8;
    let registry = Registry::new();
    let (_gauge, open) = behind_a_door(&registry);
    let server = bind().route(MetricsRoute::new("/metrics").registry(&registry)).spawn().expect("it starts");
    let address = server.address();
    // A connection that waits for its next request holds nothing up, nor does one that has asked for nothing yet.
    let mut idle = Connection::to(address);
    idle.send("POST", "/metrics", &[]);
    assert_eq!(idle.answer("POST").status(), 405);
    let silent = Connection::to(address);
    let mut scrapes: Vec<_> = (0..SCRAPES).map(|_| Connection::to(address)).collect();
    for scrape in &mut scrapes {
        scrape.send("GET", "/metrics", &[]);
    }
    wait_for("the scrapes", || registry.begin_scrape(SCRAPES).is_none());
    let stopping = thread::spawn(move || server.stop());
    wait_for("the end of listening", || is_closed(address));
    open();
    for mut scrape in scrapes {
        let answer = scrape.answer("GET");
        assert_eq!((answer.status(), answer.is_whole), (200, true));
        assert!(answer.text().ends_with("behind 7\n"));
    }
    stopping.join().expect("it stops");
    drop((idle, silent));
    wait_for_port(address);
}

#[test]
fn it_stops_though_a_scrape_never_ends() {
    let registry = Registry::new();
    let (_gauge, _never) = behind_a_door(&registry);
    let server = bind().route(MetricsRoute::new("/metrics").registry(&registry)).spawn().expect("it starts");
    let address = server.address();
    let mut connection = Connection::to(address);
    connection.send("GET", "/metrics", &[]);
    wait_for("the scrape", || registry.begin_scrape(1).is_none());
    server.stop();
    // The connection is closed without an answer, which a scraper does not take for a page.
    assert_eq!(connection.head().status, 0);
    wait_for_port(address);
}

#[test]
fn it_runs_on_when_nobody_holds_it_and_stops_by_its_handle() {
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
    // Once more does nothing.
    drop(handle.stop(true));
    wait_for_port(address);
}

#[test]
fn a_server_that_was_stopped_by_its_handle_can_be_waited_for() {
    let server = bind().spawn().expect("it starts");
    let address = server.address();
    rt::System::new().block_on(server.handle().stop(true));
    server.stop();
    wait_for_port(address);
}

#[test]
fn one_that_is_not_run_frees_its_port() {
    let server = bind();
    let address = server.address();
    TcpListener::bind(address).expect_err("it is taken");
    drop(server);
    wait_for_port(address);
    // So does one that cannot run.
    let server = bind().route(MetricsRoute::new("/metrics").bearer_token(""));
    let address = server.address();
    server.spawn().expect_err("it admits nobody");
    wait_for_port(address);
}

#[test]
fn a_scrape_that_has_begun_ends_before_the_server_stops() {
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
    let stopping = thread::spawn(move || server.stop());
    wait_for("the end of listening", || is_closed(address));
    assert!(!stopping.is_finished());
    go_on.send(()).expect("the scrape waits");
    let answer = connection.answer("GET");
    assert_eq!((answer.status(), answer.is_whole), (200, true));
    assert!(answer.text().ends_with("stuck 7\n"));
    drop(go_on);
    stopping.join().expect("it stops");
}

#[test]
fn it_runs_beside_another_server_and_stops_with_it() {
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

#[cfg(feature = "rustls")]
mod tls {
    use std::{
        fs,
        io::{Read, Write},
        net::{SocketAddr, TcpStream},
        path::PathBuf,
        process,
        sync::Arc,
    };

    use rustls::{
        ClientConfig, ClientConnection, RootCertStore, StreamOwned, crypto::ring, pki_types::CertificateDer,
    };

    use super::*;

    /// A folder with a certificate and its key, removed when this is dropped.
    struct Files(PathBuf);

    impl Files {
        fn new(certificate: &str, key: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("metrics-actix-tls-{}", process::id()));
            fs::create_dir_all(&folder).expect("the directory is there for such files");
            fs::write(folder.join("tls.crt"), certificate).expect("the folder is new");
            fs::write(folder.join("tls.key"), key).expect("the folder is new");
            Self(folder)
        }
    }

    impl Drop for Files {
        fn drop(&mut self) {
            let _gone = fs::remove_dir_all(&self.0);
        }
    }

    fn get(address: SocketAddr, roots: RootCertStore) -> std::io::Result<String> {
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("the provider has them")
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = "localhost".try_into().expect("it is a name");
        let client = ClientConnection::new(Arc::new(config), name).expect("the configuration is whole");
        let mut stream = StreamOwned::new(client, TcpStream::connect(address)?);
        stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut answer = Vec::new();
        match stream.read_to_end(&mut answer) {
            Err(error) if error.kind() != ErrorKind::UnexpectedEof => Err(error),
            _ => Ok(String::from_utf8_lossy(&answer).into_owned()),
        }
    }

    /// The page as a client gets it that would rather speak HTTP/2 than HTTP/1.1, which TLS tells the server.
    fn get_over_http2(address: SocketAddr, root: CertificateDer<'static>) -> String {
        let mut roots = RootCertStore::empty();
        roots.add(root).expect("a root");
        let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("the provider has them")
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        rt::System::new().block_on(async {
            let stream = tokio::net::TcpStream::connect(address).await.expect("it listens");
            let name = "localhost".try_into().expect("it is a name");
            let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
            let stream = connector.connect(name, stream).await.expect("the certificate is known");
            assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
            let client = http2::Client::new(stream).await;
            let refused = client.call("PUT", "/metrics").await.expect("it is answered");
            assert_eq!((refused.status, refused.header("allow")), (405, Some("GET, HEAD")));
            let answer = client.call("GET", "/metrics").await.expect("it is answered");
            assert_eq!(answer.status, 200);
            String::from_utf8(answer.body).expect("it is text")
        })
    }

    #[test]
    fn metrics_go_over_tls() {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
        let files = Files::new(&made.cert.pem(), &made.signing_key.serialize_pem());
        let (registry, level) = level();
        level.set(6);
        let route = MetricsRoute::new("/metrics").registry(&registry);
        let (crt, key) = (files.0.join("tls.crt"), files.0.join("tls.key"));
        let server = bind().route(route).tls_files(&crt, &key).expect("the files are good");
        let server = server.spawn().expect("it starts");
        let mut roots = RootCertStore::empty();
        roots.add(made.cert.der().clone()).expect("a root");
        let answer = get(server.address(), roots).expect("the certificate is known");
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("level 6\n"), "{answer}");
        get(server.address(), RootCertStore::empty()).expect_err("the certificate is not known");
        let page = get_over_http2(server.address(), made.cert.der().clone());
        assert_eq!(page, "# HELP level Level.\n# TYPE level gauge\nlevel 6\n");
        // Without TLS there is no answer.
        let mut plain = TcpStream::connect(server.address()).expect("it listens");
        plain.write_all(b"GET /metrics HTTP/1.1\r\n\r\n").expect("it reads");
        let mut answer = Vec::new();
        let _reset = plain.read_to_end(&mut answer);
        assert!(!answer.starts_with(b"HTTP"), "{answer:?}");
        server.stop();
        for (certificates, private) in [(&key, &key), (&crt, &crt), (&files.0.join("none"), &key)] {
            let error = bind().tls_files(certificates, private).expect_err("these are none");
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert!(error.to_string().contains("metrics-actix-tls"), "{error}");
        }
    }
}
