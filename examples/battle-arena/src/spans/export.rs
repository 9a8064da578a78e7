//! Export of spans.

use metrics_core::{OpenTelemetrySpans, install_exemplar_source};
use opentelemetry::{Key, global::set_text_map_propagator, trace::TracerProvider as _};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::{Resource, propagation::TraceContextPropagator, trace::SdkTracerProvider};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::{
    Layer as _, Registry, filter::Targets, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

use crate::log;

/// Export to the collector.
pub(crate) struct Export(SdkTracerProvider);

impl Export {
    /// Starts the log and the export of all spans, and makes them the source of exemplars.
    ///
    /// The variables of OpenTelemetry configure it: `OTEL_EXPORTER_OTLP_ENDPOINT` (`http://localhost:4318` by default),
    /// `OTEL_TRACES_SAMPLER` and `OTEL_SERVICE_NAME`.
    pub(crate) fn start(service: &'static str) -> Result<Self, String> {
        let exporter = SpanExporter::builder().with_http().with_protocol(Protocol::HttpBinary).build();
        let exporter = exporter.map_err(|error| format!("spans cannot be exported: {error}"))?;
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(resource(service))
            .build();
        let ours = Targets::new().with_target(env!("CARGO_CRATE_NAME"), LevelFilter::INFO);
        let spans = tracing_opentelemetry::layer().with_tracer(provider.tracer("battle-arena"));
        let subscriber = Registry::default().with(spans.with_filter(ours)).with(log::layer()?);
        subscriber.try_init().map_err(|error| error.to_string())?;
        set_text_map_propagator(TraceContextPropagator::new());
        install_exemplar_source(OpenTelemetrySpans).map_err(|error| error.to_string())?;
        Ok(Self(provider))
    }

    /// Exports the remaining spans.
    pub(crate) fn finish(self) {
        if let Err(error) = self.0.shutdown() {
            eprintln!("the last spans are lost: {error}");
        }
    }
}

/// Service name of the spans, unless the environment has one.
fn resource(service: &'static str) -> Resource {
    let told = Resource::builder().build();
    let name = told.get(&Key::from_static_str("service.name")).map(|name| name.to_string());
    if name.is_some_and(|name| !name.starts_with("unknown_service")) {
        return told;
    }
    Resource::builder().with_service_name(service).build()
}
