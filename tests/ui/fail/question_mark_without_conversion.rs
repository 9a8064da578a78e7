use metrics_core::observed;

struct Mine;

#[observed]
fn read(text: &str) -> Result<u8, Mine> {
    let value = text.parse::<u8>()?;
    Ok(value)
}

#[observed]
async fn first(list: &[u8]) -> Result<u8, Mine> {
    Ok(*list.first()?)
}

#[observed]
fn length(text: &str) -> Result<usize, Mine> {
    Ok(text.len()?)
}

fn main() {}
