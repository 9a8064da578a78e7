//! Labels of series in the encoding of another format, which are made once.

/// Encoded labels of the series at each position.
#[derive(Debug, Default)]
pub(crate) struct Encoded {
    bytes: Vec<u8>,
    ends: Vec<u32>,
}

impl Encoded {
    /// Encodes blocks of labels in the syntax of the text formats.
    pub(super) fn new<'a>(
        blocks: impl Iterator<Item = &'a str>,
        mut encode: impl FnMut(&'a str, &mut Vec<u8>),
    ) -> Self {
        let mut encoded = Self::default();
        for block in blocks {
            encode(block, &mut encoded.bytes);
            encoded.ends.push(u32::try_from(encoded.bytes.len()).unwrap_or(u32::MAX));
        }
        encoded.bytes.shrink_to_fit();
        encoded.ends.shrink_to_fit();
        encoded
    }

    /// Returns the labels of the series at a position.
    #[inline]
    pub(crate) fn get(&self, position: usize) -> &[u8] {
        let end = |position: usize| self.ends.get(position).copied().unwrap_or_default() as usize;
        let start = position.checked_sub(1).map_or(0, end);
        self.bytes.get(start..end(position)).unwrap_or_default()
    }
}
