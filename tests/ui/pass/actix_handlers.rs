//! Handlers with route attributes above and below ours.

#![deny(warnings, clippy::all, clippy::pedantic, clippy::nursery)]
#![allow(clippy::future_not_send)] // handlers of actix are not

use std::{collections::BTreeMap, io, num::ParseIntError};

use actix_web::{
    App, Either, HttpResponse, Responder, ResponseError, get, http::StatusCode, post, route, routes, test,
    web,
};
use metrics_core::{LabelValue, Registry, StatusClass, counted, observed, timed};
use tracing::instrument;

#[derive(Clone, Copy, Debug, LabelValue)]
enum Region {
    Eu,
    Other,
}

impl From<&str> for Region {
    fn from(name: &str) -> Self {
        if name == "eu" { Self::Eu } else { Self::Other }
    }
}

/// Players who logged in.
#[post("/login/{region}")]
#[counted(name = "actix_logins_total", only = ok)]
#[timed(
    name = "actix_login_duration_seconds",
    help = "Time to log a player in.",
    labels(region = Region::from(region.as_str()), result),
    buckets(0.5, 5)
)]
async fn login(region: web::Path<String>, name: web::Bytes) -> Result<HttpResponse, actix_web::Error> {
    if name.is_empty() {
        return Err(actix_web::error::ErrorBadRequest("no name"));
    }
    let text = String::from_utf8(name.to_vec()).map_err(actix_web::error::ErrorBadRequest)?;
    Ok(HttpResponse::Ok().body(format!("{text} from {region}")))
}

#[observed]
#[get("/below")]
async fn below() -> impl Responder {
    "below"
}

#[get("/above")]
#[observed]
async fn above() -> impl Responder {
    HttpResponse::NoContent()
}

#[derive(Debug)]
struct Wrong(ParseIntError);

impl std::fmt::Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl ResponseError for Wrong {
    fn status_code(&self) -> StatusCode {
        StatusCode::UNPROCESSABLE_ENTITY
    }
}

impl From<ParseIntError> for Wrong {
    fn from(error: ParseIntError) -> Self {
        Self(error)
    }
}

/// The type behind `impl Responder` may be a `Result`.
#[get("/hidden/{text}")]
#[observed]
async fn hidden(text: web::Path<String>) -> impl Responder {
    text.parse::<u8>().map(|value| value.to_string()).map_err(Wrong)
}

#[observed]
#[get("/hidden-below/{text}")]
async fn hidden_below(text: web::Path<String>) -> impl Responder {
    let value = text.parse::<u8>();
    value.map(|value| value.to_string()).map_err(Wrong)
}

/// Responses by class.
#[get("/status/{status}")]
#[counted(error_if = |response| response.status().is_server_error())]
#[counted(name = "actix_responses_total", labels(class = |response| StatusClass::of(response.status().as_u16()), result))]
async fn by_status(status: web::Path<u16>) -> HttpResponse {
    let Ok(status) = StatusCode::from_u16(*status) else { return HttpResponse::BadRequest().finish() };
    HttpResponse::new(status)
}

#[counted(error_if = |response| response.1.is_server_error())]
#[get("/tuple/{status}")]
async fn tuple(status: web::Path<u16>) -> (String, StatusCode) {
    (status.to_string(), StatusCode::from_u16(*status).unwrap_or_default())
}

#[route("/either/{text}", method = "GET", method = "HEAD")]
#[counted(error_if = |response| matches!(response, Either::Left(_) | Either::Right(Err(_))))]
#[instrument(skip_all)]
async fn either(text: web::Path<String>) -> Either<HttpResponse, io::Result<String>> {
    if text.is_empty() {
        return Either::Left(HttpResponse::BadRequest().finish());
    }
    Either::Right(Ok(text.into_inner()))
}

#[instrument(skip_all)]
#[observed]
#[routes]
#[get("/first/{text}")]
#[get("/second/{text}")]
async fn two_routes(text: web::Path<String>) -> Result<String, Wrong> {
    let value: u8 = text.parse()?;
    Ok(value.to_string())
}

#[instrument(skip_all)]
#[get("/stacked/{text}")]
#[counted]
#[timed]
async fn stacked(text: web::Path<String>) -> actix_web::Result<String> {
    if text.len() > 3 {
        return Err(actix_web::error::ErrorPayloadTooLarge("long"));
    }
    let value: u8 = text.parse().map_err(Wrong)?;
    Ok(value.to_string())
}

/// Outcomes of a handler's calls.
fn endings_of(function: &str) -> BTreeMap<String, u64> {
    let start =
        format!("function_calls_total{{function=\"{function}\",module=\"pass_actix_handlers\",result=\"");
    let page = Registry::global().text();
    let series = page.lines().filter_map(|line| line.strip_prefix(start.as_str())?.split_once("\"} "));
    series
        .map(|(result, count)| (result.to_owned(), count.parse().expect("a count")))
        .filter(|(_, count)| *count > 0)
        .collect()
}

#[actix_web::test]
async fn outcomes_of_responders() {
    let app = App::new().service(hidden).service(hidden_below).service(by_status).service(tuple);
    let app = test::init_service(app.service(either).service(two_routes).service(stacked)).await;
    for (path, status) in [
        ("/hidden/7", 200),
        ("/hidden/x", 422),
        ("/hidden-below/7", 200),
        ("/hidden-below/x", 422),
        ("/status/200", 200),
        ("/status/404", 404),
        ("/status/503", 503),
        ("/status/1", 400),
        ("/tuple/200", 200),
        ("/tuple/500", 500),
        ("/either/x", 200),
        ("/first/7", 200),
        ("/second/x", 422),
        ("/stacked/7", 200),
        ("/stacked/long", 413),
        ("/stacked/x", 422),
    ] {
        let response = test::call_service(&app, test::TestRequest::get().uri(path).to_request()).await;
        assert_eq!(response.status().as_u16(), status, "{path}");
    }
    for (function, endings) in [
        ("hidden", [("ok", 1), ("error", 1)].as_slice()),
        ("hidden_below", &[("ok", 1), ("error", 1)]),
        ("by_status", &[("ok", 3), ("error", 1)]),
        ("tuple", &[("ok", 1), ("error", 1)]),
        ("either", &[("ok", 1)]),
        ("two_routes", &[("ok", 1), ("error", 1)]),
        ("stacked", &[("ok", 1), ("error", 2)]),
    ] {
        let expected = endings.iter().map(|(result, count)| ((*result).to_owned(), *count)).collect();
        assert_eq!(endings_of(function), expected, "{function}");
    }
    let page = Registry::global().text();
    for line in [
        r#"actix_responses_total{class="4xx",result="ok"} 2"#,
        r#"actix_responses_total{class="5xx",result="error"} 1"#,
    ] {
        assert!(page.contains(&format!("{line}\n")), "{line} is not in\n{page}");
    }
}

#[actix_web::test]
async fn handlers_are_counted() {
    let app = test::init_service(App::new().service(login).service(below).service(above)).await;
    let send = |request: test::TestRequest| test::call_service(&app, request.to_request());
    assert_eq!(send(test::TestRequest::get().uri("/below")).await.status(), StatusCode::OK);
    assert_eq!(send(test::TestRequest::get().uri("/above")).await.status(), StatusCode::NO_CONTENT);
    let request = || test::TestRequest::post().uri("/login/eu");
    assert_eq!(send(request().set_payload("ada")).await.status(), StatusCode::OK);
    assert_eq!(send(request()).await.status(), StatusCode::BAD_REQUEST);
    let page = Registry::global().text();
    for line in [
        "actix_logins_total 1",
        r#"actix_login_duration_seconds_count{region="Eu",result="error"} 1"#,
        r#"actix_login_duration_seconds_count{region="Eu",result="ok"} 1"#,
        r#"function_calls_total{function="below",module="pass_actix_handlers",result="ok"} 1"#,
        r#"function_calls_total{function="above",module="pass_actix_handlers",result="ok"} 1"#,
    ] {
        assert!(page.contains(&format!("{line}\n")), "{line} is not in\n{page}");
    }
}
