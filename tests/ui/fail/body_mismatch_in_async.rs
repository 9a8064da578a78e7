use metrics_core::counted;

#[counted]
async fn parse() -> Result<u8, String> {
    "x"
}

#[counted]
async fn leaves(early: bool) -> Result<u8, String> {
    if early {
        return Ok("x");
    }
    Ok(1)
}

#[counted]
async fn forgets() -> Result<u8, String> {
    leaves(true).await?;
}

fn main() {}
