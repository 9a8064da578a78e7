//! Instrumentation of `awc`.

use std::future::Future;

use awc::{
    ClientRequest, SendClientRequest,
    error::{ConnectError, SendRequestError},
};

use super::{
    client_metrics::HttpClientMetrics,
    outgoing_request::{ErrorType, RequestOutcome},
};

/// Result of sending: `awc`'s response, whose type depends on its features, or its error.
type SendResult = <SendClientRequest as Future>::Output;

impl HttpClientMetrics {
    /// Sends a request of `awc` by one of its own methods, `send`, and measures it. Needs the feature `awc`.
    ///
    /// # Errors
    ///
    /// Returns the errors of `awc`.
    ///
    /// ```
    /// use awc::{Client, ClientRequest};
    /// use metrics_actix::HttpClientMetrics;
    /// use metrics_core::Registry;
    ///
    /// # #[actix_web::main]
    /// # async fn main() {
    /// let registry = Registry::new();
    /// let http = HttpClientMetrics::new().registry(&registry).host("localhost");
    /// let client = Client::default();
    /// // Nobody listens on port 1.
    /// http.send(client.get("http://localhost:1/"), ClientRequest::send).await.unwrap_err();
    /// http.send(client.post("http://127.0.0.1:1/"), |request| request.send_body("content")).await.unwrap_err();
    /// let page = registry.text();
    /// for labels in [
    ///     r#"http_request_method="GET",server_address="localhost",error_type="connect""#,
    ///     r#"http_request_method="POST",server_address="_OTHER",error_type="connect""#,
    /// ] {
    ///     let line = format!("http_client_request_duration_seconds_count{{{labels}}} 1");
    ///     assert!(page.lines().any(|other| other == line), "{line} in\n{page}");
    /// }
    /// # }
    /// ```
    pub fn send<F>(&self, request: ClientRequest, send: F) -> impl Future<Output = SendResult> + use<F>
    where
        F: FnOnce(ClientRequest) -> SendClientRequest,
    {
        let call = self.start(request.get_method().as_str(), request.get_uri().host());
        let response = send(request);
        async move {
            let result = response.await;
            call.finish(match &result {
                Ok(response) => RequestOutcome::Response(response.status().as_u16()),
                Err(error) => RequestOutcome::Error(error_type(error)),
            });
            result
        }
    }
}

fn error_type(error: &SendRequestError) -> ErrorType {
    match error {
        SendRequestError::Timeout | SendRequestError::Connect(ConnectError::Timeout) => ErrorType::Timeout,
        SendRequestError::Connect(_) => ErrorType::Connect,
        SendRequestError::Send(_) | SendRequestError::Body(_) => ErrorType::Send,
        SendRequestError::Response(_) | SendRequestError::H2(_) => ErrorType::Response,
        SendRequestError::Url(_) | SendRequestError::Http(_) => ErrorType::Request,
        _ => ErrorType::Other,
    }
}
