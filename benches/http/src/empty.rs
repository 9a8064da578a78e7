//! A middleware that does nothing, the base of all comparisons.

use std::future::{Ready, ready};

use actix_web::{
    Error,
    body::MessageBody,
    dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready},
};

/// The middleware.
#[derive(Debug)]
pub(crate) struct Empty;

/// Its service.
#[derive(Debug)]
pub(crate) struct EmptyService<S> {
    service: S,
}

impl<S, B> Transform<S, ServiceRequest> for Empty
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Transform = EmptyService<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(EmptyService { service }))
    }
}

impl<S, B> Service<ServiceRequest> for EmptyService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Future = S::Future;

    forward_ready!(service);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        self.service.call(request)
    }
}
