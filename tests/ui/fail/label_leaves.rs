use metrics_core::counted;

/// Reads.
#[counted(name = "reads_total", labels(even = text.parse::<u8>()? % 2 == 0))]
fn read(text: &str) -> Result<u8, std::num::ParseIntError> {
    text.parse()
}

/// Waits.
#[counted(name = "waits_total", labels(who = capped(name().await, 10), early = if text.is_empty() { return 0 } else { true }))]
async fn wait(text: &str) -> usize {
    text.len()
}

async fn name() -> String {
    String::new()
}

/// A `return` or `?` in a closure leaves the closure alone.
#[counted(name = "closures_total", labels(found = text.chars().find_map(|letter| Some(letter.to_digit(10)? > 3))))]
fn closure(text: &str) -> usize {
    text.len()
}

fn main() {}
