//! Cells: where every number lives, and why counting costs so little.
//!
//! A metric owns *slots*. Every thread owns a *slab*, which holds one cell for each slot that the thread has touched, so a
//! cell has a single writer: an increment is a relaxed load and a relaxed store, without the bus lock that makes a shared
//! atomic cost 6 ns alone and 30 ns and more when two cores want it. A reader adds the cells of all slabs.
//!
//! * A thread that ends hands its slab, with its sums, to the next thread that starts ([`local`]). Nothing is folded,
//!   nothing is lost, and memory is bounded by the threads alive at once; past [`slab::LIMIT`] slabs, threads count in the
//!   shared slab with locked adds.
//! * The shared slab ([`shared`]) is also where thread-local destructors count that run after the hand-over, where a gauge
//!   that is set keeps its value, and where a slot that is used again keeps what its former owners have summed up.
//! * Cells appear on first touch: a thread that never counts costs nothing.
//! * What a thread has looked up by a string it finds again by itself ([`thread_cache`]).
//! * As a cell has one writer, what one thread has counted can be told from what others have ([`thread_delta`]): tests read so.
//!
//! There is no `unsafe` here: a slab's cells live for the whole program, behind slices and `once_cell`'s race-free references.

mod cells;
mod chunk;
mod local;
mod observer;
mod restart;
mod sampled;
mod shape;
mod shared;
mod slab;
mod slots;
mod sum;
pub(crate) mod thread_cache;
mod thread_delta;
mod thread_series_cache;

pub(crate) use cells::Cells;
pub(crate) use chunk::{ExemplarSlot, Slot};
#[cfg(all(test, loom))]
pub(crate) use local::end_thread;
pub(crate) use local::install_sampler;
pub(crate) use observer::has_sampler;
pub(crate) use shape::{CellKind, SeriesShape};
#[cfg(all(test, loom))]
pub(crate) use slab::number_of_slabs;
pub(crate) use slots::{MOST_WIDE, Slots};
pub(crate) use sum::{sum_cells, sum_series};
pub(crate) use thread_delta::{Entered, ThreadDelta, is_shown};
pub(crate) use thread_series_cache::{KeyWords, next_epoch};
