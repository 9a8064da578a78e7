//! Texts of series' labels, which are made once.

use std::{borrow::Cow, mem, ops::Range};

use super::encoded::Encoded;
use crate::{
    label::{Interners, OTHER, escape},
    model::Label,
    sync::OnceBox,
};

/// Blocks of labels of many series in one string.
#[derive(Debug, Default)]
pub(super) struct LabelTexts {
    text: String,
    ends: Vec<u32>,
    /// Blocks in the protobuf format, once it was needed.
    encoded: OnceBox<Encoded>,
}

/// Clones the texts only.
impl Clone for LabelTexts {
    fn clone(&self) -> Self {
        Self { text: self.text.clone(), ends: self.ends.clone(), encoded: OnceBox::new() }
    }
}

impl LabelTexts {
    /// Appends the block that `write` writes.
    pub(super) fn push(&mut self, write: impl FnOnce(&mut String)) {
        write(&mut self.text);
        // Past this limit, four million series of a kilobyte each, the text is truncated.
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        if self.encoded.get().is_some() {
            self.encoded = OnceBox::new();
        }
    }

    /// Removes all blocks and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.encoded = OnceBox::new();
    }

    /// Frees the memory that was reserved in advance.
    pub(super) fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    /// Returns all blocks in the encoding of `encode`, which are made once.
    pub(super) fn encoded(&self, encode: impl FnMut(&str, &mut Vec<u8>)) -> &Encoded {
        self.encoded.get_or_init(|| Box::new(Encoded::new(self.iter_from(0).map(SeriesLabels::text), encode)))
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns the blocks from the series `first` on.
    #[inline]
    pub(super) fn iter_from(&self, first: usize) -> impl Iterator<Item = SeriesLabels<'_>> {
        let start = first.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let ends = self.ends.get(first..).unwrap_or_default();
        ends.iter().zip(first..).scan(start, |start, (end, at)| {
            let start = mem::replace(start, *end);
            Some(SeriesLabels { texts: self, at, start, end: *end })
        })
    }
}

/// Labels of a series, with those of its neighbours.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SeriesLabels<'s> {
    texts: &'s LabelTexts,
    at: usize,
    /// Range of the text.
    start: u32,
    end: u32,
}

impl<'s> SeriesLabels<'s> {
    /// Returns the labels in the syntax of the text formats, without braces.
    #[inline]
    pub(crate) fn text(self) -> &'s str {
        self.texts.text.get(self.range()).unwrap_or_default()
    }

    /// Returns the same as bytes, which does not look at the text.
    #[inline]
    pub(crate) fn bytes(self) -> &'s [u8] {
        self.texts.text.as_bytes().get(self.range()).unwrap_or_default()
    }

    #[inline]
    const fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Returns the labels in the encoding of `encode`, which are made once with those of the neighbours. Only one format calls this.
    #[inline]
    pub(crate) fn encoded(self, encode: impl FnMut(&str, &mut Vec<u8>)) -> &'s [u8] {
        self.texts.encoded(encode).get(self.at)
    }
}

/// Returns the names and values of the labels of the series with these values, without absent labels.
fn pairs<'a>(
    labels: &'a [Label],
    interners: &Interners,
    value_ids: &[usize],
) -> impl Iterator<Item = (&'a str, Cow<'a, str>)> {
    let mut value_ids = value_ids.iter().copied().enumerate();
    let pair = move |label: &'a Label| match label {
        Label::Constant { name, value } => Some((&**name, Cow::Borrowed(&**value))),
        Label::Variable(dimension) => {
            let (at, id) = value_ids.next()?;
            let interned = || Some(interners.get(at)?.text_at(id)?.into());
            let value = dimension.value_at(id).map(Cow::Borrowed).or_else(interned);
            Some((dimension.name(), value.unwrap_or(Cow::Borrowed(OTHER))))
        }
    };
    labels.iter().filter_map(pair).filter(|(_, value)| !value.is_empty())
}

/// Number of bytes that most labels take.
const USUAL: usize = 32;

/// Writes the labels of the series with these values in the syntax of the text formats, without braces.
pub(super) fn write_block_of(out: &mut String, labels: &[Label], interners: &Interners, value_ids: &[usize]) {
    out.reserve(labels.len() * USUAL);
    for (index, (name, value)) in pairs(labels, interners, value_ids).enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(name);
        out.push_str("=\"");
        escape(out, &value);
        out.push('"');
    }
}
