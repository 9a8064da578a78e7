#[counted]
pub fn parse(input: &str) -> Result<Ast, ParseError> {
    Ast::of(input)
}
