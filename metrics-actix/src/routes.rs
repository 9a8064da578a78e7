//! The routes that a worker has seen.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    sync::Arc,
};

use actix_web::{HttpRequest, dev::ResourceMap};
use metrics_core::OTHER;

use crate::{
    families::Families,
    labels::UNMATCHED,
    options::Options,
    paths::Paths,
    shapes::{Shapes, is_matched},
};

/// The number of a route that a worker has seen.
pub(crate) type RouteNumber = u32;

/// Where no route matches.
pub(crate) const NO_ROUTE: RouteNumber = 0;

/// The names of the resources that show metrics begin with this.
pub(crate) const OWN_ROUTES: &str = "metrics_actix::";

/// What is known of a route.
#[derive(Clone, Debug, Default)]
pub(crate) struct Route {
    pub(crate) endpoint: Arc<str>,
    pub(crate) excluded: bool,
    /// Whether there were too many endpoints to tell this one apart.
    pub(crate) overflows: bool,
    /// Which of the durations' buckets.
    pub(crate) division: usize,
}

/// The routes that a worker has seen, and how they are found again. There are as many as the service has.
#[derive(Debug)]
pub(crate) struct Routes {
    families: Arc<Families>,
    options: Arc<Options>,
    /// Whether all requests have the one endpoint that the user has named.
    fixed: bool,
    all: RefCell<Vec<Route>>,
    by_pattern: RefCell<HashMap<Box<str>, RouteNumber>>,
    /// The route of requests whose routing is over before they come here.
    arrived: Cell<Option<RouteNumber>>,
    shapes: RefCell<Shapes>,
    paths: RefCell<Paths>,
}

impl Routes {
    pub(crate) fn new(families: Arc<Families>, options: Arc<Options>) -> Self {
        let route = |text: &str| Route {
            endpoint: families.endpoint(text),
            excluded: false,
            overflows: false,
            division: division(&options, text),
        };
        let all = RefCell::new(vec![route(options.endpoint.as_deref().unwrap_or(UNMATCHED))]);
        let fixed = options.endpoint.is_some();
        let (by_pattern, shapes) = (RefCell::default(), RefCell::default());
        let paths = RefCell::new(Paths::new());
        Self { families, options, fixed, all, by_pattern, arrived: Cell::new(None), shapes, paths }
    }

    /// What is known of a route.
    pub(crate) fn get(&self, route: RouteNumber) -> Route {
        let all = self.all.borrow();
        all.get(route as usize).or_else(|| all.first()).cloned().unwrap_or_default()
    }

    /// The route of a request before routing: the first whose pattern fits its path.
    #[inline]
    pub(crate) fn arriving(&self, request: &HttpRequest) -> RouteNumber {
        self.by_path(request.path(), request)
    }

    /// The route of a request that ends there in any case: there is but one endpoint, or routing is over, as inside a resource
    /// or at the root of a scope. Such a service stands at one place, so that it has but one such route.
    #[inline]
    pub(crate) fn arrived(&self, request: &HttpRequest) -> Option<RouteNumber> {
        if self.fixed {
            return Some(NO_ROUTE);
        }
        if !is_matched(request) {
            return None;
        }
        let route = self.arrived.get().unwrap_or_else(|| self.matched(request));
        self.arrived.set(Some(route));
        Some(route)
    }

    /// The first route whose pattern fits a path.
    pub(crate) fn of_path(&self, map: &ResourceMap, path: &str) -> RouteNumber {
        if self.fixed { NO_ROUTE } else { self.by_path(path, &(map, path)) }
    }

    /// The route of a request after routing: the one that took it; `entered` where none did and the path is what it was.
    #[inline]
    pub(crate) fn taken(
        &self,
        request: &HttpRequest,
        entered: Option<RouteNumber>,
        same_path: bool,
    ) -> RouteNumber {
        if self.fixed {
            return NO_ROUTE;
        }
        let entered = entered.filter(|_| same_path);
        if !is_matched(request) {
            return entered.unwrap_or_else(|| self.by_path(request.path(), request));
        }
        let route = self.matched(request);
        if entered.is_some_and(|entered| entered != route) {
            self.paths.borrow_mut().doubt(request.path());
        }
        route
    }

    #[inline]
    fn matched(&self, request: &HttpRequest) -> RouteNumber {
        if let Some(route) = self.shapes.borrow().find(request) {
            return route;
        }
        let (_, route) = self.ask(request);
        self.shapes.borrow_mut().insert(request, route);
        route
    }

    #[inline]
    fn by_path(&self, path: &str, asked: &impl Asked) -> RouteNumber {
        if let Some(route) = self.paths.borrow().route(path) {
            return route;
        }
        let (pattern, route) = self.ask(asked);
        self.paths.borrow_mut().learn(path, pattern.as_deref(), route);
        route
    }

    /// Asks actix for the pattern, which allocates it, and where routing has not found a route tries all patterns.
    #[cold]
    fn ask(&self, asked: &impl Asked) -> (Option<String>, RouteNumber) {
        let Some(pattern) = asked.pattern() else { return (None, NO_ROUTE) };
        let known = self.by_pattern.borrow().get(pattern.as_str()).copied();
        let route = known.unwrap_or_else(|| self.learn(&pattern, asked));
        (Some(pattern), route)
    }

    #[cold]
    fn learn(&self, pattern: &str, asked: &impl Asked) -> RouteNumber {
        let own = asked.name().is_some_and(|name| name.starts_with(OWN_ROUTES));
        let name = &self.options.name_endpoint;
        let named = name.as_ref().map_or_else(|| pattern.to_owned(), |name| (name.0)(pattern));
        let endpoint = self.families.endpoint(&named);
        let route = Route {
            excluded: self.options.excluded.names(pattern) || own && self.options.excluded.scrapes,
            overflows: *endpoint == *OTHER,
            endpoint,
            division: division(&self.options, pattern),
        };
        let mut all = self.all.borrow_mut();
        let Ok(number) = RouteNumber::try_from(all.len()) else { return NO_ROUTE };
        all.push(route);
        self.by_pattern.borrow_mut().insert(pattern.into(), number);
        number
    }
}

/// What can be asked for the route of a request.
trait Asked {
    fn pattern(&self) -> Option<String>;
    fn name(&self) -> Option<&str>;
}

impl Asked for HttpRequest {
    fn pattern(&self) -> Option<String> {
        self.match_pattern()
    }

    fn name(&self) -> Option<&str> {
        self.match_name()
    }
}

impl Asked for (&ResourceMap, &str) {
    fn pattern(&self) -> Option<String> {
        self.0.match_pattern(self.1)
    }

    fn name(&self) -> Option<&str> {
        self.0.match_name(self.1)
    }
}

/// Which of the durations' buckets a route has: the default, or those of its pattern.
fn division(options: &Options, pattern: &str) -> usize {
    options.route_buckets.iter().position(|(route, _)| route == pattern).map_or(0, |at| at + 1)
}
