//! Info metrics: facts as labels.

use std::marker::PhantomData;

use super::storage::{Metric, StoredMetric};
use crate::{
    cell::Cells,
    model::{Layout, MetricType},
    name::InvalidDefinition,
    registry::Definition,
    series::{SeriesSet, SharedSet},
};

/// Facts that do not change while the process runs: labels hold them, and the value is 1.
///
/// With constant labels it is on the page from its registration on. In a [`Family`](crate::Family) a label set is on the page
/// after [`InfoHandle::publish`]. The name ends in `_info`; a field of a group may leave that out: `build: Info` is
/// `…_build_info`.
///
/// ```
/// use metrics_core::{Definition, Info, Registry};
///
/// let registry = Registry::new();
/// let build = Definition::new("app_build_info", "Running build.").label("version", "1.2.0");
/// let _build: Info = registry.register(&build)?;
/// assert_eq!(
///     registry.text(),
///     "# HELP app_build_info Running build.\n\
///      ## TYPE app_build_info gauge\n\
///      app_build_info{version=\"1.2.0\"} 1\n"
/// );
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Info {
    _set: SharedSet,
}

/// An info metric of a family, as [`Family::with`](super::Family::with) returns it.
#[derive(Clone, Copy, Debug)]
pub struct InfoHandle<'a> {
    cells: Cells,
    lifetime: PhantomData<&'a ()>,
}

impl InfoHandle<'_> {
    /// Puts the series on the page.
    ///
    /// ```
    /// use metrics_core::{Capped, Definition, Family, Info, LabelSet, Registry};
    ///
    /// #[derive(Clone, LabelSet)]
    /// struct Build { commit: Capped<1> }
    ///
    /// let registry = Registry::new();
    /// let build: Family<Build, Info> = registry.register(&Definition::new("build_info", "Running build."))?;
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

impl StoredMetric for Info {
    const TYPE: MetricType = MetricType::Info;

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
    type Handle<'a> = InfoHandle<'a>;
    type Value = u64;

    fn handle_of(cells: Cells, _: &SeriesSet) -> Self::Handle<'_> {
        InfoHandle { cells, lifetime: PhantomData }
    }

    fn value(_: &Layout, words: &[u64]) -> u64 {
        words.first().copied().unwrap_or_default()
    }
}
