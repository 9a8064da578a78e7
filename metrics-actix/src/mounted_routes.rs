//! Paths of the mounted metrics routes, for the advice about one that no request reaches.

use std::sync::{Mutex, PoisonError};

use actix_web::{HttpRequest, http::StatusCode};

use crate::{routes::OwnRoute, warnings};

/// Paths of all metrics routes of the program, as they were written. Kept in debug builds alone.
static PATHS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Returns the name of the resource of a metrics route. The middleware recognizes a scrape by its beginning.
pub(crate) fn resource_name(path: &str) -> String {
    format!("metrics_actix::MetricsRoute {path}")
}

/// Notes that a metrics route is mounted at a path, which may be inside a scope.
pub(crate) fn note(path: &str) {
    if cfg!(debug_assertions) {
        let mut paths = PATHS.lock().unwrap_or_else(PoisonError::into_inner);
        if !paths.iter().any(|other| other == path) {
            paths.push(path.to_owned());
        }
    }
}

/// Returns the path of a metrics route that a request's path ends with. A copy, as the lock is not held while the logger runs.
fn mounted_path(request: &str) -> Option<String> {
    let paths = PATHS.lock().unwrap_or_else(PoisonError::into_inner);
    paths.iter().find(|path| request.ends_with(path.as_str())).cloned()
}

/// Warns if another service has answered a request to the path of a metrics route.
///
/// Middleware may refuse or redirect a scrape, so only a success and actix's 404 tell that the route was not reached.
pub(crate) fn check_response(request: &HttpRequest, status: StatusCode) {
    if !cfg!(debug_assertions) || !(status.is_success() || status == StatusCode::NOT_FOUND) {
        return;
    }
    let Some(path) = mounted_path(request.path()) else { return };
    let is_mounted_there =
        || request.url_for_static(&resource_name(&path)).is_ok_and(|url| url.path() == request.path());
    if request.app_data::<OwnRoute>().is_none() && is_mounted_there() {
        warnings::unreachable_route(request.path(), request.match_pattern().as_deref());
    }
}
