//! Options of `HttpMetrics`, and several instances.

mod service;

use std::time::Duration;

use actix_http::Request;
use actix_web::{
    App, Error, HttpResponse,
    body::{MessageBody, to_bytes},
    dev::{Service, ServiceResponse},
    middleware::{Compress, Condition, NormalizePath},
    rt::time::sleep,
    test::{TestRequest, init_service},
    web,
};
use metrics_actix::{HttpLabel, HttpMetric, HttpMetrics, InProgress, MetricsRoute, Preset, StatusLabel};
use metrics_core::{LabelValue, Registry};
use service::{Drip, Then, expected, expected_during, routes, samples};

/// Sends GET requests and reads the bodies.
async fn get<S, B>(app: &S, paths: &[&str])
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    for path in paths {
        let request = TestRequest::with_uri(path).to_request();
        if let Ok(response) = app.call(request).await {
            assert!(to_bytes(response.into_body()).await.is_ok(), "{path}");
        }
    }
}

/// Returns the samples of one metric on the page.
fn lines(registry: &Registry, name: &str) -> Vec<String> {
    let page = registry.text();
    page.lines().filter(|line| line.starts_with(&format!("{name}{{"))).map(String::from).collect()
}

/// Returns the registry and the app after these requests.
macro_rules! measured {
    ($http:expr, $($path:expr),*) => {{
        let registry = Registry::new();
        let http: HttpMetrics = $http.registry(&registry);
        let app = init_service(App::new().wrap(http).configure(routes)).await;
        get(&app, &[$($path),*]).await;
        (registry, app)
    }};
}

#[actix_web::test]
async fn both_presets_count_the_same_requests() {
    let (registry, _app) =
        measured!(HttpMetrics::new().preset(Preset::Both), "/users/1", "/users/2", "/nothing");
    assert_eq!(lines(&registry, "http_requests_total").len(), 2);
    assert_eq!(
        lines(&registry, "http_server_request_duration_seconds_count"),
        [
            "http_server_request_duration_seconds_count{http_request_method=\"GET\",http_route=\"/users/{id}\",\
             http_response_status_code=\"200\",url_scheme=\"http\",network_protocol_version=\"1.1\"} 2",
            "http_server_request_duration_seconds_count{http_request_method=\"GET\",\
             http_response_status_code=\"404\",url_scheme=\"http\",network_protocol_version=\"1.1\"} 1",
        ]
    );
    // The buckets of the conventions, and the default ones.
    assert_eq!(lines(&registry, "http_server_request_duration_seconds_bucket").len(), 2 * 15);
    assert_eq!(lines(&registry, "http_request_duration_seconds_bucket").len(), 2 * 12);
    assert!(registry.registration_errors().is_empty());
}

#[actix_web::test]
async fn names_labels_and_status_classes_are_configurable() {
    let http = HttpMetrics::new()
        .namespace("shop")
        .name(HttpMetric::Requests, "calls_total")
        .label_name(HttpLabel::Endpoint, "route")
        .label("zone", "north")
        .status(StatusLabel::Class);
    let (registry, _app) = measured!(http, "/users/1", "/missing/1", "/teapot");
    assert_eq!(
        lines(&registry, "shop_calls_total"),
        [
            "shop_calls_total{zone=\"north\",method=\"GET\",route=\"/users/{id}\",status=\"2xx\"} 1",
            "shop_calls_total{zone=\"north\",method=\"GET\",route=\"/missing/{id}\",status=\"4xx\"} 1",
            "shop_calls_total{zone=\"north\",method=\"GET\",route=\"/teapot\",status=\"4xx\"} 1",
        ]
    );
    assert_eq!(lines(&registry, "shop_http_requests_in_progress").len(), 3);
}

#[actix_web::test]
async fn regular_expression_excludes_paths() {
    let http = HttpMetrics::new().exclude_regex("^/users/[0-9]+$").expect("an expression");
    let (registry, _app) = measured!(http, "/users/1", "/users/one", "/metrics");
    assert_eq!(samples(&registry), expected(&[("GET", "/users/{id}", &[(200, 1)])]));
    assert!(HttpMetrics::new().exclude_regex("(").is_err());
}

#[actix_web::test]
async fn scrapes_count_if_included() {
    for (include, count) in [(false, 0), (true, 1)] {
        let registry = Registry::new();
        let http = HttpMetrics::new().registry(&registry);
        let http = if include { http.include_scrapes() } else { http };
        let route = MetricsRoute::new("/metrics").registry(&registry);
        let app = init_service(App::new().wrap(http).service(route)).await;
        get(&app, &["/metrics"]).await;
        assert_eq!(lines(&registry, "http_requests_total").len(), count);
    }
}

#[actix_web::test]
async fn gauge_can_be_turned_off() {
    let (registry, _app) = measured!(HttpMetrics::new().in_progress(InProgress::Off), "/users/1", "/nothing");
    let mut rest = expected(&[("GET", "/users/{id}", &[(200, 1)]), ("GET", "unmatched", &[(404, 1)])]);
    rest.retain(|sample| !sample.starts_with("http_requests_in_progress"));
    assert_eq!(samples(&registry), rest);
}

#[derive(Clone, Copy, LabelValue)]
#[label(rename_all = "snake_case")]
enum Size {
    Small,
    Large,
}

#[actix_web::test]
async fn request_and_response_labels_are_on_their_metrics() {
    let http = HttpMetrics::new()
        .capped_request_label("tenant", 2, |request| {
            Some(request.query_string()).filter(|text| !text.is_empty()).map(Into::into)
        })
        .response_label("size", |_, head| if head.status.is_success() { Size::Small } else { Size::Large })
        .response_size();
    let (registry, app) = measured!(http, "/users/1?a", "/users/2?b", "/users/3?c", "/users/4?a", "/users/5");
    let line = |tenant: &str, count: u32| {
        let tenant = if tenant.is_empty() { String::new() } else { format!(",tenant=\"{tenant}\"") };
        let labels = "method=\"GET\",endpoint=\"/users/{id}\",status=\"200\"";
        format!("http_requests_total{{{labels}{tenant},size=\"small\"}} {count}")
    };
    assert_eq!(
        lines(&registry, "http_requests_total"),
        [line("a", 2), line("b", 1), line("_OTHER", 1), line("", 1)]
    );
    for name in ["http_request_duration_seconds_count", "http_response_size_bytes_count"] {
        let lines = lines(&registry, name);
        assert!(lines.iter().all(|line| line.contains("size=\"small\"")), "{lines:?}");
        assert_eq!(lines.len(), 4, "{lines:?}");
    }
    assert_eq!(lines(&registry, "http_requests_in_progress").len(), 4);
    // Past the limit every request counts as an overflow, and no string is kept.
    let overflow = || lines(&registry, "metrics_overflow_total").join("\n");
    assert!(
        overflow().contains("metrics_overflow_total{metric=\"http_requests_total\"} 1"),
        "{}",
        overflow()
    );
    get(&app, &["/users/1?d", "/users/1?e"]).await;
    assert!(
        overflow().contains("metrics_overflow_total{metric=\"http_requests_total\"} 3"),
        "{}",
        overflow()
    );
    assert_eq!(lines(&registry, "http_requests_total").len(), 4);
}

#[actix_web::test]
async fn routes_can_have_their_own_buckets() {
    let http = HttpMetrics::new().buckets(&[60.0]).route_buckets("/users/{id}", &[60.0, 120.0]);
    let (registry, _app) = measured!(http, "/users/1", "/empty");
    let bounds: Vec<_> = lines(&registry, "http_request_duration_seconds_bucket")
        .iter()
        .filter_map(|line| line.split_once("endpoint=").map(|(_, rest)| rest.to_owned()))
        .collect();
    assert_eq!(
        bounds,
        [
            "\"/empty\",le=\"60\"} 1",
            "\"/empty\",le=\"+Inf\"} 1",
            "\"/users/{id}\",le=\"60\"} 1",
            "\"/users/{id}\",le=\"120\"} 1",
            "\"/users/{id}\",le=\"+Inf\"} 1",
        ]
    );
    // Without the buckets of the route it is another metric of the same name: a conflict.
    let again = HttpMetrics::new().registry(&registry).buckets(&[60.0]);
    let other = init_service(App::new().wrap(again).configure(routes)).await;
    get(&other, &["/users/1"]).await;
    assert_eq!(lines(&registry, "http_request_duration_seconds_bucket").len(), 5);
    assert_eq!(registry.registration_errors().len(), 1);
}

#[actix_web::test]
async fn nested_middleware_counts_once() {
    let registry = Registry::new();
    let http = HttpMetrics::new().registry(&registry);
    // A clone, another instance with the same metrics, and an instance with its own metrics.
    let same = web::scope("/a").wrap(http.clone()).route("/{x}", web::get().to(|| async { "a" }));
    let made = web::scope("/b")
        .wrap(HttpMetrics::new().registry(&registry).exclude("/none"))
        .route("/{x}", web::get().to(|| async { "b" }));
    let own = web::scope("/c")
        .wrap(HttpMetrics::new().registry(&registry).namespace("inner"))
        .route("/{x}", web::get().to(|| async { "c" }));
    let app = init_service(App::new().wrap(http).service(same).service(made).service(own)).await;
    get(&app, &["/a/1", "/b/1", "/c/1"]).await;
    let mut all = expected(&[
        ("GET", "/a/{x}", &[(200, 1)]),
        ("GET", "/b/{x}", &[(200, 1)]),
        ("GET", "/c/{x}", &[(200, 1)]),
    ]);
    let inner = expected(&[("GET", "/c/{x}", &[(200, 1)])]);
    all.extend(inner.into_iter().map(|sample| format!("inner_{sample}")));
    all.sort();
    assert_eq!(samples(&registry), all);
}

#[actix_web::test]
async fn order_with_compression_and_normalization_does_not_matter() {
    let registry = Registry::new();
    let http = HttpMetrics::new().registry(&registry);
    let outermost = App::new().wrap(NormalizePath::trim()).wrap(Compress::default()).wrap(http.clone());
    let innermost =
        App::new().wrap(http).wrap(Condition::new(true, Compress::default())).wrap(NormalizePath::trim());
    let outermost = init_service(outermost.configure(routes)).await;
    let innermost = init_service(innermost.configure(routes)).await;
    for path in ["/users/1/", "/stream", "/refused/plain", "/api/v1/items/3/"] {
        get(&outermost, &[path]).await;
        get(&innermost, &[path]).await;
    }
    let mut samples = samples(&registry);
    samples.retain(|sample| !expected_during("unmatched", 0).contains(sample));
    assert_eq!(
        samples,
        expected(&[
            ("GET", "/users/{id}", &[(200, 2)]),
            ("GET", "/stream", &[(200, 2)]),
            ("GET", "/refused/{how}", &[(401, 2)]),
            ("GET", "/api/v1/items/{item}", &[(200, 2)]),
        ])
    );
}

#[actix_web::test]
async fn routes_with_one_endpoint_share_series() {
    let http = HttpMetrics::new().name_endpoints(|pattern| match pattern {
        "/users/{id}" | "/missing/{id}" => "people".into(),
        "/empty" => String::new(),
        other => other.into(),
    });
    let (registry, app) = measured!(http, "/users/1", "/missing/1", "/users/2", "/empty", "/nothing");
    get(&app, &["/missing/2"]).await;
    assert_eq!(
        samples(&registry),
        expected(&[
            ("GET", "people", &[(200, 2), (404, 2)]),
            ("GET", "/", &[(204, 1)]),
            ("GET", "unmatched", &[(404, 1)]),
        ])
    );
}

#[actix_web::test]
async fn more_than_four_request_labels_work() {
    let http = (0..6).fold(HttpMetrics::new(), |http, at| {
        http.capped_request_label(["a", "b", "c", "d", "e", "f"][at], 3, move |request| {
            let value = request.query_string().split('&').nth(at);
            value.filter(|text| !text.is_empty()).map(Into::into)
        })
    });
    let paths = [
        "/users/1?1&2&3&4&5&6",
        "/users/1?1&2&3&4&5&7",
        "/users/1?1&2&3&4&5&6",
        "/users/1?1&&&&&6",
        "/users/1",
    ];
    let registry = Registry::new();
    let app = init_service(App::new().wrap(http.registry(&registry)).configure(routes)).await;
    get(&app, &paths).await;
    let line = |labels: &str, count: u32| {
        format!(
            "http_requests_total{{method=\"GET\",endpoint=\"/users/{{id}}\",status=\"200\"{labels}}} {count}"
        )
    };
    assert_eq!(
        lines(&registry, "http_requests_total"),
        [
            line(",a=\"1\",b=\"2\",c=\"3\",d=\"4\",e=\"5\",f=\"6\"", 2),
            line(",a=\"1\",b=\"2\",c=\"3\",d=\"4\",e=\"5\",f=\"7\"", 1),
            line(",a=\"1\",f=\"6\"", 1),
            line("", 1),
        ]
    );
}

/// Returns the sum of a duration metric for requests to `/late`.
fn sum(registry: &Registry, name: &str) -> f64 {
    let page = registry.text();
    let sample = format!("{name}_sum{{method=\"GET\",endpoint=\"/late\"}} ");
    let line = page.lines().find_map(|line| line.strip_prefix(&sample)).expect("it was observed");
    line.parse().expect("it is a number")
}

#[actix_web::test]
async fn first_byte_is_between_handler_and_body() {
    let registry = Registry::new();
    let http = HttpMetrics::new().registry(&registry).first_byte();
    let late = || async {
        sleep(Duration::from_millis(30)).await;
        HttpResponse::Ok().body(Drip::new(2, 40, Then::End))
    };
    let app = init_service(App::new().wrap(http).route("/late", web::get().to(late))).await;
    get(&app, &["/late"]).await;
    let (first, last) =
        (sum(&registry, "http_response_first_byte_seconds"), sum(&registry, "http_request_duration_seconds"));
    // A timer is never early; how late it is does not matter.
    assert!(first >= 0.03 && last - first >= 0.08, "{first} {last}");
}
