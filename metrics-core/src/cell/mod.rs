//! Cells: the numbers of all metrics, and why counting costs so little.
//!
//! A metric owns *slots*. Every thread owns a *slab*, which holds one cell for each slot that the thread has touched, so a
//! cell has a single writer: an increment is a relaxed load and a relaxed store, without the bus lock that makes a shared
//! atomic cost 6 ns alone and 30 ns and more when two cores want it. A reader adds the cells of all slabs.
//!
//! * A thread that ends hands its slab, with its sums, to the next thread that starts ([`thread_slab`]). Where many have ended, a
//!   scrape [folds](fold) their slabs into one. Nothing is lost, and memory is bounded by the threads alive at once; past
//!   [`slab::LIMIT`] slabs, threads count in the shared cells with locked adds.
//! * The [shared cells](shared) also take the counts of thread-local destructors that run after the hand-over, the value of a
//!   gauge that is set, and the sums of a slot's former owners.
//! * Cells appear on first touch: a thread that never counts costs nothing.
//! * A thread finds the series that it has looked up by a string without asking again ([`thread_series_cache`]).
//! * As a cell has one writer, the counts of one thread can be told from those of others ([`thread_delta`]): tests read so.
//!
//! There is no `unsafe` here: a slab's cells live for the whole program, behind slices and `once_cell`'s race-free references.

mod cells;
mod exact_sum;
mod fold;
mod observer;
mod restart;
mod shape;
mod shared;
mod slab;
mod slot;
mod slot_table;
mod slots;
mod slow_path;
mod sum;
mod thread_delta;
mod thread_series_cache;
mod thread_slab;
mod wide_sum;

pub(crate) use cells::{Cells, LARGE_NANOS};
pub(crate) use fold::fold_ended;
pub(crate) use observer::has_sampler;
pub(crate) use shape::{CellKind, SeriesShape};
#[cfg(all(test, metrics_core_loom))]
pub(crate) use slab::number_of_slabs;
pub(crate) use slot::{ExemplarSlot, Slot};
pub(crate) use slot_table::SlotTable;
pub(crate) use slots::{MOST_WIDE, Slots};
pub(crate) use sum::{CellReader, sum_few};
pub(crate) use thread_delta::{Entered, ThreadDelta, is_shown};
pub(crate) use thread_series_cache::{KeyWords, next_version};
#[cfg(all(test, metrics_core_loom))]
pub(crate) use thread_slab::end_thread;
pub(crate) use thread_slab::{cache_series, cached_series, install_sampler};
pub(crate) use wide_sum::wide_seconds;
