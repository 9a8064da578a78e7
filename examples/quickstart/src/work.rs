//! The work: finding primes.

use std::{error::Error, fmt};

use metrics_core::{counted, timed};

use crate::metrics::WorkMetrics;

/// The largest search that a request may ask for: some tens of milliseconds.
pub(crate) const LARGEST: usize = 10_000_000;

/// The search of a request that names no size.
pub(crate) const DEFAULT: usize = 100_000;

/// Why the size of a search is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IllegalSize;

impl fmt::Display for IllegalSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`size` is a whole number from 1 to {LARGEST}")
    }
}

impl Error for IllegalSize {}

/// Reads the size of a search.
#[counted]
pub(crate) fn parse_size(text: Option<&str>) -> Result<usize, IllegalSize> {
    let Some(text) = text else { return Ok(DEFAULT) };
    let size = text.parse().map_err(|_| IllegalSize)?;
    if (1..=LARGEST).contains(&size) { Ok(size) } else { Err(IllegalSize) }
}

/// The primes up to `size`, by the sieve of Eratosthenes.
#[timed]
pub(crate) fn primes(size: usize) -> Vec<usize> {
    let mut composite = vec![false; size + 1];
    let mut primes = Vec::new();
    for number in 2..=size {
        if composite[number] {
            continue;
        }
        primes.push(number);
        for multiple in (number.saturating_mul(number)..=size).step_by(number) {
            composite[multiple] = true;
        }
    }
    WorkMetrics::global().searched(size, &primes);
    primes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn primes_are_correct() {
        assert!(primes(1).is_empty());
        assert_eq!(primes(2), [2]);
        assert_eq!(primes(30), [2, 3, 5, 7, 11, 13, 17, 19, 23, 29]);
        assert_eq!(primes(100_000).len(), 9_592);
    }

    #[test]
    fn size_is_bounded() {
        assert_eq!(parse_size(None), Ok(DEFAULT));
        assert_eq!(parse_size(Some("1")), Ok(1));
        assert_eq!(parse_size(Some("10000000")), Ok(LARGEST));
        for text in ["", "0", "-1", "1.5", "10000001", "99999999999999999999", "many"] {
            assert_eq!(parse_size(Some(text)), Err(IllegalSize), "{text}");
        }
    }
}
