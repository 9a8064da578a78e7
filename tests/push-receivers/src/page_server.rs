//! A server of a registry's page in protobuf.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    thread,
};

use metrics_core::{Format, Page, Registry, Scrape};

/// Serves a registry's page in the protobuf format until the program ends, and returns the address.
pub fn serve(registry: &Registry) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("the port");
    let registry = registry.clone();
    thread::spawn(move || {
        for stream in listener.incoming() {
            // The server may end during a request.
            let _ = answer(&registry, &stream.expect("a connection"));
        }
    });
    address
}

fn answer(registry: &Registry, mut stream: &TcpStream) -> std::io::Result<()> {
    for line in BufReader::new(stream).lines() {
        if line?.is_empty() {
            break;
        }
    }
    let mut page = Page::default();
    registry.scrape(&Scrape::new(Format::Protobuf), &mut page);
    let (kind, length) = (page.content_type(), page.as_ref().len());
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
    )?;
    stream.write_all(page.as_ref())
}
