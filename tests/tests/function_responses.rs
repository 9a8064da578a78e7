//! HTTP responses that functions return: a status of 5xx is an error, one of 4xx is not.

#![deny(warnings, clippy::all, clippy::pedantic, clippy::nursery)]
// The forms are what is tested.
#![allow(
    clippy::future_not_send,
    clippy::unused_async,
    clippy::unnecessary_box_returns,
    clippy::unnecessary_wraps
)]

use std::{future::Future, pin::Pin};

use actix_web::{
    Either, HttpResponse, Responder,
    http::StatusCode,
    web::{Html, Json},
};
use metrics_core::{Registry, counted, observed};
use tests::futures::to_the_end;

/// Calls of a function that ended with `error` and with `ok`.
fn ended(function: &str) -> [u64; 2] {
    let page = Registry::global().text();
    ["error", "ok"].map(|result| {
        let start = format!(
            "function_calls_total{{function=\"{function}\",module=\"{}\",result=\"{result}\"}} ",
            module_path!()
        );
        let line = page.lines().find_map(|line| line.strip_prefix(start.as_str()));
        line.unwrap_or_else(|| panic!("{start} is not in\n{page}")).parse().unwrap()
    })
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap()
}

/// Calls a function with a status of each class, of which 500 and 503 are errors.
fn assert_judged<R>(function: &str, mut call: impl FnMut(u16) -> R) {
    for code in [200, 302, 404, 499, 500, 503] {
        drop(call(code));
    }
    assert_eq!(ended(function), [2, 4], "{function}");
}

#[observed]
async fn response(code: u16) -> HttpResponse {
    HttpResponse::new(status(code))
}

#[observed]
fn opaque(code: u16) -> impl Responder {
    if code == 404 {
        return HttpResponse::NotFound().finish();
    }
    HttpResponse::build(status(code)).body("text")
}

#[observed]
async fn in_a_result(code: u16) -> actix_web::Result<HttpResponse> {
    Ok(response_of(code)?)
}

fn response_of(code: u16) -> Result<HttpResponse, std::io::Error> {
    Ok(HttpResponse::new(status(code)))
}

#[observed]
async fn opaque_in_a_result(code: u16) -> actix_web::Result<impl Responder> {
    Ok(HttpResponse::new(status(code)))
}

#[observed]
async fn with_a_status(code: u16) -> (String, StatusCode) {
    (code.to_string(), status(code))
}

#[observed]
async fn opaque_with_a_status(code: u16) -> (impl Responder, StatusCode) {
    (Html::new("text"), status(code))
}

#[observed]
async fn one_of_two(code: u16) -> Either<Json<u16>, HttpResponse> {
    if code == 200 { Either::Left(Json(code)) } else { Either::Right(HttpResponse::new(status(code))) }
}

#[observed]
async fn result_or_response(code: u16) -> Either<Result<HttpResponse, std::io::Error>, HttpResponse> {
    match code {
        200 | 500 => Either::Left(response_of(code)),
        503 => Either::Left(Err(std::io::ErrorKind::Other.into())),
        _ => Either::Right(HttpResponse::new(status(code))),
    }
}

#[observed]
fn of_the_crate_either(code: u16) -> either::Either<Result<u8, ()>, Box<Result<HttpResponse, ()>>> {
    if code == 503 {
        either::Left(Err(()))
    } else {
        either::Right(Box::new(Ok(HttpResponse::new(status(code)))))
    }
}

#[observed]
fn of_the_crate_http(code: u16) -> http::Response<Vec<u8>> {
    let mut response = http::Response::new(Vec::new());
    *response.status_mut() = http::StatusCode::from_u16(code).unwrap();
    response
}

#[observed]
fn of_the_crate_http_in_a_result(code: u16) -> Result<http::Response<()>, http::Error> {
    http::Response::builder().status(code).body(())
}

#[observed]
fn alone(code: u16) -> http::StatusCode {
    http::StatusCode::from_u16(code).unwrap()
}

#[observed]
fn boxed_future(code: u16) -> Pin<Box<dyn Future<Output = HttpResponse>>> {
    Box::pin(async move { HttpResponse::new(status(code)) })
}

#[observed]
fn opaque_future(code: u16) -> impl Future<Output = HttpResponse> {
    std::future::ready(HttpResponse::new(status(code)))
}

#[test]
fn statuses_decide() {
    assert_judged("response", |code| to_the_end(response(code)));
    assert_judged("opaque", |code| drop(opaque(code)));
    assert_judged("in_a_result", |code| to_the_end(in_a_result(code)));
    assert_judged("opaque_in_a_result", |code| drop(to_the_end(opaque_in_a_result(code))));
    assert_judged("with_a_status", |code| to_the_end(with_a_status(code)));
    assert_judged("opaque_with_a_status", |code| drop(to_the_end(opaque_with_a_status(code))));
    assert_judged("of_the_crate_http", of_the_crate_http);
    assert_judged("of_the_crate_http_in_a_result", of_the_crate_http_in_a_result);
    assert_judged("alone", alone);
}

#[test]
fn statuses_decide_inside_of_an_either() {
    assert_judged("one_of_two", |code| to_the_end(one_of_two(code)));
    assert_judged("result_or_response", |code| to_the_end(result_or_response(code)));
    assert_judged("of_the_crate_either", of_the_crate_either);
}

#[test]
fn statuses_decide_in_futures() {
    assert_judged("boxed_future", |code| to_the_end(boxed_future(code)));
    assert_judged("opaque_future", |code| to_the_end(opaque_future(code)));
}

#[counted(error_if = |response| !response.status().is_success())]
async fn strict(code: u16) -> HttpResponse {
    HttpResponse::new(status(code))
}

#[test]
fn client_errors_are_errors_where_asked_for() {
    for code in [200, 404, 500] {
        drop(to_the_end(strict(code)));
    }
    assert_eq!(ended("strict"), [2, 1]);
}
