//! What one worker keeps: the labels that it has looked up.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
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
    patterns: RefCell<HashMap<Box<str>, Route, BuildHasherDefault<QuickHasher>>>,
    /// By the address of the route's name, for routes that have one. A name belongs to the service's routing table, which
    /// lives as long as this and does not change.
    names: RefCell<HashMap<usize, Route, BuildHasherDefault<QuickHasher>>>,
    /// Whether every route that was seen has a name.
    all_named: Cell<bool>,
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
        let (patterns, names) = (RefCell::default(), RefCell::default());
        Self { families, options, unmatched, patterns, names, all_named: Cell::new(true), statuses }
    }

    /// Whether requests to a path are left out.
    pub(crate) fn excludes(&self, path: &str) -> bool {
        self.options.excludes(path)
    }

    /// The route that a request is matched by: before routing the first whose pattern fits the path, after routing the one
    /// that took the request.
    ///
    /// actix allocates a route's pattern each time it is asked, but not a route's name. Before routing each question is a walk
    /// through all patterns, so names are asked for only as long as that answers.
    pub(crate) fn route(&self, request: &HttpRequest) -> Route {
        let name = if self.all_named.get() { name_of(request) } else { None };
        if let Some(name) = name
            && let Some(route) = self.names.borrow().get(&address(name))
        {
            return *route;
        }
        let Some(pattern) = request.match_pattern() else { return self.unmatched };
        let known = self.patterns.borrow().get(pattern.as_str()).copied();
        let route = known.unwrap_or_else(|| self.learn(pattern, request));
        if let Some(name) = name {
            self.names.borrow_mut().insert(address(name), route);
        }
        route
    }

    #[cold]
    fn learn(&self, pattern: String, request: &HttpRequest) -> Route {
        // An empty label value would be an absent label.
        let text = if pattern.is_empty() { "/" } else { &pattern };
        let name = name_of(request);
        self.all_named.set(self.all_named.get() && name.is_some());
        let excluded = self.options.excludes(text) || name == Some(ROUTE_NAME);
        let route = Route { endpoint: self.families.endpoint(text), excluded };
        self.patterns.borrow_mut().insert(pattern.into(), route);
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

/// The name of a request's route; an empty one has no address of its own.
fn name_of(request: &HttpRequest) -> Option<&str> {
    request.match_name().filter(|name| !name.is_empty())
}

fn address(name: &str) -> usize {
    name.as_ptr().addr()
}

/// A hash for keys that the service itself chose.
#[derive(Debug, Default)]
struct QuickHasher(u64);

impl QuickHasher {
    fn add(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        #[allow(clippy::cast_possible_truncation)] // both halves are used
        let folded = product as u64 ^ (product >> 64) as u64;
        self.0 = folded;
    }
}

impl Hasher for QuickHasher {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
            self.add(u64::from_le_bytes(word));
        }
    }

    fn write_u8(&mut self, byte: u8) {
        self.add(u64::from(byte) ^ 0x100);
    }

    fn write_usize(&mut self, number: usize) {
        self.add(number as u64);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
