//! The whole stack of `monitoring/`, with the real programs: only the addresses are others.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tests::{
    INSTALL_PROMETHEUS,
    mail::MailServer,
    postgres::Postgres,
    process::{self, Process},
    prometheus::{Server, listening_address},
    scratch::Scratch,
};

use super::{Arena, LIMIT, program};

const INSTALL: &str = "install it (on Debian: apt-get install prometheus-alertmanager prometheus-node-exporter \
                       prometheus-postgres-exporter; scripts/test does it)";

/// Everything that runs; it ends when this is dropped.
pub(crate) struct Stack {
    pub(crate) prometheus: Server,
    pub(crate) alertmanager: (Process, SocketAddr),
    pub(crate) arena: Arena,
    pub(crate) mail: MailServer,
    _exporters: [Process; 2],
    _database: Postgres,
}

impl Stack {
    /// Starts everything, the arena with these arguments.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let database = Postgres::start();
        let arena = Arena::start_as(program().args(arguments).env("DATABASE_URL", database.url()));
        let folder = Scratch::new("battle-arena-monitoring");
        let (node, node_address) = start("prometheus-node-exporter", &[]);
        let mut command = Command::new("prometheus-postgres-exporter");
        command.env("DATA_SOURCE_NAME", database.url()).arg("--web.listen-address=127.0.0.1:0");
        let (postgres, postgres_address) = listening(&mut command);
        let mail = MailServer::start();
        let alertmanager = start_alertmanager(folder.path(), mail.address());
        let targets = [
            ("battle-arena", arena.address),
            ("node", node_address),
            ("postgres", postgres_address),
            ("alertmanager", alertmanager.1),
        ];
        let configuration = configure(folder.path(), &targets);
        let prometheus = Server::run(&configuration, folder);
        // Prometheus itself is a target too, whose address is known now; it rereads its files.
        write_target(&configuration.with_file_name("targets"), "prometheus", prometheus.address());
        Self { prometheus, alertmanager, arena, mail, _exporters: [node, postgres], _database: database }
    }
}

/// A file of `monitoring/`.
pub(crate) fn monitoring(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("monitoring").join(path)
}

/// Runs a program to its end.
pub(crate) fn run(command: &mut Command) -> Output {
    let name = command.get_program().to_string_lossy().into_owned();
    let remedy = if name == "promtool" { INSTALL_PROMETHEUS } else { INSTALL };
    command.output().unwrap_or_else(|error| panic!("{}", process::not_started(&name, &error, remedy)))
}

fn start(name: &str, arguments: &[&str]) -> (Process, SocketAddr) {
    listening(Command::new(name).args(arguments).arg("--web.listen-address=127.0.0.1:0"))
}

/// With its configuration as it is, but for the mail server.
fn start_alertmanager(folder: &Path, mail: SocketAddr) -> (Process, SocketAddr) {
    let configuration =
        fs::read_to_string(monitoring("alertmanager/alertmanager.yml")).expect("the configuration");
    assert_eq!(configuration.matches("mail:1025").count(), 1, "it names the mail server once");
    let file = folder.join("alertmanager.yml");
    fs::write(&file, configuration.replace("mail:1025", &mail.to_string())).expect("a copy");
    let storage = format!("--storage.path={}", folder.join("alertmanager").display());
    let file = format!("--config.file={}", file.display());
    start("prometheus-alertmanager", &[&file, &storage, "--cluster.listen-address="])
}

fn listening(command: &mut Command) -> (Process, SocketAddr) {
    let mut process = Process::start(command, INSTALL);
    let address = process.wait_for_line(LIMIT, "its address", listening_address);
    (process, address)
}

/// The configuration and the rules as they are, with files of targets of our own.
fn configure(folder: &Path, targets: &[(&str, SocketAddr)]) -> PathBuf {
    let rules = folder.join("rules");
    let of_targets = folder.join("targets");
    for folder in [&rules, &of_targets] {
        fs::create_dir(folder).expect("a folder");
    }
    for rule in fs::read_dir(monitoring("prometheus/rules")).expect("the rules").flatten() {
        fs::copy(rule.path(), rules.join(rule.file_name())).expect("a copy");
    }
    for (job, address) in targets {
        write_target(&of_targets, job, *address);
    }
    let configuration = folder.join("prometheus.yml");
    fs::copy(monitoring("prometheus/prometheus.yml"), &configuration).expect("a copy");
    configuration
}

fn write_target(folder: &Path, job: &str, address: SocketAddr) {
    assert!(monitoring(&format!("prometheus/targets/{job}.yml")).exists(), "{job} is a target");
    fs::write(folder.join(format!("{job}.yml")), format!("- targets: [\"{address}\"]\n"))
        .expect("a file of targets");
}
