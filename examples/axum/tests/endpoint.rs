//! The endpoint of the program, by a client that speaks over TCP.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, ChildStdout, Command, Stdio},
};

use tests::promtool;

/// The program on a free port.
struct Program {
    process: Child,
    address: String,
    /// Kept open, as the program writes to it.
    _output: BufReader<ChildStdout>,
}

/// A response, with its head in lower case.
struct Response {
    head: String,
    body: String,
}

impl Program {
    fn start() -> Self {
        let program = env!("CARGO_BIN_EXE_axum-example");
        let process = Command::new(program).env("PORT", "0").stdout(Stdio::piped()).spawn();
        let mut process = process.expect("the program is there");
        let mut output = BufReader::new(process.stdout.take().expect("the output is piped"));
        let mut line = String::new();
        output.read_line(&mut line).expect("the program prints its address");
        let address = line.strip_prefix("open http://").and_then(|line| line.split_once('/'));
        let address = address.expect("the line has the address").0.to_owned();
        Self { process, address, _output: output }
    }

    fn request(&self, method: &str, path: &str, headers: &str) -> Response {
        let mut stream = TcpStream::connect(&self.address).expect("the program listens");
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n")
            .expect("the program reads");
        let mut response = String::new();
        stream.read_to_string(&mut response).expect("the response is text");
        let (head, body) = response.split_once("\r\n\r\n").expect("the head ends");
        Response { head: head.to_lowercase(), body: body.to_owned() }
    }

    fn get(&self, path: &str) -> Response {
        self.request("GET", path, "")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ended_before = self.process.kill();
        let _status = self.process.wait();
    }
}

impl Response {
    fn status(&self) -> &str {
        self.head.get(9..12).expect("the head has a status")
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

#[test]
fn page_shows_the_calls() {
    let program = Program::start();
    assert_eq!(program.get("/greet/you").body, "hello, you\n");
    assert_eq!(program.get("/greet/nobody").status(), "404");
    let page = program.get("/metrics");
    assert_eq!(page.status(), "200");
    assert_eq!(page.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    assert_eq!(page.header("content-length"), Some(&*page.body.len().to_string()));
    for result in ["ok", "error"] {
        let labels = format!("{{function=\"greet\",module=\"axum_example::pages\",result=\"{result}\"}}");
        let line = format!("function_calls_total{labels} 1");
        assert!(page.body.lines().any(|other| other == line), "{line} in\n{}", page.body);
    }
    assert_eq!(promtool::check_metrics(&page.body), promtool::Verdict::clean());
    assert_eq!(program.get("/metrics?name[]=none").body, "");
}

#[test]
fn the_format_is_negotiated() {
    let program = Program::start();
    let page = program.request("GET", "/metrics", "Accept: application/openmetrics-text\r\n");
    let expected = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    assert_eq!(page.header("content-type"), Some(expected));
    assert!(page.body.ends_with("# EOF\n"));
    let json = program.request("GET", "/api/metrics", "Accept: text/plain\r\n");
    assert_eq!(json.header("content-type"), Some("application/json"));
    assert!(json.body.starts_with("{\"families\":["), "{}", json.body);
}

#[test]
fn only_get_and_head_are_answered() {
    let program = Program::start();
    for path in ["/metrics", "/api/metrics", "/metrics/live"] {
        let (get, head) = (program.get(path), program.request("HEAD", path, ""));
        assert_eq!((head.status(), head.body.as_str()), ("200", ""), "{path}");
        assert_eq!(head.header("content-type"), get.header("content-type"));
        assert!(head.header("content-length").is_some_and(|length| length != "0"), "{}", head.head);
        for method in ["POST", "DELETE", "BREW"] {
            let refused = program.request(method, path, "");
            assert_eq!((refused.status(), refused.header("allow")), ("405", Some("get, head")), "{method}");
        }
    }
    assert_eq!(program.get("/nowhere").status(), "404");
}

#[test]
fn the_live_page_draws_the_metrics() {
    let page = Program::start().get("/metrics/live");
    assert_eq!((page.status(), page.header("content-type")), ("200", Some("text/html; charset=utf-8")));
    assert!(
        page.header("content-security-policy").is_some_and(|policy| policy.starts_with("default-src 'none'"))
    );
    assert!(page.body.starts_with("<!doctype html>") && page.body.contains("\"../metrics\""));
}
