//! The routes that a worker has seen.

use std::{
    cell::{OnceCell, RefCell},
    collections::HashMap,
    sync::Arc,
};

use actix_web::{HttpRequest, dev::ResourceMap};
use metrics_core::OTHER;

use crate::{
    families::Families,
    labels::UNMATCHED,
    listing, notice,
    options::Options,
    paths::{Found, Paths, Sure},
    print::Print,
    tree::Answer,
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
    pub(crate) bucket_group: usize,
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
    paths: OnceCell<Paths>,
}

/// What the path of a request says of its route, before routing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Guess {
    /// The first route whose pattern fits the path.
    pub(crate) route: RouteNumber,
    /// Whether it is the one that takes the request, if any does.
    sure: Sure,
    path: Print,
}

impl Routes {
    pub(crate) fn new(families: Arc<Families>, options: Arc<Options>) -> Self {
        let route = |text: &str| Route {
            endpoint: families.endpoint(text),
            excluded: false,
            overflows: false,
            bucket_group: bucket_group(&options, text),
        };
        let all = RefCell::new(vec![route(options.endpoint.as_deref().unwrap_or(UNMATCHED))]);
        let fixed = options.endpoint.is_some();
        let (by_pattern, paths) = (RefCell::default(), OnceCell::new());
        Self { families, options, fixed, all, by_pattern, paths }
    }

    /// What is known of a route.
    pub(crate) fn get(&self, route: RouteNumber) -> Route {
        let all = self.all.borrow();
        all.get(route as usize).or_else(|| all.first()).cloned().unwrap_or_default()
    }

    /// Whether a request ends under one route in any case: there is but one endpoint, or routing is over, as inside a resource or
    /// at the root of a scope. Such a service stands at one place, so that it has but one such route.
    #[inline]
    pub(crate) fn has_arrived(&self, request: &HttpRequest) -> bool {
        self.fixed || is_matched(request)
    }

    /// The route of a request that [has arrived](Self::has_arrived).
    pub(crate) fn arrived(&self, request: &HttpRequest) -> RouteNumber {
        if self.fixed { NO_ROUTE } else { self.ask(request) }
    }

    /// The route of a request before routing, by its path.
    #[inline]
    pub(crate) fn guess(&self, request: &HttpRequest, path: &str) -> Guess {
        let found = self.paths(request).find(path);
        let route = found.route.get().unwrap_or_else(|| self.number(found, request));
        Guess { route, sure: found.sure, path: Print::of(path) }
    }

    /// The route of a request after routing: the one that took it; what was guessed where none did and the path is what it was.
    #[inline]
    pub(crate) fn taken(&self, request: &HttpRequest, guess: Guess) -> RouteNumber {
        // The text by which routing went: another one than the path's where it had escaped letters.
        let is_same = guess.path == Print::of(request.match_info().as_str());
        // Whatever takes it then, or refuses it, has this route.
        if is_same && guess.sure == Sure::Alone { guess.route } else { self.checked(request, guess, is_same) }
    }

    fn checked(&self, request: &HttpRequest, guess: Guess, is_same: bool) -> RouteNumber {
        if !is_matched(request) {
            let path = request.path();
            let is_same = is_same || guess.path == Print::of(path);
            return if is_same { guess.route } else { self.guess(request, path).route };
        }
        let is_sure = match guess.sure {
            Sure::Alone => true,
            Sure::Variables(count) => request.match_info().segment_count() == usize::from(count),
            Sure::No => false,
        };
        if is_sure && is_same { guess.route } else { self.ask(request) }
    }

    #[inline]
    fn paths(&self, request: &HttpRequest) -> &Paths {
        self.paths.get_or_init(|| paths(request.resource_map()))
    }

    /// The route of what is found by a path.
    #[cold]
    fn number(&self, found: &Found, request: &HttpRequest) -> RouteNumber {
        let pattern = match found.answer {
            Answer::Pattern(number) => self.paths(request).pattern(number),
            Answer::Nothing => None,
            Answer::Ask => return self.ask(request),
        };
        let route = pattern.map_or(NO_ROUTE, |one| self.of_pattern(&one.text, one.name.as_deref()));
        found.route.set(Some(route));
        route
    }

    /// Asks actix for the pattern, which allocates it, and where routing has not found a route tries all patterns.
    #[cold]
    fn ask(&self, request: &HttpRequest) -> RouteNumber {
        request.match_pattern().map_or(NO_ROUTE, |pattern| self.of_pattern(&pattern, request.match_name()))
    }

    fn of_pattern(&self, pattern: &str, name: Option<&str>) -> RouteNumber {
        let known = self.by_pattern.borrow().get(pattern).copied();
        known.unwrap_or_else(|| self.learn(pattern, name))
    }

    #[cold]
    fn learn(&self, pattern: &str, name: Option<&str>) -> RouteNumber {
        let own = name.is_some_and(|name| name.starts_with(OWN_ROUTES));
        let name = &self.options.name_endpoint;
        let named = name.as_ref().map_or_else(|| pattern.to_owned(), |name| (name.0)(pattern));
        let endpoint = self.families.endpoint(&named);
        let route = Route {
            excluded: self.options.excluded.names(pattern) || own && self.options.excluded.scrapes,
            overflows: *endpoint == *OTHER,
            endpoint,
            bucket_group: bucket_group(&self.options, pattern),
        };
        let mut all = self.all.borrow_mut();
        let Ok(number) = RouteNumber::try_from(all.len()) else { return NO_ROUTE };
        all.push(route);
        self.by_pattern.borrow_mut().insert(pattern.into(), number);
        number
    }
}

#[cold]
fn paths(map: &ResourceMap) -> Paths {
    let listed = listing::list(map);
    if listed.is_none() {
        notice::unknown_map();
    }
    listed.as_ref().map_or_else(Paths::unknown, Paths::new)
}

/// Whether routing got to the end of the path.
#[inline]
fn is_matched(request: &HttpRequest) -> bool {
    request.match_info().unprocessed().is_empty()
}

/// Which of the durations' buckets a route has: the default, or those of its pattern.
fn bucket_group(options: &Options, pattern: &str) -> usize {
    options.route_buckets.iter().position(|(route, _)| route == pattern).map_or(0, |at| at + 1)
}
