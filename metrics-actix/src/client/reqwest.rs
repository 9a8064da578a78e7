//! Instrumentation of `reqwest`.

use async_trait::async_trait;
use http::Extensions;
use reqwest::{Request, Response};
use reqwest_middleware::{Error, Middleware, Next};

use super::{
    client_metrics::HttpClientMetrics,
    outgoing_request::{ErrorType, RequestOutcome},
};

/// Measures requests of a `reqwest_middleware` client. As the last `with` it measures each attempt of a retried request, as the
/// first one all attempts together.
///
/// ```
/// use metrics_actix::HttpClientMetrics;
/// use metrics_core::Registry;
/// use reqwest_middleware::ClientBuilder;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let registry = Registry::new();
/// let http = HttpClientMetrics::new().registry(&registry).host("localhost");
/// let client = ClientBuilder::new(reqwest::Client::new()).with(http).build();
/// // Nobody listens on port 1.
/// client.get("http://localhost:1/").send().await.unwrap_err();
/// let labels = r#"http_request_method="GET",server_address="localhost",error_type="connect""#;
/// let line = format!("http_client_request_duration_seconds_count{{{labels}}} 1\n");
/// assert!(registry.text().contains(&line));
/// # }
/// ```
#[async_trait]
impl Middleware for HttpClientMetrics {
    async fn handle(
        &self,
        request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> reqwest_middleware::Result<Response> {
        let call = self.start(request.method().as_str(), request.url().host_str());
        let result = next.run(request, extensions).await;
        call.finish(match &result {
            Ok(response) => RequestOutcome::Response(response.status().as_u16()),
            Err(Error::Reqwest(error)) => RequestOutcome::Error(error_type(error)),
            Err(Error::Middleware(_)) => RequestOutcome::Error(ErrorType::Other),
        });
        result
    }
}

fn error_type(error: &reqwest::Error) -> ErrorType {
    if error.is_timeout() {
        ErrorType::Timeout
    } else if error.is_connect() {
        ErrorType::Connect
    } else if error.is_builder() {
        ErrorType::Request
    } else if error.is_body() {
        ErrorType::Send
    } else if error.is_request() || error.is_decode() || error.is_redirect() {
        ErrorType::Response
    } else {
        ErrorType::Other
    }
}
