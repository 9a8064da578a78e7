//! Native histograms: buckets whose bounds are powers of `2^(1/2^schema)`, as many as are needed and no more.
//!
//! <https://prometheus.io/docs/specs/native_histograms/>
//!
//! A histogram's native part is found by the slot of its series ([`record`]). Its buckets are cells like all others: every
//! thread counts in cells of its own, and a scrape adds them up. What is bounded is how many there are: a *window* of
//! [`WINDOW`](schema::WINDOW) neighbouring buckets for each sign. It begins at the resolution that the definition names, around the first
//! value. A value outside of it opens the next window, with half the resolution or less, which holds both the value and all of
//! the window before; that one stays as it is, with its counts, so that nothing is moved and no writer waits. A scrape brings
//! all windows to the resolution of the last, which is exact, as two buckets of one resolution are one of half of it.
//!
//! Zero is what is not further from it than [`ZERO_THRESHOLD`](schema::ZERO_THRESHOLD). Infinite values have a bucket of their own, past that of the
//! largest number, and open no window. What is not a number is in no bucket, and makes the sum not a number.

mod bucket_range;
mod index;
mod record;
mod schema;
mod snapshot;

pub(crate) use record::{add, clear, exemplar_slot, exemplar_slots, latest_exemplar};
pub(crate) use schema::{DEFAULT_SCHEMA, Schema, ZERO_THRESHOLD};
pub(crate) use snapshot::{Side, Snapshot};
