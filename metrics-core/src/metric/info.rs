//! Facts as labels.

use std::marker::PhantomData;

use super::storage::{Cells, Definition, InvalidDefinition, Layout, Metric, MetricType, Series, SharedSet};
#[cfg(not(feature = "enabled"))]
use crate::cell::Slot;

/// A fact that does not change while the process runs: its labels say it, its value is 1.
///
/// Constant labels make it a field that is there by itself; in a [`Family`](crate::Family) a label set is on the page from
/// [`InfoChild::publish`] on. Its name ends in `_info`, which a field of a group need not say: `build: Info` is `…_build_info`.
///
/// ```
/// use metrics_core::{Definition, Info, Registry};
///
/// let registry = Registry::new();
/// let build = Definition::new("app_build_info", "What is running.").label("version", "1.2.0");
/// let _build: Info = registry.register(&build)?;
/// assert_eq!(
///     registry.text(),
///     "# HELP app_build_info What is running.\n\
///      ## TYPE app_build_info gauge\n\
///      app_build_info{version=\"1.2.0\"} 1\n"
/// );
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Info {
    _set: SharedSet,
}

/// One label set of a family of facts.
#[derive(Clone, Copy, Debug)]
pub struct InfoChild<'a> {
    cells: Cells,
    family: PhantomData<&'a ()>,
}

impl InfoChild<'_> {
    /// Puts the series on the page.
    ///
    /// ```
    /// use metrics_core::{Capped, Definition, Family, Info, LabelSet, Registry};
    ///
    /// #[derive(Clone, LabelSet)]
    /// struct Build { commit: Capped<1> }
    ///
    /// let registry = Registry::new();
    /// let build: Family<Build, Info> = registry.register(&Definition::new("build_info", "What runs."))?;
    /// build.with(Build { commit: "8a90611".into() }).publish();
    /// assert!(registry.text().contains("build_info{commit=\"8a90611\"} 1\n"));
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn publish(self) {
        self.cells.set_shared(0, 1);
    }

    /// Takes the series off the page.
    pub fn withdraw(self) {
        self.cells.set_shared(0, 0);
    }
}

impl Series for Info {
    const KIND: MetricType = MetricType::Info;

    fn layout(definition: &Definition) -> Result<Layout, InvalidDefinition> {
        definition.refuse_buckets()?;
        if definition.name().ends_with("_info") {
            return Ok(Layout::Info);
        }
        Err(InvalidDefinition::new(definition.name(), "the name of an info metric ends in `_info`"))
    }

    fn from_set(set: SharedSet) -> Self {
        set.cells(|_| 0).set_shared(0, 1);
        Self { _set: set }
    }
}

impl Metric for Info {
    type Child<'a> = InfoChild<'a>;
    type Value = u64;

    fn child(cells: Cells, _: &Layout) -> Self::Child<'_> {
        InfoChild { cells, family: PhantomData }
    }

    #[cfg(not(feature = "enabled"))]
    fn none<'a>() -> Self::Child<'a> {
        InfoChild { cells: Cells::unguarded(Slot::SINK), family: PhantomData }
    }

    fn value(_: &Layout, words: &[u64]) -> u64 {
        words.first().copied().unwrap_or_default()
    }
}
