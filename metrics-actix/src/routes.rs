//! Route of a request: predicted before routing, for the gauge of requests in progress, and read after it, for everything else.

use std::{
    any::type_name,
    cell::{Cell, OnceCell, RefCell},
    rc::Rc,
    sync::Arc,
    time::Instant,
};

use actix_web::{
    HttpRequest, Resource,
    dev::{Path, ResourceMap, ResponseHead, ServiceFactory, ServiceRequest, Url},
    http::StatusCode,
    web,
};
use foldhash::{HashMap, HashMapExt as _};
use metrics_core::OTHER;

use crate::{
    asked_paths::{AskedPaths, RouteId},
    families::Families,
    labels::MAX_ENDPOINTS,
    options::{InProgress, Options},
    route_matcher::{PatternTraits, WorkerMatcher, without_expressions},
};

/// Stands for requests that no route matches, and for all where the endpoint is fixed.
pub(crate) const UNMATCHED_ROUTE: RouteId = 0;

/// Stands for all routes that are excluded.
const EXCLUDED_ROUTE: RouteId = 1;

/// Stands for all routes past the limit.
const OVERFLOW_ROUTE: RouteId = 2;

/// Beginning of the names of this crate's resources.
pub(crate) const OWN_ROUTES: &str = "metrics_actix::";

/// App data of this crate's resources, by which the middleware knows that one of them has taken a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OwnRoute;

/// Label values and options of one route.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) endpoint: Arc<str>,
    pub(crate) is_excluded: bool,
    /// Set for the endpoint of requests that no route matches.
    pub(crate) is_unmatched: bool,
    /// Set for an endpoint past the limit.
    pub(crate) is_overflow: bool,
    /// Index of the duration buckets: the default ones, then those of single routes.
    pub(crate) bucket_group: usize,
    /// `None` for the routes that stand for others.
    pattern: Option<Box<str>>,
    is_prefix: Cell<bool>,
    mispredictions: Cell<u32>,
}

/// One worker's routes.
#[derive(Debug)]
pub(crate) struct Routes {
    families: Arc<Families>,
    options: Arc<Options>,
    prediction: Prediction,
    /// Set once a route is excluded by its pattern or as one of this crate.
    has_excluded: Cell<bool>,
    /// Lengths of excluded paths, see [`Exclusions::path_lengths`](crate::options::Exclusions::path_lengths).
    excluded_lengths: u64,
    all: RefCell<Vec<Rc<Route>>>,
    ids: RefCell<HashMap<Box<str>, RouteId>>,
    /// Routes that stand for the default services of scopes, by the patterns of the scopes.
    scopes: RefCell<HashMap<Box<str>, RouteId>>,
    matcher: RefCell<PredictedRoutes>,
    asked: RefCell<AskedPaths>,
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

impl Routes {
    pub(crate) fn new(families: Arc<Families>, options: Arc<Options>) -> Self {
        let route = |endpoint: &str| Route {
            endpoint: endpoint.into(),
            is_excluded: false,
            is_unmatched: false,
            is_overflow: false,
            bucket_group: bucket_group(&options, endpoint),
            pattern: None,
            is_prefix: Cell::new(false),
            mispredictions: Cell::new(0),
        };
        let fixed = options.fixed_endpoint.as_deref();
        let unmatched = match fixed {
            Some(endpoint) => route(&families.endpoint(endpoint)),
            None => Route { is_unmatched: true, ..route(&options.unmatched_endpoint) },
        };
        let excluded = Route { is_excluded: true, ..route("") };
        let overflow = Route { is_overflow: true, ..route(OTHER) };
        let prediction = if options.in_progress == InProgress::Off || fixed.is_some() {
            Prediction::None
        } else if families.have_endpoint_in_gauge() {
            Prediction::All
        } else {
            Prediction::OnceExcluded
        };
        Self {
            prediction,
            has_excluded: Cell::new(false),
            excluded_lengths: options.exclusions.path_lengths(),
            all: RefCell::new([unmatched, excluded, overflow].map(Rc::new).into()),
            ids: RefCell::new(HashMap::new()),
            scopes: RefCell::new(HashMap::new()),
            matcher: RefCell::new(PredictedRoutes { matcher: WorkerMatcher::empty(), routes: Vec::new() }),
            asked: RefCell::default(),
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

    /// Returns a route.
    pub(crate) fn get(&self, route: RouteId) -> Rc<Route> {
        let all = self.all.borrow();
        Rc::clone(all.get(route as usize).unwrap_or(&all[UNMATCHED_ROUTE as usize]))
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
            Prediction::OnceExcluded => self.has_excluded.get(),
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
        self.of_path(request.resource_map(), path)
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
            let routes =
                newer.patterns().iter().map(|pattern| self.of_pattern(&pattern.text, pattern.traits).0);
            let routes = routes.collect();
            self.matcher.replace(PredictedRoutes { matcher: newer, routes });
        }
    }

    /// Returns the first route of the service's map whose pattern fits a path.
    fn of_path(&self, map: &ResourceMap, path: &str) -> RouteId {
        if let Some(route) = self.asked.borrow().get(path) {
            return route;
        }
        let route = match map.match_pattern(path) {
            Some(pattern) => self.known(&pattern).unwrap_or_else(|| {
                let is_own = map.match_name(path).is_some_and(|name| name.starts_with(OWN_ROUTES));
                self.learn(&pattern, PatternTraits { is_own, is_prefix: false })
            }),
            None => UNMATCHED_ROUTE,
        };
        self.asked.borrow_mut().insert(path, route);
        route
    }

    /// Returns the route of a request that ended without a response: the first one whose pattern fits the path.
    #[cold]
    pub(crate) fn without_response(&self, path: &str) -> RouteId {
        if self.are_fixed() {
            return UNMATCHED_ROUTE;
        }
        self.map.get().map_or(UNMATCHED_ROUTE, |map| self.of_path(map, path))
    }

    /// Keeps the service's map for requests that end without a response.
    #[inline]
    pub(crate) fn keep_map(&self, request: &ServiceRequest) {
        self.map.get_or_init(|| request.resource_map().clone());
    }

    /// Returns the route that has taken a request; `path` is the one it was predicted from.
    #[inline]
    pub(crate) fn matched(
        &self,
        request: &HttpRequest,
        response: Option<&ResponseHead>,
        predicted: RouteId,
        path: &str,
    ) -> RouteId {
        if self.options.exclusions.own_routes && request.app_data::<OwnRoute>().is_some() {
            return self.own(request);
        }
        if self.are_fixed()
            || predicted == UNMATCHED_ROUTE
                && response.is_some_and(|head| head.status == StatusCode::NOT_FOUND)
                && self.is_known_unmatched(request, path)
        {
            return UNMATCHED_ROUTE;
        }
        let Some(pattern) = request.match_pattern() else {
            return self.of_default_service(request, response, predicted, path);
        };
        let all = self.all.borrow();
        if let Some(route) = all.get(predicted as usize)
            && route.pattern.as_deref() == Some(&*pattern)
            && (request.match_info().unprocessed().is_empty() || route.is_prefix.get())
        {
            return predicted;
        }
        drop(all);
        self.mispredicted(request, &pattern, predicted, path)
    }

    /// Returns `true` if routing has processed nothing of a path that no route of the map has.
    #[inline(never)]
    fn is_known_unmatched(&self, request: &HttpRequest, path: &str) -> bool {
        let match_info = request.match_info();
        is_untouched(match_info, path)
            && request.path() == path
            && self.is_map_complete.get()
            && self.asked.borrow().get(path) == Some(UNMATCHED_ROUTE)
    }

    #[inline(never)]
    fn mispredicted(&self, request: &HttpRequest, pattern: &str, predicted: RouteId, path: &str) -> RouteId {
        let was_known = self.known(pattern).is_some_and(|known| known != EXCLUDED_ROUTE);
        let route = self.learn(pattern, PatternTraits::default());
        self.learn_prefix(request.match_info(), route);
        if predicted == UNMATCHED_ROUTE && is_untouched(request.match_info(), path) {
            self.is_map_complete.set(false);
        }
        if was_known && route != predicted {
            self.check_prediction(request.resource_map(), predicted, path);
        }
        route
    }

    /// Returns the route of a request that no resource has taken: it stands for the scopes around the default service, if any.
    ///
    /// actix's own 404, which has no headers, is unmatched anywhere.
    #[inline(never)]
    fn of_default_service(
        &self,
        request: &HttpRequest,
        response: Option<&ResponseHead>,
        predicted: RouteId,
        path: &str,
    ) -> RouteId {
        self.check_prediction(request.resource_map(), predicted, path);
        let match_info = request.match_info();
        let is_builtin =
            response.is_some_and(|head| head.status == StatusCode::NOT_FOUND && head.headers().is_empty());
        if match_info.unprocessed() != match_info.as_str() && !is_builtin {
            return self.of_scope(&processed_pattern(match_info));
        }
        if is_untouched(match_info, path) && request.path() == path {
            self.asked.borrow_mut().insert(path, UNMATCHED_ROUTE);
        }
        UNMATCHED_ROUTE
    }

    fn of_scope(&self, pattern: &str) -> RouteId {
        if let Some(route) = self.scopes.borrow().get(pattern) {
            return *route;
        }
        if self.options.exclusions.contains(pattern) {
            return EXCLUDED_ROUTE;
        }
        let route = self.create(pattern, PatternTraits::default());
        if route != OVERFLOW_ROUTE {
            self.scopes.borrow_mut().insert(pattern.into(), route);
        }
        route
    }

    /// Returns the route of a request that a resource of this crate has taken.
    #[cold]
    fn own(&self, request: &HttpRequest) -> RouteId {
        if let Some(pattern) = request.match_pattern() {
            self.learn(&pattern, PatternTraits { is_own: true, is_prefix: false });
        }
        EXCLUDED_ROUTE
    }

    /// Stops predictions by a pattern where actix would have known better.
    ///
    /// If guards choose among patterns that fit one path, actix knows no better: this is tried ever more rarely.
    fn check_prediction(&self, map: &ResourceMap, predicted: RouteId, path: &str) {
        let predicted = self.get(predicted);
        let Some(pattern) = &predicted.pattern else { return };
        let mispredictions = predicted.mispredictions.get().saturating_add(1);
        predicted.mispredictions.set(mispredictions);
        if mispredictions.is_power_of_two() && map.match_pattern(path).as_deref() != Some(pattern) {
            self.families.route_matcher.distrust(pattern);
        }
    }

    /// Learns that a route takes all paths that begin with its pattern, if it left a part of the path unprocessed.
    fn learn_prefix(&self, match_info: &Path<Url>, route: RouteId) {
        if match_info.unprocessed().is_empty() {
            return;
        }
        let route = self.get(route);
        if let Some(pattern) = &route.pattern
            && !route.is_prefix.get()
            && without_expressions(pattern) == processed_pattern(match_info)
        {
            route.is_prefix.set(true);
            self.families.route_matcher.learn(pattern, PatternTraits { is_prefix: true, is_own: false });
        }
    }

    fn known(&self, pattern: &str) -> Option<RouteId> {
        self.ids.borrow().get(pattern).copied()
    }

    /// Returns the route with a pattern, and learns the pattern if it is new.
    fn learn(&self, pattern: &str, traits: PatternTraits) -> RouteId {
        let (route, is_new) = self.of_pattern(pattern, traits);
        if is_new {
            self.families.route_matcher.learn(pattern, traits);
        }
        route
    }

    /// Returns the route with a pattern, and `true` if this worker did not know it.
    fn of_pattern(&self, pattern: &str, traits: PatternTraits) -> (RouteId, bool) {
        let exclusions = &self.options.exclusions;
        let is_excluded = traits.is_own && exclusions.own_routes || exclusions.contains(pattern);
        match self.known(pattern) {
            Some(EXCLUDED_ROUTE) if !is_excluded => self.asked.borrow_mut().clear(),
            Some(route) => return (route, false),
            None => {}
        }
        let route = if is_excluded { self.exclude() } else { self.create(pattern, traits) };
        let has_room = self.ids.borrow().len() < MAX_ENDPOINTS;
        if has_room {
            self.ids.borrow_mut().insert(pattern.into(), route);
        }
        (route, has_room)
    }

    fn exclude(&self) -> RouteId {
        self.has_excluded.set(true);
        EXCLUDED_ROUTE
    }

    #[cold]
    fn create(&self, pattern: &str, traits: PatternTraits) -> RouteId {
        if self.all.borrow().len() > MAX_ENDPOINTS {
            return OVERFLOW_ROUTE;
        }
        let namer = &self.options.endpoint_namer;
        let text = namer.as_ref().map_or_else(|| pattern.to_owned(), |namer| (namer.0)(pattern));
        let endpoint = self.families.endpoint(&text);
        let route = Route {
            is_excluded: false,
            is_unmatched: false,
            is_overflow: *endpoint == *OTHER,
            endpoint,
            bucket_group: bucket_group(&self.options, pattern),
            pattern: Some(pattern.into()),
            is_prefix: Cell::new(traits.is_prefix),
            mispredictions: Cell::new(0),
        };
        let mut all = self.all.borrow_mut();
        let Ok(id) = RouteId::try_from(all.len()) else { return OVERFLOW_ROUTE };
        all.push(Rc::new(route));
        id
    }
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

/// Returns the index of the duration buckets of a pattern.
fn bucket_group(options: &Options, pattern: &str) -> usize {
    options.route_buckets.iter().position(|(route, _)| route == pattern).map_or(0, |at| at + 1)
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
