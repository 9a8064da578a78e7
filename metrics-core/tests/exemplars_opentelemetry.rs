//! Exemplars from the spans of a `tracing` subscriber.

#![cfg(feature = "enabled")]

use std::{
    future::Future as _,
    pin::pin,
    sync::LazyLock,
    task::{self, Poll, Waker},
};

use metrics_core::{Counter, Definition, OpenTelemetrySpans, Registry, counted, install_exemplar_source};
use opentelemetry::{
    Context, KeyValue,
    trace::{Link, SpanKind, TraceContextExt as _, TraceId, TracerProvider as _},
};
use opentelemetry_sdk::trace::{SamplingDecision, SamplingResult, SdkTracerProvider, ShouldSample};
use tracing::{info_span, subscriber::with_default};
use tracing_subscriber::{Registry as Subscriber, layer::SubscriberExt as _};

/// Samples all spans but those of one name.
#[derive(Clone, Debug)]
struct ButDull;

impl ShouldSample for ButDull {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        _: TraceId,
        name: &str,
        _: &SpanKind,
        _: &[KeyValue],
        _: &[Link],
    ) -> SamplingResult {
        let decision =
            if name == "dull" { SamplingDecision::Drop } else { SamplingDecision::RecordAndSample };
        let trace_state = parent.map(|parent| parent.span().span_context().trace_state().clone());
        SamplingResult { decision, attributes: Vec::new(), trace_state: trace_state.unwrap_or_default() }
    }
}

/// Runs a function with a subscriber that keeps the current context, or does not.
fn traced(context_activation: bool, work: impl FnOnce()) {
    static SOURCE: LazyLock<()> = LazyLock::new(|| install_exemplar_source(OpenTelemetrySpans).unwrap());
    LazyLock::force(&SOURCE);
    let provider = SdkTracerProvider::builder().with_sampler(ButDull).build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("tests"));
    let layer = layer.with_context_activation(context_activation);
    with_default(Subscriber::default().with(layer), work);
}

/// Returns the labels of the only exemplar on the page.
fn exemplar(page: &str) -> Option<String> {
    let mut found = page.lines().filter_map(|line| line.split_once(" # {")?.1.split_once('}'));
    let labels = found.next().map(|(labels, _)| labels.to_owned());
    assert!(found.next().is_none(), "{page}");
    labels
}

fn jobs(registry: &Registry) -> Counter {
    registry.register(&Definition::new("jobs_total", "Jobs.")).unwrap()
}

#[test]
fn ids_of_the_sampled_span() {
    for context_activation in [true, false] {
        traced(context_activation, || {
            let registry = Registry::new();
            let jobs = jobs(&registry);
            jobs.inc();
            info_span!("dull").in_scope(|| jobs.inc());
            assert_eq!(exemplar(&registry.open_metrics()), None);
            let outer = info_span!("outer");
            let inner = outer.in_scope(|| info_span!("inner"));
            let labels = || {
                use tracing_opentelemetry::OpenTelemetrySpanExt as _;
                let context = tracing::Span::current().context();
                let span = context.span().span_context().clone();
                format!("trace_id=\"{}\",span_id=\"{}\"", span.trace_id(), span.span_id())
            };
            let expected = inner.in_scope(|| {
                jobs.inc();
                labels()
            });
            assert_eq!(exemplar(&registry.open_metrics()), Some(expected.clone()));
            assert_eq!(expected.len(), "trace_id=\"\",span_id=\"\"".len() + 32 + 16);
            let outside = outer.in_scope(|| {
                jobs.inc();
                labels()
            });
            assert_ne!(expected, outside);
            assert_eq!(exemplar(&registry.open_metrics()), Some(outside));
        });
    }
}

#[counted(name = "answers_total", help = "Answers.")]
#[tracing::instrument]
fn answer() -> u32 {
    42
}

#[counted(name = "late_answers_total", help = "Answers.")]
#[tracing::instrument]
async fn answer_late() -> u32 {
    std::future::ready(42).await
}

#[tracing::instrument]
#[counted(name = "outer_answers_total", help = "Answers.")]
fn answer_outside() -> u32 {
    42
}

#[test]
fn span_below_the_attribute() {
    traced(true, || {
        assert_eq!(answer(), 42);
        let answer = pin!(answer_late()).poll(&mut task::Context::from_waker(Waker::noop()));
        assert_eq!(answer, Poll::Ready(42));
        assert_eq!(answer_outside(), 42);
    });
    let page = Registry::global().open_metrics();
    for (name, has_exemplar) in
        [("answers_total 1", true), ("late_answers_total 1", true), ("outer_answers_total 1", false)]
    {
        let line = page.lines().find(|line| line.starts_with(name)).unwrap();
        assert_eq!(line.contains(" # {trace_id=\""), has_exemplar, "{line}");
    }
}
