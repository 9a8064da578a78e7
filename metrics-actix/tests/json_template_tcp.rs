//! The small JSON page that a service had before, over TCP.

mod scraper;

use metrics_actix::MetricsRoute;
use metrics_core::{Counter, Definition, JsonTemplate, Registry};
use scraper::Server;

/// The page of the Django template that this follows, to the byte.
#[test]
fn the_page_keeps_the_shape_that_its_users_know() {
    let registry = Registry::new();
    let requests: Counter = registry.register(&Definition::new("api_requests_total", "Requests.")).unwrap();
    let blocked: Counter =
        registry.register(&Definition::new("api_requests_blocked_total", "Those refused.")).unwrap();
    let shown = registry.clone();
    let server = Server::start(move || {
        let template = JsonTemplate::new()
            .value("requestCount", "api_requests_total")
            .value("requestsBlocked", "api_requests_blocked_total");
        MetricsRoute::new("/metrics").registry(&shown).json_template("/api/metrics", template)
    });
    requests.inc_by(17);
    blocked.inc_by(2);
    // What the page is restricted to, and what is accepted, make no difference.
    for (target, accept) in
        [("/api/metrics", "*/*"), ("/api/metrics?name[]=none", "text/plain"), ("/api/metrics", "text/html")]
    {
        let answer = server.get(target, &[("Accept", accept)]);
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.head.get("content-type"), Some("application/json"));
        assert_eq!(answer.head.get("cache-control"), Some("no-store"));
        assert_eq!(
            answer.text(),
            r#"{"metrics":[{"name":"requestCount","value":17},{"name":"requestsBlocked","value":2}]}"#
        );
    }
    requests.inc();
    let next = server.get("/api/metrics", &[]);
    assert!(next.text().contains(r#"{"name":"requestCount","value":18}"#), "{}", next.text());
    assert_eq!(server.request("HEAD", "/api/metrics", &[]).status(), 200);
    assert_eq!(server.request("POST", "/api/metrics", &[]).status(), 405);
}

#[test]
fn it_is_for_those_with_credentials() {
    let server = Server::start(|| {
        let template = JsonTemplate::new().value("one", "one");
        MetricsRoute::new("/m").registry(&Registry::new()).json_template("/j", template).bearer_token("t")
    });
    assert_eq!(server.get("/j", &[]).status(), 401);
    let answer = server.get("/j", &[("Authorization", "Bearer t")]);
    assert_eq!(answer.text(), r#"{"metrics":[{"name":"one","value":null}]}"#);
}
