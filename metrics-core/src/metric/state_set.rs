//! One of several states.

use std::marker::PhantomData;

use super::storage::{Cells, Definition, InvalidDefinition, Layout, Metric, MetricType, Series, SharedSet};
#[cfg(not(feature = "enabled"))]
use crate::cell::Slot;
use crate::{label::LabelValue, model::States};

/// The state that something is in: a series for each state, 1 for the current one and 0 for the others.
///
/// The label is called like the metric, as `OpenMetrics` demands. It starts in the first state. A page never shows two states
/// at once.
///
/// ```
/// use metrics_core::{Definition, LabelValue, Registry, StateSet};
///
/// #[derive(Clone, Copy, LabelValue)]
/// #[label(rename_all = "snake_case")]
/// enum Phase { Starting, Running, Draining }
///
/// let registry = Registry::new();
/// let phase: StateSet<Phase> = registry.register(&Definition::new("app_phase", "What the service does."))?;
/// phase.set(Phase::Running);
/// assert!(phase.is(Phase::Running) && matches!(phase.get(), Some(Phase::Running)));
/// assert_eq!(
///     registry.text(),
///     "# HELP app_phase What the service does.\n\
///      ## TYPE app_phase gauge\n\
///      app_phase{app_phase=\"starting\"} 0\n\
///      app_phase{app_phase=\"running\"} 1\n\
///      app_phase{app_phase=\"draining\"} 0\n"
/// );
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
#[derive(Clone, Debug)]
pub struct StateSet<L> {
    cells: Cells,
    _set: SharedSet,
    states: PhantomData<fn(L)>,
}

/// One state set of a family.
#[derive(Debug)]
pub struct StateSetChild<'a, L> {
    cells: Cells,
    family: PhantomData<&'a ()>,
    states: PhantomData<fn(L)>,
}

impl<L> Clone for StateSetChild<'_, L> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<L> Copy for StateSetChild<'_, L> {}

impl<L: LabelValue> StateSet<L> {
    const fn child(&self) -> StateSetChild<'_, L> {
        StateSetChild { cells: self.cells, family: PhantomData, states: PhantomData }
    }

    /// Goes to a state.
    #[allow(clippy::needless_pass_by_value)] // a state is a number
    pub fn set(&self, state: L) {
        self.child().set(state);
    }

    /// Whether this is the current state.
    #[allow(clippy::needless_pass_by_value)] // a state is a number
    pub fn is(&self, state: L) -> bool {
        self.child().is(state)
    }

    /// The current state, for a type that is made [from text](LabelValue::from_label), as derived ones are.
    pub fn get(&self) -> Option<L> {
        self.child().get()
    }
}

impl<L: LabelValue> StateSetChild<'_, L> {
    /// Goes to a state.
    #[allow(clippy::needless_pass_by_value)] // a state is a number
    pub fn set(self, state: L) {
        self.cells.set_shared(0, state.index() as u64);
    }

    /// Whether this is the current state.
    #[allow(clippy::needless_pass_by_value)] // a state is a number
    pub fn is(self, state: L) -> bool {
        self.cells.get_shared(0) == state.index() as u64
    }

    /// The current state, see [`StateSet::get`].
    pub fn get(self) -> Option<L> {
        let current = usize::try_from(self.cells.get_shared(0)).ok()?;
        L::from_label(L::name_at(current))
    }
}

impl<L: LabelValue> Series for StateSet<L> {
    const KIND: MetricType = MetricType::StateSet;

    fn layout(definition: &Definition) -> Result<Layout, InvalidDefinition> {
        definition.refuse_buckets()?;
        let states = States::new(definition.name(), (0..L::COUNT).map(L::name_at));
        Ok(Layout::StateSet(states.into()))
    }

    fn from_set(set: SharedSet) -> Self {
        Self { cells: set.cells(|_| 0), _set: set, states: PhantomData }
    }
}

impl<L: LabelValue> Metric for StateSet<L> {
    type Child<'a> = StateSetChild<'a, L>;
    /// The text of the current state.
    type Value = &'static str;

    fn child(cells: Cells, _: &Layout) -> Self::Child<'_> {
        StateSetChild { cells, family: PhantomData, states: PhantomData }
    }

    #[cfg(not(feature = "enabled"))]
    fn none<'a>() -> Self::Child<'a> {
        StateSetChild { cells: Cells::unguarded(Slot::SINK), family: PhantomData, states: PhantomData }
    }

    fn value(_: &Layout, words: &[u64]) -> &'static str {
        let current = words.first().and_then(|word| usize::try_from(*word).ok()).unwrap_or_default();
        L::name_at(current)
    }
}
