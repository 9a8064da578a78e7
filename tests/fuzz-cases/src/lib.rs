//! Headers, pages and expansions made of any bytes: the tests give them bytes of a generator, and the fuzzer (`fuzz/`) its own.

pub mod accept;
pub mod expansion;
pub mod page;

/// Bytes to make things of; where they end there are zeros.
pub(crate) struct Input<'a>(pub(crate) &'a [u8]);

impl Input<'_> {
    pub(crate) fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::from(self.byte()) % bound.max(1)
    }

    pub(crate) fn bytes(&mut self) -> Vec<u8> {
        let length = self.below(64).min(self.0.len());
        let (bytes, rest) = self.0.split_at(length);
        self.0 = rest;
        bytes.to_vec()
    }

    pub(crate) fn text(&mut self) -> String {
        String::from_utf8_lossy(&self.bytes()).into_owned()
    }

    pub(crate) fn float(&mut self) -> f64 {
        let mut bits = [0; 8];
        for byte in &mut bits {
            *byte = self.byte();
        }
        f64::from_le_bytes(bits)
    }
}
