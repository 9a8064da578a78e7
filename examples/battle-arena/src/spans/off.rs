//! What stands for the export where the feature is off.

use actix_web::http::header::HeaderMap;
use awc::ClientRequest;
use tracing::Span;

/// Nothing is exported.
pub(crate) struct Export;

impl Export {
    #[expect(clippy::unnecessary_wraps, reason = "with the feature it can fail")]
    pub(crate) const fn start(_service: &'static str) -> Result<Self, String> {
        Ok(Self)
    }

    #[expect(clippy::unused_self, reason = "with the feature there is something to flush")]
    pub(crate) const fn finish(self) {}
}

pub(super) const fn follow(_span: &Span, _fields: &HeaderMap) {}

pub(super) fn tell(request: ClientRequest, _span: &Span) -> ClientRequest {
    request
}
