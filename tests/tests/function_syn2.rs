//! An attribute built on syn 2 below ours reads every shape of body that ours makes.

#![deny(warnings, clippy::all, clippy::pedantic, clippy::nursery)]
// The forms are what is tested.
#![allow(clippy::unused_async, clippy::needless_return, clippy::unnecessary_wraps, clippy::never_loop)]

use std::{num::ParseIntError, pin::Pin};

use async_trait::async_trait;
use metrics_core::{Registry, counted, observed};
use tests::futures::to_the_end;

#[async_trait]
trait Numbers: Sync {
    async fn plain(&self) -> u8;
    async fn no_exit(&self, text: &str) -> Result<u8, ParseIntError>;
    async fn question_mark(&self, text: &str) -> Result<u8, ParseIntError>;
    async fn early(&self, text: &str) -> Result<u8, ParseIntError>;
    async fn in_a_loop(&self, texts: &[&str]) -> Option<u8>;
    async fn hidden(&self, text: &str) -> anyhow::Result<u8>;
    fn not_async(&self, text: &str) -> Result<u8, ParseIntError>;
    fn future(&self) -> Pin<Box<dyn Future<Output = Result<u8, String>> + Send + 'static>>;
}

struct Parser;

// Expanded first, so that `async_trait` reads what it makes.
#[observed]
#[async_trait]
impl Numbers for Parser {
    async fn plain(&self) -> u8 {
        1
    }

    async fn no_exit(&self, text: &str) -> Result<u8, ParseIntError> {
        text.parse()
    }

    async fn question_mark(&self, text: &str) -> Result<u8, ParseIntError> {
        let value: u8 = text.parse()?;
        Ok(value)
    }

    async fn early(&self, text: &str) -> Result<u8, ParseIntError> {
        if text == "0" {
            return ::std::result::Result::Ok(0);
        }
        return text.parse();
    }

    async fn in_a_loop(&self, texts: &[&str]) -> Option<u8> {
        'texts: loop {
            for text in texts {
                if text.is_empty() {
                    break 'texts;
                }
                let first = text.parse().ok()?;
                return Some(first);
            }
        }
        None
    }

    async fn hidden(&self, text: &str) -> anyhow::Result<u8> {
        anyhow::ensure!(!text.is_empty(), "nothing");
        Ok(text.parse()?)
    }

    fn not_async(&self, text: &str) -> Result<u8, ParseIntError> {
        let value = text.parse()?;
        Ok(value)
    }

    fn future(&self) -> Pin<Box<dyn Future<Output = Result<u8, String>> + Send + 'static>> {
        let future = std::future::ready(Err("no".to_owned()));
        Box::pin(future)
    }
}

fn calls_of(method: &str) -> Vec<String> {
    let start = format!("function_calls_total{{function=\"Parser::{method}\",module=\"{}\",", module_path!());
    let page = Registry::global().text();
    let lines = page.lines().filter_map(|line| line.strip_prefix(start.as_str()));
    lines.filter(|rest| !rest.ends_with(" 0")).map(str::to_owned).collect()
}

#[test]
fn every_shape_of_body_compiles_and_counts() {
    let parser = Parser;
    assert_eq!(to_the_end(parser.plain()), 1);
    assert_eq!((to_the_end(parser.no_exit("2")), to_the_end(parser.question_mark("3"))), (Ok(2), Ok(3)));
    assert!(to_the_end(parser.question_mark("")).is_err());
    assert_eq!((to_the_end(parser.early("0")), to_the_end(parser.early("4"))), (Ok(0), Ok(4)));
    assert_eq!((to_the_end(parser.in_a_loop(&["5"])), to_the_end(parser.in_a_loop(&[""]))), (Some(5), None));
    assert!(to_the_end(parser.hidden("")).is_err() && to_the_end(parser.hidden("6")).is_ok());
    assert!(parser.not_async("x").is_err() && to_the_end(parser.future()).is_err());
    let failed = [r#"result="error"} 1"#];
    let both = [r#"result="error"} 1"#, r#"result="ok"} 1"#];
    assert_eq!(
        (calls_of("question_mark"), calls_of("hidden")),
        (both.map(str::to_owned).into(), both.map(str::to_owned).into())
    );
    assert_eq!(
        (calls_of("not_async"), calls_of("future")),
        (failed.map(str::to_owned).into(), failed.map(str::to_owned).into())
    );
}

#[counted]
#[actix_web::get("/{text}")]
async fn handler(text: actix_web::web::Path<String>) -> Result<String, actix_web::Error> {
    let value: u8 = text.parse().map_err(actix_web::error::ErrorBadRequest)?;
    if value == 0 {
        return Err(actix_web::error::ErrorNotFound("nothing"));
    }
    Ok(value.to_string())
}

#[test]
fn a_route_below_compiles() {
    let _ = actix_web::App::new().service(handler);
}
