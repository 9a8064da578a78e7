//! Arguments of a family: its label set, by value or by reference.

use crate::label::LabelSet;

/// The label set of a family, owned or borrowed, as [`Family::with`](crate::Family::with) takes it.
///
/// ```
/// use metrics_core::{Counter, Definition, Family, LabelSet, Registry};
///
/// #[derive(Clone, Copy, LabelSet)]
/// struct Games { ranked: bool }
///
/// let registry = Registry::new();
/// let games: Family<Games, Counter> = registry.register(&Definition::new("games_total", "Games."))?;
/// let ranked = Games { ranked: true };
/// games.with(&ranked).inc();
/// games.with(ranked).inc();
/// assert_eq!(games.with(ranked).get(), 2);
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the label set of this family, which is `{L}`",
    label = "expected the label set `{L}`",
    note = "write a struct with its fields, `family.with(Labels {{ ranked: true }})`, and a tuple as one: `family.with((Mode::Ranked,))`"
)]
pub trait LabelArgument<L> {
    /// Returns the label set.
    fn label_set(&self) -> &L;
}

impl<L: LabelSet> LabelArgument<L> for L {
    #[inline]
    fn label_set(&self) -> &L {
        self
    }
}

impl<L: LabelSet> LabelArgument<L> for &L {
    #[inline]
    fn label_set(&self) -> &L {
        self
    }
}
