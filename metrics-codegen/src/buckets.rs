//! Bucket bounds: `buckets(…)`, `exponential(start, factor, count)`, `linear(start, width, count)`.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{
    Error, Expr, ExprLit, ExprUnary, Lit, Token, UnOp,
    parse::{ParseStream, Parser},
    punctuated::Punctuated,
    spanned::Spanned,
};

use crate::{
    attr::{self, Argument},
    symbol::{BUCKETS, EXPONENTIAL},
};

/// Checked upper bounds: finite, increasing, at least one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Buckets(Vec<f64>);

impl ToTokens for Buckets {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let bounds = self.0.iter().map(|bound| Literal::f64_suffixed(*bound));
        tokens.extend(quote!(&[#(#bounds),*]));
    }
}

/// A bound as it was written.
struct Bound {
    value: f64,
    span: Span,
}

impl Buckets {
    pub(crate) fn bounds(&self) -> &[f64] {
        &self.0
    }
}

/// More bounds than a histogram should ever have.
const MOST: u32 = 500;

/// Parses the bounds after the key, one of `buckets`, `exponential` and `linear`.
///
/// The three are ways to give the same thing, so they share a slot.
pub(crate) fn parse(slot: &mut Argument<Buckets>, key: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
    let form = if key == BUCKETS {
        "buckets(0.005, 0.05, 0.5)".to_owned()
    } else if key == EXPONENTIAL {
        "exponential(0.001, 2.0, 14)".to_owned()
    } else {
        "linear(0.0, 5.0, 10)".to_owned()
    };
    let (span, content) = attr::list(key, input, &form)?;
    let written = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(content)?;
    let bounds =
        if key == BUCKETS { listed(&written, span)? } else { generated(key, &written, span, &form)? };
    if let Some(first) = slot.key() {
        let message = format!("the buckets are given twice, keep `{first}` or `{key}`");
        return Err(Error::new(key.span(), message));
    }
    slot.set(key, bounds)
}

fn listed(written: &Punctuated<Expr, Token![,]>, span: Span) -> syn::Result<Buckets> {
    if written.is_empty() {
        return Err(Error::new(span, "a histogram needs at least one bucket: `buckets(0.1, 1.0)`"));
    }
    let bounds: Vec<Bound> = combined(written.iter().map(bound))?;
    combined(bounds.iter().zip(bounds.iter().skip(1)).map(|(before, bound)| {
        if bound.value > before.value {
            return Ok(());
        }
        let message = format!("buckets increase: `{}` does not come after `{}`", bound.value, before.value);
        Err(Error::new(bound.span, message))
    }))?;
    Ok(Buckets(bounds.iter().map(|bound| bound.value).collect()))
}

/// All values, or all errors in one.
fn combined<T>(results: impl Iterator<Item = syn::Result<T>>) -> syn::Result<Vec<T>> {
    let mut values = Vec::new();
    let mut errors: Option<Error> = None;
    for result in results {
        match (result, errors.as_mut()) {
            (Ok(value), _) => values.push(value),
            (Err(error), Some(first)) => first.combine(error),
            (Err(error), None) => errors = Some(error),
        }
    }
    errors.map_or(Ok(values), Err)
}

fn bound(written: &Expr) -> syn::Result<Bound> {
    let value = number(written).ok_or_else(|| not_a_bound(written))?;
    if value.is_finite() {
        return Ok(Bound { value, span: written.span() });
    }
    Err(Error::new_spanned(written, "a bucket is a finite number, this one is too large"))
}

fn not_a_bound(written: &Expr) -> Error {
    let name = match written {
        Expr::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default(),
        Expr::Call(call) => call.func.to_token_stream().to_string(),
        _ => String::new(),
    };
    let message = match name.as_str() {
        "INFINITY" => "the bucket `+Inf` is always there, so leave it out".to_owned(),
        "NAN" => "a bucket is a finite number, not `NaN`".to_owned(),
        "exponential" | "linear" => format!("`{name}(…)` stands in place of `buckets(…)`, not inside it"),
        _ => "a bucket is a number such as `0.25`".to_owned(),
    };
    Error::new_spanned(written, message)
}

/// The value of a literal, also with a minus.
fn number(written: &Expr) -> Option<f64> {
    match written {
        Expr::Lit(ExprLit { lit: Lit::Float(float), .. }) => float.base10_parse().ok(),
        Expr::Lit(ExprLit { lit: Lit::Int(integer), .. }) => integer.base10_parse::<f64>().ok(),
        Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => number(expr).map(|value| -value),
        Expr::Paren(inner) => number(&inner.expr),
        Expr::Group(inner) => number(&inner.expr),
        _ => None,
    }
}

fn generated(
    key: &Ident,
    written: &Punctuated<Expr, Token![,]>,
    span: Span,
    form: &str,
) -> syn::Result<Buckets> {
    let mut numbers = written.iter();
    let (Some(start), Some(step), Some(count), None) =
        (numbers.next(), numbers.next(), numbers.next(), numbers.next())
    else {
        return Err(Error::new(span, format!("`{key}` takes three numbers: `{form}`")));
    };
    let (first, by) = (bound(start)?.value, bound(step)?.value);
    let exponential = key == EXPONENTIAL;
    if exponential && first <= 0.0 {
        return Err(Error::new_spanned(start, "the first of exponential buckets is greater than 0"));
    }
    if exponential && by <= 1.0 {
        return Err(Error::new_spanned(step, "the factor of exponential buckets is greater than 1"));
    }
    if !exponential && by <= 0.0 {
        return Err(Error::new_spanned(step, "the width of linear buckets is greater than 0"));
    }
    let count = amount(count)?;
    let at = |at: i32| if exponential { first * by.powi(at) } else { first + by * f64::from(at) };
    let bounds: Vec<f64> = (0..count).map(|place| rounded(at(place))).collect();
    if bounds.iter().all(|bound| bound.is_finite()) {
        return Ok(Buckets(bounds));
    }
    Err(Error::new(span, "the last of these buckets is too large"))
}

fn amount(written: &Expr) -> syn::Result<i32> {
    let value =
        number(written).filter(|count| count.fract() == 0.0 && (1.0..=f64::from(MOST)).contains(count));
    #[allow(clippy::cast_possible_truncation)]
    value.map(|count| count as i32).ok_or_else(|| {
        Error::new_spanned(written, format!("the number of buckets is a whole number from 1 to {MOST}"))
    })
}

/// The bound that was meant: `0.30000000000000004` is `0.3` on the page.
fn rounded(bound: f64) -> f64 {
    format!("{bound:.14e}").parse().unwrap_or(bound)
}

#[cfg(test)]
mod tests {
    use proc_macro2::{Ident, Span};
    use syn::parse::{ParseStream, Parser};

    use super::{Argument, Buckets, parse};

    fn bounds(key: &str, list: &str) -> Result<Vec<f64>, String> {
        let parser = |input: ParseStream<'_>| {
            let mut slot = Argument::default();
            parse(&mut slot, &Ident::new(key, Span::call_site()), input)?;
            Ok(slot.take().map(|Buckets(bounds)| bounds).unwrap_or_default())
        };
        parser.parse_str(list).map_err(|error| error.to_string())
    }

    #[test]
    fn lists_are_taken_as_written() {
        assert_eq!(bounds("buckets", "(0.005, 1, 2.5,)"), Ok(vec![0.005, 1.0, 2.5]));
        assert_eq!(bounds("buckets", "(-1.0, 0)"), Ok(vec![-1.0, 0.0]));
    }

    #[test]
    fn generated_bounds_are_round() {
        assert_eq!(bounds("linear", "(0.1, 0.1, 3)"), Ok(vec![0.1, 0.2, 0.3]));
        assert_eq!(bounds("exponential", "(0.001, 10.0, 4)"), Ok(vec![0.001, 0.01, 0.1, 1.0]));
        assert_eq!(bounds("exponential", "(1, 2, 3)"), Ok(vec![1.0, 2.0, 4.0]));
    }

    #[test]
    fn wrong_bounds_are_refused() {
        let wrong = |key, list| bounds(key, list).expect_err("a wrong list");
        assert!(wrong("buckets", "()").contains("at least one"));
        assert!(wrong("buckets", "(1.0, 1.0)").contains("increase"));
        assert!(wrong("buckets", "(2.0, 1.0)").contains("increase"));
        assert!(wrong("buckets", "(f64::NAN)").contains("NaN"));
        assert!(wrong("buckets", "(1.0, f64::INFINITY)").contains("+Inf"));
        assert!(wrong("buckets", "(1e999)").contains("finite"));
        assert!(wrong("buckets", "(\"1\")").contains("number"));
        assert!(wrong("exponential", "(0.0, 2.0, 3)").contains("greater than 0"));
        assert!(wrong("exponential", "(1.0, 1.0, 3)").contains("greater than 1"));
        assert!(wrong("exponential", "(1e300, 1e10, 3)").contains("too large"));
        assert!(wrong("linear", "(1.0, 0.0, 3)").contains("width"));
        assert!(wrong("linear", "(1.0, 1.0, 0)").contains("whole number"));
        assert!(wrong("linear", "(1.0, 1.0)").contains("three numbers"));
        assert!(wrong("buckets", "(exponential(1.0, 2.0, 3))").contains("in place of"));
    }
}
