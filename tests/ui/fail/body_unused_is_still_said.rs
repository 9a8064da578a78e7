#![deny(dead_code, unused_variables)]

use metrics_core::counted;

#[counted]
fn never_called() {}

#[counted]
pub fn parse(unused: u8) -> Result<u8, String> {
    let also_unused = 1;
    Ok("1".parse().map_err(|_| String::new())?)
}

fn main() {}
