//! Metrics over TLS.

use std::{io, path::Path, sync::Arc};

use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};

use super::MetricsServer;

impl MetricsServer {
    /// Speaks TLS with a configuration of one's own, as for clients with certificates. Needs the feature `rustls`.
    pub fn tls(mut self, config: ServerConfig) -> Self {
        self.tls = Some(config);
        self
    }

    /// Speaks TLS with a chain of certificates and a key, each a file in PEM. Needs the feature `rustls`.
    ///
    /// # Errors
    ///
    /// Where a file cannot be read or is something else, and where the key is not the certificate's.
    ///
    /// ```no_run
    /// use metrics_actix::MetricsServer;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let server = MetricsServer::bind("0.0.0.0:9464")?.tls_files("/etc/tls/tls.crt", "/etc/tls/tls.key")?;
    /// let server = server.spawn()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn tls_files(self, certificates: impl AsRef<Path>, key: impl AsRef<Path>) -> io::Result<Self> {
        let (certificates, key) = (certificates.as_ref(), key.as_ref());
        let explain = |path: &Path, why: &dyn std::fmt::Display| {
            io::Error::new(io::ErrorKind::InvalidInput, format!("{}: {why}", path.display()))
        };
        let chain = CertificateDer::pem_file_iter(certificates)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|error| explain(certificates, &error))?;
        let private = PrivateKeyDer::from_pem_file(key).map_err(|error| explain(key, &error))?;
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|config| config.with_no_client_auth().with_single_cert(chain, private))
            .map_err(|error| explain(certificates, &error))?;
        Ok(self.tls(config))
    }
}
