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

use actix_web::{
    App, Error, HttpServer,
    body::{BoxBody, MessageBody},
    dev::{self, ServerHandle, ServiceRequest, ServiceResponse},
    error::ErrorGatewayTimeout,
    middleware::{Condition, Next, from_fn},
    rt,
    web::ServiceConfig,
};
use metrics_actix::{HttpMetrics, MetricsRoute};
use metrics_core::Registry;

use crate::service::{routes, samples};

/// Time limit for everything that has to come: long enough for any machine.
const LONG: Duration = Duration::from_secs(60);

/// A server with two workers, stopped when this is dropped.
pub struct Server {
    pub registry: Registry,
    pub address: SocketAddr,
    handle: ServerHandle,
    thread: Option<thread::JoinHandle<()>>,
}

/// A server of an `HttpServer`, made of the registry that it counts in.
#[allow(unused_macros, reason = "every test file uses its own part")]
macro_rules! serve {
    (|$registry:ident| $server:expr) => {
        $crate::listening::Server::of(move |$registry| {
            let server = $server.workers(2).disable_signals().shutdown_timeout(1);
            let server = server.bind(("127.0.0.1", 0)).expect("a free port");
            (server.addrs()[0], server.run())
        })
    };
}

#[allow(unused_imports, reason = "every test file uses its own part")]
pub(crate) use serve;

/// Options of a server.
#[derive(Clone, Copy)]
pub struct Setup {
    pub half_closed: bool,
    pub measure: fn() -> HttpMetrics,
    pub routes: fn(&mut ServiceConfig),
    /// Time limit of an outer middleware, if there is one.
    pub time_limit: Option<Duration>,
    /// Time limit of the server for the head of a request.
    pub head_timeout: Duration,
}

impl Default for Setup {
    fn default() -> Self {
        Self { half_closed: false, measure: HttpMetrics::new, routes, time_limit: None, head_timeout: LONG }
    }
}

/// Limits the time of a request.
async fn with_time_limit(
    time_limit: Option<Duration>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match rt::time::timeout(time_limit.unwrap_or(LONG), next.call(request)).await {
        Ok(response) => Ok(response?.map_into_boxed_body()),
        Err(_) => Err(ErrorGatewayTimeout("too late")),
    }
}

impl Server {
    pub fn start() -> Self {
        Self::set_up(Setup::default())
    }

    pub fn start_with(half_closed: bool) -> Self {
        Self::set_up(Setup { half_closed, ..Setup::default() })
    }

    /// Starts a server with these metrics.
    pub fn measured(half_closed: bool, measure: fn() -> HttpMetrics) -> Self {
        Self::set_up(Setup { half_closed, measure, ..Setup::default() })
    }

    /// Starts a server with these metrics and routes.
    pub fn with_routes(
        half_closed: bool,
        measure: fn() -> HttpMetrics,
        routes: fn(&mut ServiceConfig),
    ) -> Self {
        Self::set_up(Setup { half_closed, measure, routes, ..Setup::default() })
    }

    pub fn set_up(setup: Setup) -> Self {
        serve!(|registry| {
            // Made in every worker, which is not the documented way and must count the same.
            let server = HttpServer::new(move || {
                App::new()
                    .wrap((setup.measure)().registry(&registry))
                    .wrap(Condition::new(
                        setup.time_limit.is_some(),
                        from_fn(move |request, next| with_time_limit(setup.time_limit, request, next)),
                    ))
                    .service(MetricsRoute::new("/internal/metrics").registry(&registry))
                    .configure(setup.routes)
            });
            server.h1_allow_half_closed(setup.half_closed).client_request_timeout(setup.head_timeout)
        })
    }

    /// Starts a server with any services, see [`serve`].
    pub fn of(make: impl FnOnce(Registry) -> (SocketAddr, dev::Server) + Send + 'static) -> Self {
        let registry = Registry::new();
        let (sender, receiver) = mpsc::channel();
        let shown = registry.clone();
        let thread = thread::spawn(move || {
            rt::System::new().block_on(async {
                let (address, server) = make(shown);
                sender.send((address, server.handle())).expect("the test waits");
                server.await.expect("the server runs");
            });
        });
        let (address, handle) = receiver.recv().expect("the server starts");
        Self { registry, address, handle, thread: Some(thread) }
    }

    /// Opens a connection.
    pub fn open(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("the server listens");
        stream.set_read_timeout(Some(LONG)).expect("the timeout is not zero");
        stream
    }

    /// Waits for a condition: the server may notice the end of a request a little later.
    pub fn wait(&self, condition: impl Fn() -> bool) {
        let start = Instant::now();
        while !condition() && start.elapsed() < LONG {
            thread::sleep(Duration::from_millis(5));
        }
        assert!(condition(), "{}", self.registry.text());
    }

    /// Opens a connection and sends a request.
    pub fn send(&self, method: &str, path: &str) -> TcpStream {
        let mut stream = self.open();
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            .expect("the server reads");
        stream
    }

    /// Sends a request and returns all that the server sends until it closes the connection.
    pub fn call(&self, method: &str, path: &str) -> String {
        let mut stream = self.send(method, path);
        let mut response = Vec::new();
        // A reset connection ends the response as well.
        let _reset = stream.read_to_end(&mut response);
        String::from_utf8_lossy(&response).into_owned()
    }

    /// Waits until the page has these samples: the server may notice the end of a request a little later.
    pub fn expect(&self, expected: &[String]) {
        let start = Instant::now();
        while samples(&self.registry) != expected && start.elapsed() < LONG {
            thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(samples(&self.registry), expected);
    }

    /// Waits until the page has these samples, without the gauges, and all gauges are zero: requests whose path is rewritten are in
    /// progress under another endpoint.
    pub fn expect_under_others(&self, mut expected: Vec<String>) {
        let is_gauge = |sample: &String| sample.starts_with("http_requests_in_progress");
        expected.retain(|sample| !is_gauge(sample));
        self.wait(|| {
            let (gauges, others): (Vec<_>, Vec<_>) = samples(&self.registry).into_iter().partition(is_gauge);
            others == expected && gauges.iter().all(|gauge| gauge.ends_with(" 0"))
        });
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
