//! Compressed pages, in the codings that are built in by features.

#[cfg(any(feature = "gzip", feature = "zstd"))]
use std::io::{self, Write as _};

/// How a page is compressed.
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
    /// What is built in; where a scraper wants two alike it gets the one that stands first.
    pub(super) const AVAILABLE: &'static [Self] = &[
        #[cfg(feature = "zstd")]
        Self::Zstd,
        #[cfg(feature = "gzip")]
        Self::Gzip,
    ];

    /// The value of the header `Content-Encoding`; none for the page as it is.
    pub(super) const fn name(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            #[cfg(feature = "gzip")]
            Self::Gzip => Some("gzip"),
            #[cfg(feature = "zstd")]
            Self::Zstd => Some("zstd"),
        }
    }

    /// Writes the content compressed; returns whether that was done.
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

/// The level at which a page is a tenth of its size and a scrape does not wait for the processor.
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
