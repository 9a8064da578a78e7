//! The page as JSON, in the shape of [`Format::Json`](crate::Format::Json).

use std::ops::ControlFlow;

use serde::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeSeq},
};

use super::{
    page_writer::PageWriter,
    view::{
        Family, FamilyView, HistogramView, LabelPair, ReadBuffers, SeriesView, Sum, SummaryView, Value,
        label_pairs,
    },
};
use crate::{encode::write_json, exemplar::Record, model::MetricType};

/// Appends families.
pub(super) fn encode(families: &[Family<'_>], out: &mut PageWriter<'_>) {
    // It fails only if the scraper does not want the rest.
    if write_json(&mut *out, &Page { families: Families(families) }).is_ok() {
        out.push('\n');
    }
}

#[derive(Serialize)]
struct Page<'a> {
    families: Families<'a>,
}

struct Families<'a>(&'a [Family<'a>]);

impl Serialize for Families<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|family| FamilyObject::of(family.view())))
    }
}

#[derive(Serialize)]
struct FamilyObject<'f> {
    name: &'f str,
    #[serde(rename = "type")]
    metric_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'f str>,
    help: &'f str,
    series: SeriesArray<'f>,
}

impl<'f> FamilyObject<'f> {
    fn of(family: FamilyView<'f>) -> Self {
        Self {
            name: family.name,
            metric_type: family.metric_type.map_or("untyped", MetricType::as_str),
            unit: family.unit,
            help: family.help,
            series: SeriesArray(family),
        }
    }
}

/// Series of a family, which are read during serialization.
struct SeriesArray<'f>(FamilyView<'f>);

impl Serialize for SeriesArray<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut array = serializer.serialize_seq(None)?;
        let has_exemplar = self.0.metric_type == Some(MetricType::Counter);
        let mut written = Ok(());
        let _ends_early = self.0.for_each_series(&mut ReadBuffers::default(), |series| {
            written = serialize_series(&mut array, &series, has_exemplar);
            if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        written?;
        array.end()
    }
}

/// Adds the object of a series; a state set has one for each state.
fn serialize_series<A: SerializeSeq>(
    array: &mut A,
    series: &SeriesView<'_, '_>,
    has_exemplar: bool,
) -> Result<(), A::Error> {
    let Value::StateSet(state) = series.value else {
        return array.serialize_element(&SeriesObject { series, has_exemplar });
    };
    for (label, is_current) in state.states() {
        let labels = LabelsObject([series.labels.text(), label]);
        array.serialize_element(&StateObject { labels, value: is_current.into() })?;
    }
    Ok(())
}

#[derive(Serialize)]
struct StateObject<'s> {
    labels: LabelsObject<'s>,
    value: u8,
}

struct SeriesObject<'f, 's> {
    series: &'s SeriesView<'f, 's>,
    has_exemplar: bool,
}

impl Serialize for SeriesObject<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { series, has_exemplar } = *self;
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry("labels", &LabelsObject([series.labels.text(), ""]))?;
        match series.value {
            Value::Count(count) => object.serialize_entry("value", &count)?,
            Value::Integer(value) => object.serialize_entry("value", &value)?,
            Value::Float(value) => object.serialize_entry("value", &Number(value))?,
            Value::Histogram(histogram) => {
                object.serialize_entry("buckets", &BucketArray { series, histogram })?;
                let count = histogram.counts.iter().copied().fold(0, u64::wrapping_add);
                serialize_sum_and_count(&mut object, histogram.sum, count)?;
            }
            Value::Summary(summary) => serialize_summary(&mut object, summary)?,
            Value::StateSet(_) | Value::Nothing => {}
        }
        if has_exemplar && let Some(exemplar) = series.show_exemplar(ExemplarObject::of) {
            object.serialize_entry("exemplar", &exemplar)?;
        }
        object.end()
    }
}

fn serialize_summary<M: SerializeMap>(object: &mut M, summary: SummaryView<'_>) -> Result<(), M::Error> {
    if !summary.quantiles.is_empty() {
        object.serialize_entry("quantiles", &QuantileArray(summary.quantiles))?;
    }
    serialize_sum_and_count(object, summary.sum, summary.count)
}

fn serialize_sum_and_count<M: SerializeMap>(object: &mut M, sum: Sum, count: u64) -> Result<(), M::Error> {
    object.serialize_entry("sum", &Number(sum.as_f64()))?;
    object.serialize_entry("count", &count)
}

/// Labels in one or two texts in the syntax of the text formats.
struct LabelsObject<'s>([&'s str; 2]);

impl Serialize for LabelsObject<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let pairs = self.0.iter().flat_map(|text| label_pairs(text));
        serializer.collect_map(pairs.map(|pair| (pair.name, LabelValue(pair))))
    }
}

struct LabelValue<'s>(LabelPair<'s>);

impl Serialize for LabelValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.has_escapes {
            serializer.collect_str(&self.0)
        } else {
            serializer.serialize_str(self.0.escaped)
        }
    }
}

struct BucketArray<'f, 's> {
    series: &'s SeriesView<'f, 's>,
    histogram: HistogramView<'f, 's>,
}

impl Serialize for BucketArray<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { series, histogram: HistogramView { bounds, counts, .. } } = *self;
        let mut array = serializer.serialize_seq(Some(counts.len()))?;
        let mut count = 0_u64;
        for (bucket, in_bucket) in counts.iter().enumerate() {
            count = count.wrapping_add(*in_bucket);
            let le = Number(bounds.upper(bucket));
            let exemplar = series.show_bucket_exemplar(bounds, bucket, ExemplarObject::of);
            array.serialize_element(&BucketObject { le, count, exemplar })?;
        }
        array.end()
    }
}

#[derive(Serialize)]
struct BucketObject {
    le: Number,
    count: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    exemplar: Option<ExemplarObject>,
}

/// Copy of an exemplar, as a part of the page may be sent during serialization, which must not happen under the exemplar's lock.
#[derive(Serialize)]
struct ExemplarObject {
    labels: ExemplarLabels,
    value: Number,
    /// Seconds since 1970.
    timestamp: f64,
}

struct ExemplarLabels(String);

impl Serialize for ExemplarLabels {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        LabelsObject([&self.0, ""]).serialize(serializer)
    }
}

impl ExemplarObject {
    fn of(exemplar: &Record) -> Self {
        Self {
            labels: ExemplarLabels(exemplar.labels().to_owned()),
            value: Number(exemplar.value),
            timestamp: exemplar.millis as f64 / 1000.0,
        }
    }
}

struct QuantileArray<'s>(&'s [(f64, f64)]);

impl Serialize for QuantileArray<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let object = |(quantile, value): &(f64, f64)| QuantileObject {
            quantile: Number(*quantile),
            value: Number(*value),
        };
        serializer.collect_seq(self.0.iter().map(object))
    }
}

#[derive(Serialize)]
struct QuantileObject {
    quantile: Number,
    value: Number,
}

/// A float, which is written without a fraction if it is whole, and as a string if JSON cannot express it.
#[derive(Clone, Copy)]
struct Number(f64);

/// Largest integer up to which all integers are exact floats.
const MOST_EXACT: f64 = 9_007_199_254_740_992.0;

impl Serialize for Number {
    #[allow(clippy::cast_possible_truncation)] // it is whole and small enough
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(number) = *self;
        if number.is_nan() {
            serializer.serialize_str("NaN")
        } else if number.is_infinite() {
            serializer.serialize_str(if number > 0.0 { "+Inf" } else { "-Inf" })
        } else if number.fract() == 0.0 && number.abs() <= MOST_EXACT && !is_negative_zero(number) {
            serializer.serialize_i64(number as i64)
        } else {
            serializer.serialize_f64(number)
        }
    }
}

/// Returns whether a number is negative zero.
fn is_negative_zero(number: f64) -> bool {
    number == 0.0 && number.is_sign_negative()
}
