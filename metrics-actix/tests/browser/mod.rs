//! The live page in a JavaScript engine, with the parts of a browser that it uses.
#![allow(dead_code, unreachable_pub, reason = "each test uses some of it")]

use metrics_actix::{MetricsRoute, MetricsServer, RunningServer};
use metrics_core::Registry;
use rquickjs::{CatchResultExt as _, Context, FromJs, Runtime};

use crate::scraper::Connection;

pub struct Browser {
    runtime: Runtime,
    context: Context,
}

impl Browser {
    /// Opens the page at `/internal/live`; its first scrape gets this response.
    pub fn open(html: &str, status: u16, text: &str) -> Self {
        Self::open_at("/internal/live", html, status, text)
    }

    /// Opens the page at a path.
    pub fn open_at(path: &str, html: &str, status: u16, text: &str) -> Self {
        Self::open_prepared(path, html, status, text, "")
    }

    /// Opens the page after a script has prepared the browser.
    fn open_prepared(path: &str, html: &str, status: u16, text: &str, script: &str) -> Self {
        let runtime = Runtime::new().expect("memory");
        let context = Context::full(&runtime).expect("memory");
        let browser = Self { runtime, context };
        browser.set("html", html);
        browser.set("path", path);
        browser.run::<()>(include_str!("dom.js"));
        browser.run::<()>(script);
        browser.answer_with(status, text);
        let (_, script) = html.split_once("<script>").expect("the page has a script");
        let (script, _) = script.split_once("</script>").expect("the script ends");
        browser.run::<()>(script);
        browser
    }

    /// Sets the response to scrapes from here on.
    pub fn answer_with(&self, status: u16, text: &str) {
        self.set("text", text);
        self.run::<()>(&format!("answer = {{ status: {status}, text }}"));
    }

    /// Sets the response to scrapes to 401 with a challenge.
    pub fn refuse_with(&self, challenge: &str) {
        self.run::<()>(&format!("answer = {{ status: 401, text: '', challenge: '{challenge}' }}"));
    }

    /// Makes all later scrapes fail.
    pub fn answer_nothing(&self) {
        self.run::<()>("answer = undefined");
    }

    /// Lets seconds pass, and the page scrape again.
    pub fn pass(&self, seconds: f64) {
        self.run::<()>(&format!("pass({seconds})"));
    }

    /// Scrapes again after some seconds.
    pub fn scrape(&self, seconds: f64, text: &str) {
        self.answer_with(200, text);
        self.pass(seconds);
    }

    /// Runs a script and its pending tasks; returns its value.
    pub fn run<T: for<'js> FromJs<'js>>(&self, script: &str) -> T {
        let value = self.context.with(|context| {
            let value = context.eval::<T, _>(script).catch(&context);
            value.unwrap_or_else(|error| panic!("{error} in {script}"))
        });
        while self.runtime.execute_pending_job().unwrap_or_else(|error| panic!("{error}")) {}
        value
    }

    pub fn lines(&self, script: &str) -> Vec<String> {
        self.run(script)
    }

    pub fn text(&self, script: &str) -> String {
        self.run(script)
    }

    /// Sets a global variable to a text.
    pub fn set(&self, name: &str, text: &str) {
        self.context.with(|context| context.globals().set(name, text)).expect("memory");
    }
}

/// Service with metrics and the live page.
pub struct Service {
    pub registry: Registry,
    server: RunningServer,
}

impl Service {
    pub fn new() -> Self {
        Self::behind(|route| route)
    }

    pub fn behind(change: impl FnOnce(MetricsRoute) -> MetricsRoute) -> Self {
        let registry = Registry::new();
        let route = MetricsRoute::new("/internal/metrics").registry(&registry).live("/internal/live");
        let server = MetricsServer::bind("127.0.0.1:0").expect("a free port").route(change(route));
        Self { registry, server: server.spawn().expect("it starts") }
    }

    pub fn get(&self, target: &str) -> String {
        let mut connection = Connection::to(self.server.address());
        connection.send("GET", target, &[("Accept", "application/json"), ("Connection", "close")]);
        connection.answer("GET").text().to_owned()
    }

    pub fn scrape(&self) -> String {
        self.get("/internal/metrics")
    }

    pub fn open(&self) -> Browser {
        self.open_with("")
    }

    /// Opens the page in a browser that a script has prepared.
    pub fn open_with(&self, script: &str) -> Browser {
        Browser::open_prepared("/internal/live", &self.get("/internal/live"), 200, &self.scrape(), script)
    }
}
