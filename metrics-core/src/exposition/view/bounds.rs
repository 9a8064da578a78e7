//! Upper bounds of a histogram's buckets.

use std::{borrow::Cow, ptr};

use prometheus::proto::Bucket;

use crate::{
    encode::number::{canonical, classic},
    model::Buckets,
};

/// Upper bounds of a histogram's classic buckets.
#[derive(Clone, Copy, Debug)]
pub(in crate::exposition) enum Bounds<'f> {
    Own(&'f Buckets),
    /// Buckets with finite bounds.
    Foreign(&'f [Bucket]),
}

/// Values of the label `le`, `+Inf` included.
pub(in crate::exposition) type BoundTexts<'f> = Cow<'f, [Box<str>]>;

impl<'f> Bounds<'f> {
    /// Returns the number of finite bounds.
    #[inline]
    pub(in crate::exposition) fn len(self) -> usize {
        match self {
            Self::Own(buckets) => buckets.bounds().len(),
            Self::Foreign(buckets) => buckets.len(),
        }
    }

    /// Returns the bound of a bucket; the last bucket is `+Inf`.
    #[inline]
    pub(in crate::exposition) fn upper(self, bucket: usize) -> f64 {
        let bound = match self {
            Self::Own(buckets) => buckets.bounds().get(bucket).copied(),
            Self::Foreign(buckets) => buckets.get(bucket).map(Bucket::upper_bound),
        };
        bound.unwrap_or(f64::INFINITY)
    }

    fn uppers(self) -> impl Iterator<Item = f64> {
        (0..=self.len()).map(move |bucket| self.upper(bucket))
    }

    /// Returns whether the histogram has native buckets only.
    pub(in crate::exposition) const fn is_native_only(self) -> bool {
        match self {
            Self::Own(buckets) => buckets.is_native_only(),
            Self::Foreign(_) => false,
        }
    }

    /// Returns whether both have the same texts.
    #[inline]
    pub(in crate::exposition) fn is_same(self, other: Self) -> bool {
        match (self, other) {
            (Self::Own(one), Self::Own(other)) => ptr::eq(one, other),
            (Self::Foreign(_), Self::Foreign(_)) => self.uppers().eq(other.uppers()),
            (Self::Own(_), Self::Foreign(_)) | (Self::Foreign(_), Self::Own(_)) => false,
        }
    }

    /// Returns the values of `le` in the text format. Those of the `prometheus` crate are the same as in its encoder.
    pub(in crate::exposition) fn text(self) -> BoundTexts<'f> {
        match self {
            Self::Own(buckets) => buckets.le().into(),
            Self::Foreign(_) => self.uppers().map(|bound| classic(bound).into()).collect(),
        }
    }

    /// Returns the values of `le` in OpenMetrics.
    pub(in crate::exposition) fn open_metrics(self) -> BoundTexts<'f> {
        match self {
            Self::Own(buckets) => buckets.canonical_le().into(),
            Self::Foreign(_) => self.uppers().map(|bound| canonical(bound).into()).collect(),
        }
    }
}
