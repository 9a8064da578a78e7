//! Label values that are strings: the first so many, then one for the rest.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
};

use metrics_core::OTHER;

/// The values of a label that all workers share.
#[derive(Debug)]
pub(crate) struct Values {
    limit: usize,
    full: AtomicBool,
    texts: Mutex<Vec<Arc<str>>>,
}

/// The place of a value, [`Values::past_limit`] for all that come past the limit.
pub(crate) type Place = u32;

impl Values {
    pub(crate) fn new(limit: usize) -> Self {
        let limit = limit.min(MOST_VALUES);
        Self { limit, full: AtomicBool::new(limit == 0), texts: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Arc<str>>> {
        self.texts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The place of values past the limit.
    pub(crate) fn past_limit(&self) -> Place {
        Place::try_from(self.limit).unwrap_or(Place::MAX)
    }

    /// The place of a text, which gets one while there is room.
    pub(crate) fn place(&self, text: &str) -> Place {
        let mut texts = self.lock();
        let known = texts.iter().position(|known| &**known == text);
        let place = known.unwrap_or_else(|| {
            if texts.len() < self.limit && text != OTHER {
                texts.push(text.into());
                self.full.store(texts.len() == self.limit, Relaxed);
                texts.len() - 1
            } else {
                self.limit
            }
        });
        Place::try_from(place).unwrap_or(Place::MAX)
    }

    /// The text at a place.
    pub(crate) fn text(&self, place: Place) -> Arc<str> {
        self.lock().get(place as usize).map_or_else(|| OTHER.into(), Arc::clone)
    }
}

const MOST_VALUES: usize = 1_000_000;

/// What one worker knows of the values: it takes the lock for a text that is new to it alone, and never once all places are
/// taken.
#[derive(Debug)]
pub(crate) struct KnownValues {
    shared: Arc<Values>,
    places: RefCell<HashMap<Arc<str>, Place>>,
    /// Whether all values there will ever be are known.
    complete: Cell<bool>,
}

impl KnownValues {
    pub(crate) fn new(shared: Arc<Values>) -> Self {
        Self { shared, places: RefCell::default(), complete: Cell::new(false) }
    }

    /// The place of a text. Memory does not grow by texts past the limit.
    pub(crate) fn place(&self, text: &str) -> Place {
        if let Some(place) = self.places.borrow().get(text) {
            return *place;
        }
        if self.complete.get() {
            return self.shared.past_limit();
        }
        self.ask(text)
    }

    #[cold]
    fn ask(&self, text: &str) -> Place {
        let full = self.shared.full.load(Relaxed);
        let place = self.shared.place(text);
        let mut places = self.places.borrow_mut();
        if place != self.shared.past_limit() {
            places.insert(text.into(), place);
        }
        if full {
            let texts = self.shared.lock();
            places.extend((0..).zip(texts.iter()).map(|(place, text)| (Arc::clone(text), place)));
            self.complete.set(true);
        }
        place
    }

    /// The place of values past the limit.
    pub(crate) fn past_limit(&self) -> Place {
        self.shared.past_limit()
    }

    /// The text at a place.
    pub(crate) fn text(&self, place: Place) -> Arc<str> {
        self.shared.text(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workers_agree_and_keep_nothing_past_the_limit() {
        let shared = Arc::new(Values::new(2));
        let workers = [KnownValues::new(Arc::clone(&shared)), KnownValues::new(Arc::clone(&shared))];
        assert_eq!(workers[0].place("a"), 0);
        assert_eq!(workers[1].place("b"), 1);
        for worker in &workers {
            for text in ["c", "a", "b", "d", OTHER, "a"] {
                let expected = match text {
                    "a" => 0,
                    "b" => 1,
                    _ => 2,
                };
                assert_eq!(worker.place(text), expected, "{text}");
            }
            assert_eq!(worker.places.borrow().len(), 2);
        }
        assert_eq!((&*shared.text(1), &*shared.text(2)), ("b", OTHER));
    }

    #[test]
    fn without_room_everything_is_other() {
        let values = KnownValues::new(Arc::new(Values::new(0)));
        assert_eq!(values.place("a"), values.past_limit());
        assert_eq!(&*values.shared.text(0), OTHER);
    }
}
