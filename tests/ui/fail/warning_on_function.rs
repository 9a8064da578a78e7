#![deny(warnings)]

use metrics_core::counted;

/// Jobs.
#[counted(name = "scrape_jobs_total", labels(job = "a", r#type = large))]
fn work(large: bool) -> bool {
    large
}

/// Mail.
#[counted(name = "mail_by_queue_total", labels(queue = large, request_id = capped(id, 10)))]
fn send(large: bool, id: &str) -> (bool, usize) {
    (large, id.len())
}

struct Shop;

impl Shop {
    /// Orders.
    #[counted(name = "shop_stats_total", allow = noise_word)]
    fn order(&self) {}

    /// Orders.
    #[counted(name = "timer_calls_total")]
    fn pay(&self) {}
}

fn main() {
    let _ = (work(true), send(true, "a"));
    Shop.order();
    Shop.pay();
}
