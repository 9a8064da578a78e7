//! Exemplars from spans of OpenTelemetry.

use opentelemetry::{
    Context,
    trace::{SpanContext, TraceContextExt as _},
};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use super::{labels::ExemplarLabels, source::ExemplarSource};

/// Takes exemplars from the span that the thread is in, where it is sampled: `trace_id` and `span_id`, as the OpenTelemetry
/// specification names them.
///
/// The span is that of `opentelemetry::Context::current()`, which a layer of `tracing-opentelemetry` keeps for the spans of
/// `tracing`; where a layer does not, it is what that layer knows of `tracing::Span::current()`. An annotated function is
/// counted within the span of a `#[tracing::instrument]` that stands below its attribute.
///
/// ```no_run
/// use metrics_core::{OpenTelemetrySpans, install_exemplar_source};
///
/// // At the start of `main`, beside the subscriber.
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

/// Adds the labels of a context's span where it is sampled; returns whether it has a span.
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
