//! Rules of content negotiation over TCP, by the numbers of the checklist.

mod scraper;

use metrics_actix::MetricsRoute;
use metrics_core::Registry;
use scraper::{Connection, Server};

fn server() -> Server {
    Server::start(|| MetricsRoute::new("/metrics").registry(&Registry::new()).json("/json"))
}

#[test]
fn n5_and_n10_no_header_makes_a_scrape_fail() {
    let server = server();
    for accept in ["image/png", ";,\"=q", "/;q=0.1", "*/*;q=0", "text/plain;version=9", ""] {
        let answer = server.get("/metrics", &[("Accept", accept), ("Accept-Encoding", ";q=,x")]);
        assert_eq!(answer.status(), 200, "{accept}");
        assert_eq!(answer.head.get("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    }
    let mut connection: Connection = server.connect();
    connection.send_raw(b"GET /metrics HTTP/1.1\r\nHost: a\r\nAccept: \xFF\xFE\r\n\r\n");
    assert_eq!(connection.answer("GET").status(), 200);
}

#[test]
fn n11_several_headers_are_one() {
    let headers = [("Accept", "text/plain;q=0.5"), ("aCCEPT", "Application/OPENMETRICS-text")];
    let answer = server().get("/metrics", &headers);
    assert_eq!(answer.text(), "# EOF\n");
}

#[test]
fn n12_every_page_says_which_headers_it_depends_on() {
    let server = server();
    for (method, target) in
        [("GET", "/metrics"), ("HEAD", "/metrics"), ("GET", "/json"), ("GET", "/metrics?name[]=x")]
    {
        for headers in [&[][..], &[("Accept", "application/openmetrics-text"), ("Accept-Encoding", "gzip")]] {
            let answer = server.request(method, target, headers);
            assert_eq!(answer.head.all("vary"), ["Accept, Accept-Encoding"], "{method} {target}");
        }
    }
}
