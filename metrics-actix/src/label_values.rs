//! Label values that are strings: the first ones up to a limit, then `_OTHER`.

use std::{
    borrow::Cow,
    cell::{Cell, RefCell},
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
};

use metrics_core::OTHER;

/// Distinct values of one label, shared by all workers.
#[derive(Debug)]
pub(crate) struct LabelValues {
    limit: usize,
    is_full: AtomicBool,
    texts: Mutex<Vec<Arc<str>>>,
}

/// Number of a value; [`LabelValues::overflow_id`] stands for all values past the limit.
pub(crate) type ValueId = u32;

/// Number of an absent value.
pub(crate) const ABSENT: ValueId = ValueId::MAX;

impl LabelValues {
    pub(crate) fn new(limit: usize) -> Self {
        let limit = limit.min(MAX_VALUES);
        Self { limit, is_full: AtomicBool::new(limit == 0), texts: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Arc<str>>> {
        self.texts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the number of values past the limit.
    pub(crate) fn overflow_id(&self) -> ValueId {
        ValueId::try_from(self.limit).unwrap_or(ABSENT)
    }

    /// Returns the number of a text, and registers the text while there is room.
    pub(crate) fn intern(&self, text: &str) -> ValueId {
        let mut texts = self.lock();
        let known = texts.iter().position(|known| &**known == text);
        let id = known.unwrap_or_else(|| {
            if texts.len() < self.limit && text != OTHER {
                texts.push(text.into());
                self.is_full.store(texts.len() == self.limit, Relaxed);
                texts.len() - 1
            } else {
                self.limit
            }
        });
        ValueId::try_from(id).unwrap_or(ABSENT)
    }

    /// Returns the text with a number, `_OTHER` for one past the limit.
    pub(crate) fn text(&self, id: ValueId) -> Arc<str> {
        self.lock().get(id as usize).map_or_else(|| OTHER.into(), Arc::clone)
    }
}

/// Replaces control characters and line separators by spaces: some readers of the text format end a line at each of them.
pub(crate) fn without_control_characters(text: &str) -> Cow<'_, str> {
    let is_control = |character: char| character.is_control() || matches!(character, '\u{2028}' | '\u{2029}');
    if text.contains(is_control) { text.replace(is_control, " ").into() } else { text.into() }
}

const MAX_VALUES: usize = 1_000_000;

/// One worker's cache of [`LabelValues`]. It locks once for each text that is new to the worker, and never again once the limit
/// is reached.
#[derive(Debug)]
pub(crate) struct CachedLabelValues {
    shared: Arc<LabelValues>,
    ids: RefCell<HashMap<Arc<str>, ValueId>>,
    /// Set once the limit is reached and all values are cached.
    is_complete: Cell<bool>,
}

impl CachedLabelValues {
    pub(crate) fn new(shared: Arc<LabelValues>) -> Self {
        Self { shared, ids: RefCell::default(), is_complete: Cell::new(false) }
    }

    /// Returns the number of a text. Texts past the limit take no memory.
    pub(crate) fn intern(&self, text: &str) -> ValueId {
        if let Some(id) = self.ids.borrow().get(text) {
            return *id;
        }
        if self.is_complete.get() {
            return self.shared.overflow_id();
        }
        self.intern_shared(text)
    }

    #[cold]
    fn intern_shared(&self, text: &str) -> ValueId {
        let is_full = self.shared.is_full.load(Relaxed);
        let id = self.shared.intern(text);
        let mut ids = self.ids.borrow_mut();
        if id != self.shared.overflow_id() {
            ids.insert(text.into(), id);
        }
        if is_full {
            let texts = self.shared.lock();
            ids.extend((0..).zip(texts.iter()).map(|(id, text)| (Arc::clone(text), id)));
            self.is_complete.set(true);
        }
        id
    }

    /// Returns the number of values past the limit.
    pub(crate) fn overflow_id(&self) -> ValueId {
        self.shared.overflow_id()
    }

    /// Returns the text with a number.
    pub(crate) fn text(&self, id: ValueId) -> Arc<str> {
        self.shared.text(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workers_agree_and_keep_nothing_past_the_limit() {
        let shared = Arc::new(LabelValues::new(2));
        let workers =
            [CachedLabelValues::new(Arc::clone(&shared)), CachedLabelValues::new(Arc::clone(&shared))];
        assert_eq!(workers[0].intern("a"), 0);
        assert_eq!(workers[1].intern("b"), 1);
        for worker in &workers {
            for text in ["c", "a", "b", "d", OTHER, "a"] {
                let expected = match text {
                    "a" => 0,
                    "b" => 1,
                    _ => 2,
                };
                assert_eq!(worker.intern(text), expected, "{text}");
            }
            assert_eq!(worker.ids.borrow().len(), 2);
        }
        assert_eq!((&*shared.text(1), &*shared.text(2)), ("b", OTHER));
    }

    #[test]
    fn control_characters_become_spaces() {
        let text = "a\rb\nc\u{b}d\u{c}e\u{85}f\u{2028}g\u{2029}h\0i\u{7f}j";
        assert_eq!(without_control_characters(text), "a b c d e f g h i j");
        assert!(matches!(without_control_characters("plain ü"), Cow::Borrowed("plain ü")));
    }

    #[test]
    fn without_room_everything_is_other() {
        let values = CachedLabelValues::new(Arc::new(LabelValues::new(0)));
        assert_eq!(values.intern("a"), values.overflow_id());
        assert_eq!(&*values.text(0), OTHER);
    }
}
