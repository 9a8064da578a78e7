//! Options from the variables that OpenTelemetry defines for exporters.
//!
//! <https://opentelemetry.io/docs/specs/otel/protocol/exporter/> and
//! <https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/>

use std::{env, time::Duration};

use percent_encoding::percent_decode_str;

use super::{Compression, Otlp, Temporality};
use crate::push::{client::PushClient, error::PushError};

/// Endpoint without a variable.
const DEFAULT_ENDPOINT: &str = "http://localhost:4318";

impl Otlp {
    /// Reads the receiver and all options from the variables of OpenTelemetry.
    ///
    /// | variable | default |
    /// |---|---|
    /// | `OTEL_EXPORTER_OTLP_ENDPOINT` | `http://localhost:4318`; `/v1/metrics` is appended |
    /// | `OTEL_EXPORTER_OTLP_METRICS_ENDPOINT` | none; it is the whole URL |
    /// | `OTEL_EXPORTER_OTLP_HEADERS` | none; `key1=value1,key2=value2`, percent-encoded |
    /// | `OTEL_EXPORTER_OTLP_TIMEOUT` | 10000, in milliseconds |
    /// | `OTEL_EXPORTER_OTLP_COMPRESSION` | `none`; `gzip` |
    /// | `OTEL_EXPORTER_OTLP_PROTOCOL` | `http/protobuf`; nothing else is known |
    /// | `OTEL_EXPORTER_OTLP_CERTIFICATE` | none; with the feature `push-tls` |
    /// | `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE` | `cumulative`; `delta` or `lowmemory` |
    /// | `OTEL_RESOURCE_ATTRIBUTES` | none; `key1=value1,key2=value2` |
    /// | `OTEL_SERVICE_NAME` | `unknown_service:` and the name of the program |
    ///
    /// A variable with `_METRICS` after `OTLP` wins over that for all signals.
    ///
    /// # Errors
    ///
    /// [`PushError::Config`] with the name of a variable whose value is invalid.
    pub fn from_env() -> Result<Self, PushError> {
        Environment(&|name| env::var(name).ok()).read().map_err(PushError::Config)
    }
}

/// Reader of variables. Empty ones count as unset.
struct Environment<'a>(&'a dyn Fn(&str) -> Option<String>);

impl Environment<'_> {
    /// Returns the options of all variables.
    ///
    /// # Errors
    ///
    /// Returns the name of the first variable with an invalid value; the value may be a secret.
    fn read(&self) -> Result<Otlp, String> {
        if let Some(protocol) = self.of_signal("PROTOCOL")
            && protocol != "http/protobuf"
        {
            return Err(format!(
                "`OTEL_EXPORTER_OTLP_PROTOCOL` is `{protocol}`, only `http/protobuf` is known"
            ));
        }
        let mut otlp = match self.get("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT") {
            Some(url) => Otlp::with_metrics_url(&url),
            None => Otlp::new(&self.get("OTEL_EXPORTER_OTLP_ENDPOINT").unwrap_or(DEFAULT_ENDPOINT.into())),
        };
        otlp.client = self.client(otlp.client)?;
        if let Some(compression) = self.of_signal("COMPRESSION") {
            otlp.compression = match compression.as_str() {
                "gzip" => Compression::Gzip,
                "none" => Compression::None,
                _ => return Err("`OTEL_EXPORTER_OTLP_COMPRESSION` must be `gzip` or `none`".into()),
            };
        }
        if let Some(preference) = self.get("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE") {
            otlp.temporality = match preference.to_ascii_lowercase().as_str() {
                "cumulative" => Temporality::Cumulative,
                "delta" | "lowmemory" => Temporality::Delta,
                _ => {
                    let known = "`cumulative`, `delta` or `lowmemory`";
                    return Err(format!(
                        "`OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE` must be {known}"
                    ));
                }
            };
        }
        for (key, value) in self.pairs("OTEL_RESOURCE_ATTRIBUTES")? {
            otlp = otlp.resource(key, value);
        }
        if let Some(name) = self.get("OTEL_SERVICE_NAME") {
            otlp = otlp.service_name(name);
        }
        Ok(otlp)
    }

    fn client(&self, mut client: PushClient) -> Result<PushClient, String> {
        let headers = match self.get("OTEL_EXPORTER_OTLP_METRICS_HEADERS") {
            Some(_) => "OTEL_EXPORTER_OTLP_METRICS_HEADERS",
            None => "OTEL_EXPORTER_OTLP_HEADERS",
        };
        for (name, value) in self.pairs(headers)? {
            client = client.header(name, value);
        }
        if let Some(timeout) = self.of_signal("TIMEOUT") {
            let millis = timeout.parse::<u64>().ok().filter(|millis| *millis > 0);
            let millis = millis.ok_or("`OTEL_EXPORTER_OTLP_TIMEOUT` must be a number of milliseconds")?;
            client = client.timeout(Duration::from_millis(millis));
        }
        #[cfg(feature = "push-tls")]
        if let Some(path) = self.of_signal("CERTIFICATE") {
            let pem = std::fs::read(&path).map_err(|error| {
                format!("the file of `OTEL_EXPORTER_OTLP_CERTIFICATE` cannot be read: {error}")
            })?;
            client = client.trust_certificates(pem);
        }
        Ok(client)
    }

    fn get(&self, name: &str) -> Option<String> {
        (self.0)(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// Returns the value for metrics, or that for all signals.
    fn of_signal(&self, option: &str) -> Option<String> {
        self.get(&format!("OTEL_EXPORTER_OTLP_METRICS_{option}"))
            .or_else(|| self.get(&format!("OTEL_EXPORTER_OTLP_{option}")))
    }

    /// Returns a list as `key1=value1,key2=value2`, whose values are percent-encoded.
    fn pairs(&self, name: &str) -> Result<Vec<(String, String)>, String> {
        let list = self.get(name).unwrap_or_default();
        let entries = list.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        let decode = |text: &str| percent_decode_str(text.trim()).decode_utf8_lossy().into_owned();
        entries
            .map(|entry| {
                let (key, value) =
                    entry.split_once('=').ok_or_else(|| format!("`{name}` must be a list of `key=value`"))?;
                Ok((decode(key), decode(value)))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Otlp, String> {
        let get = |name: &str| {
            let found = variables.iter().find(|(key, _)| name == format!("OTEL_{key}"));
            found.map(|(_, value)| (*value).to_owned())
        };
        Environment(&get).read()
    }

    fn uri(variables: &[(&str, &str)]) -> String {
        read(variables).unwrap().url.to_uri().unwrap().to_string()
    }

    #[test]
    fn endpoints() {
        assert_eq!(uri(&[]), "http://localhost:4318/v1/metrics");
        let base = ("EXPORTER_OTLP_ENDPOINT", "http://collector:4318/base/");
        assert_eq!(uri(&[base]), "http://collector:4318/base/v1/metrics");
        let whole = ("EXPORTER_OTLP_METRICS_ENDPOINT", "http://other/otlp");
        assert_eq!(uri(&[base, whole]), "http://other/otlp");
        assert_eq!(uri(&[base, ("EXPORTER_OTLP_METRICS_ENDPOINT", " ")]), uri(&[base]));
    }

    #[test]
    fn options() {
        let otlp = read(&[
            ("EXPORTER_OTLP_HEADERS", "ignored=1"),
            ("EXPORTER_OTLP_METRICS_HEADERS", "api-key=geheim%3D1, x = y"),
            ("EXPORTER_OTLP_TIMEOUT", "1500"),
            ("EXPORTER_OTLP_COMPRESSION", "none"),
            ("EXPORTER_OTLP_METRICS_COMPRESSION", "gzip"),
            ("EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "DELTA"),
            ("RESOURCE_ATTRIBUTES", "service.name=other,zone=a%2Cb"),
            ("SERVICE_NAME", "arena"),
        ])
        .unwrap();
        assert_eq!((otlp.temporality, otlp.compression), (Temporality::Delta, Compression::Gzip));
        let resource =
            [("service.name", "arena"), ("zone", "a,b")].map(|(key, value)| (key.into(), value.into()));
        assert_eq!(otlp.resource, BTreeMap::from(resource));
        let client = format!("{:?}", otlp.client);
        assert!(
            client.contains("api-key") && client.contains("\"x\"") && client.contains("1.5s"),
            "{client}"
        );
        assert!(!client.contains("geheim") && !client.contains("ignored"), "{client}");
    }

    #[test]
    fn invalid_values() {
        for (name, value) in [
            ("EXPORTER_OTLP_PROTOCOL", "grpc"),
            ("EXPORTER_OTLP_METRICS_PROTOCOL", "http/json"),
            ("EXPORTER_OTLP_COMPRESSION", "zstd"),
            ("EXPORTER_OTLP_TIMEOUT", "10s"),
            ("EXPORTER_OTLP_TIMEOUT", "0"),
            ("EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "both"),
            ("EXPORTER_OTLP_HEADERS", "geheim"),
        ] {
            let error = read(&[(name, value)]).unwrap_err();
            assert!(error.contains("OTEL_") && !error.contains("geheim"), "{error}");
        }
    }
}
