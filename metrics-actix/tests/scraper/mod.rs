//! Server with a metrics route, and a client over TCP.
#![allow(dead_code, unreachable_pub, reason = "each test uses some of it")]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use actix_web::{App, HttpServer, dev::ServerHandle, rt, web};
use metrics_actix::MetricsRoute;
use metrics_core::Registry;

/// A server with one worker, stopped when this is dropped.
pub struct Server {
    pub address: SocketAddr,
    handle: ServerHandle,
    thread: Option<thread::JoinHandle<()>>,
}

impl Server {
    pub fn start(route: impl Fn() -> MetricsRoute + Clone + Send + 'static) -> Self {
        let (sender, receiver) = mpsc::channel();
        let thread = thread::spawn(move || {
            rt::System::new().block_on(async {
                let app = move || App::new().service(route()).route("/ping", web::get().to(async || "pong"));
                let server = HttpServer::new(app).workers(1).disable_signals().shutdown_timeout(1);
                let server = server.bind(("127.0.0.1", 0)).expect("a free port");
                let address = server.addrs()[0];
                let server = server.run();
                sender.send((address, server.handle())).expect("the test waits");
                server.await.expect("the server runs");
            });
        });
        let (address, handle) = receiver.recv().expect("the server starts");
        Self { address, handle, thread: Some(thread) }
    }

    pub fn connect(&self) -> Connection {
        Connection::to(self.address)
    }

    /// Sends a GET request on a new connection and returns the response.
    pub fn get(&self, target: &str, headers: &[(&str, &str)]) -> Answer {
        self.request("GET", target, headers)
    }

    pub fn request(&self, method: &str, target: &str, headers: &[(&str, &str)]) -> Answer {
        let mut connection = self.connect();
        connection.send(method, target, headers);
        connection.answer(method)
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

pub struct Connection(pub BufReader<TcpStream>);

/// Response of a server.
#[derive(Debug)]
pub struct Answer {
    pub head: Head,
    pub body: Vec<u8>,
    /// Set if the body is complete.
    pub is_whole: bool,
}

#[derive(Debug)]
pub struct Head {
    pub status: u16,
    /// Names in lower case.
    pub fields: Vec<(String, String)>,
}

impl Head {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| &**value)
    }

    pub fn all(&self, name: &str) -> Vec<&str> {
        self.fields.iter().filter(|(field, _)| field == name).map(|(_, value)| &**value).collect()
    }
}

impl Answer {
    pub fn status(&self) -> u16 {
        self.head.status
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("the body is text")
    }
}

impl Connection {
    pub fn to(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("the server listens");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("the time is not zero");
        Self(BufReader::new(stream))
    }

    pub fn send(&mut self, method: &str, target: &str, headers: &[(&str, &str)]) {
        let mut request = format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\n");
        for (name, value) in headers {
            request.extend([name, ": ", value, "\r\n"]);
        }
        request.push_str("\r\n");
        self.send_raw(request.as_bytes());
    }

    pub fn send_raw(&mut self, request: &[u8]) {
        self.0.get_mut().write_all(request).expect("the server reads");
    }

    pub fn head(&mut self) -> Head {
        let status = self.line();
        let status = status.get(9..12).and_then(|code| code.parse().ok()).unwrap_or_default();
        let mut fields = Vec::new();
        loop {
            let line = self.line();
            let Some((name, value)) = line.split_once(':') else { break };
            fields.push((name.to_lowercase(), value.trim().to_owned()));
        }
        Head { status, fields }
    }

    /// Reads the response to a request with this method. The status is 0 if the connection is closed.
    pub fn answer(&mut self, method: &str) -> Answer {
        let head = self.head();
        let mut body = Vec::new();
        let is_whole =
            head.status != 0 && (method == "HEAD" || self.body(&head, |part| body.extend_from_slice(part)));
        Answer { head, body, is_whole }
    }

    /// Reads a body; returns `true` if it is complete.
    pub fn body(&mut self, head: &Head, mut each: impl FnMut(&[u8])) -> bool {
        let mut part = vec![0; 1 << 16];
        let mut read = |connection: &mut Self, mut left: usize| {
            while left > 0 {
                let most = left.min(part.len());
                let count = connection.0.read(&mut part[..most]).unwrap_or(0);
                if count == 0 {
                    return false;
                }
                each(&part[..count]);
                left -= count;
            }
            true
        };
        if let Some(length) = head.get("content-length") {
            let length = length.parse().expect("a length is a number");
            return read(self, length);
        }
        assert_eq!(head.get("transfer-encoding"), Some("chunked"));
        loop {
            let line = self.line();
            let Ok(length) = usize::from_str_radix(&line, 16) else { return false };
            if !read(self, length) || !self.line().is_empty() {
                return false;
            }
            if length == 0 {
                return true;
            }
        }
    }

    fn line(&mut self) -> String {
        let mut line = Vec::new();
        let _closed = self.0.read_until(b'\n', &mut line);
        String::from_utf8_lossy(&line).trim_end().to_owned()
    }
}

/// Returns the value of a sample on the page of a registry.
pub fn value(registry: &Registry, sample: &str) -> u64 {
    let page = registry.text();
    let line = page.lines().find_map(|line| line.strip_prefix(sample)?.strip_prefix(' '));
    line.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("no {sample} in\n{page}"))
}

/// Waits for a condition.
pub fn wait_for(what: &str, mut is_there: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_there() {
        assert!(start.elapsed() < Duration::from_secs(120), "{what} does not come");
        thread::sleep(Duration::from_millis(2));
    }
}

/// Sends a request on a new connection and returns the response.
pub fn ask(address: SocketAddr, method: &str, target: &str, headers: &[(&str, &str)]) -> Answer {
    let mut connection = Connection::to(address);
    connection.send(method, target, headers);
    connection.answer(method)
}
