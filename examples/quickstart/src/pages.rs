//! The pages: annotated handlers.

use std::{collections::HashMap, time::Duration};

use actix_web::{
    Error, HttpResponse, Responder,
    error::{ErrorBadRequest, ErrorInternalServerError},
    get,
    http::header::ContentType,
    rt::time::sleep,
    web::{Html, Query, block},
};
use metrics_core::{counted, observed};

use crate::work::{parse_size, primes};

/// Duration of `/slow`.
const SLOW: Duration = Duration::from_secs(2);

/// Shows the start page.
#[get("/")]
#[counted]
pub(crate) async fn index() -> impl Responder {
    Html::new(include_str!("index.html"))
}

/// Looks for primes: `/work?size=1000`.
#[get("/work")]
#[observed]
pub(crate) async fn work(query: Query<HashMap<String, String>>) -> Result<String, Error> {
    let size = parse_size(query.get("size").map(String::as_str)).map_err(ErrorBadRequest)?;
    let primes = block(move || primes(size)).await?;
    Ok(match primes.last() {
        Some(last) => format!("{} primes up to {size}, the last is {last}\n", primes.len()),
        None => format!("no primes up to {size}\n"),
    })
}

/// Fails.
#[get("/error")]
#[observed]
pub(crate) async fn error() -> Result<HttpResponse, Error> {
    Err(ErrorInternalServerError("this page always fails\n"))
}

/// Takes its time.
#[get("/slow")]
#[observed]
pub(crate) async fn slow() -> HttpResponse {
    sleep(SLOW).await;
    HttpResponse::Ok().content_type(ContentType::plaintext()).body("that took two seconds\n")
}
