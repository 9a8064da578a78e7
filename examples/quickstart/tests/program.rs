//! The program as a newcomer runs it.
#![cfg(unix)]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use tests::promtool;

const PROGRAM: &str = env!("CARGO_BIN_EXE_quickstart");

/// The program on a free port.
struct Quickstart {
    process: Child,
    address: String,
    /// Kept open, as the program writes to it.
    output: BufReader<std::process::ChildStdout>,
}

impl Quickstart {
    fn start() -> Self {
        let process = Command::new(PROGRAM).env("PORT", "0").stdout(Stdio::piped()).spawn();
        let mut process = process.expect("the program is there");
        let mut output = BufReader::new(process.stdout.take().expect("the output is piped"));
        let mut line = String::new();
        output.read_line(&mut line).expect("the program prints its address");
        let address = line.trim().strip_prefix("open http://").and_then(|line| line.split_once('/'));
        let address = address.expect("the first line has the address").0.to_owned();
        Self { process, address, output }
    }

    fn send(&self, path: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).expect("the program listens");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            .expect("the program reads");
        stream
    }

    /// The status and the body.
    fn get(&self, path: &str) -> (u16, String) {
        let mut response = String::new();
        self.send(path).read_to_string(&mut response).expect("the response is text");
        let (head, body) = response.split_once("\r\n\r\n").expect("the head ends");
        let status = head.get(9..12).and_then(|status| status.parse().ok()).expect("the head has a status");
        (status, body.to_owned())
    }

    /// The first page that has one of these lines.
    fn wait_for(&self, lines: &[String]) -> String {
        let start = Instant::now();
        loop {
            let page = self.get("/metrics").1;
            if page.lines().any(|line| lines.iter().any(|other| other == line)) {
                return page;
            }
            assert!(start.elapsed() < Duration::from_secs(120), "{lines:?} is not in\n{page}");
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn signal(&self, name: &str) {
        let process = self.process.id().to_string();
        let sent = Command::new("kill").args([name, &process]).status().expect("`kill` is there");
        assert!(sent.success());
    }
}

impl Drop for Quickstart {
    fn drop(&mut self) {
        let _ended_before = self.process.kill();
        let _status = self.process.wait();
    }
}

#[test]
fn scrape_has_the_lines_of_the_readme() {
    // On a busy machine the impatient client may be answered before it is gone.
    let page = (0..20).find_map(|_| play()).expect("a client that leaves in time");
    assert_eq!(promtool::check_metrics(&page), promtool::Verdict::clean());
    let readme = include_str!("../README.md");
    let blocks = readme.split("```text\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default());
    let lines: Vec<_> = blocks.flat_map(str::lines).collect();
    assert!(lines.len() > 30);
    for line in lines {
        assert!(page.lines().any(|other| other == line), "{line}\nis not in\n{page}");
    }
}

/// The page after the requests of the README, unless the client that leaves was answered.
fn play() -> Option<String> {
    let program = Quickstart::start();
    for (path, status) in [
        ("/", 200),
        ("/work?size=1000", 200),
        ("/work?size=100000", 200),
        ("/work?size=none", 400),
        ("/error", 500),
        ("/slow", 200),
        ("/nowhere", 404),
    ] {
        assert_eq!(program.get(path).0, status, "{path}");
    }
    let slow = "{method=\"GET\",endpoint=\"/slow\"";
    program.wait_for(&[format!("http_requests_in_progress{slow}}} 0")]);
    let answered = format!("http_requests_total{slow},status=\"200\"}} 2");
    let impatient = program.send("/slow");
    program.wait_for(&[format!("http_requests_in_progress{slow}}} 1"), answered.clone()]);
    // It waits for a second, as it does in the README.
    thread::sleep(Duration::from_secs(1));
    drop(impatient);
    let gone = format!("http_requests_total{slow},status=\"499\"}} 1");
    program.wait_for(&[gone, answered.clone()]);
    let page = program.wait_for(&[format!("http_requests_in_progress{slow}}} 0")]);
    (!page.lines().any(|line| line == answered)).then_some(page)
}

#[test]
fn invalid_size_is_refused_with_the_bounds() {
    let program = Quickstart::start();
    for size in ["", "0", "-1", "10000001", "99999999999999999999999", "ten", "1e3"] {
        let (status, body) = program.get(&format!("/work?size={size}"));
        assert_eq!((status, body.as_str()), (400, "`size` is a whole number from 1 to 10000000"), "{size}");
    }
    assert_eq!(program.get("/work?size=1"), (200, "no primes up to 1\n".into()));
    assert_eq!(program.get("/work"), (200, "9592 primes up to 100000, the last is 99991\n".into()));
}

#[test]
fn counts_keep_their_json_shape() {
    let program = Quickstart::start();
    let counts = |requests: u8, primes: u8| {
        format!(
            r#"{{"metrics":[{{"name":"requestCount","value":{requests}}},{{"name":"primesFound","value":{primes}}}]}}"#
        )
    };
    assert_eq!(program.get("/api/metrics"), (200, counts(0, 0)));
    assert_eq!(program.get("/work?size=1000").0, 200);
    program.wait_for(&["quickstart_primes_found_total 168".into()]);
    assert_eq!(program.get("/api/metrics"), (200, counts(2, 168)));
}

#[test]
fn start_page_has_no_broken_links() {
    let program = Quickstart::start();
    let (status, page) = program.get("/");
    assert_eq!(status, 200);
    let links = page.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap_or_default());
    let mut statuses: Vec<_> = links.map(|link| (link, program.get(link).0)).collect();
    statuses.sort_unstable();
    statuses.dedup();
    assert_eq!(
        statuses,
        [
            ("/error", 500),
            ("/metrics", 200),
            ("/metrics/live", 200),
            ("/nowhere", 404),
            ("/slow", 200),
            ("/work?size=1000", 200),
            ("/work?size=100000", 200),
            ("/work?size=10000000", 200),
            ("/work?size=none", 400),
        ]
    );
}

#[test]
fn ctrl_c_stops_the_program() {
    let mut program = Quickstart::start();
    assert_eq!(program.get("/").0, 200);
    program.signal("-INT");
    assert!(program.process.wait().expect("the program ends").success());
    let mut rest = String::new();
    program.output.read_to_string(&mut rest).expect("the output is text");
    assert!(rest.ends_with("stopped\n"), "{rest}");
}

#[test]
fn unavailable_port_is_a_clear_error() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let port = taken.local_addr().expect("it is bound").port().to_string();
    for (port, message) in [
        (
            port.as_str(),
            format!(
                "error: port {port} of 127.0.0.1 is taken; set PORT to another one, or to 0 for a free one\n"
            ),
        ),
        ("http", "error: PORT is a number from 0 to 65535, not `http`; 0 picks a free port\n".into()),
    ] {
        let output = Command::new(PROGRAM).env("PORT", port).output().expect("the program is there");
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(String::from_utf8_lossy(&output.stderr), message);
        assert!(output.stdout.is_empty());
    }
}
