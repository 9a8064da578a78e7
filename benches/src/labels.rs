//! The labels of all contestants, in the form that each of them needs.

use metrics_core::LabelValue;

/// Outcome of a request.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    LabelValue,
    measured::FixedCardinalityLabel,
    fastmetrics::derive::EncodeLabelValue,
)]
pub(crate) enum Status {
    Informational,
    Success,
    Redirection,
    Refused,
    Failed,
}

/// A label of two values.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    LabelValue,
    measured::FixedCardinalityLabel,
    fastmetrics::derive::EncodeLabelValue,
)]
pub(crate) enum Flag {
    No,
    Yes,
}

/// Values of the capped string.
pub(crate) const TENANTS: [&str; 10] = [
    "acme",
    "globex",
    "initech",
    "umbrella",
    "stark-industries",
    "wayne",
    "tyrell",
    "cyberdyne",
    "soylent",
    "hooli",
];

impl Status {
    pub(crate) const ALL: [Self; 5] =
        [Self::Informational, Self::Success, Self::Redirection, Self::Refused, Self::Failed];

    pub(crate) const fn text(self) -> &'static str {
        ["informational", "success", "redirection", "refused", "failed"][self as usize]
    }
}

impl Flag {
    pub(crate) const fn text(self) -> &'static str {
        ["no", "yes"][self as usize]
    }
}

/// 1,024 inputs, the same for all contestants: one of three common statuses and two flags.
pub(crate) fn inputs<T>(make: impl Fn(usize, Status, Flag, Flag) -> T) -> Vec<T> {
    let flag = |set: bool| if set { Flag::Yes } else { Flag::No };
    let input = |number: usize| {
        let scattered = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
        let status = Status::ALL[[1, 1, 3, 4][scattered % 4]];
        make(scattered, status, flag(scattered & 16 != 0), flag(scattered & 32 != 0))
    };
    (0..1024).map(input).collect()
}

/// Implements prometheus-client's encoding of a label value, which then writes the text without a derive's formatting.
macro_rules! encode_for_prometheus_client {
    ($($label:ty),*) => {$(
        impl prometheus_client::encoding::EncodeLabelValue for $label {
            fn encode(
                &self,
                encoder: &mut prometheus_client::encoding::LabelValueEncoder<'_>,
            ) -> Result<(), std::fmt::Error> {
                prometheus_client::encoding::EncodeLabelValue::encode(&self.text(), encoder)
            }
        }
    )*};
}

encode_for_prometheus_client!(Status, Flag);
