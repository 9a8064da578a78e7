//! A collector of spans that arrive by OTLP over HTTP.
//!
//! <https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto>

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use prost::{Message, Oneof};

pub(crate) const SERVER: i32 = 2;
pub(crate) const CLIENT: i32 = 3;
pub(crate) const ERROR: i32 = 2;

#[derive(Clone, PartialEq, Message)]
struct Export {
    #[prost(message, repeated, tag = "1")]
    resources: Vec<ResourceSpans>,
}

#[derive(Clone, PartialEq, Message)]
struct ResourceSpans {
    #[prost(message, optional, tag = "1")]
    resource: Option<Resource>,
    #[prost(message, repeated, tag = "2")]
    scopes: Vec<ScopeSpans>,
}

#[derive(Clone, PartialEq, Message)]
struct Resource {
    #[prost(message, repeated, tag = "1")]
    attributes: Vec<Attribute>,
}

#[derive(Clone, PartialEq, Message)]
struct ScopeSpans {
    #[prost(message, repeated, tag = "2")]
    spans: Vec<Span>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Span {
    #[prost(bytes = "vec", tag = "1")]
    trace: Vec<u8>,
    #[prost(bytes = "vec", tag = "2")]
    id: Vec<u8>,
    #[prost(bytes = "vec", tag = "4")]
    parent: Vec<u8>,
    #[prost(string, tag = "5")]
    pub(crate) name: String,
    #[prost(int32, tag = "6")]
    pub(crate) kind: i32,
    #[prost(message, repeated, tag = "9")]
    attributes: Vec<Attribute>,
    #[prost(message, repeated, tag = "11")]
    pub(crate) events: Vec<Event>,
    #[prost(message, optional, tag = "15")]
    status: Option<Status>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Event {
    #[prost(string, tag = "2")]
    pub(crate) name: String,
    #[prost(message, repeated, tag = "3")]
    attributes: Vec<Attribute>,
}

#[derive(Clone, PartialEq, Message)]
struct Status {
    #[prost(int32, tag = "3")]
    code: i32,
}

#[derive(Clone, PartialEq, Message)]
struct Attribute {
    #[prost(string, tag = "1")]
    key: String,
    #[prost(message, optional, tag = "2")]
    value: Option<AnyValue>,
}

#[derive(Clone, PartialEq, Message)]
struct AnyValue {
    #[prost(oneof = "Value", tags = "1, 2, 3, 4")]
    value: Option<Value>,
}

#[derive(Clone, PartialEq, Oneof)]
pub(crate) enum Value {
    #[prost(string, tag = "1")]
    Text(String),
    #[prost(bool, tag = "2")]
    Bool(bool),
    #[prost(int64, tag = "3")]
    Int(i64),
    #[prost(double, tag = "4")]
    Double(f64),
}

fn find<'a>(attributes: &'a [Attribute], key: &str) -> Option<&'a Value> {
    attributes.iter().find(|attribute| attribute.key == key)?.value.as_ref()?.value.as_ref()
}

fn text<'a>(attributes: &'a [Attribute], key: &str) -> Option<&'a str> {
    match find(attributes, key)? {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

impl Span {
    pub(crate) fn attribute(&self, key: &str) -> Option<&Value> {
        find(&self.attributes, key)
    }

    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        text(&self.attributes, key)
    }

    pub(crate) fn status(&self) -> i32 {
        self.status.as_ref().map_or(0, |status| status.code)
    }

    pub(crate) fn is_root(&self) -> bool {
        self.parent.is_empty()
    }

    /// The trace's and its own number, as exemplars have them.
    pub(crate) fn ids(&self) -> (String, String) {
        let trace = u128::from_be_bytes(self.trace.as_slice().try_into().expect("16 bytes"));
        let id = u64::from_be_bytes(self.id.as_slice().try_into().expect("8 bytes"));
        (format!("{trace:032x}"), format!("{id:016x}"))
    }
}

/// The spans that were received, each with the service that sent it.
pub(crate) struct Spans(pub(crate) Vec<(String, Span)>);

impl Spans {
    pub(crate) fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Span> {
        self.0.iter().map(|(_, span)| span).filter(move |span| span.name == name)
    }

    /// The parent, and who sent it.
    #[track_caller]
    pub(crate) fn parent(&self, of: &Span) -> (&str, &Span) {
        let is_parent = |span: &Span| span.id == of.parent && span.trace == of.trace;
        let found = self.0.iter().find(|(_, span)| is_parent(span));
        let (service, span) = found.unwrap_or_else(|| panic!("the parent of {of:?} was not received"));
        (service, span)
    }

    pub(crate) fn children<'a>(&'a self, of: &'a Span) -> Vec<&'a Span> {
        let is_child = |span: &&Span| span.parent == of.id && span.trace == of.trace;
        self.0.iter().map(|(_, span)| span).filter(is_child).collect()
    }
}

/// A collector; it runs as long as the test.
pub(crate) struct Collector {
    address: SocketAddr,
    spans: Arc<Mutex<Vec<(String, Span)>>>,
}

impl Collector {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let spans: Arc<Mutex<Vec<_>>> = Arc::default();
        let received = Arc::clone(&spans);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let export = receive(stream);
                received.lock().expect("no panic").extend(spans_of(export));
            }
        });
        Self { address, spans }
    }

    /// Returns the value for `OTEL_EXPORTER_OTLP_ENDPOINT`.
    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the spans received so far.
    pub(crate) fn spans(&self) -> Spans {
        Spans(self.spans.lock().expect("no panic").clone())
    }
}

/// Reads one request and answers that it was taken.
fn receive(stream: TcpStream) -> Export {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).expect("a request");
    assert_eq!(line, "POST /v1/traces HTTP/1.1\r\n");
    let (mut length, mut content_type) = (0, String::new());
    loop {
        line.clear();
        reader.read_line(&mut line).expect("a field");
        let Some((name, value)) = line.trim().split_once(':') else { break };
        match name.to_lowercase().as_str() {
            "content-length" => length = value.trim().parse().expect("a length"),
            "content-type" => value.trim().clone_into(&mut content_type),
            _ => {}
        }
    }
    assert_eq!(content_type, "application/x-protobuf");
    let mut content = vec![0; length];
    reader.read_exact(&mut content).expect("the content");
    let answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    reader.get_mut().write_all(answer).expect("the answer");
    Export::decode(content.as_slice()).expect("an export of spans")
}

fn spans_of(export: Export) -> Vec<(String, Span)> {
    let mut spans = Vec::new();
    for ResourceSpans { resource, scopes } in export.resources {
        let attributes = resource.map(|resource| resource.attributes).unwrap_or_default();
        let service = text(&attributes, "service.name").expect("a service").to_owned();
        let of_scopes = scopes.into_iter().flat_map(|scope| scope.spans);
        spans.extend(of_scopes.map(|span| (service.clone(), span)));
    }
    spans
}
