//! Definitions made at run time: what a derive or an attribute writes down while compiling, as a value.

use std::{borrow::Cow, panic::Location as Caller, sync::Arc, time::Duration};

use crate::{
    label::{Dimension, any_capped},
    model::{
        Buckets, Descriptor, Label, Location, MetricType, RegistrationError, bucket_layouts, buckets,
        quantiles::{DEFAULT_WINDOW, Quantiles},
    },
    name::InvalidDefinition,
    native::DEFAULT_SCHEMA,
    series::{SetOptions, check_open_labels, keep_name},
};

/// The definition of a metric: its name and help, and what else there is to say.
///
/// ```
/// use metrics_core::{Counter, Definition, Registry};
///
/// let registry = Registry::new();
/// let definition = Definition::new("app_jobs_total", "Jobs that ended.").label("queue", "mail");
/// let jobs: Counter = registry.register(&definition)?;
/// jobs.inc();
/// assert!(registry.text().contains("app_jobs_total{queue=\"mail\"} 1\n"));
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Definition {
    name: String,
    help: Cow<'static, str>,
    unit: Option<&'static str>,
    labels: Vec<(Cow<'static, str>, Cow<'static, str>)>,
    label_names: &'static [&'static str],
    /// The names and limits of the labels of an open family.
    open_labels: Vec<(&'static str, usize)>,
    /// How the sets of an open family divide its series; empty where there is one.
    bucket_group: Arc<str>,
    buckets: Option<Cow<'static, [f64]>>,
    quantiles: Option<Cow<'static, [f64]>>,
    window: Option<Duration>,
    native: Option<i8>,
    ttl: Option<Duration>,
    location: Location,
    module: &'static str,
}

impl Definition {
    /// A definition with a name and a help text, declared where this is called.
    #[track_caller]
    pub fn new(name: impl Into<String>, help: impl Into<Cow<'static, str>>) -> Self {
        let caller = Caller::caller();
        let location = Location { file: caller.file(), line: caller.line() };
        Self {
            name: name.into(),
            help: help.into(),
            unit: None,
            labels: Vec::new(),
            label_names: &[],
            open_labels: Vec::new(),
            bucket_group: Arc::default(),
            buckets: None,
            quantiles: None,
            window: None,
            native: None,
            ttl: None,
            location,
            module: "",
        }
    }

    /// The unit, which ends the name: `seconds`, `bytes`.
    pub const fn unit(mut self, unit: &'static str) -> Self {
        self.unit = Some(unit);
        self
    }

    /// Adds a label that is the same in all series.
    pub fn label(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Cow<'static, str>>) -> Self {
        self.labels.push((name.into(), value.into()));
        self
    }

    /// The names of the labels that vary, for a `*Vec` of the `prometheus` crate; our own families have them from their type.
    pub const fn label_names(mut self, names: &'static [&'static str]) -> Self {
        self.label_names = names;
        self
    }

    /// Adds a label that takes so many values, and `_OTHER` past them, of an [`DynamicFamily`](crate::DynamicFamily).
    pub fn dynamic_label(mut self, name: &str, limit: usize) -> Self {
        self.open_labels.push((keep_name(name), limit));
        self
    }

    /// Says that this is one of several definitions of an [`DynamicFamily`](crate::DynamicFamily) with one name, which have buckets of
    /// their own, and how series are divided among them: the same text for all. Another text is a conflict, so that no series is
    /// in two of them.
    ///
    /// ```
    /// use metrics_core::{Definition, Histogram, DynamicFamily, Registry};
    ///
    /// let registry = Registry::new();
    /// let define = |buckets: &[f64]| {
    ///     Definition::new("job_duration_seconds", "Time that a job took.")
    ///         .dynamic_label("job", 10)
    ///         .bucket_group("report: to 60")
    ///         .buckets(buckets)
    /// };
    /// let short: DynamicFamily<Histogram> = registry.register(&define(&[0.1]))?;
    /// let long: DynamicFamily<Histogram> = registry.register(&define(&[60.0]))?;
    /// short.with(&["mail"]).observe(0.2);
    /// long.with(&["report"]).observe(20.0);
    /// let page = registry.text();
    /// assert!(page.contains("job_duration_seconds_bucket{job=\"mail\",le=\"0.1\"} 0\n"), "{page}");
    /// assert!(page.contains("job_duration_seconds_bucket{job=\"report\",le=\"60\"} 1\n"), "{page}");
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn bucket_group(mut self, bucket_group: &str) -> Self {
        self.bucket_group = bucket_group.into();
        self
    }

    /// The upper bounds of a histogram's buckets, increasing, without `+Inf`.
    pub fn buckets(mut self, bounds: &[f64]) -> Self {
        self.buckets = Some(bounds.to_vec().into());
        self
    }

    /// The quantiles of a summary, increasing, from 0 to 1: each is off by at most 1 % of itself. Without a
    /// [`window`](Self::window) they are over the last ten minutes.
    ///
    /// An observation then costs a short lock besides the count and the sum, and a series up to 100 KiB. Quantiles of several
    /// processes cannot be put together; a histogram's can.
    pub fn quantiles(mut self, quantiles: &[f64]) -> Self {
        self.quantiles = Some(quantiles.to_vec().into());
        self
    }

    /// Over how long the quantiles are: what was observed before is forgotten, at the latest a fifth of it later.
    pub const fn window(mut self, window: Duration) -> Self {
        self.window = Some(window);
        self
    }

    /// Gives a histogram native buckets beside the classic ones, or with `buckets(&[])` instead of them.
    ///
    /// Native buckets are exponential: there is one wherever a value falls, 2.2 % wide to begin with. Once the values of a series
    /// span more than 160 of them, they become twice as wide, and so on. Prometheus takes them in the protobuf alone, with
    /// `--enable-feature=native-histograms`; the other formats show the classic buckets, which without bounds are `+Inf`.
    ///
    /// ```
    /// use metrics_core::{Definition, Histogram, Registry};
    ///
    /// let registry = Registry::new();
    /// let definition = Definition::new("job_duration_seconds", "Time of a job.").buckets(&[]).native();
    /// let jobs: Histogram = registry.register(&definition)?;
    /// jobs.observe(0.25);
    /// assert!(registry.text().contains("job_duration_seconds_bucket{le=\"+Inf\"} 1\n"));
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    ///
    /// <https://prometheus.io/docs/specs/native_histograms/>
    pub const fn native(self) -> Self {
        self.native_schema(DEFAULT_SCHEMA)
    }

    /// The same with another width to begin with: there are `2^schema` buckets to a power of two. From -4 to 8; what is past
    /// these is taken for them.
    pub const fn native_schema(mut self, schema: i8) -> Self {
        self.native = Some(schema);
        self
    }

    /// Forgets a series that has not changed for so long, in a family with a capped label: it leaves the page, and its strings
    /// make room for others.
    ///
    /// Time is looked at when the page is made. What is counted later makes the series anew, from zero, as a restart would;
    /// what is counted through a handle that somebody has kept goes nowhere.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use metrics_core::{Capped, Counter, Definition, Family, LabelSet, Registry};
    ///
    /// #[derive(Clone, LabelSet)]
    /// struct Tenant { tenant: Capped<100> }
    ///
    /// let registry = Registry::new();
    /// let definition = Definition::new("calls_total", "Calls.").ttl(Duration::from_secs(3600));
    /// let calls: Family<Tenant, Counter> = registry.register(&definition)?;
    /// calls.with(Tenant { tenant: "acme".into() }).inc();
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub const fn ttl(mut self, ttl: Duration) -> Self {
        self.ttl = Some(ttl);
        self
    }

    /// What the series are made with.
    pub(crate) fn options(
        &self,
        kind: MetricType,
        dimensions: &[Dimension],
    ) -> Result<SetOptions, InvalidDefinition> {
        if kind != MetricType::Summary && (self.quantiles.is_some() || self.window.is_some()) {
            return Err(InvalidDefinition::new(&self.name, "only a summary has quantiles"));
        }
        self.checked_quantiles()?;
        if self.ttl.is_some() && !any_capped(dimensions) {
            return Err(InvalidDefinition::new(
                &self.name,
                "only a family with a capped label forgets series",
            ));
        }
        Ok(SetOptions { ttl: self.ttl, ..SetOptions::default() })
    }

    fn checked_quantiles(&self) -> Result<Option<Arc<Quantiles>>, InvalidDefinition> {
        let window = self.window.unwrap_or(DEFAULT_WINDOW);
        self.quantiles.as_ref().map(|quantiles| Quantiles::new(quantiles, window).map(Arc::new)).transpose()
    }

    /// Another place of declaration.
    pub(crate) const fn at(mut self, location: Location) -> Self {
        self.location = location;
        self
    }

    /// The module that declares it.
    pub(crate) const fn within(mut self, module: &'static str) -> Self {
        self.module = module;
        self
    }

    /// The same definition with default buckets.
    pub(crate) fn without_buckets(&self) -> Self {
        Self { buckets: None, native: None, ..self.clone() }
    }

    /// The error for a definition that is illegal by itself.
    pub(crate) fn illegal(&self, rejection: InvalidDefinition) -> RegistrationError {
        RegistrationError::illegal(&self.name, self.location, rejection)
    }

    /// For metrics that have their labels from their type.
    pub(crate) fn refuse_label_names(&self) -> Result<(), InvalidDefinition> {
        if let Some((name, _)) = self.open_labels.first() {
            return Err(InvalidDefinition::new(
                *name,
                "labels that are named at run time are those of an `DynamicFamily`",
            ));
        }
        match self.label_names {
            [] => Ok(()),
            [name, ..] => {
                Err(InvalidDefinition::new(*name, "labels that vary are the fields of a `LabelSet`"))
            }
        }
    }

    /// The labels of an open family.
    pub(crate) fn open_dimensions(&self) -> Result<Vec<Dimension>, InvalidDefinition> {
        check_open_labels(&self.name, &self.open_labels)?;
        Ok(self.open_labels.iter().map(|(name, limit)| Dimension::capped(name, *limit)).collect())
    }

    pub(crate) const fn variable_names(&self) -> &'static [&'static str] {
        self.label_names
    }

    pub(crate) fn constant_labels(&self) -> impl Iterator<Item = (&str, &str)> {
        self.labels.iter().map(|(name, value)| (&**name, &**value))
    }

    pub(crate) fn help(&self) -> &str {
        &self.help
    }

    /// For metrics that have no buckets.
    pub(crate) fn refuse_buckets(&self) -> Result<(), InvalidDefinition> {
        match (&self.buckets, self.native) {
            (None, None) => Ok(()),
            _ => Err(InvalidDefinition::new(&self.name, "only a histogram has buckets")),
        }
    }

    /// Returns the buckets of a histogram with this definition.
    pub(crate) fn histogram_buckets(&self) -> Result<&'static Buckets, InvalidDefinition> {
        let default = || buckets::default_for(self.unit.unwrap_or(&self.name));
        let bounds = self.buckets.as_deref().unwrap_or_else(default);
        bucket_layouts::get(bounds, self.takes_durations(), self.native)
    }

    /// Whether what is observed are durations, whose sum is kept exactly.
    pub(crate) fn takes_durations(&self) -> bool {
        self.unit == Some("seconds") || self.name.ends_with("_seconds")
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The descriptor of a metric with this definition, the constant labels before the variable ones.
    pub(crate) fn descriptor(&self, kind: MetricType, dimensions: &[Dimension]) -> Descriptor {
        let constants = self
            .labels
            .iter()
            .map(|(name, value)| Label::Constant { name: name.clone(), value: value.clone() });
        let labels = constants.chain(dimensions.iter().copied().map(Label::Variable)).collect();
        Descriptor {
            name: self.name.clone(),
            help: self.help.clone(),
            unit: self.unit,
            kind,
            labels,
            location: self.location,
            module: self.module,
            objective: None,
            quantiles: self.checked_quantiles().unwrap_or_default(),
            open: (!self.open_labels.is_empty()).then(|| Arc::clone(&self.bucket_group)),
        }
    }
}

/// The native buckets that an attribute asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NativeBuckets {
    /// Beside the classic ones.
    Beside,
    /// Instead of them.
    Only,
}

impl NativeBuckets {
    pub(crate) fn add_to(self, definition: Definition) -> Definition {
        match self {
            Self::Beside => definition.native(),
            Self::Only => definition.buckets(&[]).native(),
        }
    }
}
