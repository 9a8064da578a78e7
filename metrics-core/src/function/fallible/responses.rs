//! HTTP responses: one with a status of 5xx is an error, and one with 4xx is not.

use super::{Fallible, HoldsResponse};

/// Types with the status of a response.
macro_rules! responses {
    ($($({$parameter:ident})? $response:ty, |$value:ident| $status:expr;)*) => {$(
        impl$(<$parameter>)? Fallible for $response {
            #[inline]
            fn is_error(&self) -> bool {
                let $value = self;
                $status.is_server_error()
            }
        }

        impl$(<$parameter>)? HoldsResponse for $response {
            #[inline]
            fn is_failed_response(&self) -> bool {
                self.is_error()
            }
        }
    )*};
}

/// The types of the crate `http`.
#[cfg(feature = "http")]
mod of_http {
    use http::{Response, StatusCode};

    use super::{Fallible, HoldsResponse};

    responses! {
        {B} Response<B>, |response| response.status();
        StatusCode, |status| status;
    }

    plain!(bytes::Bytes,);
}

/// The types of actix-web.
#[cfg(feature = "actix-web")]
mod of_actix {
    use actix_web::{
        HttpResponse,
        http::StatusCode,
        web::{Form, Html, Json, Redirect},
    };

    use super::{Fallible, HoldsResponse};

    responses! {
        {B} HttpResponse<B>, |response| response.status();
        StatusCode, |status| status;
        {T} (T, StatusCode), |response| response.1;
    }

    plain!({T} Json<T>, {T} Form<T>, Html, Redirect,);
}
