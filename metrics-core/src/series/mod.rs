//! Storage of a family: the cells of each series, and the text of its labels.

mod callback;
mod cleared_slots;
mod dense;
mod dynamic;
mod encoded;
mod hidden;
mod label_texts;
mod lookup;
mod read;
mod series_ref;
mod set;
mod shared_set;
mod sparse;
mod windows;

pub(crate) use dynamic::{check_dynamic_labels, keep_name};
pub(crate) use hidden::{Hidden, HiddenRule};
pub(crate) use series_ref::SeriesRef;
pub(crate) use set::{MOST_POSITIONS, SeriesSet, SetOptions};
pub(crate) use shared_set::{ReadSet, SharedSet};
