//! Families: one metric for each label set.

use std::{fmt, marker::PhantomData};

use super::{label_argument::LabelArgument, series::Series, storage::Metric};
use crate::{
    cell::{Cells, Slot},
    label::{CacheKey, CappedText, Interned, LabelSet, parse_block, product},
    series::{MOST_POSITIONS, SharedSet},
};

/// A metric for each label set of type `L`.
///
/// ```
/// use metrics_core::{Counter, Definition, Family, LabelSet, LabelValue, Registry};
///
/// #[derive(Clone, Copy, LabelValue)]
/// #[label(rename_all = "snake_case")]
/// enum Outcome { Won, Lost }
///
/// #[derive(Clone, Copy, LabelSet)]
/// struct GameLabels { outcome: Outcome, ranked: bool }
///
/// let registry = Registry::new();
/// let games: Family<GameLabels, Counter> =
///     registry.register(&Definition::new("games_total", "Games that ended."))?;
/// games.with(GameLabels { outcome: Outcome::Won, ranked: true }).inc();
/// assert_eq!(
///     registry.text(),
///     "# HELP games_total Games that ended.\n\
///      ## TYPE games_total counter\n\
///      games_total{outcome=\"won\",ranked=\"false\"} 0\n\
///      games_total{outcome=\"won\",ranked=\"true\"} 1\n\
///      games_total{outcome=\"lost\",ranked=\"false\"} 0\n\
///      games_total{outcome=\"lost\",ranked=\"true\"} 0\n"
/// );
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
pub struct Family<L, M> {
    /// The first slot of the first series, if labels are finite.
    first: Slot,
    /// Number of slots of a series, if labels are finite.
    width: usize,
    set: SharedSet,
    types: PhantomData<fn(L) -> M>,
}

impl<L: LabelSet, M: Metric> Family<L, M> {
    pub(crate) fn from_set(set: SharedSet) -> Self {
        let (first, width) = set.dense().unwrap_or((Slot::SINK, 0));
        Self { first, width, set, types: PhantomData }
    }

    /// Returns the metric of a label set: a small `Copy` handle that borrows the family.
    ///
    /// With finite labels this is arithmetic. With a [`Capped`](crate::Capped) label it looks the string up among those seen so
    /// far. A new string makes a series; past the limit, the series is the one whose capped label is `_OTHER`.
    ///
    /// ```
    /// use metrics_core::{Counter, Definition, Family, LabelSet, LabelValue, Registry};
    ///
    /// #[derive(Clone, Copy, Debug, LabelValue)]
    /// #[label(rename_all = "snake_case")]
    /// enum Queue { Mail, Push }
    /// #[derive(Clone, Copy, Debug, LabelSet)]
    /// struct Labels { queue: Queue }
    ///
    /// let registry = Registry::new();
    /// let jobs: Family<Labels, Counter> = registry.register(&Definition::new("jobs_total", "Jobs that ended."))?;
    /// jobs.with(Labels { queue: Queue::Push }).inc();
    /// # let _ = Queue::Mail;
    /// # #[cfg(feature = "enabled")]
    /// assert!(registry.text().contains("jobs_total{queue=\"push\"} 1\n"));
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    #[inline]
    pub fn with(&self, labels: impl LabelArgument<L>) -> M::Handle<'_> {
        let cells = if L::CAPPED {
            let mut key = CacheKey::default();
            labels.label_set().write_key(&mut key);
            match self.set.cached(&key) {
                Some(cells) => cells,
                None => self.look_up((key, labels)),
            }
        } else if const { product(L::DIMENSIONS) > MOST_POSITIONS } {
            // Registration refuses so many.
            Cells::unguarded(Slot::SINK)
        } else {
            let position = labels.label_set().index(self.set.interners());
            // A label value implemented by hand may be none of its label's.
            if position >= const { product(L::DIMENSIONS) } {
                return M::handle_of(Cells::unguarded(Slot::SINK), &self.set);
            }
            let width = if M::WIDTH == 0 { self.width } else { M::WIDTH };
            Cells::unguarded(self.first.plus(position * width))
        };
        M::handle_of(cells, &self.set)
    }

    // By value, and both in one argument: references would force them to memory before this is called.
    #[inline(never)]
    fn look_up<B: LabelArgument<L>>(&self, (key, labels): (CacheKey, B)) -> Cells {
        self.set.look_up(&key, |interners| labels.label_set().index(interners))
    }

    /// Returns the series that the page shows, with their labels and values, in the page's order.
    ///
    /// ```
    /// use metrics_core::{Counter, Definition, Family, LabelSet, Registry};
    ///
    /// #[derive(Clone, Copy, LabelSet)]
    /// struct Games { ranked: bool }
    ///
    /// let registry = Registry::new();
    /// let games: Family<Games, Counter> = registry.register(&Definition::new("games_total", "Games."))?;
    /// games.with(Games { ranked: true }).inc();
    /// let played: Vec<_> = games.series().into_iter().filter(|series| series.value > 0).collect();
    /// assert_eq!((played.len(), played[0].label("ranked"), played[0].value), (1, Some("true"), 1));
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn series(&self) -> Vec<Series<M::Value>> {
        self.set.callbacks().read();
        let mut series = Vec::new();
        self.set.read(|of_set, sums| {
            let labels = parse_block(of_set.labels.text());
            series.push(Series { labels, value: M::value(self.set.layout(), sums) });
        });
        series
    }

    /// Removes the series of a label set; returns whether there was one.
    ///
    /// A series with a capped label is forgotten. Its strings make room for others once no series has them, and handles from
    /// before count nowhere. A series with finite labels is set to zero and leaves the page until it counts again. A sum of
    /// floats is then as exact as if it had gone on: after 1e9, the next count is right to 1e-7.
    #[expect(clippy::needless_pass_by_value, reason = "as in `with`, a small set may be given as it is")]
    pub fn remove(&self, labels: impl LabelArgument<L>) -> bool {
        self.set.remove(|interners| labels.label_set().index(interners))
    }

    /// Looks up a string of a capped label once, for a label set that is used often and has the result as a field.
    ///
    /// `label` is the index of the label in the set, from 0, and must be a capped one. The result is valid for this family and
    /// its clones. The string keeps its room under the limit, whichever series are removed.
    ///
    /// ```
    /// use metrics_core::{Counter, Definition, Family, Interned, LabelSet, Registry};
    ///
    /// #[derive(Clone, Copy, LabelSet)]
    /// struct Region { region: Interned<100> }
    ///
    /// let registry = Registry::new();
    /// let visits: Family<Region, Counter> =
    ///     registry.register(&Definition::new("visits_total", "Visits."))?;
    /// let region = visits.intern(0, "eu");
    /// visits.with(Region { region }).inc();
    /// assert!(registry.text().contains("visits_total{region=\"eu\"} 1\n"));
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn intern<const LIMIT: usize>(&self, label: usize, text: &str) -> Interned<LIMIT> {
        Interned::new(self.set.interners().intern(label, &CappedText::new(text)))
    }
}

impl<L, M> Clone for Family<L, M> {
    fn clone(&self) -> Self {
        Self { first: self.first, width: self.width, set: SharedSet::clone(&self.set), types: PhantomData }
    }
}

impl<L, M> fmt::Debug for Family<L, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Family").field("name", &self.set.descriptor().name).finish_non_exhaustive()
    }
}
