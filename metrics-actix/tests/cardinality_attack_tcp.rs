//! Clients that send 200,000 requests with random paths, methods, hosts and headers.

mod listening;
mod service;

use std::{
    alloc::System,
    fmt::Write as _,
    io::{Read, Write},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use actix_web::web::{self, ServiceConfig};
use listening::Server;
use metrics_actix::HttpMetrics;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const CLIENTS: u64 = 2;
/// Requests of a client: those counted, and those that it has sent before.
const REQUESTS: u64 = 100_000;
const WARM_UP: u64 = 10_000;
/// Maximal growth of the memory in use, in bytes: room for the buffers of connections, but for less than one byte of each request.
const MOST_GROWTH: u64 = CLIENTS * REQUESTS;
/// Requests that a client sends before it reads the responses.
const BATCH: u64 = 200;
/// Number of requests of which one is valid.
const GOOD: u64 = 10;

/// Pseudorandom numbers with a fixed seed: splitmix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[usize::try_from(self.next() % choices.len() as u64).expect("a place")]
    }
}

/// Returns a random request.
fn bad(random: &mut Random) -> String {
    let number = random.next();
    let path = match number % 6 {
        0 => format!("/{number:x}.php"),
        1 => format!("/users/{number}/{number:x}"),
        2 => format!("/api/v1/{number}"),
        3 => format!("/%7e{number:x}/..%2f{}?{number}", number % 97),
        4 => format!("/{}", "a/".repeat(usize::try_from(number % 40).expect("small"))),
        _ => format!("//users//{number}"),
    };
    let method = match random.next() % 4 {
        0 => format!("M{:X}", random.next()),
        1 => random.of(&["get", "PROPFIND", "BREW", "GETT"]).into(),
        _ => random.of(&["GET", "PUT", "DELETE", "OPTIONS"]).into(),
    };
    let (host, name, value) = (random.next(), random.next(), random.next());
    format!(
        "{method} {path} HTTP/1.1\r\nHost: h{host:x}.example\r\nX-{name:x}: {value:x}\r\nUser-Agent: {value}\r\n\r\n"
    )
}

/// Sends requests and reads as many responses; returns the number of valid requests.
fn attack(mut stream: TcpStream, seed: u64, requests: u64) -> u64 {
    let mut random = Random(seed);
    let mut good = 0;
    for _ in 0..requests / BATCH {
        let mut batch = String::new();
        for _ in 0..BATCH {
            if random.next().is_multiple_of(GOOD) {
                good += 1;
                write!(batch, "GET /users/{} HTTP/1.1\r\nHost: localhost\r\n\r\n", random.next())
                    .expect("memory");
            } else {
                batch.push_str(&bad(&mut random));
            }
        }
        // The responses are read meanwhile: a server that cannot write stops reading.
        thread::scope(|scope| {
            let mut writer = stream.try_clone().expect("a handle");
            scope.spawn(move || writer.write_all(batch.as_bytes()).expect("the server reads"));
            read_answers(&mut stream, BATCH);
        });
    }
    good
}

/// Reads a number of responses, which all begin with a version.
fn read_answers(stream: &mut TcpStream, answers: u64) {
    let (mut seen, mut buffer, mut tail) = (0, vec![0; 1 << 16], Vec::new());
    while seen < answers {
        let length = stream.read(&mut buffer).expect("the server answers");
        assert!(length > 0, "the server has closed the connection after {seen} answers");
        tail.extend_from_slice(&buffer[..length]);
        let (whole, length) = count(&tail);
        seen += whole;
        tail.drain(..length);
    }
}

/// Returns the number of complete responses and their total length.
fn count(bytes: &[u8]) -> (u64, usize) {
    let text = std::str::from_utf8(bytes).expect("the service answers in ASCII");
    let (mut rest, mut whole) = (text, 0);
    while let Some((head, after)) = rest.split_once("\r\n\r\n") {
        let length = head
            .lines()
            .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
        let Some(after) = after.get(length.unwrap_or(0_usize)..) else { break };
        whole += 1;
        rest = after;
    }
    (whole, text.len() - rest.len())
}

/// Returns the bytes that the process has allocated and not freed.
fn bytes_in_use() -> u64 {
    let stats = INSTRUMENTED_SYSTEM.stats();
    stats.bytes_allocated.saturating_sub(stats.bytes_deallocated) as u64
}

/// One route of each kind. In a debug build matching patterns takes most of the time, so there are few.
fn routes(config: &mut ServiceConfig) {
    let ok = || async { "ok" };
    let v1 = web::scope("/v1").service(web::resource("/items/{item}").route(web::get().to(ok)));
    config
        .route("/users/{id}", web::route().to(ok))
        .route("/health", web::get().to(ok))
        .service(web::scope("/api").service(v1));
}

/// Returns the samples of a page without their values.
fn series(page: &str) -> Vec<&str> {
    let samples = page.lines().filter(|line| !line.starts_with('#'));
    let mut series: Vec<_> = samples.filter_map(|line| Some(line.rsplit_once(' ')?.0)).collect();
    series.sort_unstable();
    series
}

fn value(page: &str, series: &str) -> u64 {
    let line = page.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("{series} in {page}")).parse().expect("a number")
}

#[test]
fn random_requests_create_no_series() {
    let server = Server::with_routes(false, || HttpMetrics::new().exclude("/health"), routes);
    let flood = |round: u64, requests: u64| {
        thread::scope(|scope| {
            let clients: Vec<_> = (0..CLIENTS)
                .map(|client| {
                    let stream = server.open();
                    scope.spawn(move || attack(stream, round * 1000 + client, requests))
                })
                .collect();
            clients.into_iter().map(|client| client.join().expect("no panic")).sum::<u64>()
        })
    };
    // Creates the series of all methods, and the buffers that are reused.
    let good = flood(1, WARM_UP);
    let ended = |page: &str| {
        let lines = page.lines().filter(|line| line.starts_with("http_requests_total{"));
        lines.filter_map(|line| line.rsplit_once(' ')?.1.parse::<u64>().ok()).sum::<u64>()
    };
    server.wait(|| ended(&server.registry.text()) == CLIENTS * WARM_UP);
    let (page, before) = (server.registry.text(), bytes_in_use());
    let good = good + flood(2, REQUESTS);
    server.wait(|| ended(&server.registry.text()) == CLIENTS * (REQUESTS + WARM_UP));
    let after = server.registry.text();
    assert_eq!(series(&after), series(&page), "no series has come");
    // The server frees the buffers of a connection a little after its end.
    let grown = || bytes_in_use().saturating_sub(before);
    let start = Instant::now();
    while grown() >= MOST_GROWTH && start.elapsed() < Duration::from_secs(60) {
        thread::sleep(Duration::from_millis(5));
    }
    assert!(grown() < MOST_GROWTH, "{} bytes more after {} requests", grown(), CLIENTS * REQUESTS);
    // Only valid requests have the path of a user.
    let users = "method=\"GET\",endpoint=\"/users/{id}\"";
    assert_eq!(value(&after, &format!("http_requests_total{{{users},status=\"200\"}}")), good);
    assert_eq!(value(&after, &format!("http_request_duration_seconds_count{{{users}}}")), good);
    assert_eq!(value(&after, &format!("http_requests_in_progress{{{users}}}")), 0);
}
