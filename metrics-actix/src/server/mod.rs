//! A server for the metrics alone.

mod ports;
mod running;
#[cfg(feature = "rustls")]
mod tls;

use std::{
    fmt, io,
    net::{SocketAddr, TcpListener, ToSocketAddrs},
    ops::RangeInclusive,
    sync::mpsc,
    thread,
};

use actix_web::{App, HttpServer, dev::Server, rt, web};
pub use running::RunningServer;

use crate::{health::HealthRoute, route::MetricsRoute};

/// How long scrapes may go on when the server stops, in seconds.
const SHUTDOWN: u64 = 5;

/// How many connections there are at most. A scraper needs one.
const MOST_CONNECTIONS: usize = 256;

/// A server that shows the metrics on a port of its own, which need not be reachable from where the service is.
///
/// It shows the global registry at `/metrics`, unless it is told [another route](Self::route). It needs no actix-web
/// application: [`spawn`](Self::spawn) runs it on a thread of its own in any program, and [`run`](Self::run) gives actix-web's
/// server, to run beside another one.
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
    tls: Option<rustls::ServerConfig>,
}

impl MetricsServer {
    /// Listens on an address; connections are answered once the server runs.
    ///
    /// # Errors
    ///
    /// Where the address cannot be had, as another program has it.
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

    /// Listens on the first port of some that is free: for several services on one machine.
    ///
    /// # Errors
    ///
    /// Where none of them is free, there is none in the range, or the host is none of this machine's.
    ///
    /// ```
    /// use metrics_actix::MetricsServer;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let one = MetricsServer::bind_first("127.0.0.1", 9464..=9474)?;
    /// let other = MetricsServer::bind_first("127.0.0.1", 9464..=9474)?;
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

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Shows the metrics as this route does, in place of the global registry at `/metrics`.
    pub fn route(mut self, route: MetricsRoute) -> Self {
        self.route = route;
        self
    }

    /// Tells the health of the service as well.
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

    /// actix-web's server, to be awaited beside another one; it is called where actix-web or tokio runs.
    ///
    /// It stops on the signals on which actix-web's servers stop, and by its `handle()`: on SIGTERM and `stop(true)` scrapes
    /// that have begun have five seconds to end, on Ctrl-C and `stop(false)` none.
    ///
    /// # Errors
    ///
    /// Where the route has [mistakes](MetricsRoute::mistakes), and where the system refuses.
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

    /// Runs the server on a thread of its own, until it is told to [stop](RunningServer::stop) or the program ends.
    ///
    /// It does not touch the program's signals, and keeps no program from ending.
    ///
    /// # Errors
    ///
    /// Where the route has [mistakes](MetricsRoute::mistakes), and where the system refuses.
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
                        let _nobody_waits = sender.send(Ok(server.handle()));
                        if let Err(error) = server.await {
                            log::error!("the metrics server at {address} has ended: {error}");
                        }
                    }
                    Err(error) => {
                        let _nobody_waits = sender.send(Err(error));
                    }
                }
            });
        };
        let thread = thread::Builder::new().name("metrics-server".into()).spawn(serve)?;
        let handle = started.recv().map_err(|_| io::Error::other("the metrics server did not start"))??;
        Ok(RunningServer::new(address, handle, thread))
    }

    fn start(self, with_signals: bool) -> io::Result<Server> {
        if !self.route.mistakes().is_empty() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, self.route.mistakes().join("; ")));
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
        let server = server.workers(1).max_connections(MOST_CONNECTIONS).shutdown_timeout(SHUTDOWN);
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
