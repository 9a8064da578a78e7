//! Random services and random paths: every request counts under the pattern that actix names for it.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    fmt::Write as _,
    rc::Rc,
};

use actix_files::Files;
use actix_web::{
    App, HttpRequest, HttpResponse,
    dev::{Service, ServiceRequest},
    guard,
    http::{Method, Uri},
    test::{TestRequest, call_service, init_service},
    web::{self, ServiceConfig},
};
use metrics_actix::HttpMetrics;
use metrics_core::Registry;

/// Number of services that share a registry, and with it the learned routes.
const SERVICES: u64 = 12;
const REGISTRIES: u64 = 20;
const REQUESTS: u64 = 100;

const SEGMENTS: [&str; 7] = ["shop", "static", "a b", "café", "7", "x", "a-b"];

/// Pseudorandom numbers, the same in each run: splitmix64.
#[derive(Clone)]
struct Random(Rc<Cell<u64>>);

impl Random {
    fn next(&self) -> u64 {
        self.0.set(self.0.get().wrapping_add(0x9E37_79B9_7F4A_7C15));
        let mixed = self.0.get();
        let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn is_one_of(&self, chances: u64) -> bool {
        self.below(chances) == 0
    }

    fn of<T: Copy>(&self, choices: &[T]) -> T {
        choices[usize::try_from(self.below(choices.len() as u64)).expect("an index")]
    }
}

/// Requests by method, endpoint and status, as actix names their patterns.
type Counts = Rc<RefCell<BTreeMap<String, u64>>>;

/// A measured scope or resource: the middleware's registry and the expected requests.
#[derive(Clone)]
struct Place {
    registry: Registry,
    http: HttpMetrics,
    expected: Counts,
}

impl Place {
    fn new() -> Self {
        let registry = Registry::new();
        Self {
            http: HttpMetrics::new().registry(&registry).register(),
            registry,
            expected: Counts::default(),
        }
    }

    fn check(&self, service: &str) {
        let page = self.registry.text();
        let samples = |name: &str| {
            let lines = page.lines().filter(|line| line.starts_with(name)).map(String::from);
            lines.collect::<Vec<_>>()
        };
        let counted: BTreeMap<_, _> = samples("http_requests_total{")
            .iter()
            .filter_map(|line| line.rsplit_once(' '))
            .map(|(series, count)| (series.to_owned(), count.parse().expect("a number")))
            .collect();
        assert_eq!(counted, *self.expected.borrow(), "{service}");
        for gauge in samples("http_requests_in_progress{") {
            assert!(gauge.ends_with(" 0"), "{gauge} in {service}");
        }
        for (histogram, counts) in samples("http_request_duration_seconds_count{")
            .iter()
            .filter_map(|line| {
                let (series, count) = line.rsplit_once(' ')?;
                Some((series.replacen("_duration_seconds_count", "s_total", 1), count.parse::<u64>().ok()?))
            })
            .map(|(series, count)| (series.trim_end_matches('}').to_owned(), count))
        {
            let requests: u64 = counted
                .iter()
                .filter(|(series, _)| series.starts_with(&histogram))
                .map(|(_, count)| count)
                .sum();
            assert_eq!(counts, requests, "{histogram} in {service}");
        }
    }
}

/// App data of a scope: its pattern with those around it, without the expressions of variables.
#[derive(Clone, Default)]
struct ScopePattern(String);

/// Returns the pattern of the scopes around the default service that has taken a request.
fn scope(request: &HttpRequest, is_builtin: bool) -> String {
    match request.app_data::<ScopePattern>() {
        Some(ScopePattern(pattern)) if !pattern.is_empty() && !is_builtin => pattern.clone(),
        _ => "unmatched".to_owned(),
    }
}

/// Wraps a service in the middleware, and that in a recorder of the patterns that actix names.
macro_rules! measured {
    ($service:expr, $place:expr) => {{
        let Place { http, expected, .. } = $place.clone();
        $service.wrap(http).wrap_fn(move |request, service| {
            let (called, expected) = (service.call(request), Rc::clone(&expected));
            async move {
                let response = called.await?;
                let request = response.request();
                let endpoint = match request.match_pattern() {
                    Some(pattern) if pattern.is_empty() => "/".to_owned(),
                    Some(pattern) => pattern.replace('\\', "\\\\"),
                    None => scope(request, response.status() == 404),
                };
                let (method, status) = (request.method(), response.status().as_u16());
                let series = format!(
                    "http_requests_total{{method=\"{method}\",endpoint=\"{endpoint}\",status=\"{status}\"}}"
                );
                *expected.borrow_mut().entry(series).or_default() += 1;
                Ok(response)
            }
        })
    }};
}

/// Returns a pattern of one or two segments, sometimes with a special end.
fn pattern(random: &Random) -> String {
    let mut pattern = String::new();
    for part in 0..=random.below(2) {
        // A pattern may not have a name twice.
        let written = match random.below(8) {
            0 => write!(pattern, "/{{name{part}}}"),
            1 => write!(pattern, "/{{number{part}:\\d+}}"),
            2 => write!(pattern, "/a-{{name{part}}}"),
            _ => write!(pattern, "/{}", random.of(&SEGMENTS)),
        };
        written.expect("memory");
    }
    match random.below(12) {
        0 => pattern.push_str("/{tail}*"),
        1 => pattern.push_str("/{deep:.*}/end"),
        2 => pattern.push('/'),
        _ => {}
    }
    pattern
}

fn header_guard() -> impl guard::Guard {
    guard::Header("x-plan", "premium")
}

/// Adds a resource with one or several patterns, with guards on itself or on its routes.
fn add_resource(config: &mut ServiceConfig, random: &Random) {
    let several: Vec<_> = (0..=random.below(6) / 5).map(|_| pattern(random)).collect();
    let resource =
        if let [single] = &several[..] { web::resource(single.clone()) } else { web::resource(several) };
    let resource = if random.is_one_of(4) { resource.name("named") } else { resource };
    let resource = match random.below(4) {
        0 => resource.guard(guard::Post()),
        1 => resource.guard(header_guard()),
        _ => resource,
    };
    let resource = match random.below(4) {
        0 => resource.route(web::post().to(HttpResponse::Created)),
        1 => resource.route(web::get().guard(header_guard()).to(HttpResponse::Accepted)),
        _ => resource.to(HttpResponse::Ok),
    };
    config.service(resource);
}

/// Adds a scope with random services, measured or not.
fn add_scope(config: &mut ServiceConfig, random: &Random, places: &mut Vec<Place>, around: &[ScopePattern]) {
    let prefix = match random.below(6) {
        0 => "/{scope}".into(),
        1 => String::new(),
        2 => r"/v{version:\d}".into(),
        _ => format!("/{}", random.of(&SEGMENTS)),
    };
    let ScopePattern(outer) = around.last().cloned().unwrap_or_default();
    let inside = ScopePattern(outer + &prefix.replace(r":\d", ""));
    let around = [around, std::slice::from_ref(&inside)].concat();
    let mut scope = web::scope(&prefix).app_data(inside);
    if random.is_one_of(3) {
        scope = scope.guard(header_guard());
    }
    if random.is_one_of(2) {
        scope = scope.route("", web::get().to(HttpResponse::Ok));
    }
    if random.is_one_of(3) {
        scope = scope.default_service(web::to(HttpResponse::Gone));
    }
    let scope = scope.configure(|config| add_services(config, random, places, &around));
    if random.is_one_of(3) {
        let place = Place::new();
        config.service(measured!(scope, place));
        places.push(place);
    } else {
        config.service(scope);
    }
}

fn add_services(
    config: &mut ServiceConfig,
    random: &Random,
    places: &mut Vec<Place>,
    around: &[ScopePattern],
) {
    for _ in 0..=random.below(4) {
        match random.below(8) {
            0 | 1 if around.len() < 2 => add_scope(config, random, places, around),
            2 => {
                let mount = random.of(&["/", "/static", "/a b", "/shop"]);
                config.service(Files::new(mount, env!("CARGO_MANIFEST_DIR")));
            }
            3 => {
                let resource = web::resource(pattern(random));
                let place = Place::new();
                config.service(measured!(resource, place).route(web::get().to(HttpResponse::Ok)));
                places.push(place);
            }
            _ => add_resource(config, random),
        }
    }
    if around.is_empty() && random.is_one_of(2) {
        config.default_service(web::to(HttpResponse::ImATeapot));
    }
}

/// Returns a path with some of its letters escaped.
fn path(random: &Random) -> String {
    let mut path = String::new();
    for _ in 0..=random.below(4) {
        path.push('/');
        path.push_str(random.of(&[
            "shop",
            "static",
            "a b",
            "café",
            "7",
            "x",
            "a-b",
            "end",
            "v1",
            "src",
            "Cargo.toml",
            "none",
            "٣",
            "",
        ]));
    }
    let mut escaped = String::new();
    for character in path.chars() {
        if character == ' ' || !character.is_ascii() || (character != '/' && random.is_one_of(40)) {
            let mut bytes = [0; 4];
            for byte in character.encode_utf8(&mut bytes).bytes() {
                write!(escaped, "%{byte:02X}").expect("memory");
            }
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// Rewrites some paths, inside of the middleware.
fn rewrite(request: &mut ServiceRequest) {
    if let Some(rest) = request.path().strip_prefix("/x/") {
        let uri: Uri = format!("/shop/{rest}").parse().expect("a path");
        request.match_info_mut().get_mut().update(&uri);
        request.head_mut().uri = uri;
    }
}

#[actix_web::test]
async fn requests_count_under_the_pattern_of_actix() {
    let random = Random(Rc::new(Cell::new(0x5EED)));
    let mut requests = 0;
    for group in 0..REGISTRIES {
        let whole = Place::new();
        for number in 0..SERVICES {
            let name = format!("service {group}.{number}");
            let mut places = vec![whole.clone()];
            let rewrites = random.is_one_of(3);
            let app = App::new().wrap_fn(move |mut request, service| {
                if rewrites {
                    rewrite(&mut request);
                }
                service.call(request)
            });
            let app =
                measured!(app, whole).configure(|config| add_services(config, &random, &mut places, &[]));
            let app = init_service(app).await;
            for _ in 0..REQUESTS {
                let method = random.of(&[Method::GET, Method::GET, Method::POST].each_ref()).clone();
                let mut request = TestRequest::with_uri(&path(&random)).method(method);
                if random.is_one_of(3) {
                    request = request.insert_header(("x-plan", "premium"));
                }
                let response = call_service(&app, request.to_request()).await;
                actix_web::body::to_bytes(response.into_body()).await.expect("a body");
                requests += 1;
            }
            for place in &places {
                place.check(&name);
            }
        }
    }
    assert!(requests >= 20_000, "{requests}");
}
