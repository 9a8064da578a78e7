//! A websocket over TCP.

mod listening;
mod scraper;
mod service;

use std::io::Read;

use actix_http::ws::{OpCode, Parser, handshake};
use actix_web::{
    App, Error, HttpRequest, HttpResponse, HttpServer,
    body::{BodyStream, BoxBody},
    web::{self, BytesMut},
};
use futures_util::{StreamExt, stream};
use listening::{Server, serve};
use metrics_actix::HttpMetrics;
use scraper::Connection;
use service::expected;

/// Websocket that echoes texts, and closes on request.
async fn socket(request: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Error> {
    let mut response = handshake(request.head())?;
    let frames =
        stream::unfold((payload, BytesMut::new(), false), |(mut payload, mut read, ended)| async move {
            if ended {
                return None;
            }
            loop {
                match Parser::parse(&mut read, true, 1 << 16) {
                    Ok(Some((_, OpCode::Text, text))) => {
                        let mut frame = BytesMut::new();
                        Parser::write_message(
                            &mut frame,
                            text.unwrap_or_default(),
                            OpCode::Text,
                            true,
                            false,
                        );
                        return Some((Ok::<_, Error>(frame.freeze()), (payload, read, false)));
                    }
                    Ok(Some((_, OpCode::Close, _))) => {
                        let mut frame = BytesMut::new();
                        Parser::write_close(&mut frame, None, false);
                        return Some((Ok(frame.freeze()), (payload, read, true)));
                    }
                    Ok(Some(_)) => {}
                    Ok(None) => read.extend_from_slice(&payload.next().await?.ok()?),
                    Err(error) => return Some((Err(error.into()), (payload, read, true))),
                }
            }
        });
    Ok(response.message_body(BoxBody::new(BodyStream::new(Box::pin(frames))))?.into())
}

/// Opens a websocket.
fn shake_hands(server: &Server) -> Connection {
    let mut connection = Connection::to(server.address);
    let headers = [
        ("Connection", "Upgrade"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    connection.send("GET", "/socket/7", &headers);
    let head = connection.head();
    assert_eq!((head.status, head.get("sec-websocket-accept")), (101, Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")));
    connection
}

/// Sends a frame, and reads one with a payload of the same length.
fn send_frame(connection: &mut Connection, kind: u8, text: &[u8]) -> Vec<u8> {
    let length = u8::try_from(text.len()).expect("a short text");
    let head = [0x80 | kind, 0x80 | length, 0, 0, 0, 0];
    connection.send_raw(&[&head, text].concat());
    let mut frame = vec![0; 2 + text.len()];
    connection.0.read_exact(&mut frame).expect("a frame comes");
    frame
}

#[test]
fn websocket_is_in_flight_until_either_side_closes_it() {
    let server = serve!(|registry| HttpServer::new(move || {
        let http = HttpMetrics::new().registry(&registry);
        App::new().wrap(http).route("/socket/{room}", web::get().to(socket))
    }));
    // Without a handshake it is an ordinary request.
    let mut plain = Connection::to(server.address);
    plain.send("GET", "/socket/7", &[]);
    assert_eq!(plain.answer("GET").status(), 400);
    let during = |sockets: u32, ended: &[(u16, u64)]| {
        let mut samples = expected(&[("GET", "/socket/{room}", ended)]);
        for sample in &mut samples {
            if sample.starts_with("http_requests_in_progress") {
                *sample = format!(
                    "http_requests_in_progress{{method=\"GET\",endpoint=\"/socket/{{room}}\"}} {sockets}"
                );
            }
        }
        samples
    };
    let mut sockets = [(); 3].map(|()| shake_hands(&server));
    server.expect(&during(3, &[(400, 1)]));
    for socket in &mut sockets {
        for text in [&b"hello"[..], b"again"] {
            assert_eq!(send_frame(socket, 1, text), [&[0x81, 5], text].concat());
        }
    }
    server.expect(&during(3, &[(400, 1)]));
    let [mut closing, going, mut wrong] = sockets;
    assert_eq!(send_frame(&mut closing, 8, b""), [0x88, 0]);
    server.expect(&during(2, &[(101, 1), (400, 1)]));
    drop(going);
    server.expect(&during(1, &[(101, 2), (400, 1)]));
    // A frame without a mask is an error of the client, and the stream of the server fails.
    wrong.send_raw(&[0x81, 1, b'x']);
    let mut end = Vec::new();
    let _reset = wrong.0.read_to_end(&mut end);
    server.expect(&during(0, &[(101, 3), (400, 1)]));
}
