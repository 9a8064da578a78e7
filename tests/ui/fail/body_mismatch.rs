use metrics_core::counted;

#[counted]
fn parse() -> Result<u8, String> {
    "x"
}

#[counted]
fn leaves(early: bool) -> Result<u8, String> {
    if early {
        return Ok("x");
    }
    Ok(1)
}

fn main() {}
