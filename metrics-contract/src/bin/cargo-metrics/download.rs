//! A page by HTTP/1.0.

use std::{
    io::{Read as _, Write as _},
    net::{TcpStream, ToSocketAddrs as _},
    time::Duration,
};

/// Limit of connecting, and of each read.
const PATIENCE: Duration = Duration::from_secs(10);
/// Size past which a page is refused.
const MAX_BYTES: u64 = 256 << 20;

/// Downloads a page of metrics. TLS is left to others.
pub(crate) fn download(url: &str) -> Result<String, String> {
    let Some(rest) = url.strip_prefix("http://") else {
        return Err(format!(
            "{url}: only http:// is spoken here; pipe others: `curl -s {url} | cargo metrics live -`"
        ));
    };
    let (host, path) = rest.find('/').map_or((rest, "/metrics"), |at| rest.split_at(at));
    let address = if host.contains("]:") || !host.ends_with(']') && host.contains(':') {
        host.to_owned()
    } else {
        format!("{host}:80")
    };
    request(&address, host, path).map_err(|error| format!("{url}: {error}"))
}

fn request(address: &str, host: &str, path: &str) -> Result<String, String> {
    let said = |error: std::io::Error| error.to_string();
    let mut addresses = address.to_socket_addrs().map_err(said)?;
    let address = addresses.next().ok_or("the name has no address")?;
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE).map_err(said)?;
    stream.set_read_timeout(Some(PATIENCE)).map_err(said)?;
    // A response of HTTP/1.0 ends with the connection.
    let request = format!(
        "GET {path} HTTP/1.0\r\nHost: {host}\r\nAccept: text/plain;version=0.0.4\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).map_err(said)?;
    let mut response = Vec::new();
    stream.take(MAX_BYTES).read_to_end(&mut response).map_err(said)?;
    let response = String::from_utf8_lossy(&response);
    let (head, body) = response.split_once("\r\n\r\n").ok_or("no HTTP response")?;
    let status = head.lines().next().unwrap_or_default();
    if status.split(' ').nth(1) != Some("200") {
        return Err(format!("the response is `{status}`"));
    }
    Ok(body.to_owned())
}
