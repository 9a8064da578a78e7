//! Which route took a request, found without asking actix, which allocates the pattern each time.
//!
//! What routing leaves in a request is where the values of the pattern's variables stand in the path, and their names. The rest
//! of the path is the pattern's own text, so that nothing in this table comes from a client. A name's text belongs to one
//! pattern for as long as the program runs, so its address tells patterns apart that differ in an expression alone.

use std::{cell::Cell, iter};

use actix_web::HttpRequest;

/// The most shapes that are kept: more than any service has routes.
const MOST_SHAPES: usize = 8192;

/// actix keeps positions in paths in 16 bits.
const LONGEST_PATH: usize = 60_000;

/// The shapes of the paths that routes took, and the number of each one's route.
#[derive(Debug, Default)]
pub(crate) struct Shapes {
    /// By hash, a power of two of them and at most half of them taken.
    places: Box<[Option<Shape>]>,
    taken: usize,
    /// Where the one is that was found last: a resource that is measured by itself has but one.
    last: Cell<usize>,
}

#[derive(Debug)]
struct Shape {
    hash: u64,
    pieces: Box<[Piece]>,
    route: u32,
}

/// A text of the pattern and the address of the name of the variable after it, zero after the last.
#[derive(Debug, PartialEq, Eq)]
struct Piece {
    text: Box<[u8]>,
    name: usize,
}

/// Calls `each` for the pieces of a path that a route took in full; none where the route is not known by them.
#[inline]
fn pieces<'a>(request: &'a HttpRequest, mut each: impl FnMut(&'a [u8], usize) -> bool) -> bool {
    let info = request.match_info();
    let path = info.as_str();
    if path.len() > LONGEST_PATH {
        return false;
    }
    let (start, bytes) = (path.as_ptr().addr(), path.as_bytes());
    let mut at = 0;
    for (name, value) in info.iter() {
        let from = value.as_ptr().addr().wrapping_sub(start);
        let Some(text) = bytes.get(at..from) else { return false };
        at = from + value.len();
        if !each(text, name.as_ptr().addr()) {
            return false;
        }
    }
    bytes.get(at..).is_some_and(|text| each(text, 0))
}

/// Whether routing got to the end of the path.
pub(crate) fn is_matched(request: &HttpRequest) -> bool {
    request.match_info().unprocessed().is_empty()
}

impl Shapes {
    /// The number of the route that took a request, if it is known.
    #[inline]
    pub(crate) fn find(&self, request: &HttpRequest) -> Option<u32> {
        if let Some(Some(last)) = self.places.get(self.last.get())
            && last.is_of(request)
        {
            return Some(last.route);
        }
        let mask = self.places.len().checked_sub(1)?;
        let hash = hash(request)?;
        let mut at = place(hash, mask);
        loop {
            let shape = self.places.get(at)?.as_ref()?;
            if shape.hash == hash && shape.is_of(request) {
                self.last.set(at);
                return Some(shape.route);
            }
            at = (at + 1) & mask;
        }
    }

    /// Takes note of the route that took a request.
    pub(crate) fn insert(&mut self, request: &HttpRequest, route: u32) {
        let Some(hash) = hash(request) else { return };
        if self.taken == MOST_SHAPES || self.find(request).is_some() {
            return;
        }
        let mut own = Vec::new();
        pieces(request, |text, name| {
            own.push(Piece { text: text.into(), name });
            true
        });
        if self.taken * 2 >= self.places.len() {
            self.grow();
        }
        self.put(Shape { hash, pieces: own.into(), route });
        self.taken += 1;
    }

    fn grow(&mut self) {
        let length = (self.places.len() * 2).max(16);
        let former = std::mem::replace(&mut self.places, iter::repeat_with(|| None).take(length).collect());
        former.into_iter().flatten().for_each(|shape| self.put(shape));
    }

    fn put(&mut self, shape: Shape) {
        let mask = self.places.len() - 1;
        let mut places = (0..self.places.len() as u64).map(|step| place(shape.hash.wrapping_add(step), mask));
        if let Some(free) = places.find(|at| self.places.get(*at).is_some_and(Option::is_none)) {
            self.places[free] = Some(shape);
        }
    }
}

#[allow(clippy::cast_possible_truncation)] // any part of the hash will do
const fn place(hash: u64, mask: usize) -> usize {
    hash as usize & mask
}

impl Shape {
    #[inline]
    fn is_of(&self, request: &HttpRequest) -> bool {
        let mut own = self.pieces.iter();
        pieces(request, |text, name| {
            own.next().is_some_and(|piece| piece.name == name && *piece.text == *text)
        })
    }
}

/// A hash of the pieces. Nobody but the service chooses them, so that a quick one will do.
#[inline]
fn hash(request: &HttpRequest) -> Option<u64> {
    let mut state = 0;
    let known = pieces(request, |text, name| {
        state = mix(hash_bytes(state, text), name as u64);
        true
    });
    known.then_some(state)
}

#[inline]
fn hash_bytes(state: u64, bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let state = words.iter().fold(state, |state, word| mix(state, u64::from_le_bytes(*word)));
    let mut last = [0; 8];
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    mix(state, u64::from_le_bytes(last) ^ (bytes.len() as u64) << 56)
}

#[inline]
#[allow(clippy::cast_possible_truncation)] // both halves are used
const fn mix(state: u64, word: u64) -> u64 {
    let product = (state ^ word ^ 0x9E37_79B9_7F4A_7C15) as u128 * 0xA076_1D64_78BD_642F_u128;
    product as u64 ^ (product >> 64) as u64
}
