//! Which pattern a path fits, as actix would answer, in one pass over the path.
//!
//! actix tries pattern after pattern, which costs more than all the counting. What can be said beforehand is worked out once in
//! each worker, by [`states`](crate::states): each segment of a path is a step from one state to another, and the last one has
//! the answer.

use std::cell::Cell;

use regex::Regex;

use crate::{
    listing::Listed,
    states,
    tree::{Answer, Pattern, Tree},
};

/// The patterns of a service.
#[derive(Debug)]
pub(crate) struct Paths {
    pub(crate) states: Vec<State>,
    pub(crate) choices: Vec<Choice>,
    pub(crate) found: Vec<Found>,
    pub(crate) patterns: Vec<Pattern>,
    pub(crate) unknown: Found,
}

/// What the segments up to here lead to.
#[derive(Debug)]
pub(crate) struct State {
    /// A power of two, most of them empty.
    texts: Box<[Text]>,
    /// Where another segment leads that is not empty.
    other: Next,
    /// What is found where a path ends here: its number.
    end: u32,
}

/// A segment that is a text of a pattern, or an empty place.
#[derive(Clone, Debug)]
struct Text {
    /// Nothing in an empty place.
    start: u64,
    rest: u64,
    /// The whole of a long one.
    long: Option<Box<[u8]>>,
    /// From an empty place, where an empty segment leads.
    next: Next,
}

/// Where a segment leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    State(u32),
    /// Whatever comes behind, this is found.
    Found(u32),
    /// It depends on which expressions the segment matches.
    Choice(u32),
}

/// Expressions, and where the segments lead that match some of them: a bit of the place in `next` for each expression.
#[derive(Debug)]
pub(crate) struct Choice {
    pub(crate) expressions: Vec<Regex>,
    pub(crate) next: Vec<Next>,
}

/// What the patterns say of a path.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) answer: Answer,
    pub(crate) sure: Sure,
    /// What has been made of the answer, where it is known.
    pub(crate) route: Cell<Option<u32>>,
}

/// Whether a request that a resource takes is known to be taken by the one that its path says, as guards may choose another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Sure {
    /// No other fits the path.
    Alone,
    /// No other that fits the path has so many variables.
    Variables(u8),
    No,
}

/// A segment of a path.
struct Segment {
    /// Its first eight bytes, the first one lowest.
    start: u64,
    /// All others: as they are where they are less than eight, or else mixed, with the highest bit.
    rest: u64,
    length: usize,
}

/// The longest segment that is known by its start and its rest.
const SHORT: usize = 15;

/// A number whose multiples look like chance.
const MIX: u64 = 0x9E37_79B9_7F4A_7C15;

impl Paths {
    pub(crate) fn new(listed: &Listed) -> Self {
        states::paths(Tree::new(listed))
    }

    /// Patterns of which nothing is known.
    pub(crate) fn unknown() -> Self {
        states::paths(Tree::unknown())
    }

    pub(crate) fn pattern(&self, number: u32) -> Option<&Pattern> {
        self.patterns.get(number as usize)
    }

    /// What the patterns say of a path.
    #[inline]
    pub(crate) fn find(&self, path: &str) -> &Found {
        let Some((b'/', mut left)) = path.as_bytes().split_first() else { return &self.unknown };
        let end = end_of(path.as_bytes());
        let mut state = self.states.first();
        loop {
            let Some(here) = state else { return &self.unknown };
            let segment = Segment::first_of(left, end);
            let mut next = here.next(&segment, left);
            if let Next::Choice(number) = next {
                next = self.choose(number, left.get(..segment.length).unwrap_or_default());
            }
            state = match next {
                Next::State(number) => self.states.get(number as usize),
                Next::Found(number) => return self.found(number),
                Next::Choice(_) => None,
            };
            match left.get(segment.length + 1..) {
                Some(after) => left = after,
                None => return state.map_or(&self.unknown, |state| self.found(state.end)),
            }
        }
    }

    #[inline]
    fn found(&self, number: u32) -> &Found {
        self.found.get(number as usize).unwrap_or(&self.unknown)
    }

    fn choose(&self, choice: u32, segment: &[u8]) -> Next {
        let choice = self.choices.get(choice as usize);
        let next = choice.zip(str::from_utf8(segment).ok()).and_then(|(choice, segment)| {
            let matches = choice.expressions.iter().rev();
            let place = matches.fold(0, |place, one| place << 1 | usize::from(one.is_match(segment)));
            choice.next.get(place).copied()
        });
        next.unwrap_or(Next::Choice(0))
    }
}

impl Found {
    pub(crate) const fn new(answer: Answer, sure: Sure) -> Self {
        Self { answer, sure, route: Cell::new(None) }
    }
}

impl State {
    pub(crate) fn new(texts: &[(&str, Next)], empty: Next, other: Next, end: u32) -> Self {
        let vacant = Text { start: 0, rest: 0, long: None, next: empty };
        let mut places = vec![vacant; (texts.len() * 2).next_power_of_two()];
        // No path has that character.
        for (text, next) in texts.iter().filter(|(text, _)| !text.contains('\0')) {
            let segment = Segment::first_of(text.as_bytes(), end_of(text.as_bytes()));
            let mut place = segment.place(places.len());
            while places[place].start != 0 {
                place = (place + 1) % places.len();
            }
            let long = (text.len() > SHORT).then(|| text.as_bytes().into());
            places[place] = Text { start: segment.start, rest: segment.rest, long, next: *next };
        }
        Self { texts: places.into(), other, end }
    }

    /// Where a segment leads, with which `left` begins.
    #[inline]
    fn next(&self, segment: &Segment, left: &[u8]) -> Next {
        let mut place = segment.place(self.texts.len());
        while let Some(text) = self.texts.get(place) {
            if text.start == segment.start && text.is(segment, left) {
                return text.next;
            }
            if text.start == 0 {
                break;
            }
            place = (place + 1) & (self.texts.len() - 1);
        }
        self.other
    }
}

impl Text {
    #[inline]
    fn is(&self, segment: &Segment, left: &[u8]) -> bool {
        self.rest == segment.rest
            && self.long.as_ref().is_none_or(|long| left.get(..segment.length) == Some(long))
    }
}

impl Segment {
    /// The first segment of what is left of a path whose end is known.
    #[inline]
    fn first_of(left: &[u8], end: u64) -> Self {
        let start = word(left, end);
        match slash(start) {
            Some((length, before)) => Self { start: start & before, rest: 0, length },
            None => Self::long(left, end, start),
        }
    }

    fn long(left: &[u8], end: u64, start: u64) -> Self {
        let (mut rest, mut before) = (0, 8);
        loop {
            let more = left.get(before..).unwrap_or_default();
            let word = word(more, end);
            if let Some((length, mask)) = slash(word) {
                return Self { start, rest: rest ^ word & mask, length: before + length };
            }
            before += 8;
            rest = (rest ^ word).wrapping_mul(MIX) | 1 << 63;
        }
    }

    /// Where the search begins in so many places, a power of two.
    #[inline]
    fn place(&self, places: usize) -> usize {
        // The upper half is the better mixed one; on small machines it is all that there is.
        ((self.start ^ self.rest).wrapping_mul(MIX) >> 32) as usize & (places - 1)
    }
}

const SLASHES: u64 = u64::from_le_bytes([b'/'; 8]);

/// The last eight bytes of a path, the first one lowest; the lowest ones are nothing where it has less.
#[inline]
fn end_of(path: &[u8]) -> u64 {
    match path.last_chunk() {
        Some(last) => u64::from_le_bytes(*last),
        None => path.iter().fold(0, |word, byte| word >> 8 | u64::from(*byte) << 56),
    }
}

/// The first eight bytes of what is left of a path, filled up with slashes.
#[inline]
fn word(left: &[u8], end: u64) -> u64 {
    match left.first_chunk() {
        Some(first) => u64::from_le_bytes(*first),
        None => end >> (56 - 8 * left.len()) >> 8 | SLASHES << (8 * left.len()),
    }
}

/// Where the first slash is, and a mask of what is before it.
#[inline]
fn slash(word: u64) -> Option<(usize, u64)> {
    const LOW: u64 = u64::from_le_bytes([1; 8]);
    let differing = word ^ SLASHES;
    // The highest bit of each byte that is nothing; of those above the first one it is not sure.
    let none = differing.wrapping_sub(LOW) & !differing & (LOW << 7);
    let first = none & none.wrapping_neg();
    (none != 0).then(|| (none.trailing_zeros() as usize / 8, (first >> 7).wrapping_sub(1)))
}

#[cfg(test)]
mod tests;
