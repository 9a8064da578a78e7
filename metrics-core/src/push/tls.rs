//! TLS of pushes, with rustls and the certificates that the system trusts.

use std::sync::Arc;

use rustls::{
    ClientConfig,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
};
use rustls_platform_verifier::Verifier;

use super::error::PushError;

/// Creates the configuration of a client that also trusts the certificates of some PEM files' contents.
///
/// The cryptography is ring's, and nothing is installed for the process, which may have another.
pub(super) fn client_config(trusted: &[Vec<u8>]) -> Result<ClientConfig, PushError> {
    let invalid = |why: String| PushError::Config(format!("TLS: {why}"));
    let mut certificates: Vec<CertificateDer<'static>> = Vec::new();
    for pem in trusted {
        let before = certificates.len();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate =
                certificate.map_err(|error| invalid(format!("a trusted certificate: {error}")))?;
            certificates.push(certificate);
        }
        if certificates.len() == before {
            return Err(invalid("a text of trusted certificates has none in PEM".into()));
        }
    }
    let provider = Arc::new(ring::default_provider());
    let verifier = verifier(certificates, &provider).map_err(|error| invalid(error.to_string()))?;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| invalid(error.to_string()))?;
    Ok(builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth())
}

#[cfg(any(all(unix, not(target_os = "android")), windows))]
fn verifier(
    certificates: Vec<CertificateDer<'static>>,
    provider: &Arc<rustls::crypto::CryptoProvider>,
) -> Result<Verifier, rustls::Error> {
    if certificates.is_empty() {
        return Verifier::new(Arc::clone(provider));
    }
    Verifier::new_with_extra_roots(certificates, Arc::clone(provider))
}

#[cfg(not(any(all(unix, not(target_os = "android")), windows)))]
fn verifier(
    certificates: Vec<CertificateDer<'static>>,
    provider: &Arc<rustls::crypto::CryptoProvider>,
) -> Result<Verifier, rustls::Error> {
    if certificates.is_empty() {
        return Verifier::new(Arc::clone(provider));
    }
    Err(rustls::Error::General("this platform trusts its own certificates alone".into()))
}
