//! A server with a registry's page in each format, for a scraper.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    thread,
};

use metrics_core::{Format, Page, Registry, Scrape};

/// Paths by their format; at the last path, and at any other, the server chooses.
pub const PATHS: [(&str, Option<Format>); 4] = [
    ("text", Some(Format::Text)),
    ("openmetrics", Some(Format::OpenMetrics)),
    ("protobuf", Some(Format::Protobuf)),
    ("negotiated", None),
];

/// Serves a registry's page until the program ends.
pub fn serve(registry: &Registry) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("the port");
    let registry = registry.clone();
    thread::spawn(move || {
        for stream in listener.incoming() {
            // The scraper may end during a request.
            let _ = answer(&registry, &stream.expect("a connection"));
        }
    });
    address
}

fn answer(registry: &Registry, mut stream: &TcpStream) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next().expect("a request")?;
    let mut accept = Vec::new();
    for line in lines {
        let line = line?;
        match line.split_once(": ") {
            None => break,
            Some((name, value)) if name.eq_ignore_ascii_case("accept") => accept.push(value.to_owned()),
            Some(_) => {}
        }
    }
    let format = PATHS.iter().find(|(path, _)| first.contains(&format!(" /{path} ")));
    let format = format.and_then(|(_, format)| *format);
    let scrape = format.map_or_else(|| Scrape::negotiate(&accept, ["identity"]), Scrape::new);
    let mut page = Page::default();
    registry.scrape(&scrape, &mut page);
    let (kind, length) = (page.content_type(), page.as_ref().len());
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
    )?;
    stream.write_all(page.as_ref())
}
