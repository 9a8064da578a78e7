//! Exemplars from OpenTelemetry spans.

use opentelemetry::{
    Context,
    trace::{SpanContext, TraceContextExt as _},
};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use super::{labels::ExemplarLabels, source::ExemplarSource};

/// A source of exemplars with the `trace_id` and `span_id` of the current sampled span. Needs the feature `tracing-opentelemetry`.
///
/// The span is that of `opentelemetry::Context::current()`, which the layer of `tracing-opentelemetry` keeps for the spans of
/// `tracing`. If the layer does not keep it, the span is `tracing::Span::current()`. A call of an annotated function is counted inside
/// the span of a `#[tracing::instrument]` below its attribute.
///
/// ```no_run
/// use metrics_core::{OpenTelemetrySpans, install_exemplar_source};
///
/// // At the start of `main`, after the subscriber.
/// install_exemplar_source(OpenTelemetrySpans)?;
/// # Ok::<(), metrics_core::SourceInstalled>(())
/// ```
///
/// <https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/#exemplars>
#[derive(Clone, Copy, Debug, Default)]
pub struct OpenTelemetrySpans;

impl ExemplarSource for OpenTelemetrySpans {
    fn current(&self, labels: &mut ExemplarLabels) {
        let is_in_span = Context::map_current(|context| put(context, labels));
        if !is_in_span {
            put(&Span::current().context(), labels);
        }
    }
}

/// Adds the labels of a context's span if it is sampled; returns whether the context has a span.
fn put(context: &Context, labels: &mut ExemplarLabels) -> bool {
    if !context.has_active_span() {
        return false;
    }
    let span = context.span();
    let span: &SpanContext = span.span_context();
    if span.is_valid() && span.is_sampled() {
        labels.push_display("trace_id", span.trace_id());
        labels.push_display("span_id", span.span_id());
    }
    span.is_valid()
}
