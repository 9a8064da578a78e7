#[counted]
fn parse(input: &str) -> Result<impl Iterator<Item = u8>, ParseError> {
    #![allow(dead_code)]
    let ast = Ast::of(input)?;
    Ok(ast.bytes())
}
