//! A `PostgreSQL` server of the test's own.

use std::{
    fs,
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use crate::{process, process::Process, scratch::Scratch};

/// Advice for machines without Debian's package of the server.
pub const INSTALL_POSTGRES: &str =
    "install PostgreSQL's server (on Debian: apt-get install postgresql; scripts/test does it)";
const START: Duration = Duration::from_secs(120);

/// A running server with an empty database. It ends, and its data goes, when this is dropped.
#[derive(Debug)]
pub struct Postgres {
    _process: Process,
    _data: Scratch,
    port: u16,
}

impl Postgres {
    /// Starts a server on a free port and waits until it accepts connections.
    pub fn start() -> Self {
        let scratch = Scratch::new("metrics-tests-postgres");
        let programs = programs();
        give_away(scratch.path());
        let data = scratch.path().join("data");
        let mut initdb = as_user(&programs.join("initdb"), scratch.path());
        initdb
            .args(["--auth=trust", "--username=arena", "--no-sync", "--encoding=UTF8", "--pgdata"])
            .arg(&data);
        let made = initdb.stdout(Stdio::null()).status();
        let made = made
            .unwrap_or_else(|error| panic!("{}", process::not_started("initdb", &error, INSTALL_POSTGRES)));
        assert!(made.success(), "initdb: {made}");
        // Another process may take the port in the meantime, so another one is tried.
        let started = (0..5).find_map(|_| run(&programs, scratch.path(), &data));
        let (process, port) = started.expect("a port that stays free");
        Self { _process: process, _data: scratch, port }
    }

    /// Returns the address of the database for clients.
    pub fn url(&self) -> String {
        format!("postgres://arena@127.0.0.1:{}/postgres?sslmode=disable", self.port)
    }
}

/// Starts the server on a free port and waits until it accepts connections; returns `None` if the port was taken meanwhile.
fn run(programs: &Path, folder: &Path, data: &Path) -> Option<(Process, u16)> {
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
    let port = free.expect("a free port").port();
    let mut command = as_user(&programs.join("postgres"), folder);
    command.arg("-D").arg(data).arg("-k").arg(folder).args(["-p", &port.to_string()]);
    command.args(["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]);
    let mut process = Process::start(&mut command, INSTALL_POSTGRES);
    let is_ready = process.wait_for_line(START, "that it is ready", |line| {
        let is_ready = line.contains("ready to accept connections");
        (is_ready || line.contains("could not create any TCP/IP sockets")).then_some(is_ready)
    });
    is_ready.then_some((process, port))
}

/// Returns the folder of the newest version's programs in Debian's package.
fn programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").map(|folders| folders.flatten().collect::<Vec<_>>());
    let folder = versions.unwrap_or_default().into_iter().map(|folder| folder.path()).max();
    folder.unwrap_or_else(|| panic!("PostgreSQL is missing: {INSTALL_POSTGRES}")).join("bin")
}

/// Returns whether this process runs as root, as which the server refuses to run.
fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n")
}

fn give_away(directory: &Path) {
    if is_root() {
        let given = Command::new("chown").arg("postgres").arg(directory).status();
        assert!(given.is_ok_and(|status| status.success()), "{} for PostgreSQL", directory.display());
    }
}

fn as_user(program: &Path, directory: &Path) -> Command {
    let mut command = if is_root() {
        let mut command = Command::new("setpriv");
        // `setpriv` is replaced by the program, so that signals reach it.
        command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir(directory);
    command
}
