//! Strings that are built at compile time.

/// A string of at most `N` bytes, built by `const` functions; a longer one is cut.
#[derive(Clone, Copy, Debug)]
pub(super) struct ConstString<const N: usize> {
    bytes: [u8; N],
    length: usize,
}

impl<const N: usize> ConstString<N> {
    /// Creates an empty string.
    pub(super) const fn new() -> Self {
        Self { bytes: [0; N], length: 0 }
    }

    /// Appends a string.
    pub(super) const fn with(mut self, more: &str) -> Self {
        let more = more.as_bytes();
        let mut at = 0;
        while at < more.len() && self.length < N {
            self.bytes[self.length] = more[at];
            self.length += 1;
            at += 1;
        }
        self
    }

    pub(super) const fn as_str(&self) -> &str {
        let (text, _) = self.bytes.split_at(self.length);
        match std::str::from_utf8(text) {
            Ok(text) => text,
            // It was cut inside a character.
            Err(_) => "",
        }
    }
}
