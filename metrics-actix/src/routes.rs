//! Routes of one worker: the label values and options of each, by its pattern.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    sync::Arc,
};

use foldhash::HashMap;
use metrics_core::OTHER;

use crate::{
    asked_paths::{AskedPaths, RouteId},
    families::Families,
    labels::MAX_ENDPOINTS,
    options::Options,
    route_matcher::{LearnedPattern, PatternTraits},
};

/// Stands for requests that no route matches, and for all where the endpoint is fixed.
pub(crate) const UNMATCHED_ROUTE: RouteId = 0;

/// Stands for all routes that are excluded.
const EXCLUDED_ROUTE: RouteId = 1;

/// Stands for all routes past the limit.
const OVERFLOW_ROUTE: RouteId = 2;

/// App data of this crate's resources, by which the middleware knows that one of them has taken a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OwnRoute;

/// Label values and options of one route.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) id: RouteId,
    pub(crate) endpoint: Arc<str>,
    pub(crate) is_excluded: bool,
    /// Set for the endpoint of requests that no route matches.
    pub(crate) is_unmatched: bool,
    /// Set for an endpoint past the limit.
    pub(crate) is_overflow: bool,
    /// Index of the duration buckets: the default ones, then those of single routes.
    pub(crate) bucket_group: usize,
    /// `None` for the routes that stand for others.
    pub(crate) pattern: Option<Box<str>>,
    /// Set if the route takes all paths that begin with its pattern.
    pub(crate) is_prefix: Cell<bool>,
    pub(crate) mispredictions: Cell<u32>,
}

/// One worker's routes.
#[derive(Debug)]
pub(crate) struct Routes {
    families: Arc<Families>,
    options: Arc<Options>,
    /// Set once a route is excluded by its pattern or as one of this crate.
    has_excluded: Cell<bool>,
    all: RefCell<Vec<Rc<Route>>>,
    by_pattern: RefCell<HashMap<Box<str>, RouteId>>,
    /// Routes that stand for the default services of scopes, by the patterns of the scopes.
    by_scope: RefCell<HashMap<Box<str>, RouteId>>,
    by_path: RefCell<AskedPaths>,
}

impl Routes {
    pub(crate) fn new(families: Arc<Families>, options: Arc<Options>) -> Self {
        let route = |id, endpoint: &str| Route {
            id,
            endpoint: endpoint.into(),
            is_excluded: false,
            is_unmatched: false,
            is_overflow: false,
            bucket_group: bucket_group(&options, endpoint),
            pattern: None,
            is_prefix: Cell::new(false),
            mispredictions: Cell::new(0),
        };
        let unmatched = match options.fixed_endpoint.as_deref() {
            Some(endpoint) => route(UNMATCHED_ROUTE, &families.endpoint(endpoint)),
            None => Route { is_unmatched: true, ..route(UNMATCHED_ROUTE, &options.unmatched_endpoint) },
        };
        let excluded = Route { is_excluded: true, ..route(EXCLUDED_ROUTE, "") };
        let overflow = Route { is_overflow: true, ..route(OVERFLOW_ROUTE, OTHER) };
        Self {
            has_excluded: Cell::new(false),
            all: RefCell::new([unmatched, excluded, overflow].map(Rc::new).into()),
            by_pattern: RefCell::default(),
            by_scope: RefCell::default(),
            by_path: RefCell::default(),
            families,
            options,
        }
    }

    /// Returns a route.
    pub(crate) fn get(&self, route: RouteId) -> Rc<Route> {
        let all = self.all.borrow();
        Rc::clone(all.get(route as usize).unwrap_or(&all[UNMATCHED_ROUTE as usize]))
    }

    /// Returns `true` once a route is excluded.
    pub(crate) const fn have_excluded(&self) -> bool {
        self.has_excluded.get()
    }

    /// Returns the route with a pattern, if this worker knows it.
    pub(crate) fn find(&self, pattern: &str) -> Option<RouteId> {
        self.by_pattern.borrow().get(pattern).copied()
    }

    /// Returns the route with a pattern, if this worker knows it and it is not excluded.
    pub(crate) fn find_measured(&self, pattern: &str) -> Option<RouteId> {
        self.find(pattern).filter(|route| *route != EXCLUDED_ROUTE)
    }

    /// Returns the route with a pattern, and teaches a new pattern to all workers.
    pub(crate) fn learn(&self, pattern: &str, traits: PatternTraits) -> RouteId {
        let (route, is_new) = self.get_or_create(pattern, traits);
        if is_new {
            self.families.route_matcher.learn(pattern, traits);
        }
        route
    }

    /// Teaches all workers that a route takes all paths that begin with its pattern.
    pub(crate) fn learn_prefix(&self, route: &Route) {
        if let Some(pattern) = &route.pattern {
            route.is_prefix.set(true);
            self.families.route_matcher.learn(pattern, PatternTraits { is_prefix: true, is_own: false });
        }
    }

    /// Returns the route with a pattern that any worker has learned.
    pub(crate) fn add_learned(&self, pattern: &LearnedPattern) -> RouteId {
        self.get_or_create(&pattern.text, pattern.traits).0
    }

    /// Returns the route of a resource of this crate, which is excluded.
    #[cold]
    pub(crate) fn learn_own(&self, pattern: Option<&str>) -> RouteId {
        if let Some(pattern) = pattern {
            self.learn(pattern, PatternTraits { is_own: true, is_prefix: false });
        }
        EXCLUDED_ROUTE
    }

    /// Returns the route of a path that actix was asked about.
    pub(crate) fn find_by_path(&self, path: &str) -> Option<RouteId> {
        self.by_path.borrow().get(path)
    }

    /// Keeps the answer of actix about a path.
    pub(crate) fn cache_path(&self, path: &str, route: RouteId) {
        self.by_path.borrow_mut().insert(path, route);
    }

    /// Returns the route that stands for the default service of a scope.
    pub(crate) fn get_or_create_scope(&self, pattern: &str) -> RouteId {
        if let Some(route) = self.by_scope.borrow().get(pattern) {
            return *route;
        }
        if self.options.exclusions.contains(pattern) {
            return EXCLUDED_ROUTE;
        }
        let route = self.create(pattern, PatternTraits::default());
        if route != OVERFLOW_ROUTE {
            self.by_scope.borrow_mut().insert(pattern.into(), route);
        }
        route
    }

    /// Returns the route with a pattern, and `true` if this worker did not know it.
    fn get_or_create(&self, pattern: &str, traits: PatternTraits) -> (RouteId, bool) {
        let exclusions = &self.options.exclusions;
        let is_excluded = traits.is_own && exclusions.own_routes || exclusions.contains(pattern);
        match self.find(pattern) {
            Some(EXCLUDED_ROUTE) if !is_excluded => self.by_path.borrow_mut().clear(),
            Some(route) => return (route, false),
            None => {}
        }
        let route = if is_excluded { self.exclude() } else { self.create(pattern, traits) };
        let has_room = self.by_pattern.borrow().len() < MAX_ENDPOINTS;
        if has_room {
            self.by_pattern.borrow_mut().insert(pattern.into(), route);
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
        let mut all = self.all.borrow_mut();
        let Ok(id) = RouteId::try_from(all.len()) else { return OVERFLOW_ROUTE };
        let route = Route {
            id,
            is_excluded: false,
            is_unmatched: false,
            is_overflow: *endpoint == *OTHER,
            endpoint,
            bucket_group: bucket_group(&self.options, pattern),
            pattern: Some(pattern.into()),
            is_prefix: Cell::new(traits.is_prefix),
            mispredictions: Cell::new(0),
        };
        all.push(Rc::new(route));
        id
    }
}

/// Returns the index of the duration buckets of a pattern.
fn bucket_group(options: &Options, pattern: &str) -> usize {
    options.route_buckets.iter().position(|(route, _)| route == pattern).map_or(0, |at| at + 1)
}
