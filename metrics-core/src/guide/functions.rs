//! Functions: an attribute counts the calls, another times them.
//!
//! | attribute | default metric | type |
//! |---|---|---|
//! | [`#[counted]`](macro@crate::counted) | `function_calls_total{function,module,result}` | counter |
//! | [`#[timed]`](macro@crate::timed) | `function_calls_duration_seconds{function,module}` | histogram |
//! | [`#[in_flight]`](macro@crate::in_flight) | `function_calls_concurrent{function,module}` | gauge |
//! | [`#[observed]`](macro@crate::observed) | the three together, also on a whole `impl` block | |
//!
//! The label `result` is the outcome of the call: `ok`, `error` for `Err`, `panicked`, or `cancelled` if a future was dropped before
//! it completed. `None` is `ok`; `error_if = Option::is_none` makes it an error. Series of `ok` and `error` are at
//! zero before the first call; the others appear when they happen.
//!
//! ```
//! use metrics_core::{Registry, observed, testing};
//!
//! /// Reads a port number.
//! #[observed(function = "read_port")]
//! fn read_port(text: &str) -> Result<u16, std::num::ParseIntError> {
//!     text.parse()
//! }
//!
//! read_port("eighty").unwrap_err();
//!
//! let series = |result: &str| {
//!     let module = module_path!();
//!     format!(r#"function_calls_total{{function="read_port",module="{module}",result="{result}"}}"#)
//! };
//! let registry = Registry::global();
//! assert_eq!(testing::value(registry, &series("error")), Some(1.0));
//! assert_eq!(testing::value(registry, &series("ok")), Some(0.0));
//! assert_eq!(testing::value(registry, &series("panicked")), None);
//! ```
//!
//! # Metrics of one function
//!
//! With a name, the metric is the function's own. Its doc comment is the help text, and it has the labels that are listed. A label
//! is an expression over the arguments, a closure over the returned value, or `result`. A string needs a limit, by `capped`.
//!
//! ```
//! use metrics_core::{Registry, counted, testing, timed};
//!
//! /// Mails sent.
//! #[counted(name = "mails_sent_total", labels(html = html, domain = capped(domain(to), 100)))]
//! #[timed(name = "mail_duration_seconds", help = "Duration of sending a mail.", buckets(0.1, 1))]
//! fn send(to: &str, html: bool) {}
//!
//! fn domain(address: &str) -> &str {
//!     address.split('@').nth(1).unwrap_or("")
//! }
//!
//! send("ann@example.org", true);
//! assert_eq!(testing::family(Registry::global(), "mails_sent_total"), r#"# HELP mails_sent_total Mails sent.
//! ## TYPE mails_sent_total counter
//! mails_sent_total{html="true",domain="example.org"} 1
//! "#);
//! assert_eq!(testing::value(Registry::global(), "mail_duration_seconds_count"), Some(1.0));
//! ```
//!
//! # Outcomes
//!
//! An `Err` is an error. So is a response with a status of 5xx (`HttpResponse` of actix-web with metrics-actix, `http::Response`
//! with the feature `http`), also behind `impl Responder` and inside of an `Ok` or an `Either`; one with 4xx is not.
//! [`counted`](macro@crate::counted#error_if-ok_if) has the limits.
//!
//! `error_if` and `ok_if` take a closure over the returned value. `only` counts one outcome alone.
//!
//! ```
//! use metrics_core::{Registry, counted, testing};
//!
//! /// Orders by outcome.
//! #[counted(name = "orders_total", labels(result), error_if = |items| *items == 0)]
//! fn order(items: u32) -> u32 {
//!     items
//! }
//!
//! /// Orders that failed.
//! #[counted(name = "lost_orders_total", only = error)]
//! fn lose() -> Result<(), &'static str> {
//!     Err("out of stock")
//! }
//!
//! order(0);
//! lose().unwrap_err();
//! let registry = Registry::global();
//! assert_eq!(testing::value(registry, r#"orders_total{result="error"}"#), Some(1.0));
//! assert_eq!(testing::value(registry, "lost_orders_total"), Some(1.0));
//! ```
