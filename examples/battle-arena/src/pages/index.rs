//! The start page.

use actix_web::{get, web::Html};

/// Shows the start page.
#[get("/")]
pub(super) async fn index() -> Html {
    Html::new(include_str!("index.html"))
}
