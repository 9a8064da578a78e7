//! The `prometheus` crate's own types as fields, for code that has them already.
//!
//! They are made with the field's definition and shown on the page of the group's registry. That of the global registry is
//! also in `prometheus::gather()`: by our collector, as all of its metrics are, so that nothing is there twice. Unlike our
//! own types they stay on the page when they are dropped, as is usual with that crate, which does not tell how many clones there
//! are. A field that is [`Owned`] leaves it.

use std::ops::Deref;

use prometheus::{
    Counter, CounterVec, Gauge, GaugeVec, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec,
    IntGauge, IntGaugeVec, Opts, core::Collector,
};

use crate::{
    definition::Definition,
    descriptor::{Descriptor, Kind},
    field::GroupField,
    name::Rejection,
    registry::{RegistrationError, Registry, WeakRegistry},
};

/// Which of a registry's fields one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ForeignId(pub(crate) usize);

/// The definition of a field of the `prometheus` crate's types.
#[derive(Clone, Debug)]
pub(crate) struct ForeignField {
    pub(crate) id: ForeignId,
    pub(crate) descriptor: Descriptor,
    /// The names of the labels that vary.
    pub(crate) label_names: &'static [&'static str],
    /// The bounds of a histogram's buckets.
    pub(crate) buckets: Vec<f64>,
}

/// A type of the `prometheus` crate that is made of a definition.
trait Foreign: Collector + Clone + 'static {
    fn make(definition: &Definition) -> prometheus::Result<Self>;
}

fn opts(definition: &Definition) -> Opts {
    let labels = definition.constant_labels().map(|(name, value)| (name.into(), value.into()));
    Opts::new(definition.name(), definition.help()).const_labels(labels.collect())
}

fn histogram_opts(definition: &Definition) -> prometheus::Result<HistogramOpts> {
    let buckets =
        definition.histogram_buckets().map_err(|rejection| prometheus::Error::Msg(rejection.to_string()))?;
    Ok(HistogramOpts { common_opts: opts(definition), buckets: buckets.bounds().to_vec() })
}

fn register<F: Foreign + GroupField>(
    registry: &Registry,
    definition: &Definition,
) -> Result<(F, ForeignId), RegistrationError> {
    let illegal = |error: prometheus::Error| {
        log::debug!("the prometheus crate refuses `{}`: {error}", definition.name());
        definition.illegal(Rejection::new(
            definition.name(),
            "the `prometheus` crate refuses it: another metric has the name, or a name or label is not legal",
        ))
    };
    let metric = F::make(definition).map_err(illegal)?;
    registry.register_collector(metric.clone()).map_err(illegal)?;
    let buckets = definition.histogram_buckets().ok().filter(|_| F::KIND == Kind::Histogram);
    let id = registry.note_foreign(|id| ForeignField {
        id,
        descriptor: definition.descriptor(F::KIND, &[]),
        label_names: definition.variable_names(),
        buckets: buckets.map(|buckets| buckets.bounds().to_vec()).unwrap_or_default(),
    });
    Ok((metric, id))
}

/// A metric that no registry has. The second definition is legal for every type, so there is no third call.
fn detached<F: Foreign>(definition: &Definition) -> F {
    F::make(definition).unwrap_or_else(|_| {
        detached(&Definition::new("detached", "Detached.").label_names(definition.variable_names()))
    })
}

/// A metric of the `prometheus` crate that leaves the page when it is dropped, as our own types do; for a field of a group whose
/// instances come and go.
///
/// It is used as the metric itself. Clones of that one go on counting, and nobody sees it then.
///
/// ```
/// use metrics_core::{MetricGroup, Owned, Registry, prometheus::IntCounterVec};
///
/// #[derive(MetricGroup)]
/// #[metrics(namespace = "shop", global = false)]
/// struct Shop {
///     /// Orders taken.
///     #[metric(labels(channel))]
///     orders_total: Owned<IntCounterVec>,
/// }
///
/// let registry = Registry::new();
/// let shop = Shop::register_in(&registry)?;
/// shop.orders_total.with_label_values(&["web"]).inc();
/// assert!(registry.text().contains("shop_orders_total{channel=\"web\"} 1\n"));
/// drop(shop);
/// assert_eq!(registry.text(), "");
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
#[derive(Debug)]
pub struct Owned<F: Collector + Clone + 'static> {
    metric: F,
    /// None where it was never on a page.
    registered: Option<(WeakRegistry, ForeignId)>,
}

impl<F: Collector + Clone> Deref for Owned<F> {
    type Target = F;

    fn deref(&self) -> &F {
        &self.metric
    }
}

impl<F: Collector + Clone> Drop for Owned<F> {
    fn drop(&mut self) {
        let Some((registry, id)) = self.registered.take() else { return };
        if let Some(registry) = registry.upgrade() {
            registry.remove_foreign(Box::new(self.metric.clone()), id);
        }
    }
}

#[allow(private_bounds)] // The types are listed below.
impl<F: Foreign + GroupField> GroupField for Owned<F> {
    const KIND: Kind = F::KIND;

    fn register(registry: &Registry, definition: &Definition) -> Result<Self, RegistrationError> {
        let (metric, id) = register(registry, definition)?;
        Ok(Self { metric, registered: Some((registry.downgrade(), id)) })
    }

    fn detached(definition: &Definition) -> Self {
        Self { metric: F::detached(definition), registered: None }
    }
}

/// The types, and how each is made.
macro_rules! foreign {
    ($($kind:ty, $of:ident: |$definition:ident| $make:expr;)*) => {$(
        impl Foreign for $kind {
            fn make($definition: &Definition) -> prometheus::Result<Self> {
                $make
            }
        }

        impl GroupField for $kind {
            const KIND: Kind = Kind::$of;

            fn register(registry: &Registry, definition: &Definition) -> Result<Self, RegistrationError> {
                register(registry, definition).map(|(metric, _)| metric)
            }

            fn detached(definition: &Definition) -> Self {
                detached(definition)
            }
        }
    )*};
}

foreign! {
    IntCounter, Counter: |definition| Self::with_opts(opts(definition));
    Counter, Counter: |definition| Self::with_opts(opts(definition));
    IntGauge, Gauge: |definition| Self::with_opts(opts(definition));
    Gauge, Gauge: |definition| Self::with_opts(opts(definition));
    Histogram, Histogram: |definition| Self::with_opts(histogram_opts(definition)?);
    IntCounterVec, Counter: |definition| Self::new(opts(definition), definition.variable_names());
    CounterVec, Counter: |definition| Self::new(opts(definition), definition.variable_names());
    IntGaugeVec, Gauge: |definition| Self::new(opts(definition), definition.variable_names());
    GaugeVec, Gauge: |definition| Self::new(opts(definition), definition.variable_names());
    HistogramVec, Histogram: |definition| Self::new(histogram_opts(definition)?, definition.variable_names());
}
