//! The metrics server over TLS, with clients of HTTP/1.1 and HTTP/2.
#![cfg(feature = "rustls")]

mod http2;

use std::{
    fs,
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    path::PathBuf,
    process,
    sync::Arc,
};

use actix_web::rt;
use metrics_actix::{MetricsRoute, MetricsServer};
use metrics_core::{Definition, Gauge, Registry};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned, crypto::ring, pki_types::CertificateDer,
};

fn bind() -> MetricsServer {
    MetricsServer::bind("127.0.0.1:0").expect("a free port")
}

/// Folder with a certificate and its key, removed when this is dropped.
struct Files(PathBuf);

impl Files {
    fn new(certificate: &str, key: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("metrics-actix-tls-{}", process::id()));
        fs::create_dir_all(&folder).expect("the directory is there for such files");
        fs::write(folder.join("tls.crt"), certificate).expect("the folder is new");
        fs::write(folder.join("tls.key"), key).expect("the folder is new");
        Self(folder)
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _gone = fs::remove_dir_all(&self.0);
    }
}

fn get(address: SocketAddr, roots: RootCertStore) -> std::io::Result<String> {
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the provider has them")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = "localhost".try_into().expect("it is a name");
    let client = ClientConnection::new(Arc::new(config), name).expect("the configuration is whole");
    let mut stream = StreamOwned::new(client, TcpStream::connect(address)?);
    stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Err(error) if error.kind() != ErrorKind::UnexpectedEof => Err(error),
        _ => Ok(String::from_utf8_lossy(&answer).into_owned()),
    }
}

/// Returns the page for a client that prefers HTTP/2 in the TLS handshake.
fn get_over_http2(address: SocketAddr, root: CertificateDer<'static>) -> String {
    let mut roots = RootCertStore::empty();
    roots.add(root).expect("a root");
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the provider has them")
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    rt::System::new().block_on(async {
        let stream = tokio::net::TcpStream::connect(address).await.expect("it listens");
        let name = "localhost".try_into().expect("it is a name");
        let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
        let stream = connector.connect(name, stream).await.expect("the certificate is known");
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
        let client = http2::Client::new(stream).await;
        let refused = client.call("PUT", "/metrics").await.expect("it is answered");
        assert_eq!((refused.status, refused.header("allow")), (405, Some("GET, HEAD")));
        let answer = client.call("GET", "/metrics").await.expect("it is answered");
        assert_eq!(answer.status, 200);
        String::from_utf8(answer.body).expect("it is text")
    })
}

#[test]
fn metrics_are_served_over_tls() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let files = Files::new(&made.cert.pem(), &made.signing_key.serialize_pem());
    let registry = Registry::new();
    let level: Gauge = registry.register(&Definition::new("level", "Level.")).expect("a new name");
    level.set(6);
    let route = MetricsRoute::new("/metrics").registry(&registry);
    let (crt, key) = (files.0.join("tls.crt"), files.0.join("tls.key"));
    let server = bind().route(route).tls_files(&crt, &key).expect("the files are good");
    let server = server.spawn().expect("it starts");
    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).expect("a root");
    let answer = get(server.address(), roots).expect("the certificate is known");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("level 6\n"), "{answer}");
    get(server.address(), RootCertStore::empty()).expect_err("the certificate is not known");
    let page = get_over_http2(server.address(), made.cert.der().clone());
    assert_eq!(page, "# HELP level Level.\n# TYPE level gauge\nlevel 6\n");
    // Without TLS there is no response.
    let mut plain = TcpStream::connect(server.address()).expect("it listens");
    plain.write_all(b"GET /metrics HTTP/1.1\r\n\r\n").expect("it reads");
    let mut answer = Vec::new();
    let _reset = plain.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP"), "{answer:?}");
    server.stop();
    for (certificates, private) in [(&key, &key), (&crt, &crt), (&files.0.join("none"), &key)] {
        let error = bind().tls_files(certificates, private).expect_err("these are none");
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains("metrics-actix-tls"), "{error}");
    }
}
