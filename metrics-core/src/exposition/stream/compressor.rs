//! Compression of a page in parts.

#[cfg(any(feature = "gzip", feature = "zstd"))]
use std::io::Write as _;
use std::{io, mem};

use crate::exposition::compression::Encoding;

/// Compressor of a page in parts.
pub(super) enum Compressor {
    Identity(Vec<u8>),
    #[cfg(feature = "gzip")]
    Gzip(flate2::write::GzEncoder<Vec<u8>>),
    #[cfg(feature = "zstd")]
    Zstd(zstd::stream::write::Encoder<'static, Vec<u8>>),
}

#[cfg_attr(
    not(any(feature = "gzip", feature = "zstd")),
    expect(
        clippy::unnecessary_wraps,
        reason = "compressing may fail, and nothing is compressed without these features"
    )
)]
impl Compressor {
    /// Creates the compressor of a coding; without memory for it, one that does not compress.
    pub(super) fn new(encoding: Encoding) -> Self {
        match encoding {
            Encoding::Identity => Self::Identity(Vec::new()),
            #[cfg(feature = "gzip")]
            Encoding::Gzip => {
                Self::Gzip(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()))
            }
            #[cfg(feature = "zstd")]
            Encoding::Zstd => zstd::stream::write::Encoder::new(Vec::new(), 1)
                .map_or_else(|_| Self::Identity(Vec::new()), Self::Zstd),
        }
    }

    /// Returns the value of the header `Content-Encoding`.
    pub(super) const fn content_encoding(&self) -> Option<&'static str> {
        match self {
            Self::Identity(_) => None,
            #[cfg(feature = "gzip")]
            Self::Gzip(_) => Encoding::Gzip.name(),
            #[cfg(feature = "zstd")]
            Self::Zstd(_) => Encoding::Zstd.name(),
        }
    }

    pub(super) fn push(&mut self, part: Vec<u8>) -> io::Result<()> {
        match self {
            Self::Identity(out) if out.is_empty() => *out = part,
            Self::Identity(out) => out.extend_from_slice(&part),
            #[cfg(feature = "gzip")]
            Self::Gzip(encoder) => encoder.write_all(&part)?,
            #[cfg(feature = "zstd")]
            Self::Zstd(encoder) => encoder.write_all(&part)?,
        }
        Ok(())
    }

    /// Takes the finished bytes if there are at least this many; uncompressed parts are taken at once.
    pub(super) fn take(&mut self, least: usize) -> Option<Vec<u8>> {
        let (out, least) = match self {
            Self::Identity(out) => (out, least.min(1)),
            #[cfg(feature = "gzip")]
            Self::Gzip(encoder) => (encoder.get_mut(), least),
            #[cfg(feature = "zstd")]
            Self::Zstd(encoder) => (encoder.get_mut(), least),
        };
        (out.len() >= least).then(|| mem::take(out))
    }

    /// Ends the compression; returns the rest.
    pub(super) fn finish(self) -> io::Result<Vec<u8>> {
        match self {
            Self::Identity(out) => Ok(out),
            #[cfg(feature = "gzip")]
            Self::Gzip(encoder) => encoder.finish(),
            #[cfg(feature = "zstd")]
            Self::Zstd(encoder) => encoder.finish(),
        }
    }
}
