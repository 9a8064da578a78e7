//! List of series in the order of their creation, in chunks that a writer shares with readers.

use std::{collections::VecDeque, iter, ops::ControlFlow, sync::Arc};

use super::{
    batch::{BATCH, ListedSeries, Origins, SeriesBatch},
    label_texts::LabelTexts,
    reader::SeriesReader,
};
use crate::{
    cell::{Cells, SeriesShape, Slot, Slots},
    clock::unix_millis,
};

/// Largest number of series of a chunk, which is copied if a series is added while a reader has it.
const CHUNK: usize = 1024;

/// Series of a sparse or dynamic set, with their slots.
#[derive(Debug)]
pub(super) struct SeriesList {
    shape: SeriesShape,
    series: SeriesSnapshot,
    /// Slots of removed series, each with the list that its readers may still have. The oldest are first.
    removed: VecDeque<(Arc<()>, Vec<Slots>)>,
}

/// Series at one time. A writer copies a chunk only while a reader has it.
#[derive(Clone, Debug, Default)]
pub(super) struct SeriesSnapshot {
    chunks: Arc<Vec<Arc<Chunk>>>,
    len: usize,
    /// Shared by all readers of the list until the next series is removed.
    readers: Arc<()>,
}

/// Neighbouring series.
#[derive(Clone, Debug)]
struct Chunk {
    /// Creation time of the first series, in milliseconds since 1970.
    since: u64,
    labels: LabelTexts,
    series: Vec<ListedSeries>,
}

impl SeriesList {
    pub(super) fn new(shape: SeriesShape) -> Self {
        Self { shape, series: SeriesSnapshot::default(), removed: VecDeque::new() }
    }

    /// Returns the current series.
    pub(super) fn snapshot(&self) -> SeriesSnapshot {
        self.series.clone()
    }

    /// Appends a series, whose labels `write` writes.
    pub(super) fn push(&mut self, slots: Slots, position: usize, write: impl FnOnce(&mut String)) -> Cells {
        self.drop_unread();
        let cells = slots.into_cells();
        push(Arc::make_mut(&mut self.series.chunks), cells, unix_millis(), position, write);
        self.series.len += 1;
        cells
    }

    /// Removes the series for which `is_removed` returns true; returns their positions.
    pub(super) fn remove(&mut self, mut is_removed: impl FnMut(Cells) -> bool) -> Vec<usize> {
        let (mut positions, mut slots) = (Vec::new(), Vec::new());
        let mut left: Vec<Arc<Chunk>> = Vec::new();
        for chunk in self.series.chunks.iter() {
            let are_removed: Vec<_> = chunk.series.iter().map(|series| is_removed(series.cells)).collect();
            if !are_removed.contains(&true) {
                left.push(Arc::clone(chunk));
                continue;
            }
            for (series, _) in chunk.series.iter().zip(&are_removed).filter(|(_, is_removed)| **is_removed) {
                positions.push(series.position as usize);
                slots.push(Slots::of_cells(series.cells, self.shape));
            }
            chunk.append_to(&mut left, &are_removed);
        }
        if !positions.is_empty() {
            slots.iter().for_each(Slots::retire);
            self.series.len -= positions.len();
            self.series.chunks = Arc::new(left);
            self.removed.push_back((std::mem::take(&mut self.series.readers), slots));
            self.drop_unread();
        }
        positions
    }

    /// Frees the slots of removed series without readers.
    fn drop_unread(&mut self) {
        while self.removed.front_mut().is_some_and(|(readers, _)| Arc::get_mut(readers).is_some()) {
            self.removed.pop_front();
        }
    }
}

/// Frees the slots of all series.
impl Drop for SeriesList {
    fn drop(&mut self) {
        for series in self.series.chunks.iter().flat_map(|chunk| &chunk.series) {
            drop(Slots::of_cells(series.cells, self.shape));
        }
    }
}

impl SeriesSnapshot {
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// Calls `each` with the series in batches until it breaks.
    pub(super) fn read(
        &self,
        shape: SeriesShape,
        reader: &mut SeriesReader,
        mut each: impl FnMut(SeriesBatch<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let (SeriesReader { sums: scratch, cells }, width) = (reader, shape.width);
        let most = (BATCH / width).max(1);
        for chunk in self.chunks.iter() {
            for (series, first) in chunk.series.chunks(most).zip((0..).step_by(most)) {
                scratch.clear();
                scratch.resize(series.len() * width, 0);
                let mut rest = &mut scratch[..];
                for (start, neighbours) in neighbours(series) {
                    let (sums, further) = rest.split_at_mut(neighbours.len() * width);
                    cells.sum_chunk(start, neighbours.iter().map(|series| series.cells), shape, sums);
                    rest = further;
                }
                let origins = Origins::Listed { since: chunk.since, series };
                let labels = &chunk.labels;
                each(SeriesBatch { labels, first, origins, sums: scratch, width, left_out: &[] })?;
            }
        }
        ControlFlow::Continue(())
    }
}

impl Chunk {
    fn new(since: u64) -> Self {
        Self { since, labels: LabelTexts::default(), series: Vec::new() }
    }

    /// Returns the time from a chunk's creation to a series' creation; `None` if the chunk has no room for the series.
    fn age_of(&self, since: u64) -> Option<u32> {
        let age = u32::try_from(since.checked_sub(self.since)?).ok()?;
        (self.series.len() < CHUNK).then_some(age)
    }

    fn shrink(&mut self) {
        self.series.shrink_to_fit();
        self.labels.shrink();
    }

    /// Appends the series that are not removed to chunks.
    fn append_to(&self, chunks: &mut Vec<Arc<Self>>, is_removed: &[bool]) {
        let series = self.series.iter().zip(self.labels.iter_from(0)).zip(is_removed);
        for ((series, labels), _) in series.filter(|(_, is_removed)| !**is_removed) {
            let since = self.since + u64::from(series.age);
            push(chunks, series.cells, since, series.position as usize, |out| out.push_str(labels.text()));
        }
    }
}

/// Splits series into runs whose cells are in one chunk of slots; returns each with the first slot of its chunk.
fn neighbours(series: &[ListedSeries]) -> impl Iterator<Item = (Slot, &[ListedSeries])> {
    let start = |series: &ListedSeries| series.cells.first().chunk_start();
    let mut rest = series;
    iter::from_fn(move || {
        let first = start(rest.first()?);
        // A loop of a few instructions, which `chunk_by` is not.
        let length = rest.iter().position(|series| start(series) != first).unwrap_or(rest.len());
        let (run, further) = rest.split_at(length);
        rest = further;
        Some((first, run))
    })
}

/// Appends a series to the last chunk, or to a new one if that has no room.
fn push(
    chunks: &mut Vec<Arc<Chunk>>,
    cells: Cells,
    since: u64,
    position: usize,
    write: impl FnOnce(&mut String),
) {
    let mut age = chunks.last().and_then(|last| last.age_of(since));
    if age.is_none() {
        if let Some(full) = chunks.last_mut() {
            Arc::make_mut(full).shrink();
        }
        chunks.push(Arc::new(Chunk::new(since)));
        age = Some(0);
    }
    if let (Some(last), Some(age)) = (chunks.last_mut().map(Arc::make_mut), age) {
        // Positions of a set fit in 32 bits.
        last.series.push(ListedSeries { cells, age, position: u32::try_from(position).unwrap_or(u32::MAX) });
        last.labels.push(write);
    }
}

#[cfg(all(test, not(metrics_core_loom)))]
mod tests {
    use super::*;
    use crate::cell::CellKind;

    const SHAPE: SeriesShape = SeriesShape { width: 1, special: CellKind::Integer };

    fn list_of(series: usize) -> SeriesList {
        let mut list = SeriesList::new(SHAPE);
        for position in 0..series {
            let slots = Slots::allocate_guarded(SHAPE).expect("slots");
            list.push(slots, position, |out| *out += &position.to_string());
        }
        list
    }

    fn texts(snapshot: &SeriesSnapshot) -> Vec<String> {
        let mut texts = Vec::new();
        let _all = snapshot.read(SHAPE, &mut SeriesReader::default(), |batch| {
            for ((series, _), (position, ..)) in batch.iter().zip(batch.all()) {
                assert_eq!(series.labels.text(), position.to_string());
                texts.push(series.labels.text().to_owned());
            }
            ControlFlow::Continue(())
        });
        assert_eq!(texts.len(), snapshot.len());
        texts
    }

    #[test]
    fn series_keep_their_order_and_their_labels() {
        let mut list = list_of(2 * CHUNK + 10);
        let former = list.snapshot();
        let removed = |position: usize| position.is_multiple_of(3);
        let mut at = 0;
        let positions = list.remove(|_| {
            at += 1;
            removed(at - 1)
        });
        assert_eq!(positions, (0..2 * CHUNK + 10).step_by(3).collect::<Vec<_>>());
        let left: Vec<_> = (0..2 * CHUNK + 10).filter(|at| !removed(*at)).map(|at| at.to_string()).collect();
        assert_eq!(texts(&list.snapshot()), left);
        assert_eq!(texts(&former).len(), 2 * CHUNK + 10);
    }

    #[test]
    fn chunks_that_have_lost_series_are_joined() {
        let mut list = list_of(4 * CHUNK);
        let mut at = 0;
        list.remove(|_| {
            at += 1;
            at % 4 != 0
        });
        assert_eq!((list.series.len, list.series.chunks.len()), (CHUNK, 1));
    }

    #[test]
    fn slots_of_a_removed_series_wait_for_its_readers() {
        let mut list = list_of(2);
        let reader = list.snapshot();
        list.remove(|_| true);
        assert_eq!(list.removed.len(), 1);
        // A later reader does not see the series.
        let later = list.snapshot();
        drop(reader);
        list.push(Slots::allocate_guarded(SHAPE).expect("slots"), 7, |_| {});
        assert_eq!((list.removed.len(), later.len()), (0, 0));
    }

    #[test]
    fn a_series_that_is_older_than_its_chunk_gets_another() {
        let mut chunks = Vec::new();
        let cells = Slots::sink().into_cells();
        for (since, expected) in
            [(5_000, 1), (6_000, 1), (4_000, 2), (4_000 + u64::from(u32::MAX), 2), (1 << 50, 3)]
        {
            push(&mut chunks, cells, since, 0, |_| {});
            assert_eq!(chunks.len(), expected, "{since}");
        }
    }
}
