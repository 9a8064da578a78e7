//! The endpoint without a web framework and without an async runtime.

use std::{
    fs,
    future::Future,
    io::Write as _,
    path::PathBuf,
    pin::pin,
    process,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
    time::Duration,
};

use http::Request;
use http_body::Body as _;
use metrics_core::{
    Bounded, Counter, Definition, EndpointBody, EndpointRequest, Family, LabelSet, MetricsEndpoint, Registry,
};

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Runs a future on this thread.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

/// Returns the status of the response to a request with a token.
fn status(endpoint: &MetricsEndpoint, token: &str) -> u16 {
    let request =
        Request::get("/metrics").header("authorization", format!("Bearer {token}")).body(()).unwrap();
    block_on(endpoint.respond(EndpointRequest::new(&request))).status().as_u16()
}

/// Returns a path in the folder for temporary files.
fn temporary(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("metrics-core-{name}-{}", process::id()))
}

/// Reads a body; returns its content, and true if it ended without an error.
fn read(mut body: EndpointBody) -> (Vec<u8>, bool) {
    let mut content = Vec::new();
    loop {
        let frame = block_on(std::future::poll_fn(|context| pin!(&mut body).poll_frame(context)));
        match frame {
            None => return (content, true),
            Some(Ok(frame)) => content.extend(frame.into_data().expect("all frames are data")),
            Some(Err(_)) => return (content, false),
        }
    }
}

#[test]
fn token_file_is_read_again() {
    let path = temporary("token");
    fs::write(&path, " first\n").unwrap();
    let endpoint = MetricsEndpoint::new("/metrics").registry(&Registry::new()).bearer_token_file(&path);
    assert_eq!((status(&endpoint, "first"), status(&endpoint, "second")), (200, 401));
    fs::write(&path, "second").unwrap();
    while status(&endpoint, "second") != 200 {
        thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(status(&endpoint, "first"), 401);
    fs::remove_file(&path).unwrap();
}

/// If the file system hangs, each scrape ends with its timeout, and only one thread reads the file.
#[cfg(unix)]
#[test]
fn hanging_token_file_times_out() {
    let path = temporary("fifo");
    assert!(process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    let endpoint = MetricsEndpoint::new("/metrics").registry(&Registry::new()).bearer_token_file(&path);
    let hasty = endpoint.clone().timeout(Duration::from_millis(20));
    for _ in 0..3 {
        assert_eq!(status(&hasty, "secret"), 503);
    }
    // One thread reads the token for all waiting requests.
    let waiting: Vec<_> = (0..3)
        .map(|_| {
            let endpoint = endpoint.clone();
            thread::spawn(move || status(&endpoint, "secret"))
        })
        .collect();
    let mut writer = fs::OpenOptions::new().write(true).open(&path).unwrap();
    // Later requests read a file that does not hang.
    let regular = temporary("regular");
    fs::write(&regular, "secret").unwrap();
    fs::rename(&regular, &path).unwrap();
    writer.write_all(b"secret").unwrap();
    drop(writer);
    for scrape in waiting {
        assert_eq!(scrape.join().unwrap(), 200);
    }
    fs::remove_file(&path).unwrap();
}

#[derive(Clone, Copy, LabelSet)]
struct Cell {
    row: Bounded<0, 99>,
    column: Bounded<0, 99>,
}

/// A page of more than 64 KiB is sent in chunks, to its end.
#[test]
fn large_page_is_streamed() {
    let registry = Registry::new();
    let family: Family<Cell, Counter> = registry.register(&Definition::new("cells_total", "Cells.")).unwrap();
    let endpoint = MetricsEndpoint::new("/metrics").registry(&registry);
    let request = Request::get("/metrics").body(()).unwrap();
    let response = block_on(endpoint.respond(EndpointRequest::new(&request)));
    let body = response.into_body();
    assert_eq!(body.size_hint().exact(), None);
    let body = body.try_into_bytes().unwrap_err();
    assert_eq!(read(body), (registry.text().into_bytes(), true));
    let head = Request::head("/metrics").body(()).unwrap();
    let response = block_on(endpoint.respond(EndpointRequest::new(&head)));
    assert_eq!(response.status(), 200);
    assert_eq!(read(response.into_body()), (Vec::new(), true));
    drop(family);
}
