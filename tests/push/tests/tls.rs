//! Pushes over TLS, to receivers with certificates of the test's own.

use std::{
    io::{self, BufRead, BufReader, Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    thread,
    time::Duration,
};

use metrics_core::{Push, PushClient, PushError, Pushgateway, Registry};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    crypto::ring,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};

const DEADLINE: Duration = Duration::from_secs(60);

/// A receiver that accepts every push, with a certificate for a name.
struct TlsReceiver {
    address: SocketAddr,
    certificate: String,
    pushes: Arc<AtomicUsize>,
}

impl TlsReceiver {
    fn start(name: &str) -> Self {
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed([name.to_owned()]).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .unwrap();
        let (config, pushes) = (Arc::new(config), Arc::new(AtomicUsize::new(0)));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let counted = Arc::clone(&pushes);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if answer(&config, client).is_ok() {
                    counted.fetch_add(1, SeqCst);
                }
            }
        });
        Self { address, certificate: cert.pem(), pushes }
    }

    fn push(&self, client: PushClient, deadline: Duration) -> Result<(), PushError> {
        self.push_by(client.no_proxy(), deadline)
    }

    fn push_by(&self, client: PushClient, deadline: Duration) -> Result<(), PushError> {
        let gateway = Pushgateway::new(&format!("https://localhost:{}", self.address.port())).job("j");
        let push = Push::to(gateway.client(client)).registry(&Registry::new());
        push.backoff(Duration::ZERO, Duration::from_millis(1)).start()?.flush_blocking(deadline)
    }
}

fn answer(config: &Arc<ServerConfig>, client: TcpStream) -> io::Result<()> {
    let connection = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
    let mut stream = BufReader::new(StreamOwned::new(connection, client));
    let mut length = 0;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().map_err(io::Error::other)?;
        }
        if line == "\r\n" {
            break;
        }
    }
    stream.read_exact(&mut vec![0; length])?;
    let stream = stream.get_mut();
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")?;
    stream.conn.send_close_notify();
    stream.flush()
}

/// Starts a proxy that makes one connection. It ends with the head of the request.
fn start_proxy() -> (SocketAddr, thread::JoinHandle<String>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let proxy = thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(client.try_clone().unwrap());
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert!(reader.read_line(&mut head).unwrap() > 0, "the end of {head}");
        }
        let receiver = head.split(' ').nth(1).unwrap();
        let mut receiver = TcpStream::connect(receiver.replace("localhost", "127.0.0.1")).unwrap();
        let mut to_receiver = receiver.try_clone().unwrap();
        client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        thread::spawn(move || drop(io::copy(&mut reader, &mut to_receiver)));
        // Either side may end it.
        drop(io::copy(&mut receiver, &mut client));
        head
    });
    (address, proxy)
}

#[test]
fn proxy_is_asked_for_a_tunnel() {
    let receiver = TlsReceiver::start("localhost");
    let (address, proxy) = start_proxy();
    let client = PushClient::new()
        .bearer_token("of the receiver")
        .proxy(format!("http://user:geheim@{address}"))
        .trust_certificates(&*receiver.certificate);
    receiver.push_by(client, DEADLINE).unwrap();
    assert_eq!(receiver.pushes.load(SeqCst), 1);
    let head = proxy.join().unwrap().to_lowercase();
    assert!(
        head.starts_with(&format!("connect localhost:{} http/1.1\r\n", receiver.address.port())),
        "{head}"
    );
    assert!(head.contains("\r\nproxy-authorization: basic dxnlcjpnzwhlaw0=\r\n"), "{head}");
    assert!(!head.contains("\r\nauthorization"), "{head}");
}

#[test]
fn trusted_receiver_gets_the_push() {
    let receiver = TlsReceiver::start("localhost");
    let client = PushClient::new().trust_certificates(&*receiver.certificate);
    receiver.push(client, DEADLINE).unwrap();
    assert_eq!(receiver.pushes.load(SeqCst), 1);
}

#[test]
fn other_receivers_get_nothing() {
    let (known, of_other_name) = (TlsReceiver::start("localhost"), TlsReceiver::start("elsewhere.test"));
    let clients = [
        (&known, PushClient::new()),
        (&known, PushClient::new().trust_certificates(&*of_other_name.certificate)),
        (&of_other_name, PushClient::new().trust_certificates(&*of_other_name.certificate)),
    ];
    for (receiver, client) in clients {
        let error = receiver.push(client, Duration::from_millis(500)).unwrap_err();
        assert!(matches!(&error, PushError::Deadline(_)), "{error:?}");
        assert_eq!(receiver.pushes.load(SeqCst), 0);
    }
}
