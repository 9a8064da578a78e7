//! First free port of a range.

use std::{
    io::{self, ErrorKind},
    net::TcpListener,
    ops::RangeInclusive,
};

/// Listens on the first port of the range that is free.
pub(super) fn first_free(host: &str, ports: RangeInclusive<u16>) -> io::Result<TcpListener> {
    if ports.is_empty() {
        let message = format!("the range of ports {} to {} is empty", ports.start(), ports.end());
        return Err(io::Error::new(ErrorKind::InvalidInput, message));
    }
    let described = format!("{} to {}", ports.start(), ports.end());
    for port in ports {
        match TcpListener::bind((host, port)) {
            Ok(listener) => return Ok(listener),
            // Privileged ports may be followed by ones that are not.
            Err(error) if matches!(error.kind(), ErrorKind::AddrInUse | ErrorKind::PermissionDenied) => {}
            Err(error) => return Err(error),
        }
    }
    let message = format!("none of the ports {described} of {host} is free");
    Err(io::Error::new(ErrorKind::AddrInUse, message))
}
