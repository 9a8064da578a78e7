//! The name of the service, as a constant label of a registry.

use std::env;

/// Environment variables with the name of the service: that of the Autometrics specification, then that of OpenTelemetry.
const SERVICE_NAME_VARIABLES: [&str; 2] = ["AUTOMETRICS_SERVICE_NAME", "OTEL_SERVICE_NAME"];

/// Returns the name of the service for the constant label `service_name`: that of the environment, or else the default.
///
/// `AUTOMETRICS_SERVICE_NAME` precedes `OTEL_SERVICE_NAME`, as the Autometrics specification 1.0 says; an empty variable counts as
/// unset. One line at the start of `main` labels all metrics, before any other use of the registry:
///
/// ```
/// use metrics_core::{Registry, service_name};
///
/// let registry = Registry::global();
/// registry.constant_labels([("service_name", service_name(env!("CARGO_PKG_NAME")))])?;
/// # Ok::<(), metrics_core::ConstantLabelsError>(())
/// ```
pub fn service_name(default: impl Into<String>) -> String {
    service_name_from(|variable| env::var(variable).ok()).unwrap_or_else(|| default.into())
}

fn service_name_from(variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    SERVICE_NAME_VARIABLES.into_iter().filter_map(variable).find(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::service_name_from;

    #[test]
    fn variables_of_the_service_name_have_an_order() {
        let found = |set: &[(&str, &str)]| {
            service_name_from(|asked| {
                set.iter().find(|(name, _)| *name == asked).map(|(_, value)| (*value).to_owned())
            })
        };
        let (autometrics, otel) = ("AUTOMETRICS_SERVICE_NAME", "OTEL_SERVICE_NAME");
        assert_eq!(found(&[(otel, "b"), (autometrics, "a")]).as_deref(), Some("a"));
        assert_eq!(found(&[(otel, "b")]).as_deref(), Some("b"));
        assert_eq!(found(&[(otel, "b"), (autometrics, "")]).as_deref(), Some("b"));
        assert_eq!(found(&[(otel, "")]), None);
    }
}
