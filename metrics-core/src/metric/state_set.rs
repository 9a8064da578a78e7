//! State sets: one current state out of several.

use std::{fmt, marker::PhantomData, ops::Deref};

use super::storage::{Borrowed, Metric, StoredMetric};
use crate::{
    cell::Cells,
    label::LabelValue,
    model::{Layout, MetricType, States},
    name::InvalidDefinition,
    registry::Definition,
    series::{SeriesSet, SharedSet},
};

/// The current state out of several: a series for each state, 1 for the current one and 0 for the others.
///
/// Its methods are those of [`StateSetHandle`], to which it dereferences. The label has the name of the metric, as `OpenMetrics`
/// demands. The first state is the current one until another is set. A page never shows two states at once.
///
/// ```
/// use metrics_core::{Definition, LabelValue, Registry, StateSet};
///
/// #[derive(Clone, Copy, LabelValue)]
/// #[label(rename_all = "snake_case")]
/// enum Phase { Starting, Running, Draining }
///
/// let registry = Registry::new();
/// let phase: StateSet<Phase> = registry.register(&Definition::new("app_phase", "Phase of the service."))?;
/// phase.set(Phase::Running);
/// assert!(phase.is(Phase::Running) && matches!(phase.get(), Some(Phase::Running)));
/// assert_eq!(
///     registry.text(),
///     "# HELP app_phase Phase of the service.\n\
///      ## TYPE app_phase gauge\n\
///      app_phase{app_phase=\"starting\"} 0\n\
///      app_phase{app_phase=\"running\"} 1\n\
///      app_phase{app_phase=\"draining\"} 0\n"
/// );
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
pub struct StateSet<L>(StateSetHandle<'static, L, SharedSet>);

/// A state set of a family, as [`Family::with`](super::Family::with) returns it: small and `Copy`.
pub struct StateSetHandle<'a, L, S = Borrowed<'a>> {
    cells: Cells,
    set: S,
    lifetime: PhantomData<&'a ()>,
    states: PhantomData<fn(L)>,
}

impl<L, S> StateSetHandle<'_, L, S> {
    const fn new(cells: Cells, set: S) -> Self {
        Self { cells, set, lifetime: PhantomData, states: PhantomData }
    }
}

impl<L: LabelValue, S> StateSetHandle<'_, L, S> {
    /// Sets the current state.
    ///
    /// ```
    /// use metrics_core::{Definition, LabelValue, Registry, StateSet};
    ///
    /// #[derive(Clone, Copy, Debug, PartialEq, LabelValue)]
    /// enum Phase { Starting, Running }
    ///
    /// let registry = Registry::new();
    /// let phase: StateSet<Phase> = registry.register(&Definition::new("phase", "Phase of the worker."))?;
    /// phase.set(Phase::Running);
    /// # #[cfg(feature = "enabled")]
    /// assert!(phase.is(Phase::Running) && !phase.is(Phase::Starting));
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    #[allow(clippy::needless_pass_by_value)] // a state is a number
    pub fn set(&self, state: L) {
        self.cells.set_shared(0, state.index() as u64);
    }

    /// Returns whether this is the current state.
    #[allow(clippy::needless_pass_by_value)] // a state is a number
    pub fn is(&self, state: L) -> bool {
        self.cells.get_shared(0) == state.index() as u64
    }

    /// Returns the current state, for a type that can be made [from text](LabelValue::from_label), as derived ones can.
    pub fn get(&self) -> Option<L> {
        let current = usize::try_from(self.cells.get_shared(0)).ok()?;
        L::from_label(L::name_at(current))
    }
}

// A derive would demand `L: Clone`, which no state has to be.
impl<L, S: Clone> Clone for StateSetHandle<'_, L, S> {
    fn clone(&self) -> Self {
        Self::new(self.cells, self.set.clone())
    }
}

impl<L, S: Copy> Copy for StateSetHandle<'_, L, S> {}

impl<L, S> fmt::Debug for StateSetHandle<'_, L, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StateSetHandle").field("cells", &self.cells).finish_non_exhaustive()
    }
}

impl<L> Clone for StateSet<L> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<L> fmt::Debug for StateSet<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StateSet").field(&self.0).finish()
    }
}

impl<L> Deref for StateSet<L> {
    type Target = StateSetHandle<'static, L, SharedSet>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<L: LabelValue> StoredMetric for StateSet<L> {
    const TYPE: MetricType = MetricType::StateSet;

    fn layout(definition: &Definition) -> Result<Layout, InvalidDefinition> {
        definition.refuse_buckets()?;
        let states = States::new(definition.name(), (0..L::COUNT).map(L::name_at));
        Ok(Layout::StateSet(states.into()))
    }

    fn from_set(set: SharedSet) -> Self {
        Self(StateSetHandle::new(set.cells(|_| 0), set))
    }
}

impl<L: LabelValue> Metric for StateSet<L> {
    type Handle<'a> = StateSetHandle<'a, L>;
    /// Text of the current state.
    type Value = &'static str;

    fn handle_of(cells: Cells, _: &SeriesSet) -> Self::Handle<'_> {
        StateSetHandle::new(cells, PhantomData)
    }

    fn value(_: &Layout, words: &[u64]) -> &'static str {
        let current = words.first().and_then(|word| usize::try_from(*word).ok()).unwrap_or_default();
        L::name_at(current)
    }
}
