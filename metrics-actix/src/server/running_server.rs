//! Server on a thread of its own.

use std::{fmt, net::SocketAddr, thread::JoinHandle};

use actix_web::dev::ServerHandle;

/// Running [`MetricsServer`](crate::MetricsServer) on a thread of its own. It runs on if this value is dropped.
pub struct RunningServer {
    address: SocketAddr,
    handle: ServerHandle,
    thread: JoinHandle<()>,
}

impl RunningServer {
    pub(super) const fn new(address: SocketAddr, handle: ServerHandle, thread: JoinHandle<()>) -> Self {
        Self { address, handle, thread }
    }

    /// Address that the server listens on.
    ///
    /// ```
    /// use metrics_actix::MetricsServer;
    ///
    /// let server = MetricsServer::bind(("127.0.0.1", 0))?.spawn()?; // any free port
    /// println!("metrics at http://{}/metrics", server.address());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops the server and waits until it has stopped; scrapes in flight have five seconds to end.
    ///
    /// This blocks. In async code await `handle().stop(true)` instead.
    ///
    /// ```
    /// use std::net::TcpStream;
    ///
    /// use metrics_actix::MetricsServer;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let server = MetricsServer::bind("127.0.0.1:0")?.spawn()?;
    /// assert!(TcpStream::connect(server.address()).is_ok());
    /// server.stop(); // the port is free from here on
    /// # Ok(())
    /// # }
    /// ```
    pub fn stop(self) {
        // The call gives the order; the future only waits.
        drop(self.handle.stop(true));
        if self.thread.join().is_err() {
            log::error!("the metrics server at {} has ended with a panic", self.address);
        }
    }

    /// Returns the handle that pauses and stops the server.
    ///
    /// ```
    /// use metrics_actix::MetricsServer;
    ///
    /// # #[actix_web::main]
    /// # async fn main() -> std::io::Result<()> {
    /// let server = MetricsServer::bind("127.0.0.1:0")?.spawn()?;
    /// assert!(std::net::TcpStream::connect(server.address()).is_ok());
    /// server.handle().stop(true).await; // the port is free from here on
    /// # Ok(())
    /// # }
    /// ```
    pub fn handle(&self) -> ServerHandle {
        self.handle.clone()
    }
}

impl fmt::Debug for RunningServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunningServer").field("address", &self.address).finish_non_exhaustive()
    }
}
