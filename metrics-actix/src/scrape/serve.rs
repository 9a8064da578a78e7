//! How the route's paths answer.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    dev::{AppService, HttpServiceFactory},
    http::{
        Method,
        header::{ACCEPT, ALLOW, WWW_AUTHENTICATE},
    },
    web,
};
use metrics_core::JsonTemplate;

use super::{error_response::ErrorFormat, live_page, metrics_route::MetricsRoute, options::Options, page};

/// Name of the route's resources, by which the middleware recognizes a scrape.
const ROUTE_NAME: &str = "metrics_actix::MetricsRoute";

impl HttpServiceFactory for MetricsRoute {
    fn register(self, config: &mut AppService) {
        for mistake in &self.options.config_errors {
            log::error!("metrics route {}: {mistake}", self.path);
        }
        let options = Arc::new(self.options);
        let live = self.live.map(|path| (Content::Live(live_page::page(&path, &self.path)), path));
        let json = self.json.map(|path| (Content::Json, path));
        let template = self.template.map(|(path, template)| (Content::Template(template), path));
        let pages = [Some((Content::Page, self.path)), json, template, live];
        for (content, path) in pages.into_iter().flatten() {
            let (options, content) = (Arc::clone(&options), Arc::new(content));
            let answer = move |request| answer(Arc::clone(&options), Arc::clone(&content), request);
            web::resource(path).name(ROUTE_NAME).to(answer).register(config);
        }
    }
}

/// What a path shows.
#[derive(Debug)]
enum Content {
    /// The page in the format that is asked for.
    Page,
    Json,
    /// Some of it, in a shape that the service chose.
    Template(JsonTemplate),
    /// The page for browsers.
    Live(web::Bytes),
}

impl Content {
    const fn error_format(&self) -> ErrorFormat {
        match self {
            Self::Page | Self::Live(_) => ErrorFormat::Text,
            Self::Json | Self::Template(_) => ErrorFormat::Json,
        }
    }
}

async fn answer(options: Arc<Options>, content: Arc<Content>, request: HttpRequest) -> HttpResponse {
    let error_format = content.error_format();
    if !options.origins.admit(&request) {
        return error_format.refuse(HttpResponse::Forbidden(), "this address may not see the metrics");
    }
    // The page for browsers asks for a token itself, as a browser does not.
    let is_open = matches!(*content, Content::Live(_)) && !options.credentials.are_for_browsers();
    if !is_open && !options.credentials.admit(request.headers()).await {
        let mut response = HttpResponse::Unauthorized();
        for challenge in options.credentials.challenges(request.headers()) {
            response.append_header((WWW_AUTHENTICATE, challenge));
        }
        return error_format.refuse(response, "the metrics are shown to those with credentials");
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut response = HttpResponse::MethodNotAllowed();
        response.insert_header((ALLOW, "GET, HEAD"));
        return error_format.refuse(response, "the metrics page answers GET and HEAD");
    }
    let json = || page::scrape(["application/json"], &request);
    let scrape = match &*content {
        Content::Page => page::scrape(request.headers().get_all(ACCEPT), &request),
        Content::Json => json(),
        Content::Template(template) => json().template(template.clone()),
        Content::Live(html) => return live_page::answer(html.clone()),
    };
    page::answer(&options, scrape, error_format, &request).await
}
