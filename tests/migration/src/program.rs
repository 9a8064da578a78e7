//! Runs of the programs.

use std::{net::SocketAddr, process::Command, time::Duration};

use tests::{http, process::Process};

/// Longest start of a program.
const PATIENCE: Duration = Duration::from_secs(120);

/// The way a program is driven.
#[derive(Clone, Copy, Debug)]
pub enum Drive {
    /// The program has its orders as arguments, and prints its page.
    Arguments(&'static [&'static str]),
    /// The program prints its address and gets these paths, then `/metrics`.
    Paths(&'static [&'static str]),
}

/// Runs a program and returns its page.
pub fn page_of(program: &str, drive: Drive) -> String {
    let mut command = Command::new(program);
    match drive {
        Drive::Arguments(arguments) => {
            let output = command.args(arguments).output().expect("the program is there");
            assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).expect("the page is UTF-8")
        }
        Drive::Paths(paths) => {
            let mut process = Process::start(&mut command, "");
            let address: SocketAddr = process
                .wait_for_line(PATIENCE, "its address", |line| line.strip_prefix("http://")?.parse().ok());
            for path in paths {
                http::get(address, path).expect("a response");
            }
            http::get(address, "/metrics").expect("a page").body
        }
    }
}
