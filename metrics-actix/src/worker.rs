//! What one worker keeps: the labels that it has looked up.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    sync::Arc,
};

use actix_web::HttpRequest;
use metrics_core::Interned;

use crate::{
    families::{Endpoint, Families, Options},
    labels::{MOST_STATUSES, UNMATCHED},
    route::ROUTE_NAME,
};

/// The status codes that a worker remembers: from here on, as many as there is room for.
const FIRST_STATUS: u16 = 100;
const STATUSES: usize = 500;

/// A worker's part of the metrics. It is used by one thread, so that a request takes no lock.
#[derive(Debug)]
pub(crate) struct Worker {
    pub(crate) families: Arc<Families>,
    options: Arc<Options>,
    unmatched: Route,
    /// By route pattern. There are as many as the service has routes.
    routes: RefCell<HashMap<Box<str>, Route>>,
    statuses: Box<[Cell<Option<Interned<MOST_STATUSES>>>]>,
}

/// What is known of a route.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Route {
    pub(crate) endpoint: Endpoint,
    pub(crate) excluded: bool,
}

impl Worker {
    pub(crate) fn new(families: Arc<Families>, options: Arc<Options>) -> Self {
        let unmatched = Route { endpoint: families.endpoint(UNMATCHED), excluded: false };
        let statuses = vec![Cell::new(None); STATUSES].into_boxed_slice();
        Self { families, options, unmatched, routes: RefCell::default(), statuses }
    }

    /// Whether requests to a path are left out.
    pub(crate) fn excludes(&self, path: &str) -> bool {
        self.options.excludes(path)
    }

    /// The route that a request is matched by: before routing the first whose pattern fits the path, after routing the one
    /// that took the request.
    ///
    /// `match_pattern` allocates the pattern; the rest of this does not.
    pub(crate) fn route(&self, request: &HttpRequest) -> Route {
        let Some(pattern) = request.match_pattern() else { return self.unmatched };
        let known = self.routes.borrow().get(pattern.as_str()).copied();
        known.unwrap_or_else(|| self.learn(pattern, request))
    }

    #[cold]
    fn learn(&self, pattern: String, request: &HttpRequest) -> Route {
        // An empty label value would be an absent label.
        let text = if pattern.is_empty() { "/" } else { &pattern };
        let excluded = self.options.excludes(text) || request.match_name() == Some(ROUTE_NAME);
        let route = Route { endpoint: self.families.endpoint(text), excluded };
        self.routes.borrow_mut().insert(pattern.into(), route);
        route
    }

    /// The value of the label `status` for a code.
    pub(crate) fn status(&self, code: u16) -> Interned<MOST_STATUSES> {
        let place = usize::from(code.wrapping_sub(FIRST_STATUS));
        let Some(remembered) = self.statuses.get(place) else { return self.families.status(code) };
        remembered.get().unwrap_or_else(|| {
            let status = self.families.status(code);
            remembered.set(Some(status));
            status
        })
    }
}
