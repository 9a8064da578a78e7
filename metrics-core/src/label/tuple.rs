//! Tuples of label values as label sets.

use super::{CacheKey, Dimension, Interners, LabelField, LabelSet, LabelValue, StatusClass};

/// A type of label values with a name for its label, so that a tuple of such types is a [`LabelSet`].
///
/// `#[derive(LabelValue)]` implements it. The name is that of the type in `snake_case`, or the one in `#[label(name = "…")]`.
///
/// ```
/// use metrics_core::{Counter, Definition, Family, LabelValue, Registry};
///
/// #[derive(Clone, Copy, LabelValue)]
/// #[label(rename_all = "snake_case")]
/// enum MatchType { Solo, Team }
///
/// #[derive(Clone, Copy, LabelValue)]
/// #[label(rename_all = "snake_case", name = "status")]
/// enum MatchStatus { Won }
///
/// let registry = Registry::new();
/// let matches: Family<(MatchType, MatchStatus), Counter> =
///     registry.register(&Definition::new("matches_total", "Matches."))?;
/// matches.with((MatchType::Team, MatchStatus::Won)).inc();
/// assert!(registry.text().contains("matches_total{match_type=\"team\",status=\"won\"} 1\n"));
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say which label it is",
    label = "a tuple of labels has their names from its types",
    note = "derive `LabelValue` on an enum, or write a struct with `#[derive(LabelSet)]`, whose fields are the names"
)]
pub trait LabelName {
    /// Name of the label.
    const NAME: &'static str;
}

impl<L: LabelName + ?Sized> LabelName for &L {
    const NAME: &'static str = L::NAME;
}

impl<L: LabelName + LabelValue> LabelName for Option<L> {
    const NAME: &'static str = L::NAME;
}

impl LabelName for StatusClass {
    const NAME: &'static str = "status_class";
}

const fn dimension<L: LabelName + LabelField>() -> Dimension {
    Dimension::new(L::NAME, L::VALUES)
}

macro_rules! tuples {
    ($(($($label:ident $field:tt),+))+) => {$(
        impl<$($label: LabelName + LabelField),+> LabelSet for ($($label,)+) {
            const DIMENSIONS: &'static [Dimension] = &[$(dimension::<$label>()),+];
            const CAPPED: bool = $($label::VALUES.is_capped())||+;

            #[inline]
            fn index(&self, interners: &Interners) -> usize {
                self.position(interners, 0)
            }

            #[inline]
            fn position(&self, interners: &Interners, first: usize) -> usize {
                let mut position = 0;
                $(
                    position = position * $label::SIZE + self.$field.position(interners, first + $field);
                )+
                position
            }

            #[inline]
            fn write_key(&self, key: &mut CacheKey) {
                $(self.$field.write_key(key);)+
            }
        }
    )+};
}

tuples! {
    (A 0)
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5)
}
