//! A page of the service.

use axum::{extract::Path, http::StatusCode};
use metrics_core::observed;

/// Greets by name; `nobody` is not found.
#[observed]
pub(crate) async fn greet(Path(name): Path<String>) -> Result<String, StatusCode> {
    if name == "nobody" {
        return Err(StatusCode::NOT_FOUND);
    }
    Ok(format!("hello, {name}\n"))
}
