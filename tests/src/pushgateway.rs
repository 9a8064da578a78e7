//! A Pushgateway of the test's own.

use std::{net::SocketAddr, process::Command, time::Duration};

use crate::{http, process::Process, prometheus::listening_address};

/// Advice for machines without Debian's package.
pub const INSTALL_PUSHGATEWAY: &str =
    "install the Pushgateway (on Debian: apt-get install prometheus-pushgateway; scripts/test does it)";
const START: Duration = Duration::from_secs(120);

/// A running Pushgateway without a file. It ends when this is dropped.
#[derive(Debug)]
pub struct Gateway {
    _process: Process,
    address: SocketAddr,
}

impl Gateway {
    /// Starts a Pushgateway on a free port and waits until it listens.
    pub fn start() -> Self {
        let mut command = Command::new("prometheus-pushgateway");
        // Debian's package keeps a file that all of its Pushgateways share otherwise.
        command.args(["--web.listen-address=127.0.0.1:0", "--persistence.file="]);
        let mut process = Process::start(&mut command, INSTALL_PUSHGATEWAY);
        let address = process.wait_for_line(START, "the address it listens on", listening_address);
        Self { _process: process, address }
    }

    /// Returns its address.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns its URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns its page.
    pub fn page(&self) -> String {
        let page = http::get(self.address, "/metrics").expect("the Pushgateway answers");
        assert_eq!(page.status, 200, "{}", page.body);
        page.body
    }

    /// Asserts that its page has a line.
    #[track_caller]
    pub fn assert_line(&self, line: &str) {
        let page = self.page();
        assert!(page.lines().any(|other| other == line), "{line} is not in\n{page}");
    }
}
