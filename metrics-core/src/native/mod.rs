//! Native histograms, whose bucket bounds are powers of `2^(1/2^schema)` and whose buckets exist only as far as they are used.
//!
//! <https://prometheus.io/docs/specs/native_histograms/>
//!
//! A histogram's native part is found by the slot of its series ([`record`]). Its buckets are ordinary cells: each thread counts in
//! cells of its own, and a scrape adds them up. The number of buckets is bounded by a *window* of [`WINDOW`](schema::WINDOW)
//! neighbouring buckets for each sign. The first window has the resolution of the definition, and lies around the first value. A value
//! outside of it opens the next window, which has at most half the resolution and holds the value and the whole former window. The
//! former window keeps its counts, so that nothing is moved and no writer waits. A scrape converts all windows to the resolution of
//! the last one. That is exact, as two neighbouring buckets are one bucket of half the resolution.
//!
//! Values within [`ZERO_THRESHOLD`] of zero count as zero. Infinite values have a bucket past that of the
//! largest number, and open no window. NaN is in no bucket, and makes the sum NaN.

mod bucket_range;
mod index;
mod record;
mod schema;
mod snapshot;

pub(crate) use record::{add, clear, exemplar_slot, exemplar_slots, latest_exemplar};
pub(crate) use schema::{DEFAULT_SCHEMA, Schema, ZERO_THRESHOLD};
pub(crate) use snapshot::{Side, Snapshot};
