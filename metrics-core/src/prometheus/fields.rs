//! Types of the `prometheus` crate as fields of groups, for code that uses them already.
//!
//! They are created from the field's definition and shown on the page of the group's registry. Those of the global registry are
//! also in `prometheus::gather()`, by way of the registry's collector. Unlike the types of this crate they stay on the page when
//! they are dropped, as the `prometheus` crate does not tell how many clones are left. A field that is [`UnregisterOnDrop`] leaves
//! the page, and [`Registry::unregister_collector`] removes any of them.

use std::{
    any::Any,
    ops::Deref,
    sync::{Arc, Weak},
};

use prometheus::{
    Counter, CounterVec, Gauge, GaugeVec, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec,
    IntGauge, IntGaugeVec, Opts, core::Collector,
};

use crate::{
    group::{FieldSpec, GroupField, Scope},
    model::{MetricType, RegistrationError},
    name::InvalidDefinition,
    registry::{Definition, ForeignField, ForeignId, Registry, WeakRegistry},
};

/// Creates the field of a definition, still unregistered.
fn new_field<F: Foreign + GroupField>(definition: &Definition) -> prometheus::Result<ForeignField> {
    let buckets = definition.histogram_buckets().ok().filter(|_| F::TYPE == MetricType::Histogram);
    Ok(ForeignField {
        id: ForeignId::default(),
        descriptor: definition.descriptor(F::TYPE, &[]),
        label_names: definition.variable_names(),
        buckets: buckets.map(|buckets| buckets.bounds().to_vec()).unwrap_or_default(),
        metric: Arc::new(F::create(definition)?),
        owner: None,
    })
}

/// A metric type of the `prometheus` crate that can be created from a definition.
trait Foreign: Collector + Clone + 'static {
    fn create(definition: &Definition) -> prometheus::Result<Self>;
}

fn opts(definition: &Definition) -> Opts {
    let labels = definition.constant_labels().map(|(name, value)| (name.into(), value.into()));
    // The `prometheus` crate refuses an empty help text.
    let help = if definition.help().is_empty() { " " } else { definition.help() };
    Opts::new(definition.name(), help).const_labels(labels.collect())
}

fn histogram_opts(definition: &Definition) -> prometheus::Result<HistogramOpts> {
    let buckets =
        definition.histogram_buckets().map_err(|invalid| prometheus::Error::Msg(invalid.to_string()))?;
    Ok(HistogramOpts { common_opts: opts(definition), buckets: buckets.bounds().to_vec() })
}

/// A metric on a registry's page.
struct Registered<F> {
    metric: F,
    owner: Option<Arc<Owner>>,
    /// Set if this call has registered the metric.
    new: Option<ForeignId>,
}

/// Removes a metric from the page when the last owner is dropped.
#[derive(Debug)]
struct Owner {
    registry: WeakRegistry,
    id: ForeignId,
}

impl Drop for Owner {
    fn drop(&mut self) {
        if let Some(registry) = self.registry.upgrade() {
            registry.remove_foreign(self.id, ForeignField::is_abandoned);
        }
    }
}

/// Returns a reference that does not keep the owner alive.
fn downgrade(owner: &Arc<Owner>) -> Weak<dyn Any + Send + Sync> {
    let owner: Weak<Owner> = Arc::downgrade(owner);
    owner
}

/// Returns the owner, if it is still alive.
fn upgrade(owner: &Weak<dyn Any + Send + Sync>) -> Option<Arc<Owner>> {
    Arc::downcast(owner.upgrade()?).ok()
}

/// Registers a metric, or returns the registered one of the same definition. It stays on the page unless all of its holders are
/// owners.
fn register<F: Foreign + GroupField>(
    registry: &Registry,
    definition: &Definition,
    unregisters_on_drop: bool,
) -> Result<Registered<F>, RegistrationError> {
    let name = definition.name();
    // Nothing is logged here, where the registry is locked.
    let illegal = |_: prometheus::Error| {
        let why =
            "the `prometheus` crate refuses it: another metric has the name, or a name or label is not legal";
        definition.illegal(InvalidDefinition::new(name, why))
    };
    definition.refuse_former_name().map_err(|invalid| definition.illegal(invalid))?;
    let new = new_field::<F>(definition).map_err(illegal)?;
    let owner = |id| Arc::new(Owner { registry: registry.downgrade(), id });
    let share = |fields: &mut [ForeignField]| {
        for known in fields.iter_mut().filter(|known| known.descriptor.name == name) {
            let (here, there) = (new.descriptor.location, known.descriptor.location);
            let conflict = |what| RegistrationError::conflict(name, here, what, (name, there));
            if let Some(what) = new.difference(known) {
                return Err(conflict(what));
            }
            if new.descriptor.constants() != known.descriptor.constants() {
                continue;
            }
            let metric = known.as_metric().ok_or_else(|| conflict("another number type"))?;
            let shared = known.owner.take().filter(|_| unregisters_on_drop);
            let owner = shared.map(|shared| upgrade(&shared).unwrap_or_else(|| owner(known.id)));
            known.owner = owner.as_ref().map(downgrade);
            return Ok(Some(Registered { metric, owner, new: None }));
        }
        Ok(None)
    };
    let register = |id| {
        let metric: F = new.as_metric().ok_or_else(|| illegal(prometheus::Error::AlreadyReg))?;
        registry.register_collector(metric.clone()).map_err(illegal)?;
        let owner = unregisters_on_drop.then(|| owner(id));
        let field = ForeignField { id, owner: owner.as_ref().map(downgrade), ..new.clone() };
        Ok((field, Registered { metric, owner, new: Some(id) }))
    };
    registry.register_foreign(share, register)
}

/// Creates a metric that is in no registry. The fallback definition is legal for every type, so the recursion ends.
fn detached<F: Foreign>(definition: &Definition) -> F {
    F::create(definition).unwrap_or_else(|_| {
        detached(&Definition::new("detached", "Detached.").label_names(definition.variable_names()))
    })
}

/// A metric of the `prometheus` crate that leaves the page when it is dropped, as the types of this crate do. Use it in groups whose
/// instances come and go.
///
/// It dereferences to the metric. A clone of this type keeps the metric on the page; a clone of the metric inside does not.
///
/// ```
/// use metrics_core::{MetricGroup, UnregisterOnDrop, Registry, prometheus::IntCounterVec};
///
/// #[derive(MetricGroup)]
/// #[metrics(namespace = "shop", global = false)]
/// struct Shop {
///     /// Orders taken.
///     #[metric(labels(channel))]
///     orders_total: UnregisterOnDrop<IntCounterVec>,
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
#[derive(Clone, Debug)]
pub struct UnregisterOnDrop<F> {
    metric: F,
    /// `None` for a metric that is on no page, or that stays there.
    _owner: Option<Arc<Owner>>,
}

impl<F> Deref for UnregisterOnDrop<F> {
    type Target = F;

    fn deref(&self) -> &F {
        &self.metric
    }
}

#[allow(private_bounds)] // The types are those of `foreign!` below.
impl<F: Foreign + GroupField> GroupField for UnregisterOnDrop<F> {
    const TYPE: MetricType = F::TYPE;

    fn register(registry: &Registry, definition: &Definition) -> Result<Self, RegistrationError> {
        let Registered { metric, owner, .. } = register(registry, definition, true)?;
        Ok(Self { metric, _owner: owner })
    }

    fn detached(definition: &Definition) -> Self {
        Self { metric: F::detached(definition), _owner: None }
    }
}

/// Implements [`Foreign`] and [`GroupField`] for the types of the `prometheus` crate.
macro_rules! foreign {
    ($($metric:ty, $of:ident: |$definition:ident| $create:expr;)*) => {$(
        impl Foreign for $metric {
            fn create($definition: &Definition) -> prometheus::Result<Self> {
                $create
            }
        }

        impl GroupField for $metric {
            const TYPE: MetricType = MetricType::$of;

            fn register(registry: &Registry, definition: &Definition) -> Result<Self, RegistrationError> {
                register(registry, definition, false).map(|registered| registered.metric)
            }

            fn detached(definition: &Definition) -> Self {
                detached(definition)
            }

            fn build(scope: &mut Scope<'_>, spec: &'static FieldSpec) -> Self {
                scope.permanent_field(spec, |registry, definition| {
                    register(registry, definition, false).map(|registered| (registered.metric, registered.new))
                })
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
