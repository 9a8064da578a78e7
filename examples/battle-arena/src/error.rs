//! Errors of a request, and the responses to them.

use std::fmt;

use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use serde::Serialize;

/// Reason for which a request was refused or failed. Its response is `{"error": "not_found", "message": "there is no player 7"}`.
#[derive(Debug)]
pub(crate) enum ApiError {
    /// The request is invalid.
    Invalid(String),
    /// The requested item does not exist.
    NotFound(String),
    /// The path exists, with another method.
    MethodNotAllowed,
    /// The request contradicts the current state.
    Conflict(String),
    /// The card was declined.
    Declined,
    /// The database failed.
    Database,
}

/// Result of a handler.
pub(crate) type Result<T> = std::result::Result<T, ApiError>;

#[derive(Serialize)]
struct Body<'a> {
    error: &'a str,
    message: String,
}

impl ApiError {
    const fn word(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid",
            Self::NotFound(_) => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::Conflict(_) => "conflict",
            Self::Declined => "declined",
            Self::Database => "database",
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(message) | Self::NotFound(message) | Self::Conflict(message) => {
                f.write_str(message)
            }
            Self::MethodNotAllowed => f.write_str("this path has another method"),
            Self::Declined => f.write_str("the card was declined"),
            // The error of the database is for the log, not for clients.
            Self::Database => f.write_str("the database does not answer"),
        }
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Invalid(_) => StatusCode::BAD_REQUEST,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Declined => StatusCode::PAYMENT_REQUIRED,
            Self::Database => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::build(self.status_code()).json(Body { error: self.word(), message: self.to_string() })
    }
}

impl From<sqlx::Error> for ApiError {
    /// The reason is in the log already.
    fn from(_: sqlx::Error) -> Self {
        Self::Database
    }
}
