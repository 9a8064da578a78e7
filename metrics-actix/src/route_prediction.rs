//! Route of a request before routing: predicted from its path, for the gauge of requests in progress.

use std::{
    cell::{Cell, OnceCell, RefCell},
    sync::Arc,
    time::Instant,
};

use actix_web::dev::{ResourceMap, ServiceRequest};

use crate::{
    asked_paths::RouteId,
    families::Families,
    options::{InProgress, Options},
    route_matcher::{PatternTraits, WorkerMatcher},
    routes::{Route, Routes, UNMATCHED_ROUTE},
};

/// Beginning of the names of this crate's resources.
pub(crate) const OWN_ROUTES: &str = "metrics_actix::";

/// One worker's predictions of routes.
#[derive(Debug)]
pub(crate) struct RoutePredictor {
    pub(crate) routes: Routes,
    families: Arc<Families>,
    options: Arc<Options>,
    prediction: Prediction,
    /// Lengths of excluded paths, see [`Exclusions::path_lengths`](crate::options::Exclusions::path_lengths).
    excluded_lengths: u64,
    matcher: RefCell<PredictedRoutes>,
    /// Cleared once routing has found what the map does not, as behind a guarded scope without a path.
    is_map_complete: Cell<bool>,
    /// The service's own map, for requests that end without a response.
    map: OnceCell<ResourceMap>,
}

/// Requests whose route is predicted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Prediction {
    /// The gauge has the endpoint.
    All,
    /// The gauge has no endpoint, but leaves excluded routes out.
    OnceExcluded,
    /// There is no gauge.
    None,
}

/// This worker's automaton, and the routes of its patterns.
#[derive(Debug)]
struct PredictedRoutes {
    matcher: WorkerMatcher,
    routes: Vec<RouteId>,
}

impl RoutePredictor {
    pub(crate) fn new(families: Arc<Families>, options: Arc<Options>) -> Self {
        let prediction = if options.in_progress == InProgress::Off || options.fixed_endpoint.is_some() {
            Prediction::None
        } else if families.have_endpoint_in_gauge() {
            Prediction::All
        } else {
            Prediction::OnceExcluded
        };
        Self {
            routes: Routes::new(Arc::clone(&families), Arc::clone(&options)),
            prediction,
            excluded_lengths: options.exclusions.path_lengths(),
            matcher: RefCell::new(PredictedRoutes { matcher: WorkerMatcher::empty(), routes: Vec::new() }),
            is_map_complete: Cell::new(true),
            map: OnceCell::new(),
            families,
            options,
        }
    }

    /// Returns `true` if requests to a path are not measured, whatever route takes them.
    #[inline]
    pub(crate) fn is_excluded_path(&self, path: &str) -> bool {
        self.excluded_lengths >> path.len().min(63) & 1 != 0 && self.options.exclusions.matches_path(path)
    }

    /// Returns `true` if all requests have the endpoint that the user has given.
    pub(crate) fn are_fixed(&self) -> bool {
        self.options.fixed_endpoint.is_some()
    }

    /// Predicts the route of a request before routing.
    ///
    /// It is the only learned pattern that fits the path, or the literal one of several. Otherwise actix names the first of its
    /// patterns that fits.
    #[inline]
    pub(crate) fn predict(&self, request: &ServiceRequest) -> RouteId {
        let is_predicted = match self.prediction {
            Prediction::All => true,
            Prediction::OnceExcluded => self.routes.have_excluded(),
            Prediction::None => false,
        };
        if !is_predicted {
            return UNMATCHED_ROUTE;
        }
        let path = request.match_info().as_str();
        {
            let predicted = &mut *self.matcher.borrow_mut();
            if self.families.route_matcher.is_current(&predicted.matcher)
                && let Some(index) = predicted.matcher.find(path)
            {
                return predicted.routes.get(index).copied().unwrap_or(UNMATCHED_ROUTE);
            }
        }
        self.ask(request, path)
    }

    #[inline(never)]
    fn ask(&self, request: &ServiceRequest, path: &str) -> RouteId {
        self.refresh();
        self.first_match(request.resource_map(), path)
    }

    /// Takes over the patterns that other workers have learned.
    fn refresh(&self) {
        let matcher = &self.families.route_matcher;
        let newer = {
            let predicted = self.matcher.borrow();
            if matcher.is_current(&predicted.matcher) {
                return;
            }
            matcher.newer_than(&predicted.matcher, Instant::now())
        };
        if let Some(newer) = newer {
            let routes = newer.patterns().iter().map(|pattern| self.routes.add_learned(pattern)).collect();
            self.matcher.replace(PredictedRoutes { matcher: newer, routes });
        }
    }

    /// Returns the first route of the service's map whose pattern fits a path.
    fn first_match(&self, map: &ResourceMap, path: &str) -> RouteId {
        if let Some(route) = self.routes.find_by_path(path) {
            return route;
        }
        let route = match map.match_pattern(path) {
            Some(pattern) => self.routes.find(&pattern).unwrap_or_else(|| {
                let is_own = map.match_name(path).is_some_and(|name| name.starts_with(OWN_ROUTES));
                self.routes.learn(&pattern, PatternTraits { is_own, is_prefix: false })
            }),
            None => UNMATCHED_ROUTE,
        };
        self.routes.cache_path(path, route);
        route
    }

    /// Returns the route of a request that ended without a response: the first one whose pattern fits the path.
    #[cold]
    pub(crate) fn find_without_response(&self, path: &str) -> RouteId {
        if self.are_fixed() {
            return UNMATCHED_ROUTE;
        }
        self.map.get().map_or(UNMATCHED_ROUTE, |map| self.first_match(map, path))
    }

    /// Keeps the service's map for requests that end without a response.
    #[inline]
    pub(crate) fn cache_map(&self, request: &ServiceRequest) {
        self.map.get_or_init(|| request.resource_map().clone());
    }

    /// Returns `true` if the routes of this crate are excluded.
    pub(crate) fn excludes_own_routes(&self) -> bool {
        self.options.exclusions.own_routes
    }

    /// Returns `true` if no pattern of the service's map fits a path, and the map has all patterns.
    pub(crate) fn is_unmatched(&self, path: &str) -> bool {
        self.is_map_complete.get() && self.routes.find_by_path(path) == Some(UNMATCHED_ROUTE)
    }

    /// Notes that routing has found a route that the map does not have.
    pub(crate) fn note_incomplete_map(&self) {
        self.is_map_complete.set(false);
    }

    /// Stops predictions by a pattern where actix would have known better.
    ///
    /// If guards choose among patterns that fit one path, actix knows no better: this is tried ever more rarely.
    pub(crate) fn check_prediction(&self, map: &ResourceMap, predicted: &Route, path: &str) {
        let Some(pattern) = &predicted.pattern else { return };
        let mispredictions = predicted.mispredictions.get().saturating_add(1);
        predicted.mispredictions.set(mispredictions);
        if mispredictions.is_power_of_two() && map.match_pattern(path).as_deref() != Some(pattern) {
            self.families.route_matcher.distrust(pattern);
        }
    }
}
