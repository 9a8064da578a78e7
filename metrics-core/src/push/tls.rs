//! TLS of pushes, with the system's library and the certificates that it trusts.

use native_tls::{Certificate, TlsConnector};

use super::error::PushError;

/// Creates the TLS of a client that also trusts the certificates of some PEM files' contents.
pub(super) fn connector(trusted: &[Vec<u8>]) -> Result<TlsConnector, PushError> {
    let invalid = |why: &str| PushError::Config(format!("TLS: {why}"));
    let mut builder = TlsConnector::builder();
    for pem in trusted {
        let certificates = Certificate::stack_from_pem(pem)
            .map_err(|error| invalid(&format!("a trusted certificate: {error}")))?;
        if certificates.is_empty() {
            return Err(invalid("a text of trusted certificates has none in PEM"));
        }
        for certificate in certificates {
            builder.add_root_certificate(certificate);
        }
    }
    builder.build().map_err(|error| invalid(&error.to_string()))
}
