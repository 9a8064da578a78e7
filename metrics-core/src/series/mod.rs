//! Storage of a family: the cells of each series, and the text of its labels.

mod batch;
mod callback;
mod cleared_slots;
mod dense;
mod dynamic;
mod encoded;
mod hidden;
mod idle;
mod label_texts;
mod lookup;
mod read;
mod reader;
mod series_list;
mod set;
pub(crate) mod set_changes;
mod shared_set;
mod single_series;
mod sparse;
mod windows;

pub(crate) use batch::{SeriesBatch, SeriesRef};
pub(crate) use dynamic::{check_dynamic_labels, keep_name};
pub(crate) use hidden::{Hidden, HiddenRule};
pub(crate) use label_texts::SeriesLabels;
pub(crate) use reader::SeriesReader;
pub(crate) use set::{MOST_POSITIONS, SeriesSet, SetOptions};
pub(crate) use shared_set::{ReadSet, SharedSet};
pub(crate) use single_series::SingleSeriesList;
