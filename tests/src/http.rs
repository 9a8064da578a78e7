//! A small HTTP/1.1 client: one connection for each request, without redirects.

use std::{
    fmt::Write as _,
    io::{self, Read, Write as _},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// Longest silence of a server.
const SILENCE: Duration = Duration::from_secs(120);

/// A response.
#[derive(Debug)]
pub struct Response {
    /// Status code.
    pub status: u16,
    /// Names, in lower case, and values of the header fields.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: String,
}

impl Response {
    /// Returns the value of a header field, whose name must be in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }
}

/// Sends `GET` and reads the whole response.
///
/// # Errors
///
/// See [`request`].
pub fn get(address: SocketAddr, target: &str) -> io::Result<Response> {
    request("GET", address, target)
}

/// Sends `GET` with an `Accept` header, and reads the whole response.
///
/// # Errors
///
/// See [`request`].
pub fn get_as(address: SocketAddr, target: &str, accept: &str) -> io::Result<Response> {
    let mut stream = connect(address)?;
    let request =
        format!("GET {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nAccept: {accept}\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    read(stream)
}

/// Sends a request without a body and reads the whole response.
///
/// # Errors
///
/// Returns an error if the connection fails, the server stays silent, or the response is incomplete or not HTTP/1.1.
pub fn request(method: &str, address: SocketAddr, target: &str) -> io::Result<Response> {
    read(send(method, address, target)?)
}

/// Sends `POST` with a body and reads the whole response.
///
/// # Errors
///
/// See [`request`].
pub fn post(address: SocketAddr, target: &str, content_type: &str, content: &str) -> io::Result<Response> {
    let mut stream = connect(address)?;
    write!(
        stream,
        "POST {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: {content_type}\r\n\
         Content-Length: {}\r\n\r\n{content}",
        content.len(),
    )?;
    read(stream)
}

/// Sends a request without a body and does not read the response. Dropping the stream disconnects the client.
///
/// # Errors
///
/// Returns the error of the connection.
pub fn send(method: &str, address: SocketAddr, target: &str) -> io::Result<TcpStream> {
    let mut stream = connect(address)?;
    let request = format!("{method} {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    Ok(stream)
}

fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&address, SILENCE)?;
    stream.set_read_timeout(Some(SILENCE))?;
    stream.set_write_timeout(Some(SILENCE))?;
    Ok(stream)
}

fn read(mut stream: TcpStream) -> io::Result<Response> {
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    parse(&answer).ok_or_else(|| {
        let shown = String::from_utf8_lossy(&answer);
        io::Error::new(io::ErrorKind::InvalidData, format!("not an HTTP/1.1 answer: {shown:?}"))
    })
}

/// Escapes a text as a value in a query.
pub fn query_value(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").expect("writing to a string");
        }
    }
    encoded
}

fn parse(answer: &[u8]) -> Option<Response> {
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n")?;
    let mut head = str::from_utf8(&answer[..end]).ok()?.split("\r\n");
    let status = head.next()?.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
    let headers = head
        .map(|line| line.split_once(':').map(|(name, value)| (name.to_lowercase(), value.trim().to_owned())))
        .collect::<Option<_>>()?;
    let mut response = Response { status, headers, body: String::new() };
    let content = &answer[end + 4..];
    let body = match (response.header("transfer-encoding"), response.header("content-length")) {
        (Some("chunked"), _) => unchunk(content)?,
        // A response to HEAD has a length and no body.
        (None, Some(length)) if content.is_empty() || length == content.len().to_string() => content.to_vec(),
        (None, None) => content.to_vec(),
        _ => return None,
    };
    response.body = String::from_utf8(body).ok()?;
    Some(response)
}

/// Joins the chunks of a body; returns `None` if the last one is missing.
fn unchunk(mut content: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::new();
    loop {
        let line = content.windows(2).position(|window| window == b"\r\n")?;
        let size = str::from_utf8(&content[..line]).ok()?.split(';').next()?;
        let size = usize::from_str_radix(size.trim(), 16).ok()?;
        content = &content[line + 2..];
        if size == 0 {
            return Some(whole);
        }
        whole.extend_from_slice(content.get(..size)?);
        content = content.get(size + 2..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::{parse, query_value};

    #[test]
    fn content_comes_whole_with_a_length_and_in_chunks() {
        let counted = parse(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello").unwrap();
        assert_eq!((counted.status, counted.body.as_str()), (200, "hello"));
        let chunks = b"HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n";
        let chunked = parse(chunks).unwrap();
        assert_eq!((chunked.status, chunked.body.as_str()), (404, "hello"));
    }

    #[test]
    fn an_answer_that_stops_early_is_none() {
        assert!(parse(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello").is_none());
        assert!(parse(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n").is_none());
        assert!(parse(b"HTTP/1.1 200 OK\r\n").is_none());
    }

    #[test]
    fn a_query_is_safe_in_a_target() {
        assert_eq!(query_value("up{a=\"b\"} 1"), "up%7Ba%3D%22b%22%7D%201");
    }
}
