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
    /// The texts of patterns that may come next, at the places that their hashes give: a power of two, at least half of them
    /// empty, or none.
    texts: Box<[Text]>,
    /// Where another segment leads that is not empty.
    other: Next,
    /// Where an empty segment leads.
    empty: Next,
    /// What is found where a path ends here.
    end: Next,
}

/// The texts of patterns that begin alike, or an empty place.
#[derive(Clone, Debug)]
struct Text {
    /// The first eight bytes. The highest one is nothing where it has less, as no path has that character, and so are all in an
    /// empty place.
    start: u64,
    /// Where it leads if it has no more than that; from an empty place, where an empty segment leads.
    next: Next,
    /// All those that have more, or eight, sorted by what comes behind.
    long: Vec<Long>,
}

/// A text of eight bytes and more.
#[derive(Clone, Debug)]
struct Long {
    rest: u64,
    text: Box<[u8]>,
    next: Next,
}

/// Where a segment leads: the number of a state, or with one of the bits below of something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Next(u32);

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
    pub(crate) fn find(&self, path: &str) -> &Found {
        let Some((b'/', mut left)) = path.as_bytes().split_first() else { return &self.unknown };
        let end = end_of(path.as_bytes());
        let Some(mut state) = self.states.first() else { return &self.unknown };
        loop {
            let start = word(left, end);
            let (next, length) = match slash(start) {
                Some((length, before)) => (state.after(start & before), length),
                None => state.after_long(left, end, start),
            };
            match self.states.get(next.0 as usize) {
                Some(next) => state = next,
                None if next.0 & Next::CHOICE == 0 => return self.found(next),
                None => match self.choose(next, left.get(..length).unwrap_or_default()) {
                    Ok(next) => state = next,
                    Err(found) => return found,
                },
            }
            match left.get(length + 1..) {
                Some(after) => left = after,
                None => return self.found(state.end),
            }
        }
    }

    #[inline]
    fn found(&self, next: Next) -> &Found {
        self.found.get((next.0 ^ Next::FOUND) as usize).unwrap_or(&self.unknown)
    }

    /// Where a segment leads by the expressions that it matches.
    #[inline(never)]
    fn choose(&self, choice: Next, segment: &[u8]) -> Result<&State, &Found> {
        let choice = self.choices.get((choice.0 ^ Next::CHOICE) as usize);
        let next = choice.zip(str::from_utf8(segment).ok()).and_then(|(choice, segment)| {
            let matches = choice.expressions.iter().rev();
            let place = matches.fold(0, |place, one| place << 1 | usize::from(one.is_match(segment)));
            choice.next.get(place)
        });
        let next = next.ok_or(&self.unknown)?;
        self.states.get(next.0 as usize).ok_or_else(|| self.found(*next))
    }
}

impl Next {
    const FOUND: u32 = 1 << 30;
    const CHOICE: u32 = 1 << 31;

    const fn is_found(self) -> bool {
        self.0 & Self::CHOICE == 0 && self.0 >= Self::FOUND
    }

    pub(crate) fn state(number: usize) -> Self {
        Self::numbered(number, 0)
    }

    /// Whatever comes behind, this is found.
    pub(crate) fn found(number: usize) -> Self {
        Self::numbered(number, Self::FOUND)
    }

    /// It depends on which expressions the segment matches.
    pub(crate) fn choice(number: usize) -> Self {
        Self::numbered(number, Self::CHOICE)
    }

    fn numbered(number: usize, bit: u32) -> Self {
        // There are never so many: what is none of them is unknown.
        let number = u32::try_from(number).ok().filter(|number| *number < Self::FOUND);
        number.map_or(Self(u32::MAX ^ Self::CHOICE), |number| Self(number | bit))
    }
}

impl Found {
    pub(crate) const fn new(answer: Answer, sure: Sure) -> Self {
        Self { answer, sure, route: Cell::new(None) }
    }
}

impl State {
    pub(crate) fn new(texts: &[(&str, Next)], empty: Next, other: Next, end: Next) -> Self {
        let vacant = Text { start: 0, next: empty, long: Vec::new() };
        let places = if texts.is_empty() { 0 } else { (texts.len() * 2).next_power_of_two() };
        let mut places = vec![vacant; places];
        // No path has that character.
        for (text, next) in texts.iter().filter(|(text, _)| !text.contains('\0')) {
            let text = text.as_bytes();
            let end = end_of(text);
            let start = word(text, end);
            let start = slash(start).map_or(start, |(_, before)| start & before);
            let mut place = place(start, places.len() - 1);
            while places[place].start != 0 && places[place].start != start {
                place = (place + 1) % places.len();
            }
            let place = &mut places[place];
            place.start = start;
            if text.len() < 8 {
                place.next = *next;
            } else {
                let (rest, _) = rest(text, end);
                place.long.push(Long { rest, text: text.into(), next: *next });
                place.long.sort_unstable_by_key(|long| long.rest);
            }
        }
        Self { texts: places.into(), other, empty, end }
    }

    /// Where a segment leads that has less than eight bytes.
    #[inline]
    fn after(&self, start: u64) -> Next {
        match self.text(start) {
            Some(text) => text.next,
            None if start == 0 => self.empty,
            None => self.other,
        }
    }

    /// Where the first segment of what is left of a path leads that has more, and how many, if that leads on.
    #[inline(never)]
    fn after_long(&self, left: &[u8], end: u64, start: u64) -> (Next, usize) {
        if let Some(text) = self.text(start) {
            let (rest, length) = rest(left, end);
            let first = text.long.partition_point(|long| long.rest < rest);
            let mut like = text.long.iter().skip(first).take_while(|long| long.rest == rest);
            let same = |long: &&Long| left.get(..length).is_some_and(|segment| *segment == *long.text);
            return (like.find(same).map_or(self.other, |long| long.next), length);
        }
        (self.other, if self.other.is_found() { 0 } else { long_length(left, end) })
    }

    /// The texts that begin like a segment.
    #[inline]
    fn text(&self, start: u64) -> Option<&Text> {
        let last = self.texts.len().checked_sub(1)?;
        let mut place = place(start, last);
        loop {
            let text = self.texts.get(place)?;
            if text.start == start {
                return Some(text);
            }
            if text.start == 0 {
                return None;
            }
            place = (place + 1) & last;
        }
    }
}

/// What comes behind the first eight bytes of a segment with which `left` begins: as it is where it is less than eight, or else
/// mixed; and how many bytes it has in all.
fn rest(left: &[u8], end: u64) -> (u64, usize) {
    let (mut rest, mut before) = (0, 8);
    loop {
        let word = word(left.get(before..).unwrap_or_default(), end);
        if let Some((length, mask)) = slash(word) {
            return (rest ^ word & mask, before + length);
        }
        rest = (rest ^ word).wrapping_mul(MIX);
        before += 8;
    }
}

/// How many bytes a segment has that has more than seven.
fn long_length(left: &[u8], end: u64) -> usize {
    let mut before = 8;
    loop {
        match slash(word(left.get(before..).unwrap_or_default(), end)) {
            Some((length, _)) => return before + length,
            None => before += 8,
        }
    }
}

/// Where the search begins in so many places, a power of two, of which the last one is known.
#[inline]
fn place(start: u64, last: usize) -> usize {
    // The upper half is the better mixed one, and all that a small machine takes of it is used.
    (start.wrapping_mul(MIX) >> 32) as usize & last
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
    // All bits up to that of the first one, without its byte.
    (none != 0).then(|| (none.trailing_zeros() as usize / 8, (none ^ (none - 1)) >> 8))
}

#[cfg(test)]
mod tests;
