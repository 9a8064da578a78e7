//! Values that readers may still use after they were replaced.

/// Current version of a value that is replaced by larger ones, and all former versions, which readers may still use.
///
/// As sizes double, all former versions together are smaller than the current one. They are kept here so that a leak detector finds
/// them.
#[derive(Debug)]
pub(super) struct Versions<T> {
    pub(super) now: T,
    former: Vec<T>,
}

impl<T> Versions<T> {
    pub(super) const fn new(now: T) -> Self {
        Self { now, former: Vec::new() }
    }

    pub(super) fn replace(&mut self, next: T) {
        self.former.push(std::mem::replace(&mut self.now, next));
    }
}
