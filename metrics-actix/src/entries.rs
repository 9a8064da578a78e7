//! The series that requests begin in, by their routes and beginnings.

use std::{
    cell::{OnceCell, RefCell},
    rc::Rc,
};

use actix_web::dev::ServiceRequest;

use crate::{
    memo::Memo,
    routes::{Guess, RouteNumber},
    series::{Beginning, Entry},
    worker::Worker,
};

/// The series that requests begin in, which a worker has looked up.
///
/// They are kept apart from the [`Worker`], which each of them keeps.
#[derive(Debug)]
pub(crate) struct Entries {
    pub(crate) worker: Rc<Worker>,
    by_route: RefCell<Memo<Rc<Entry>>>,
    /// The first that was used of those whose route is known, as their routing is over: with others no more than their methods
    /// differ, see [`Routes::has_arrived`](crate::routes::Routes::has_arrived).
    arrived: OnceCell<Rc<Entry>>,
}

impl Entries {
    pub(crate) fn new(worker: Worker) -> Self {
        Self { worker: Rc::new(worker), by_route: RefCell::default(), arrived: OnceCell::new() }
    }

    /// The series that a request to a path is in progress under, and what is guessed where it may end under others.
    #[inline]
    pub(crate) fn enter(&self, request: &ServiceRequest, path: &str) -> (Rc<Entry>, Option<Guess>) {
        let (routes, beginning) = (&self.worker.routes, self.worker.beginning(request));
        if routes.has_arrived(request.request()) {
            return match self.arrived.get() {
                Some(entry) if entry.beginning == beginning => (Rc::clone(entry), None),
                _ => (self.arrive(request, beginning), None),
            };
        }
        let guess = routes.guess(request.request(), path);
        (self.entry(guess.route, beginning), Some(guess))
    }

    fn arrive(&self, request: &ServiceRequest, beginning: Beginning) -> Rc<Entry> {
        let route = self
            .arrived
            .get()
            .map_or_else(|| self.worker.routes.arrived(request.request()), |entry| entry.number);
        let entry = self.entry(route, beginning);
        let _is_first = self.arrived.set(Rc::clone(&entry)).is_ok();
        entry
    }

    fn entry(&self, route: RouteNumber, beginning: Beginning) -> Rc<Entry> {
        let key = beginning.key(route);
        if let Some(entry) = self.by_route.borrow().get(key) {
            return Rc::clone(entry);
        }
        let entry = Rc::new(Entry::new(&self.worker, route, beginning));
        self.by_route.borrow_mut().insert(key, Rc::clone(&entry));
        entry
    }
}
