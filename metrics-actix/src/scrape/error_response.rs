//! Answers that are no page.

use actix_web::{
    HttpResponse, HttpResponseBuilder,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
};

/// In what a path says why there is no page: as JSON where its pages are JSON whatever the request accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ErrorFormat {
    Text,
    Json,
}

impl ErrorFormat {
    /// The answer with the reason, which has nothing in it that JSON would have to escape.
    pub(super) fn refuse(self, mut response: HttpResponseBuilder, why: &'static str) -> HttpResponse {
        response.insert_header((CACHE_CONTROL, "no-store"));
        match self {
            Self::Text => {
                response.insert_header((CONTENT_TYPE, "text/plain; charset=utf-8")).body(format!("{why}\n"))
            }
            Self::Json => response
                .insert_header((CONTENT_TYPE, "application/json"))
                .body(format!("{{\"error\":\"{why}\"}}\n")),
        }
    }
}
