//! TLS of the metrics server.

use std::{io, path::Path, sync::Arc};

use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};

use super::metrics_server::MetricsServer;

impl MetricsServer {
    /// Serves TLS with a custom configuration, as for client certificates. Needs the feature `rustls`.
    ///
    /// HTTP/2 and HTTP/1.1 are offered beside the configuration's protocols.
    ///
    /// ```
    /// use std::{io::{Read, Write}, net::TcpStream, sync::Arc};
    ///
    /// use metrics_actix::MetricsServer;
    /// use rustls::{
    ///     ClientConfig, ClientConnection, RootCertStore, ServerConfig, StreamOwned, crypto::ring, pki_types::PrivateKeyDer,
    /// };
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let made = rcgen::generate_simple_self_signed(["localhost".to_owned()])?;
    /// let (certificate, key) = (made.cert.der().clone(), made.signing_key.serialize_der());
    /// let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
    ///     .with_safe_default_protocol_versions()?
    ///     .with_no_client_auth()
    ///     .with_single_cert(vec![certificate.clone()], PrivateKeyDer::try_from(key)?)?;
    /// let server = MetricsServer::bind("127.0.0.1:0")?.tls(config).spawn()?;
    ///
    /// let mut roots = RootCertStore::empty();
    /// roots.add(certificate)?;
    /// let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
    ///     .with_safe_default_protocol_versions()?
    ///     .with_root_certificates(roots)
    ///     .with_no_client_auth();
    /// let client = ClientConnection::new(Arc::new(config), "localhost".try_into()?)?;
    /// let mut stream = StreamOwned::new(client, TcpStream::connect(server.address())?);
    /// stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")?;
    /// let mut status = [0; 15];
    /// stream.read_exact(&mut status)?;
    /// assert_eq!(&status, b"HTTP/1.1 200 OK");
    /// # Ok(())
    /// # }
    /// ```
    pub fn tls(mut self, config: ServerConfig) -> Self {
        self.tls = Some(config);
        self
    }

    /// Serves TLS with a certificate chain and a private key, each a PEM file. Needs the feature `rustls`.
    ///
    /// # Errors
    ///
    /// Returns an error that names the file if it cannot be read or is not PEM, and if the key does not fit the certificate.
    ///
    /// ```
    /// use metrics_actix::MetricsServer;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = std::env::temp_dir().join(format!("metrics-actix-example-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// # let made = rcgen::generate_simple_self_signed(["localhost".to_owned()])?;
    /// # std::fs::write(folder.join("tls.crt"), made.cert.pem())?;
    /// # std::fs::write(folder.join("tls.key"), made.signing_key.serialize_pem())?;
    /// let server = MetricsServer::bind("127.0.0.1:0")?.tls_files(folder.join("tls.crt"), folder.join("tls.key"))?;
    /// server.spawn()?.stop();
    ///
    /// let error = MetricsServer::bind("127.0.0.1:0")?.tls_files("nowhere.crt", "nowhere.key").unwrap_err();
    /// assert!(error.to_string().starts_with("nowhere.crt: "));
    /// # std::fs::remove_dir_all(&folder)?;
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
