//! Handlers with route attributes above and below ours.

#![deny(warnings, clippy::all, clippy::pedantic)]

use actix_web::{App, HttpResponse, Responder, get, http::StatusCode, post, test, web};
use metrics_core::{LabelValue, Registry, counted, observed, timed};

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

#[actix_web::test]
async fn handlers_work_as_before_and_are_counted() {
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
        r#"function_calls_total{function="below",module="pass_actix",result="ok"} 1"#,
        r#"function_calls_total{function="above",module="pass_actix",result="ok"} 1"#,
    ] {
        assert!(page.contains(&format!("{line}\n")), "{line} is not in\n{page}");
    }
}
