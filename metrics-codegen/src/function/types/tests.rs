use quote::ToTokens;
use syn::{Signature, parse_quote};

use super::{Fallibility, LabelType, fallibility, local_type, of_argument};

#[test]
fn types_that_are_never_an_error() {
    let plain = |signature: Signature| {
        assert_eq!(fallibility(&signature), Fallibility::Infallible, "{}", signature.to_token_stream());
    };
    plain(parse_quote!(fn f()));
    plain(parse_quote!(fn f() -> ()));
    plain(parse_quote!(fn f(&self) -> &str));
    plain(parse_quote!(fn f<T>() -> T));
    plain(parse_quote!(fn f() -> (u8, Result<u8, u8>)));
    plain(parse_quote!(fn f() -> std::vec::Vec<Result<u8, u8>>));
    plain(parse_quote!(fn f() -> impl Iterator<Item = u8>));
}

#[test]
fn types_whose_value_decides() {
    let unknown = |signature: Signature| assert_eq!(fallibility(&signature), Fallibility::Unknown);
    unknown(parse_quote!(fn f() -> Result<(), E>));
    unknown(parse_quote!(fn f() -> io::Result<()>));
    unknown(parse_quote!(fn f() -> Outcome));
    unknown(parse_quote!(fn f() -> <T as Trait>::Out));
    unknown(parse_quote!(fn f() -> impl Responder));
    unknown(parse_quote!(fn f() -> Self));
    unknown(parse_quote!(fn f() -> (Result<u8, u8>,)));
    assert_eq!(fallibility(&parse_quote!(fn f() -> !)), Fallibility::Diverges);
}

#[test]
fn impl_trait_is_inferred_at_any_depth() {
    let signature = parse_quote!(fn f() -> Result<Box<impl Iterator<Item = impl Copy>>, E>);
    let erased: syn::Type = parse_quote!(Result<Box<_>, E>);
    assert_eq!(local_type(&signature), erased);
}

fn parameters(value: &syn::Expr, signature: &Signature) -> Option<String> {
    match of_argument(value, signature) {
        LabelType::FromParameters(list) => Some(
            list.iter()
                .map(|one| {
                    format!("{}: {}", one.pattern.to_token_stream(), one.parameter_type.to_token_stream())
                })
                .collect::<Vec<_>>()
                .join("; "),
        ),
        _ => None,
    }
}

#[test]
fn only_the_arguments_that_are_named_are_parameters() {
    let signature = parse_quote!(fn f<'a, T>(mut form: Json<'a, Login>, other: T, (a, _): (Kind, u8)));
    let of = |value: syn::Expr| parameters(&value, &signature);
    assert_eq!(of(parse_quote!(form.region)).as_deref(), Some("form: Json < '_ , Login >"));
    assert_eq!(of(parse_quote!(a)).as_deref(), Some("(a , _): (Kind , u8)"));
    assert_eq!(of(parse_quote!(Region::Eu)).as_deref(), Some(""));
    assert_eq!(of(parse_quote!(other)), None);
    assert_eq!(of(parse_quote!(self.kind)), None);
}

#[test]
fn short_names_of_types_are_no_generics_outside_of_methods() {
    let of = |signature: Signature| parameters(&parse_quote!(db.kind()), &signature);
    assert_eq!(of(parse_quote!(fn f(db: DB))).as_deref(), Some("db: DB"));
    assert_eq!(of(parse_quote!(fn f(db: T1))), None);
    assert_eq!(of(parse_quote!(fn f<DB>(db: DB))), None);
    assert_eq!(of(parse_quote!(fn f(&self, db: DB))), None);
}
