//! The services that are measured: the same routes under one middleware each.

use std::{future::Future, pin::Pin};

use actix_http::Request;
use actix_web::{
    App, Error,
    body::MessageBody,
    dev::{Service, ServiceResponse},
    get,
    http::Uri,
    middleware::from_fn,
    test, web,
};
use actix_web_prom::PrometheusMetricsBuilder;
use metrics_actix::{HttpMetrics, InProgress, Preset};
use metrics_core::Registry;

use crate::{
    by_hand::ByHand,
    empty::Empty,
    limit::{HeadLimit, Limit},
};

/// The contestant that the others are compared with.
pub(crate) const LIMIT: &str = "limit: three series, one body";

type Requests = Box<dyn Fn(u32) -> Pin<Box<dyn Future<Output = ()>>>>;

/// A service under one middleware.
pub(crate) struct Contestant {
    pub(crate) name: &'static str,
    requests: Requests,
}

impl Contestant {
    /// Sends a number of requests, one after the other.
    pub(crate) async fn requests(&self, count: u32) {
        (self.requests)(count).await;
    }
}

/// Contestants that receive the same requests. The first one does nothing.
pub(crate) struct Group {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    uris: fn() -> Vec<Uri>,
    /// Set where one resource is measured instead of the whole app.
    resource: bool,
}

pub(crate) const GROUPS: [Group; 4] = [
    Group {
        name: "static",
        title: "a whole App, a route without variables that has a name: #[get(\"/api/health\")]",
        uris: || vec![Uri::from_static("/api/health")],
        resource: false,
    },
    Group {
        name: "dynamic",
        title: "a whole App, 1024 paths of one route with variables and without a name: /api/users/{id}/posts/{post}",
        uris: || (0..1024).map(|n| uri(&format!("/api/users/{}/posts/{n}", n * 7919))).collect(),
        resource: false,
    },
    Group {
        name: "unmatched",
        title: "a whole App, 1024 paths that no route has",
        uris: || (0..1024).map(|n| uri(&format!("/wp-{}/{n}.php", n * 7919))).collect(),
        resource: false,
    },
    Group {
        name: "resource",
        title: "a single Resource, /items/{item}",
        uris: || (0..1024).map(|n| uri(&format!("/items/{}", n * 7919))).collect(),
        resource: true,
    },
];

fn uri(path: &str) -> Uri {
    path.parse().expect("a path")
}

#[get("/api/health")]
async fn health() -> &'static str {
    "ok"
}

async fn ok() -> &'static str {
    "ok"
}

fn routes(config: &mut web::ServiceConfig) {
    let users = web::scope("/api/users")
        .route("", web::get().to(ok))
        .route("/{id}", web::get().to(ok))
        .route("/{id}/posts", web::get().to(ok))
        .route("/{id}/posts/{post}", web::get().to(ok));
    config
        .service(health)
        .route("/", web::get().to(ok))
        .route("/login", web::post().to(ok))
        .route("/api/orders", web::get().to(ok))
        .route("/api/orders/{id}", web::get().to(ok))
        .service(users);
}

/// A contestant that wraps the app or a resource in a middleware.
macro_rules! contestant {
    ($group:expr, $name:expr, $middleware:expr) => {{
        let (middleware, uris) = ($middleware, ($group.uris)());
        if $group.resource {
            let resource = web::resource("/items/{item}").wrap(middleware).route(web::get().to(ok));
            Contestant {
                name: $name,
                requests: requests(test::init_service(App::new().service(resource)).await, uris),
            }
        } else {
            let app = App::new().wrap(middleware).configure(routes);
            Contestant { name: $name, requests: requests(test::init_service(app).await, uris) }
        }
    }};
}

fn requests<S, B>(service: S, uris: Vec<Uri>) -> Requests
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    let (service, uris) = (std::rc::Rc::new(service), std::rc::Rc::new(uris));
    Box::new(move |count| {
        let (service, uris) = (std::rc::Rc::clone(&service), std::rc::Rc::clone(&uris));
        Box::pin(async move {
            for (_, uri) in (0..count).zip(uris.iter().cycle()) {
                let mut request = Request::new();
                request.head_mut().uri.clone_from(uri);
                let response = service.call(request).await.unwrap_or_else(|error| panic!("{error}"));
                // As the server does: chunk after chunk until there is none.
                let mut body = std::pin::pin!(response.into_body());
                while std::future::poll_fn(|context| body.as_mut().poll_next(context)).await.is_some() {}
            }
        })
    })
}

impl Group {
    pub(crate) async fn contestants(&self) -> Vec<Contestant> {
        let registry = || Box::leak(Box::new(Registry::new()));
        let ours = || HttpMetrics::new().registry(registry());
        let by_hand = ByHand::new();
        let by_hand = from_fn(move |request, next| by_hand.clone().measure(request, next));
        let peer = PrometheusMetricsBuilder::new("api").registry(prometheus::Registry::new());
        let mut contestants = vec![
            contestant!(self, "empty", Empty),
            contestant!(self, "limit: a body of its own", Limit::body_alone()),
            contestant!(self, LIMIT, Limit::counting(registry())),
            contestant!(self, "limit: three series, to the head", HeadLimit(Limit::counting(registry()))),
            contestant!(self, "ours", ours()),
            contestant!(self, "ours, in progress by method", ours().in_progress(InProgress::ByMethod)),
            contestant!(self, "ours, OpenTelemetry", ours().preset(Preset::OpenTelemetry)),
            contestant!(self, "ours, both presets", ours().preset(Preset::Both)),
            contestant!(
                self,
                "ours, sizes and first byte",
                ours().request_size().response_size().first_byte()
            ),
        ];
        if self.resource {
            contestants.push(contestant!(self, "ours, endpoint named", ours().endpoint("item")));
        }
        contestants.push(contestant!(self, "prometheus by hand", by_hand));
        contestants.push(contestant!(self, "actix-web-prom", peer.build().expect("legal")));
        contestants
    }
}
