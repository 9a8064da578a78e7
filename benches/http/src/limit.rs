//! The limit for any middleware: it ends a request with its body and ignores the request's properties.
//!
//! [`Limit::body_alone`] measures nothing and only wraps the body. [`Limit::counting`] has one counter, one
//! histogram and one gauge for all requests, whatever their route, method and status; it does not count panics.

use std::{
    future::{Future, Ready, ready},
    pin::Pin,
    rc::Rc,
    sync::Arc,
    task::{Context, Poll, ready},
};

use actix_web::{
    Error,
    body::{BodySize, MessageBody},
    dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready},
    web::Bytes,
};
use metrics_core::{Counter, Definition, Gauge, Histogram, Registry, Stopwatch};
use pin_project_lite::pin_project;

/// The middleware.
pub(crate) struct Limit(Option<Arc<Series>>);

/// Series that all requests count in.
#[derive(Clone)]
struct Series {
    requests: Counter,
    duration: Histogram,
    in_progress: Gauge,
}

impl Limit {
    pub(crate) const fn body_alone() -> Self {
        Self(None)
    }

    pub(crate) fn counting(registry: &Registry) -> Self {
        let definition = |name: &str| Definition::new(name, "All requests.");
        Self(Some(Arc::new(Series {
            requests: registry.register(&definition("requests_total")).expect("legal"),
            duration: registry.register(&definition("request_duration_seconds")).expect("legal"),
            in_progress: registry.register(&definition("requests_in_progress")).expect("legal"),
        })))
    }
}

/// A request in progress, or none.
struct Running(Option<(Rc<Series>, Stopwatch)>);

impl Running {
    fn end(&mut self) {
        if let Some((series, watch)) = self.0.take() {
            series.requests.inc();
            series.duration.observe_duration(watch.elapsed());
            series.in_progress.dec();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

/// The service.
pub(crate) struct LimitService<S> {
    service: S,
    series: Option<Rc<Series>>,
}

impl<S, B> Transform<S, ServiceRequest> for Limit
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<LimitBody<B>>;
    type Error = Error;
    type Transform = LimitService<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(LimitService { service, series: self.0.as_deref().cloned().map(Rc::new) }))
    }
}

impl<S, B> Service<ServiceRequest> for LimitService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<LimitBody<B>>;
    type Error = Error;
    type Future = LimitFuture<S::Future>;

    forward_ready!(service);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let running = self.series.as_ref().map(|series| {
            series.in_progress.inc();
            (Rc::clone(series), Stopwatch::start())
        });
        LimitFuture { inner: self.service.call(request), running: Running(running) }
    }
}

pin_project! {
    /// The future.
    pub(crate) struct LimitFuture<F> {
        #[pin]
        inner: F,
        running: Running,
    }
}

impl<F, B> Future for LimitFuture<F>
where
    F: Future<Output = Result<ServiceResponse<B>, Error>>,
    B: MessageBody,
{
    type Output = Result<ServiceResponse<LimitBody<B>>, Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let response = ready!(this.inner.poll(context))?;
        let running = Running(this.running.0.take());
        Poll::Ready(Ok(response.map_body(|_, body| LimitBody { body, running })))
    }
}

pin_project! {
    /// The wrapped body, which ends the request after its last byte.
    pub(crate) struct LimitBody<B> {
        #[pin]
        body: B,
        running: Running,
    }
}

impl<B: MessageBody> MessageBody for LimitBody<B> {
    type Error = B::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let this = self.project();
        let next = ready!(this.body.poll_next(context));
        if next.is_none() {
            this.running.end();
        }
        Poll::Ready(next)
    }

    fn try_into_bytes(self) -> Result<Bytes, Self> {
        let Self { body, mut running } = self;
        match body.try_into_bytes() {
            Ok(bytes) => {
                running.end();
                Ok(bytes)
            }
            Err(body) => Err(Self { body, running }),
        }
    }
}

/// A middleware whose requests end with the heads of their responses; it does not wrap bodies.
pub(crate) struct HeadLimit(pub(crate) Limit);

/// Its service.
pub(crate) struct HeadLimitService<S>(LimitService<S>);

impl<S, B> Transform<S, ServiceRequest> for HeadLimit
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Transform = HeadLimitService<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        let series = self.0.0.as_deref().cloned().map(Rc::new);
        ready(Ok(HeadLimitService(LimitService { service, series })))
    }
}

impl<S, B> Service<ServiceRequest> for HeadLimitService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Future = HeadLimitFuture<S::Future>;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.0.service.poll_ready(context)
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let running = self.0.series.as_ref().map(|series| {
            series.in_progress.inc();
            (Rc::clone(series), Stopwatch::start())
        });
        HeadLimitFuture { inner: self.0.service.call(request), running: Running(running) }
    }
}

pin_project! {
    /// The future.
    pub(crate) struct HeadLimitFuture<F> {
        #[pin]
        inner: F,
        running: Running,
    }
}

impl<F, B> Future for HeadLimitFuture<F>
where
    F: Future<Output = Result<ServiceResponse<B>, Error>>,
    B: MessageBody,
{
    type Output = Result<ServiceResponse<B>, Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let response = ready!(this.inner.poll(context));
        this.running.end();
        Poll::Ready(response)
    }
}
