//! Quantiles: `quantiles(0.5, 0.9, 0.99)`.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote};
use syn::{
    Error, Lit, Token,
    parse::{ParseStream, Parser},
    punctuated::Punctuated,
};

use crate::attr;

/// Checked quantiles: increasing, from 0 to 1, at least one.
pub(crate) struct Quantiles(Vec<f64>);

impl ToTokens for Quantiles {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let quantiles = self.0.iter().map(|quantile| Literal::f64_suffixed(*quantile));
        tokens.extend(quote!(&[#(#quantiles),*]));
    }
}

/// More quantiles than a summary should ever have.
const MOST: usize = 20;

/// Parses the quantiles after the key.
pub(crate) fn parse(key: &Ident, input: ParseStream<'_>) -> syn::Result<Quantiles> {
    let (span, content) = attr::list(key, input, "quantiles(0.5, 0.9, 0.99)")?;
    let written = Punctuated::<Lit, Token![,]>::parse_terminated.parse2(content)?;
    let mut quantiles: Vec<f64> = Vec::new();
    for literal in &written {
        let value = match literal {
            Lit::Float(number) => number.base10_parse::<f64>()?,
            Lit::Int(number) => number.base10_parse::<f64>()?,
            other => return Err(Error::new(other.span(), "a quantile is a number: `0.99`")),
        };
        if !(0.0..=1.0).contains(&value) {
            return Err(Error::new(literal.span(), "a quantile goes from 0 to 1: write `0.99` for 99 %"));
        }
        if quantiles.last().is_some_and(|last| *last >= value) {
            return Err(Error::new(
                literal.span(),
                "quantiles increase, so sort them and leave repeated ones out",
            ));
        }
        quantiles.push(value);
    }
    match quantiles.len() {
        0 => Err(Error::new(span, "there are no quantiles: name at least one, or remove the argument")),
        1..=MOST => Ok(Quantiles(quantiles)),
        _ => Err(Error::new(span, format!("a summary has at most {MOST} quantiles"))),
    }
}
