//! Secrets go to the receiver and nowhere else.

use std::{
    net::TcpListener,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use log::{LevelFilter, Log, Metadata, Record};
use metrics_core::{Job, Push, PushClient, PushError, Pushgateway, Registry};
use tests::scripted_server::{Answer, ScriptedServer};

/// Part of every secret of this test.
const SECRET: &str = "geheim";
const DEADLINE: Duration = Duration::from_secs(60);
const SHORT: Duration = Duration::from_millis(20);

/// Keeps every record of every crate.
struct Records(Mutex<Vec<String>>);

static RECORDS: Records = Records(Mutex::new(Vec::new()));

impl Log for Records {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let text = format!("{} {}", record.target(), record.args());
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(text);
    }

    fn flush(&self) {}
}

fn clients() -> Vec<PushClient> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, "file-geheim\n").unwrap();
    let client = || PushClient::new().no_proxy();
    vec![
        client().basic_auth("user", "p geheim"),
        client().bearer_token("token-geheim"),
        client().bearer_token_file(file.into_temp_path().keep().unwrap()),
        client().header("X-Api-Key", "key-geheim"),
        client(),
    ]
}

fn gateways(address: &str) -> Vec<Pushgateway> {
    let urls = [format!("http://user:geheim@{address}"), format!("http://{address}/?token=geheim")];
    let of_url =
        |url: String| clients().into_iter().map(move |client| Pushgateway::new(&url).job("j").client(client));
    urls.into_iter().flat_map(of_url).collect()
}

#[test]
fn secrets_are_in_no_log_no_error_and_no_debug_text() {
    log::set_logger(&RECORDS).unwrap();
    log::set_max_level(LevelFilter::Trace);
    let closed = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().to_string();
    let mut seen = Vec::new();
    for script in [Answer::status(401), Answer::status(503), Answer::CloseEarly, Answer::CloseInHead] {
        let receiver = ScriptedServer::start([script]);
        for gateway in gateways(&receiver.address().to_string()) {
            seen.push(format!("{gateway:?}"));
            let push = Push::to(gateway.clone()).registry(&Registry::new());
            seen.push(format!("{push:?}"));
            let push = push.start().unwrap();
            let error = push.flush_blocking(SHORT).unwrap_err();
            seen.push(format!("{error} {error:?} {push:?}"));
            let job =
                Job::new("j").push_to(gateway).registry(&Registry::new()).deadline(SHORT).without_signals();
            seen.push(format!("{job:?}"));
            job.run(|| Ok::<_, ()>(())).unwrap();
        }
    }
    for gateway in gateways(&closed) {
        let error =
            Push::to(gateway).registry(&Registry::new()).start().unwrap().flush_blocking(SHORT).unwrap_err();
        seen.push(format!("{error} {error:?}"));
    }
    let proxied = PushClient::new().proxy(format!("http://user:geheim@{closed}"));
    let gateway = Pushgateway::new("http://gateway").job("j").client(proxied);
    seen.push(format!("{gateway:?}"));
    let error =
        Push::to(gateway).registry(&Registry::new()).start().unwrap().flush_blocking(SHORT).unwrap_err();
    seen.push(format!("{error} {error:?}"));
    // What cannot be configured.
    for client in [
        PushClient::new().bearer_token("geheim\n"),
        PushClient::new().basic_auth("a:geheim", "b"),
        PushClient::new().header("X-Key", "geheim\n"),
        PushClient::new().proxy("geheim://geheim"),
        PushClient::new().trust_certificates("geheim"),
    ] {
        let gateway = Pushgateway::new("http://gateway").job("j").client(client);
        let error = Push::to(gateway).registry(&Registry::new()).start().unwrap_err();
        assert!(matches!(&error, PushError::Config(_)), "{error:?}");
        seen.push(format!("{error} {error:?}"));
    }
    seen.extend(RECORDS.0.lock().unwrap_or_else(PoisonError::into_inner).drain(..));
    assert!(seen.len() > 100, "logs are kept: {}", seen.len());
    // `user:geheim` and `user:p geheim` as clients send them.
    for secret in [SECRET, "dXNlcjpnZWhlaW0", "dXNlcjpwIGdlaGVpbQ"] {
        let shown: Vec<_> = seen.iter().filter(|text| text.contains(secret)).collect();
        assert!(shown.is_empty(), "{shown:#?}");
    }
}

#[test]
fn receiver_gets_the_credentials() {
    let receiver = ScriptedServer::start([Answer::status(200)]);
    let push = |gateway: Pushgateway| {
        let push = Push::to(gateway).registry(&Registry::new()).start().unwrap();
        push.flush_blocking(DEADLINE).unwrap();
        receiver.received().last().cloned().unwrap()
    };
    let plain = Pushgateway::new(&receiver.url("")).job("j");
    let requests: Vec<_> = clients().into_iter().map(|client| push(plain.clone().client(client))).collect();
    for (request, (name, expected)) in requests.iter().zip([
        ("authorization", "Basic dXNlcjpwIGdlaGVpbQ=="),
        ("authorization", "Bearer token-geheim"),
        ("authorization", "Bearer file-geheim"),
        ("x-api-key", "key-geheim"),
        ("authorization", ""),
    ]) {
        assert_eq!(request.header(name), expected, "{request:?}");
    }

    let of_url = Pushgateway::new(&format!("http://us%40er:geheim@{}", receiver.address())).job("j");
    let request = push(of_url.clone().client(PushClient::new().no_proxy()));
    assert_eq!(request.header("authorization"), "Basic dXNAZXI6Z2VoZWlt");
    let token = PushClient::new().no_proxy().bearer_token("token");
    assert_eq!(push(of_url.client(token)).header("authorization"), "Bearer token", "it has precedence");
}

#[test]
fn proxy_gets_the_requests() {
    let proxy = ScriptedServer::start([Answer::status(200)]);
    let client = PushClient::new().proxy(format!("http://user:geheim@{}", proxy.address()));
    let gateway = Pushgateway::new("http://gateway.invalid:9091").job("j").client(client);
    let push = Push::to(gateway).registry(&Registry::new()).start().unwrap();
    push.flush_blocking(DEADLINE).unwrap();
    let request = proxy.received().remove(0);
    assert_eq!(request.line, "PUT http://gateway.invalid:9091/metrics/job/j HTTP/1.1");
    assert_eq!(request.header("proxy-authorization"), "Basic dXNlcjpnZWhlaW0=");
}
