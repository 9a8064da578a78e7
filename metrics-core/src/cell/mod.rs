//! Cells: the numbers of all metrics.
//!
//! A metric owns *slots*. Each thread owns a *slab*, which has a cell for each slot that the thread has touched. So a cell has a single
//! writer, and an increment is a relaxed load and a relaxed store, without the bus lock of a shared atomic, which takes 6 ns, and 30 ns
//! and more if two cores use it. A reader adds the cells of all slabs.
//!
//! * A thread that ends passes its slab, with its sums, to the next thread that starts ([`thread_slab`]). If many threads have ended, a
//!   scrape [folds](fold) their slabs into one. No count is lost, and memory is bounded by the threads that live at once. Past
//!   [`slab::LIMIT`] slabs, threads count in the shared cells with locked additions.
//! * The [shared cells](shared) also have the counts of thread-local destructors that run after that, the values of gauges that are
//!   set, and the negated sums of former owners of slots.
//! * Cells are created on first touch: a thread that does not count costs nothing.
//! * A thread caches the series that it has looked up by strings ([`thread_series_cache`]).
//! * As a cell has one writer, the counts of one thread can be told from those of others, which tests use ([`thread_delta`]).
//!
//! There is no `unsafe`: the cells of a slab live as long as the program, behind slices and references of `once_cell`.

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
mod versions;
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
pub(crate) use sum::CellReader;
pub(crate) use thread_delta::{Entered, ThreadDelta, is_shown};
pub(crate) use thread_series_cache::{KeyWords, next_version};
#[cfg(all(test, metrics_core_loom))]
pub(crate) use thread_slab::end_thread;
pub(crate) use thread_slab::{cache_series, cached_series, install_sampler};
pub(crate) use wide_sum::wide_seconds;
