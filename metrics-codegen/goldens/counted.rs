#[counted]
fn hit() {
    println!("hit");
}
