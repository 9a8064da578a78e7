//! A server that answers by a script and keeps what it was sent.

use std::{
    io::{self, BufRead, BufReader, Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

/// A request that was read whole.
#[derive(Clone, Debug)]
pub struct Received {
    /// Method, target and version.
    pub line: String,
    /// Names, in lower case, and values of the header fields.
    pub headers: Vec<(String, String)>,
    /// Body as it was sent.
    pub body: Vec<u8>,
}

impl Received {
    /// Returns the path with the query.
    pub fn target(&self) -> &str {
        self.line.split(' ').nth(1).unwrap_or_default()
    }

    /// Returns the value of a header field, or an empty text.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(header, _)| header == name).map_or("", |(_, value)| value)
    }
}

/// Answer to one request.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A response: the status line with the header fields, and the body.
    Response(String, Vec<u8>),
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

impl Answer {
    /// Creates a response with a status and without a body.
    pub fn status(status: u16) -> Self {
        Self::Response(format!("HTTP/1.1 {status} Status\r\n"), Vec::new())
    }

    /// Adds a header field to a response.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Self::Response(head, _) = &mut self {
            for part in [name, ": ", value, "\r\n"] {
                head.push_str(part);
            }
        }
        self
    }

    /// Sets the body of a response.
    #[must_use]
    pub fn body(self, body: impl Into<Vec<u8>>) -> Self {
        match self {
            Self::Response(head, _) => Self::Response(head, body.into()),
            other => other,
        }
    }
}

/// A running server. It gives its answers in turn, and the last one from then on.
#[derive(Debug)]
pub struct ScriptedServer {
    address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
}

impl ScriptedServer {
    /// Starts a server on a free port. Its threads end with the test.
    pub fn start(answers: impl Into<Vec<Answer>>) -> Self {
        let answers = answers.into();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let received = Arc::<Mutex<Vec<Received>>>::default();
        let kept = Arc::clone(&received);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                // The client may end a connection that it keeps.
                let Ok(request) = read(&client) else { continue };
                let number = {
                    let mut received = kept.lock().unwrap_or_else(PoisonError::into_inner);
                    received.push(request);
                    received.len() - 1
                };
                let given = answers.get(number).or(answers.last()).cloned().expect("an answer");
                thread::spawn(move || answer(client, &given));
            }
        });
        Self { address, received }
    }

    /// Returns the URL of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Returns its address.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the requests so far.
    pub fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn read(client: &TcpStream) -> io::Result<Received> {
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
    let header = |line: &String| {
        let (name, value) = line.split_once(':')?;
        Some((name.to_lowercase(), value.trim().to_owned()))
    };
    let mut request = Received { line, headers: lines.iter().filter_map(header).collect(), body: Vec::new() };
    request.body.resize(request.header("content-length").parse().unwrap_or(0), 0);
    reader.read_exact(&mut request.body)?;
    Ok(request)
}

/// Answers until it is done or the client has gone.
fn answer(mut client: TcpStream, answer: &Answer) -> Option<()> {
    const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";
    match answer {
        Answer::Response(head, body) => {
            let end = format!("Connection: close\r\nContent-Length: {}\r\n\r\n", body.len());
            client.write_all(&[head.as_bytes(), end.as_bytes(), body].concat()).ok()
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
