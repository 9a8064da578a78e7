//! A server that runs beside the test, and a client that speaks over TCP.
#![allow(dead_code, reason = "every test file uses its own part")]
#![allow(missing_docs, missing_debug_implementations, unreachable_pub, reason = "this is part of tests")]

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use actix_web::{App, HttpServer, dev::ServerHandle, rt, web::ServiceConfig};
use metrics_actix::{HttpMetrics, MetricsRoute};
use metrics_core::Registry;

use crate::service::{routes, samples};

/// How long a busy machine may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// A server with two workers, stopped when this is dropped.
pub struct Server {
    pub registry: Registry,
    pub address: SocketAddr,
    handle: ServerHandle,
    thread: Option<thread::JoinHandle<()>>,
}

impl Server {
    pub fn start() -> Self {
        Self::start_with(false)
    }

    pub fn start_with(half_closed: bool) -> Self {
        Self::measured(half_closed, HttpMetrics::new)
    }

    /// A server that measures so.
    pub fn measured(half_closed: bool, measure: fn() -> HttpMetrics) -> Self {
        Self::with_routes(half_closed, measure, routes)
    }

    /// A server that measures these routes so.
    pub fn with_routes(
        half_closed: bool,
        measure: fn() -> HttpMetrics,
        routes: fn(&mut ServiceConfig),
    ) -> Self {
        let registry = Registry::new();
        let (sender, receiver) = mpsc::channel();
        let shown = registry.clone();
        let thread = thread::spawn(move || {
            rt::System::new().block_on(async {
                // Made in every worker, which is not the documented way and must be the same.
                let server = HttpServer::new(move || {
                    App::new()
                        .wrap(measure().registry(&shown))
                        .service(MetricsRoute::new("/internal/metrics").registry(&shown))
                        .configure(routes)
                })
                .workers(2)
                .h1_allow_half_closed(half_closed)
                .disable_signals()
                .shutdown_timeout(1)
                .bind(("127.0.0.1", 0))
                .expect("a free port");
                let address = server.addrs()[0];
                let server = server.run();
                sender.send((address, server.handle())).expect("the test waits");
                server.await.expect("the server runs");
            });
        });
        let (address, handle) = receiver.recv().expect("the server starts");
        Self { registry, address, handle, thread: Some(thread) }
    }

    /// A connection.
    pub fn open(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("the timeout is not zero");
        stream
    }

    /// Waits for a condition, as the server may learn a little later how a request has ended.
    pub fn wait(&self, condition: impl Fn() -> bool) {
        let start = Instant::now();
        while !condition() && start.elapsed() < PATIENCE {
            thread::sleep(Duration::from_millis(5));
        }
        assert!(condition(), "{}", self.registry.text());
    }

    /// A connection with a request that has been sent.
    pub fn send(&self, method: &str, path: &str) -> TcpStream {
        let mut stream = self.open();
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            .expect("the server reads");
        stream
    }

    /// All that the server answers until it closes the connection.
    pub fn call(&self, method: &str, path: &str) -> String {
        let mut stream = self.send(method, path);
        let mut response = Vec::new();
        // A connection that is reset ends the response as well.
        let _reset = stream.read_to_end(&mut response);
        String::from_utf8_lossy(&response).into_owned()
    }

    /// Waits for the page to have these samples, as the server may learn a little later how a request has ended.
    pub fn expect(&self, expected: &[String]) {
        let start = Instant::now();
        while samples(&self.registry) != expected && start.elapsed() < PATIENCE {
            thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(samples(&self.registry), expected);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(ended.is_ok() || thread::panicking(), "the server ended with a panic");
        }
    }
}
