//! Server and its configuration.

use std::{
    fmt, io,
    net::{SocketAddr, TcpListener, ToSocketAddrs},
    ops::RangeInclusive,
    sync::mpsc,
    thread,
};

use actix_web::{App, HttpServer, dev::Server, rt, web};

use super::{ports, running_server::RunningServer};
use crate::{health::HealthRoute, scrape::MetricsRoute};

/// Seconds that scrapes in flight have to end when the server stops.
const SHUTDOWN_SECONDS: u64 = 5;

/// Maximal number of connections. A scraper needs one.
const MAX_CONNECTIONS: usize = 256;

/// Server for the metrics on a port of its own, which need not be public.
///
/// It serves the global registry at `/metrics`, unless [another route](Self::route) is configured. It needs no actix-web
/// application: [`spawn`](Self::spawn) runs it on a thread of its own in any program. [`run`](Self::run) returns actix-web's server,
/// to run beside another one.
///
/// ```
/// use std::{io::{Read, Write}, net::TcpStream};
///
/// use metrics_actix::{MetricsRoute, MetricsServer};
/// use metrics_core::{Counter, Definition, Registry};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let registry = Registry::new();
/// let jobs: Counter = registry.register(&Definition::new("jobs_total", "Jobs that ended."))?;
/// jobs.inc();
/// let server = MetricsServer::bind("127.0.0.1:0")?; // port 0: a free one
/// let server = server.route(MetricsRoute::new("/metrics").registry(&registry)).spawn()?;
///
/// let mut stream = TcpStream::connect(server.address())?;
/// stream.write_all(b"GET /metrics HTTP/1.0\r\n\r\n")?;
/// let mut page = String::new();
/// stream.read_to_string(&mut page)?;
/// assert!(page.ends_with("\njobs_total 1\n"));
/// server.stop();
/// # Ok(())
/// # }
/// ```
pub struct MetricsServer {
    listener: TcpListener,
    address: SocketAddr,
    route: MetricsRoute,
    health: Option<HealthRoute>,
    #[cfg(feature = "rustls")]
    pub(super) tls: Option<rustls::ServerConfig>,
}

impl MetricsServer {
    /// Listens on an address. Connections are answered once the server runs.
    ///
    /// # Errors
    ///
    /// Returns the error of the system if the address is not available, as when another program listens on it.
    ///
    /// ```
    /// use metrics_actix::MetricsServer;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let server = MetricsServer::bind("127.0.0.1:0")?; // port 0: a free one
    /// assert_ne!(server.address().port(), 0);
    /// let error = MetricsServer::bind(server.address()).unwrap_err();
    /// assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
    /// # Ok(())
    /// # }
    /// ```
    pub fn bind(address: impl ToSocketAddrs) -> io::Result<Self> {
        Self::new(TcpListener::bind(address)?)
    }

    /// Listens on the first free port of a range, for several services on one machine.
    ///
    /// # Errors
    ///
    /// Returns an error if none of the ports is free, the range is empty, or the host is not an address of this machine.
    ///
    /// ```
    /// use metrics_actix::MetricsServer;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let one = MetricsServer::bind_first("127.0.0.1", 9464..=9563)?;
    /// let other = MetricsServer::bind_first("127.0.0.1", 9464..=9563)?;
    /// assert_ne!(one.address().port(), other.address().port());
    /// # Ok(())
    /// # }
    /// ```
    pub fn bind_first(host: &str, ports: RangeInclusive<u16>) -> io::Result<Self> {
        Self::new(ports::first_free(host, ports)?)
    }

    fn new(listener: TcpListener) -> io::Result<Self> {
        let address = listener.local_addr()?;
        Ok(Self {
            listener,
            address,
            route: MetricsRoute::new("/metrics"),
            health: None,
            #[cfg(feature = "rustls")]
            tls: None,
        })
    }

    /// Address that the server listens on.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves this route instead of the global registry at `/metrics`.
    pub fn route(mut self, route: MetricsRoute) -> Self {
        self.route = route;
        self
    }

    /// Serves the health route as well.
    ///
    /// ```
    /// use metrics_actix::{HealthRoute, MetricsServer};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// use std::{io::{Read, Write}, net::TcpStream};
    ///
    /// let server = MetricsServer::bind("127.0.0.1:0")?.health(HealthRoute::new("/health")).spawn()?;
    /// let mut stream = TcpStream::connect(server.address())?;
    /// stream.write_all(b"GET /health HTTP/1.0\r\n\r\n")?;
    /// let mut answer = String::new();
    /// stream.read_to_string(&mut answer)?;
    /// assert!(answer.ends_with("{\"status\":\"ok\",\"checks\":[]}\n"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn health(mut self, health: HealthRoute) -> Self {
        self.health = Some(health);
        self
    }

    /// Returns actix-web's server, to be awaited beside another one. Call it inside actix-web's or tokio's runtime.
    ///
    /// It stops on the signals of actix-web's servers, and by its `handle()`. On SIGTERM and `stop(true)` scrapes in flight have five
    /// seconds to end, on Ctrl-C and `stop(false)` none.
    ///
    /// # Errors
    ///
    /// Returns an error if the route has [configuration errors](MetricsRoute::config_errors), and if the system refuses to listen.
    ///
    /// ```no_run
    /// use actix_web::{App, HttpResponse, HttpServer, web};
    /// use metrics_actix::{HttpMetrics, MetricsServer};
    ///
    /// #[actix_web::main]
    /// async fn main() -> std::io::Result<()> {
    ///     let http = HttpMetrics::new();
    ///     let service = HttpServer::new(move || {
    ///         App::new().wrap(http.clone()).route("/", web::get().to(HttpResponse::Ok))
    ///     });
    ///     let service = service.bind("0.0.0.0:8080")?.run();
    ///     let metrics = MetricsServer::bind("127.0.0.1:9464")?.run()?;
    ///     // Both stop on Ctrl-C.
    ///     let (served, shown) = futures_util::future::join(service, metrics).await;
    ///     served.and(shown)
    /// }
    /// ```
    pub fn run(self) -> io::Result<Server> {
        self.start(true)
    }

    /// Runs the server on a thread of its own until [`RunningServer::stop`] or the end of the program.
    ///
    /// It installs no signal handlers, and does not keep the program from ending.
    ///
    /// # Errors
    ///
    /// Returns an error if the route has [configuration errors](MetricsRoute::config_errors), and if the system refuses to listen or
    /// to start a thread.
    ///
    /// ```
    /// use std::net::TcpStream;
    ///
    /// use metrics_actix::MetricsServer;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let server = MetricsServer::bind("127.0.0.1:0")?.spawn()?;
    /// assert!(TcpStream::connect(server.address()).is_ok());
    /// drop(server); // it runs on until the program ends, which it does here
    /// # Ok(())
    /// # }
    /// ```
    pub fn spawn(self) -> io::Result<RunningServer> {
        let address = self.address;
        let (sender, started) = mpsc::sync_channel(1);
        let serve = move || {
            rt::System::new().block_on(async {
                match self.start(false) {
                    Ok(server) => {
                        let _ignored = sender.send(Ok(server.handle()));
                        if let Err(error) = server.await {
                            log::error!("the metrics server at {address} has ended: {error}");
                        }
                    }
                    Err(error) => {
                        let _ignored = sender.send(Err(error));
                    }
                }
            });
        };
        let thread = thread::Builder::new().name("metrics-server".into()).spawn(serve)?;
        let handle = started.recv().map_err(|_| io::Error::other("the metrics server did not start"))??;
        Ok(RunningServer::new(address, handle, thread))
    }

    fn start(self, with_signals: bool) -> io::Result<Server> {
        if !self.route.config_errors().is_empty() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, self.route.config_errors().join("; ")));
        }
        let (route, health) = (self.route, self.health);
        let server = HttpServer::new(move || {
            let health = health.clone();
            let health = |config: &mut web::ServiceConfig| {
                if let Some(health) = health {
                    config.service(health);
                }
            };
            App::new().service(route.clone()).configure(health)
        });
        let server = server.workers(1).max_connections(MAX_CONNECTIONS).shutdown_timeout(SHUTDOWN_SECONDS);
        let server = if with_signals { server } else { server.disable_signals() };
        #[cfg(feature = "rustls")]
        if let Some(tls) = self.tls {
            return Ok(server.listen_rustls_0_23(self.listener, tls)?.run());
        }
        Ok(server.listen(self.listener)?.run())
    }
}

impl fmt::Debug for MetricsServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MetricsServer")
            .field("address", &self.address)
            .field("route", &self.route)
            .finish_non_exhaustive()
    }
}
