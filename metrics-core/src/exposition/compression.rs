//! Compression of pages, by the codings of the features that are on.

#[cfg(any(feature = "gzip", feature = "zstd"))]
use std::io::{self, Write as _};

/// Size in bytes of the smallest page that is compressed. A smaller one is a single packet with its headers in any case.
const LEAST: usize = 1024;

/// Coding of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Encoding {
    #[default]
    Identity,
    #[cfg(feature = "gzip")]
    Gzip,
    #[cfg(feature = "zstd")]
    Zstd,
}

impl Encoding {
    /// Returns this coding for a page of that many bytes, or none for a small page.
    pub(super) const fn for_page(self, length: usize) -> Self {
        if length < LEAST { Self::Identity } else { self }
    }

    /// Available codings, the best first.
    pub(super) const AVAILABLE: &'static [Self] = &[
        #[cfg(feature = "zstd")]
        Self::Zstd,
        #[cfg(feature = "gzip")]
        Self::Gzip,
    ];

    /// Returns the value of the header `Content-Encoding`; `None` for an uncompressed page.
    pub(super) const fn name(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            #[cfg(feature = "gzip")]
            Self::Gzip => Some("gzip"),
            #[cfg(feature = "zstd")]
            Self::Zstd => Some("zstd"),
        }
    }

    /// Writes the compressed page; returns whether it could be compressed.
    pub(super) fn compress(self, content: &[u8], out: &mut Vec<u8>) -> bool {
        let _ = (content, &mut *out);
        match self {
            Self::Identity => false,
            #[cfg(feature = "gzip")]
            Self::Gzip => gzip(content, out).is_ok(),
            #[cfg(feature = "zstd")]
            Self::Zstd => zstd(content, out).is_ok(),
        }
    }
}

/// Compresses at a level that reduces a page to a tenth of its size in little time.
#[cfg(feature = "gzip")]
fn gzip(content: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
    let mut encoder = flate2::write::GzEncoder::new(out, flate2::Compression::fast());
    encoder.write_all(content)?;
    encoder.finish().map(drop)
}

#[cfg(feature = "zstd")]
fn zstd(content: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
    let mut encoder = zstd::stream::write::Encoder::new(out, 1)?;
    encoder.write_all(content)?;
    encoder.finish().map(drop)
}
