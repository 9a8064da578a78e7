//! Operations within a span of OpenTelemetry; the figures include the tracer's look-up of the current span.

use metrics_core::{OpenTelemetrySpans, install_exemplar_source};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use tracing::{info_span, subscriber::with_default};
use tracing_subscriber::{Registry, layer::SubscriberExt as _};

/// Runs a closure within a sampled or unsampled span.
pub(crate) fn within(is_sampled: bool, work: impl FnOnce()) {
    install_exemplar_source(OpenTelemetrySpans).expect("there is none before");
    let sampler = if is_sampled { Sampler::AlwaysOn } else { Sampler::AlwaysOff };
    let provider = SdkTracerProvider::builder().with_sampler(sampler).build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("instructions"));
    with_default(Registry::default().with(layer), || info_span!("operations").in_scope(work));
}
