//! The start page.

use actix_web::{get, web::Html};

/// Shows what there is.
#[get("/")]
pub(super) async fn index() -> Html {
    Html::new(include_str!("index.html"))
}
