//! Route of a request after routing: the one that has taken it, for every counter and histogram.

use std::any::type_name;

use actix_web::{
    HttpRequest, Resource,
    dev::{Path, ResponseHead, ServiceFactory, ServiceRequest, Url},
    http::StatusCode,
    web,
};

use crate::{
    asked_paths::RouteId,
    route_matcher::{PatternTraits, without_expressions},
    route_prediction::RoutePredictor,
    routes::{OwnRoute, Route, UNMATCHED_ROUTE},
};

/// Request whose route is asked for, once it has been routed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RoutedRequest<'a> {
    pub(crate) request: &'a HttpRequest,
    /// `None` before the response.
    pub(crate) response: Option<&'a ResponseHead>,
    pub(crate) predicted: &'a Route,
    /// Path that the route was predicted from.
    pub(crate) path: &'a str,
}

impl RoutedRequest<'_> {
    /// Returns the route that has taken the request.
    #[inline]
    pub(crate) fn find_route(self, predictor: &RoutePredictor) -> RouteId {
        let Self { request, predicted, .. } = self;
        if predictor.excludes_own_routes() && request.app_data::<OwnRoute>().is_some() {
            return predictor.routes.learn_own(request.match_pattern().as_deref());
        }
        if predictor.are_fixed()
            || predicted.id == UNMATCHED_ROUTE && self.is_not_found() && self.is_known_unmatched(predictor)
        {
            return UNMATCHED_ROUTE;
        }
        // Only the pattern is the truth. `match_name`, which returns no new string, names another resource where the one that
        // has taken the request has no name.
        let Some(pattern) = request.match_pattern() else {
            return self.find_default_service(predictor);
        };
        if predicted.pattern.as_deref() == Some(&*pattern)
            && (request.match_info().unprocessed().is_empty() || predicted.is_prefix.get())
        {
            return predicted.id;
        }
        self.learn_route(predictor, &pattern)
    }

    #[inline]
    fn is_not_found(self) -> bool {
        self.response.is_some_and(|head| head.status == StatusCode::NOT_FOUND)
    }

    /// Returns `true` if routing has processed nothing of a path that no route of the map has.
    #[inline(never)]
    fn is_known_unmatched(self, predictor: &RoutePredictor) -> bool {
        self.is_unrouted() && predictor.is_unmatched(self.path)
    }

    /// Returns `true` if routing has processed nothing of the path, and nothing has rewritten it.
    fn is_unrouted(self) -> bool {
        is_untouched(self.request.match_info(), self.path) && self.request.path() == self.path
    }

    #[inline(never)]
    fn learn_route(self, predictor: &RoutePredictor, pattern: &str) -> RouteId {
        let Self { request, predicted, path, .. } = self;
        let was_known = predictor.routes.find_measured(pattern).is_some();
        let id = predictor.routes.learn(pattern, PatternTraits::default());
        let route = predictor.routes.get(id);
        if takes_prefix(&route, request.match_info()) {
            predictor.routes.learn_prefix(&route);
        }
        if predicted.id == UNMATCHED_ROUTE && is_untouched(request.match_info(), path) {
            predictor.note_incomplete_map();
        }
        if was_known && id != predicted.id {
            predictor.check_prediction(request.resource_map(), predicted, path);
        }
        id
    }

    /// Returns the route of a request that no resource has taken: it stands for the scopes around the default service, if any.
    ///
    /// actix's own 404, which has no headers, is unmatched anywhere.
    #[inline(never)]
    fn find_default_service(self, predictor: &RoutePredictor) -> RouteId {
        let Self { request, response, predicted, path } = self;
        predictor.check_prediction(request.resource_map(), predicted, path);
        let match_info = request.match_info();
        let is_builtin = self.is_not_found() && response.is_some_and(|head| head.headers().is_empty());
        if match_info.unprocessed() != match_info.as_str() && !is_builtin {
            return predictor.routes.get_or_create_scope(&processed_pattern(match_info));
        }
        if self.is_unrouted() {
            predictor.routes.cache_path(path, UNMATCHED_ROUTE);
        }
        UNMATCHED_ROUTE
    }
}

/// Returns `true` if a route that left a part of a path unprocessed takes all paths that begin with its pattern.
fn takes_prefix(route: &Route, match_info: &Path<Url>) -> bool {
    !match_info.unprocessed().is_empty()
        && !route.is_prefix.get()
        && route
            .pattern
            .as_deref()
            .is_some_and(|pattern| without_expressions(pattern) == processed_pattern(match_info))
}

/// Returns `true` if routing has processed nothing of a path.
fn is_untouched(match_info: &Path<Url>, path: &str) -> bool {
    match_info.segment_count() == 0 && match_info.unprocessed() == path && match_info.as_str() == path
}

/// Returns the pattern of the part of a path that routing has processed, with its variables but without their expressions.
fn processed_pattern(match_info: &Path<Url>) -> String {
    let path = match_info.as_str();
    let processed = &path[..path.len() - match_info.unprocessed().len()];
    let (mut pattern, mut end) = (String::new(), 0);
    for (name, value) in match_info.iter() {
        // A value that is no part of the path comes from a service of the user.
        let start = value.as_ptr().addr().wrapping_sub(path.as_ptr().addr());
        let Some(text) = processed.get(end..start) else { continue };
        pattern.push_str(text);
        pattern.push('{');
        pattern.push_str(name);
        pattern.push('}');
        end = start + value.len();
    }
    pattern.push_str(processed.get(end..).unwrap_or_default());
    pattern
}

/// Returns `true` if a service is that of a [`Resource`], with other middleware around it or not.
///
/// The type cannot be named. Where its name does not tell, routes are read anew for each request.
pub(crate) fn is_resource_service<S>() -> bool {
    fn service_name<T: ServiceFactory<ServiceRequest>>(_: &Resource<T>) -> &'static str {
        type_name::<T::Service>()
    }
    type_name::<S>().contains(service_name(&web::resource("")))
}
