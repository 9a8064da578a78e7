//! Receivers that answer by a script.

use std::{
    io::{self, BufRead, BufReader, Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

/// Answer to one request.
#[derive(Clone, Copy, Debug)]
pub enum Answer {
    /// A status, with further header lines, each ending with a line break.
    Status(u16, &'static str),
    /// The connection is closed after the request is read.
    CloseEarly,
    /// The connection is closed in the middle of the response's head.
    CloseInHead,
    /// Nothing, while the connection stays open.
    Hang,
    /// A head, and then one byte at a time, for ever.
    Trickle,
    /// A head and a body without an end, as fast as it is read.
    Endless,
}

/// A request that was read whole.
#[derive(Clone, Debug)]
pub struct Request {
    /// Method and target.
    pub line: String,
    /// Header lines, names in lower case.
    pub headers: Vec<String>,
    /// Body.
    pub body: Vec<u8>,
}

/// A server that answers by a script, and then with the last answer for ever.
#[derive(Debug)]
pub struct Receiver {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Receiver {
    /// Starts a receiver on a free port. Its threads end with the test.
    pub fn start(script: &[Answer]) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (kept, script) = (Arc::clone(&requests), script.to_vec());
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(request) = read(&client) else { continue };
                let number = {
                    let mut requests = kept.lock().unwrap_or_else(PoisonError::into_inner);
                    requests.push(request);
                    requests.len() - 1
                };
                let given = script.get(number).or(script.last()).copied().expect("a script");
                thread::spawn(move || answer(client, given));
            }
        });
        Self { address, requests }
    }

    /// Returns its URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns its address.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the requests so far.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn read(client: &TcpStream) -> io::Result<Request> {
    let mut reader = BufReader::new(client);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    if lines.is_empty() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let line = lines.remove(0);
    let headers: Vec<_> = lines
        .iter()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| format!("{}: {value}", name.to_lowercase()))
        .collect();
    let length = headers.iter().find_map(|header| header.strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body)?;
    Ok(Request { line, headers, body })
}

/// Answers until it is done or the client has gone.
fn answer(mut client: TcpStream, answer: Answer) -> Option<()> {
    const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";
    match answer {
        Answer::Status(status, headers) => {
            let head = format!(
                "HTTP/1.1 {status} Status\r\n{headers}Connection: close\r\nContent-Length: 0\r\n\r\n"
            );
            client.write_all(head.as_bytes()).ok()
        }
        Answer::CloseEarly => None,
        Answer::CloseInHead => client.write_all(b"HTTP/1.1 200 O").ok(),
        // The client never sends more, so this ends when it closes the connection.
        Answer::Hang => client.read(&mut [0]).ok().map(drop),
        Answer::Trickle => {
            client.write_all(HEAD).ok()?;
            loop {
                client.write_all(b"x").ok()?;
                thread::sleep(Duration::from_millis(5));
            }
        }
        Answer::Endless => {
            client.write_all(HEAD).ok()?;
            loop {
                client.write_all(&[b'x'; 1 << 13]).ok()?;
            }
        }
    }
}
