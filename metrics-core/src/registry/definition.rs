//! Definitions: name, help text, labels and options of a metric.

mod refusals;

use std::{borrow::Cow, panic::Location as Caller, sync::Arc, time::Duration};

use crate::{
    label::{Dimension, any_capped},
    model::{
        Buckets, Descriptor, Label, Location, MetricType, RegistrationError, bucket_layouts, buckets,
        quantiles::{DEFAULT_WINDOW, Quantiles},
    },
    name::InvalidDefinition,
    native::DEFAULT_SCHEMA,
    series::{SetOptions, check_dynamic_labels, keep_name},
};

/// The definition of a metric: its name, help text, labels and options.
///
/// A derive or an attribute writes one at compile time; this type is for metrics whose names are known at run time. It is passed
/// to [`Registry::register`](crate::Registry::register).
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
    renamed_from: Option<Cow<'static, str>>,
    help: Cow<'static, str>,
    unit: Option<&'static str>,
    labels: Vec<(Cow<'static, str>, Cow<'static, str>)>,
    label_names: &'static [&'static str],
    /// Names and limits of the labels of a dynamic family.
    dynamic_labels: Vec<(&'static str, usize)>,
    /// Key of the division of a dynamic family's series into sets; empty if there is a single set.
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
    /// Creates a definition with a name and a help text. Errors name the place of this call.
    #[track_caller]
    pub fn new(name: impl Into<String>, help: impl Into<Cow<'static, str>>) -> Self {
        let caller = Caller::caller();
        let location = Location { file: caller.file(), line: caller.line() };
        Self {
            name: name.into(),
            renamed_from: None,
            help: help.into(),
            unit: None,
            labels: Vec::new(),
            label_names: &[],
            dynamic_labels: Vec::new(),
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

    /// Sets the unit, such as `seconds` or `bytes`. The name ends with it, before `_total`.
    ///
    /// ```
    /// use metrics_core::{Counter, Definition, Registry};
    ///
    /// let registry = Registry::new();
    /// let definition = Definition::new("sent_bytes_total", "Number of bytes sent.").unit("bytes");
    /// let _sent: Counter = registry.register(&definition)?;
    /// assert!(registry.open_metrics().contains("# UNIT sent_bytes bytes\n"));
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub const fn unit(mut self, unit: &'static str) -> Self {
        self.unit = Some(unit);
        self
    }

    /// Exposes the metric under its former name as well, until those who read it have moved. Both names have the same series;
    /// counting costs the same as without. A state set has one name, and so have the types of the `prometheus` crate.
    ///
    /// ```
    /// use metrics_core::{Counter, Definition, Registry};
    ///
    /// let registry = Registry::new();
    /// let definition = Definition::new("jobs_ended_total", "Jobs that ended.").renamed_from("jobs_total");
    /// let jobs: Counter = registry.register(&definition)?;
    /// jobs.inc();
    /// let page = registry.text();
    /// assert!(page.contains("jobs_ended_total 1\n") && page.contains("jobs_total 1\n"));
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn renamed_from(mut self, former_name: impl Into<Cow<'static, str>>) -> Self {
        self.renamed_from = Some(former_name.into());
        self
    }

    /// Adds a label with the same value in all series.
    pub fn label(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Cow<'static, str>>) -> Self {
        self.labels.push((name.into(), value.into()));
        self
    }

    /// Sets the names of the variable labels of a `*Vec` of the `prometheus` crate. A [`Family`](crate::Family) takes them from
    /// its type.
    ///
    /// ```
    /// use metrics_core::{Definition, Registry, prometheus::IntCounterVec};
    ///
    /// let registry = Registry::new();
    /// let definition = Definition::new("mails_total", "Number of mails sent.").label_names(&["list"]);
    /// let mails: IntCounterVec = registry.register(&definition)?;
    /// mails.with_label_values(&["news"]).inc();
    /// assert!(registry.text().contains("mails_total{list=\"news\"} 1\n"));
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub const fn label_names(mut self, names: &'static [&'static str]) -> Self {
        self.label_names = names;
        self
    }

    /// Adds a label of a [`DynamicFamily`](crate::DynamicFamily). It keeps the first `limit` distinct values; later ones become
    /// `_OTHER`.
    pub fn dynamic_label(mut self, name: &str, limit: usize) -> Self {
        self.dynamic_labels.push((keep_name(name), limit));
        self
    }

    /// Declares that this is one of several definitions of one [`DynamicFamily`](crate::DynamicFamily) with different buckets.
    ///
    /// `bucket_group` is any text that describes how the series are divided among the definitions, the same for all of them. A
    /// definition with another text is a conflict, so that no series is in two definitions.
    ///
    /// ```
    /// use metrics_core::{Definition, Histogram, DynamicFamily, Registry};
    ///
    /// let registry = Registry::new();
    /// let define = |buckets: &[f64]| {
    ///     Definition::new("job_duration_seconds", "Duration of jobs.")
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

    /// Sets the upper bounds of a histogram's buckets, in increasing order and without `+Inf`. A program may have 10,000 different
    /// bucket layouts; equal ones are shared.
    ///
    /// ```
    /// use metrics_core::{Definition, Histogram, Registry};
    ///
    /// let registry = Registry::new();
    /// let definition = Definition::new("mail_size_bytes", "Size of mails in bytes.").buckets(&[1e3, 1e6]);
    /// let sizes: Histogram = registry.register(&definition)?;
    /// sizes.observe(2000.0);
    /// assert_eq!(sizes.snapshot().buckets, [(1e3, 0), (1e6, 1), (f64::INFINITY, 1)]);
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn buckets(mut self, bounds: &[f64]) -> Self {
        self.buckets = Some(bounds.to_vec().into());
        self
    }

    /// Sets the quantiles of a summary, in increasing order and from 0 to 1. Their relative error is at most 1 %. They are computed
    /// over the last ten minutes, or over a [`window`](Self::window).
    ///
    /// An observation then takes a short lock, and a series up to 100 KiB. Quantiles of several processes cannot be combined;
    /// histograms can.
    ///
    /// ```
    /// use metrics_core::{Definition, Registry, Summary};
    ///
    /// let registry = Registry::new();
    /// let definition = Definition::new("mail_size_bytes", "Size of mails in bytes.").quantiles(&[0.5]);
    /// let sizes: Summary = registry.register(&definition)?;
    /// sizes.observe(2000.0);
    /// assert!(registry.text().contains("mail_size_bytes{quantile=\"0.5\"} "));
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn quantiles(mut self, quantiles: &[f64]) -> Self {
        self.quantiles = Some(quantiles.to_vec().into());
        self
    }

    /// Sets the length of the sliding window of the quantiles. Older observations leave it at most a fifth of the window late.
    pub const fn window(mut self, window: Duration) -> Self {
        self.window = Some(window);
        self
    }

    /// Adds native buckets to a histogram, beside the classic ones or, with `buckets(&[])`, instead of them.
    ///
    /// Native buckets are exponential and exist wherever a value falls. They are 2.2 % wide at first, and become twice as wide
    /// whenever the values of a series span more than 160 of them. Prometheus reads them in the protobuf format alone, with
    /// `--enable-feature=native-histograms`. The other formats show the classic buckets; without bounds that is `+Inf` alone.
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

    /// Adds native buckets as [`native`](Self::native) does, with another initial width: `2^schema` buckets for each power of two.
    /// The schema is clamped to the range from -4 to 8.
    pub const fn native_schema(mut self, schema: i8) -> Self {
        self.native = Some(schema);
        self
    }

    /// Sets the time after which an unchanged series of a family with a capped label is forgotten: it leaves the page, and its
    /// strings make room for others.
    ///
    /// The time is checked when a page is made. A later count creates the series anew from zero, as a restart would. Counts through
    /// a handle from before are lost.
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

    /// Returns the options of the definition's set of series.
    pub(crate) fn options(
        &self,
        metric_type: MetricType,
        dimensions: &[Dimension],
    ) -> Result<SetOptions, InvalidDefinition> {
        if metric_type != MetricType::Summary && (self.quantiles.is_some() || self.window.is_some()) {
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

    /// Sets the place of declaration.
    pub(crate) const fn at(mut self, location: Location) -> Self {
        self.location = location;
        self
    }

    /// Sets the module that declares the metric.
    pub(crate) const fn within(mut self, module: &'static str) -> Self {
        self.module = module;
        self
    }

    /// Returns this definition with default buckets.
    pub(crate) fn without_buckets(&self) -> Self {
        Self { buckets: None, native: None, ..self.clone() }
    }

    /// Returns the error for an illegal part of this definition.
    pub(crate) fn illegal(&self, invalid: InvalidDefinition) -> RegistrationError {
        RegistrationError::illegal(&self.name, self.location, invalid)
    }

    /// Returns the labels of a dynamic family.
    pub(crate) fn dynamic_dimensions(&self) -> Result<Vec<Dimension>, InvalidDefinition> {
        check_dynamic_labels(&self.name, &self.dynamic_labels)?;
        Ok(self.dynamic_labels.iter().map(|(name, limit)| Dimension::capped(name, *limit)).collect())
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

    /// Returns the buckets of a histogram with this definition.
    pub(crate) fn histogram_buckets(&self) -> Result<&'static Buckets, InvalidDefinition> {
        let default = || buckets::default_for(self.unit.unwrap_or(&self.name));
        let bounds = self.buckets.as_deref().unwrap_or_else(default);
        bucket_layouts::get(bounds, self.takes_durations(), self.native)
    }

    /// Returns whether observations are durations, whose sum is exact.
    pub(crate) fn takes_durations(&self) -> bool {
        self.unit == Some("seconds") || self.name.ends_with("_seconds")
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Returns the descriptor of a metric with this definition. Constant labels come before variable ones.
    pub(crate) fn descriptor(&self, metric_type: MetricType, dimensions: &[Dimension]) -> Descriptor {
        let constants = self
            .labels
            .iter()
            .map(|(name, value)| Label::Constant { name: name.clone(), value: value.clone() });
        let labels = constants.chain(dimensions.iter().copied().map(Label::Variable)).collect();
        Descriptor {
            name: self.name.clone(),
            renamed_from: self.renamed_from.clone(),
            help: self.help.clone(),
            unit: self.unit,
            metric_type,
            labels,
            location: self.location,
            module: self.module,
            objective: None,
            quantiles: self.checked_quantiles().unwrap_or_default(),
            bucket_group: (!self.dynamic_labels.is_empty()).then(|| Arc::clone(&self.bucket_group)),
        }
    }
}

/// Native buckets of an attribute or a field.
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
