//! Tokens, services that do not answer, and the address of the metrics.

use actix_web::{App, HttpServer, middleware::NormalizePath, rt::System};
use metrics_actix::MetricsRoute;
use metrics_core::Registry;

use crate::{
    browser::{Browser, Service},
    scraper::Connection,
};

const EMPTY: &str = "{\"families\":[]}";

fn submit(browser: &Browser, token: &str) {
    browser.run::<()>(&format!(
        "byId('token').value = '{token}'; byId('login').listeners.submit({{ preventDefault() {{}} }})"
    ));
}

fn text(browser: &Browser, id: &str) -> String {
    browser.text(&format!("byId('{id}').isShown ? byId('{id}').textContent : 'hidden'"))
}

fn asked(browser: &Browser) -> usize {
    browser.run("asked.length")
}

#[test]
fn wrong_token_is_told_and_asked_for_once() {
    let service = Service::behind(|route| route.bearer_token("secret"));
    let html = service.get("/internal/live");
    let browser = Browser::open(&html, 401, "");
    assert_eq!(text(&browser, "login-text"), "These metrics need a bearer token.");
    assert_eq!([text(&browser, "state"), text(&browser, "trouble")], ["waiting for a token", "hidden"]);
    assert_eq!(browser.text("document.activeElement.id"), "token");
    // Nothing is asked for without a token, whatever else is pressed.
    browser.run::<()>("byId('interval').listeners.change(); click(byId('pause')); click(byId('pause'))");
    browser.pass(100.0);
    assert_eq!(asked(&browser), 1);
    submit(&browser, "guess");
    assert_eq!(text(&browser, "login-text"), "The service refuses this token. Enter another one.");
    assert!(browser.run::<bool>("byId('login').classList.contains('refused')"));
    browser.pass(100.0);
    assert_eq!(asked(&browser), 2, "a wrong token is sent once");
    // A token that no header can carry is not sent.
    submit(&browser, "sécret");
    assert_eq!(text(&browser, "login-text"), "A token has no spaces, and no letters outside of ASCII.");
    assert_eq!(asked(&browser), 2);
    browser.answer_with(200, EMPTY);
    submit(&browser, " secret ");
    assert_eq!(browser.text("asked.at(-1).headers.Authorization"), "Bearer secret");
    assert_eq!([text(&browser, "login"), text(&browser, "state")], ["hidden", "scraped at noon, 0 series"]);
    // The token is no longer right: it is asked for again.
    browser.refuse_with("Bearer");
    browser.pass(2.0);
    assert_eq!(text(&browser, "login-text"), "The service refuses this token. Enter another one.");
}

#[test]
fn no_token_is_asked_for_where_there_is_none() {
    let service = Service::behind(|route| route.basic_auth("user", "secret"));
    let html = Service::new().get("/internal/live");
    let browser = Browser::open(&html, 200, EMPTY);
    assert!(service.get("/internal/live").contains("credentials"), "the page needs them, too");
    browser.refuse_with("Basic realm=\"metrics\"");
    browser.pass(2.0);
    assert_eq!(
        text(&browser, "login-text"),
        "The service refuses these credentials. Load this page again to enter others."
    );
    assert_eq!(text(&browser, "token"), "hidden");
}

#[test]
fn service_that_is_gone_is_told_and_asked_again() {
    let browser = Browser::open(&Service::new().get("/internal/live"), 200, EMPTY);
    assert_eq!(text(&browser, "trouble"), "hidden");
    browser.answer_nothing();
    let wait = "[...timers.values()][0].wait";
    for (attempt, seconds) in [2, 4, 8, 15, 15].into_iter().enumerate() {
        browser.pass(1.0);
        let trouble = "The service does not answer. Trying again in ";
        assert_eq!(text(&browser, "trouble"), format!("{trouble}{seconds} s. The values are old."));
        assert_eq!(browser.run::<usize>(wait), seconds * 1000);
        assert_eq!(asked(&browser), attempt + 2);
    }
    assert!(browser.run::<bool>("byId('groups').classList.contains('old')"));
    browser.answer_with(503, "too many scrapes\n");
    browser.pass(15.0);
    assert!(text(&browser, "trouble").starts_with("The service answers 503: too many scrapes. "));
    browser.answer_with(200, "<html>");
    browser.pass(15.0);
    assert!(text(&browser, "trouble").starts_with("The answer is incomplete, or not metrics as JSON. "));
    browser.answer_with(200, EMPTY);
    browser.pass(15.0);
    assert_eq!([text(&browser, "trouble"), text(&browser, "state")], ["hidden", "scraped at noon, 0 series"]);
    assert!(!browser.run::<bool>("byId('groups').classList.contains('old')"));
    assert_eq!(browser.run::<usize>(wait), 2000);
}

#[test]
fn pause_stops_the_scrapes() {
    let browser = Browser::open(&Service::new().get("/internal/live"), 200, EMPTY);
    browser.run::<()>("click(byId('pause'))");
    assert_eq!(browser.text("byId('pause').attributes['aria-pressed']"), "true");
    browser.pass(100.0);
    assert_eq!(asked(&browser), 1);
    // Several presses do not start two scrapes at once.
    browser.run::<()>("click(byId('pause')); byId('interval').listeners.change()");
    assert_eq!(asked(&browser), 3, "the second one after the first");
    assert_eq!(browser.run::<usize>("timers.size"), 1);
}

/// A router that ignores slashes leaves them in the browser's address, which relative addresses begin at.
#[test]
fn metrics_are_found_under_normalize_path() {
    let registry = Registry::new();
    let route = move || {
        let route = MetricsRoute::new("/internal/metrics").registry(&registry).live("/internal/live");
        App::new().wrap(NormalizePath::trim()).service(route)
    };
    let (sender, receiver) = std::sync::mpsc::channel();
    let server = std::thread::spawn(move || {
        System::new().block_on(async {
            let server = HttpServer::new(route).workers(1).bind("127.0.0.1:0").expect("a free port");
            let address = server.addrs()[0];
            let server = server.run();
            sender.send((address, server.handle())).expect("it is awaited");
            server.await
        })
    });
    let (address, handle) = receiver.recv().expect("it starts");
    let get = |target: &str| {
        let mut connection = Connection::to(address);
        connection.send("GET", target, &[("Accept", "application/json"), ("Connection", "close")]);
        connection.answer("GET")
    };
    for path in ["/internal/live", "/internal/live/", "//internal//live//"] {
        let html = get(path).text().to_owned();
        let browser = Browser::open_at(path, &html, 200, EMPTY);
        let asked = browser.text("asked[0].address");
        assert_eq!(asked, "/internal/../internal/metrics", "{path}");
        // As a browser resolves it.
        assert!(get("/internal/metrics").text().starts_with("{\"families\":["));
    }
    // Within a scope, whose prefix the page does not know.
    let html = get("/internal/live").text().to_owned();
    let browser = Browser::open_at("/scope/internal/live/", &html, 200, EMPTY);
    assert_eq!(browser.text("asked[0].address"), "/scope/internal/../internal/metrics");
    System::new().block_on(handle.stop(false));
    server.join().expect("it ends").expect("it served");
}

/// The service answers slowly here, and the page waits four times as long.
#[test]
fn slow_service_is_scraped_less_often() {
    let browser = Browser::open(&Service::new().get("/internal/live"), 200, EMPTY);
    browser.run::<()>(
        "globalThis.quick = fetch; fetch = async (...request) => { now += 1500; return quick(...request); }",
    );
    browser.pass(2.0);
    assert_eq!(browser.run::<usize>("[...timers.values()][0].wait"), 6000);
}
