//! `objective(name = "login", success = 99.9, latency = "250ms", latency_success = 99)`, or `objective = LOGIN`.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote_spanned;
use syn::{Lit, LitStr, Path, Token, parse::ParseStream};

use crate::{
    attr::{self, Argument, KnownArguments},
    errors::Errors,
    span::{mixed_site, mixed_site_at},
    symbol::{LATENCY, LATENCY_SUCCESS, NAME, SUCCESS},
};

const KEYS: KnownArguments = KnownArguments {
    owner: "objective(…)",
    known: &[NAME, SUCCESS, LATENCY, LATENCY_SUCCESS],
    later: &[],
    elsewhere: &[],
};
const FORM: &str = "objective(name = \"login\", success = 99.9, latency = \"250ms\")";

/// An objective as written.
#[derive(Clone)]
pub(crate) struct Objective {
    pub(crate) key: Ident,
    pub(crate) value: ObjectiveValue,
}

/// The value of an objective.
#[derive(Clone)]
pub(crate) enum ObjectiveValue {
    Listed {
        name: String,
        success: Percentage,
        latency: Option<Latency>,
        latency_success: Percentage,
    },
    /// The path of a constant, whose numbers the macro cannot see.
    Constant(Path),
}

/// A percentage, exact.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Percentage {
    digits: u64,
    decimals: u8,
}

/// A latency as written, and in seconds.
#[derive(Clone)]
pub(crate) struct Latency {
    pub(crate) written: String,
    pub(crate) seconds: f64,
    pub(crate) literal: LitStr,
}

impl Objective {
    /// Parses the list or the path after `objective`.
    pub(crate) fn parse(cx: &Errors, key: &Ident, input: ParseStream<'_>) -> syn::Result<Self> {
        let value = if input.peek(Token![=]) {
            let constant = attr::value(key, input, "objective = LOGIN").map_err(|error| {
                let message = format!(
                    "`objective` takes a list or the path of a constant: `{FORM}`, `objective = LOGIN`"
                );
                syn::Error::new(error.span(), message)
            })?;
            ObjectiveValue::Constant(constant)
        } else {
            listed(cx, key, input)?
        };
        Ok(Self { key: key.clone(), value })
    }

    /// The latency, as far as it is visible.
    pub(crate) const fn visible_latency(&self) -> Option<&Latency> {
        match &self.value {
            ObjectiveValue::Listed { latency, .. } => latency.as_ref(),
            ObjectiveValue::Constant(_) => None,
        }
    }

    /// A reference to the value in the generated code.
    pub(crate) fn tokens(&self, krate: &Path) -> TokenStream {
        let (name, success, latency, latency_success) = match &self.value {
            ObjectiveValue::Constant(path) => return quote_spanned!(mixed_site_at(path)=> &#path),
            ObjectiveValue::Listed { name, success, latency, latency_success } => {
                (name, success.tokens(krate), latency, latency_success.tokens(krate))
            }
        };
        let latency = if let Some(latency) = latency {
            let seconds = Literal::f64_suffixed(latency.seconds);
            quote_spanned!(mixed_site()=> ::core::option::Option::Some(#seconds))
        } else {
            quote_spanned!(mixed_site()=> ::core::option::Option::None)
        };
        quote_spanned! {mixed_site()=>
            const { &#krate::__private::Objective::checked(#name, #success, #latency, #latency_success) }
        }
    }
}

fn listed(cx: &Errors, key: &Ident, input: ParseStream<'_>) -> syn::Result<ObjectiveValue> {
    let (_, content) = attr::list(key, input, FORM)?;
    let (mut name, mut success) = (Argument::default(), Argument::default());
    let (mut latency, mut latency_success) = (Argument::default(), Argument::default());
    let before = cx.count();
    attr::each(cx, content, |word, input| {
        KEYS.check(word)?;
        if word == NAME {
            name.set(word, named(&attr::string(word, input)?)?)
        } else if word == SUCCESS {
            success.set(word, percentage(word, input)?)
        } else if word == LATENCY_SUCCESS {
            latency_success.set(word, percentage(word, input)?)
        } else {
            latency.set(word, seconds(&attr::string(word, input)?)?)
        }
    });
    if let (Some(word), None) = (latency_success.key(), latency.get()) {
        cx.error_on(
            word,
            "`latency_success` is the share of calls within a latency: add `latency = \"250ms\"`",
        );
    }
    let is_reported = cx.count() > before;
    match (name.take(), success.take()) {
        (Some(name), Some(success)) => {
            let latency_success = latency_success.take().unwrap_or(success);
            Ok(ObjectiveValue::Listed { name, success, latency: latency.take(), latency_success })
        }
        // The mistake is reported already, and the value is not used.
        _ if is_reported => {
            let none = Percentage { digits: 0, decimals: 0 };
            Ok(ObjectiveValue::Listed {
                name: String::new(),
                success: none,
                latency: None,
                latency_success: none,
            })
        }
        _ => {
            let message = format!("an objective has a name and a share of successes: `{FORM}`");
            Err(syn::Error::new(key.span(), message))
        }
    }
}

fn named(written: &LitStr) -> syn::Result<String> {
    let name = written.value();
    let legal = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.');
    if !name.is_empty() && name.chars().all(legal) {
        return Ok(name);
    }
    let message = "an objective's name has letters, digits, `_`, `-` and `.`: `name = \"login\"`";
    Err(syn::Error::new(written.span(), message))
}

fn percentage(word: &Ident, input: ParseStream<'_>) -> syn::Result<Percentage> {
    let written: Lit = attr::value(word, input, &format!("{word} = 99.9"))?;
    let text = match &written {
        Lit::Float(number) if number.suffix().is_empty() => number.base10_digits().to_owned(),
        Lit::Int(number) if number.suffix().is_empty() => number.base10_digits().to_owned(),
        _ => String::new(),
    };
    let share = decimal(&text).ok_or_else(|| {
        let message =
            format!("`{word}` is a percentage between 0 and 100 with up to 9 decimals: `{word} = 99.9`");
        syn::Error::new(written.span(), message)
    })?;
    if share.is_below_half() {
        let message = format!(
            "`{word}` is a percentage of at least 50, or no alert could fire: 99.9 % is `{word} = 99.9`"
        );
        return Err(syn::Error::new(written.span(), message));
    }
    Ok(share)
}

impl Percentage {
    fn tokens(self, krate: &Path) -> TokenStream {
        let (digits, decimals) =
            (Literal::u64_unsuffixed(self.digits), Literal::u8_unsuffixed(self.decimals));
        quote_spanned!(mixed_site()=> #krate::__private::Percentage { digits: #digits, decimals: #decimals })
    }

    fn is_below_half(self) -> bool {
        10_u64.checked_pow(self.decimals.into()).is_some_and(|scale| self.digits < 50 * scale)
    }
}

/// A number greater than 0 and less than 100.
fn decimal(text: &str) -> Option<Percentage> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction = fraction.trim_end_matches('0');
    let digits = format!("{whole}{fraction}");
    if fraction.len() > 9 || digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let decimals = u8::try_from(fraction.len()).ok()?;
    let digits = digits.parse().ok()?;
    let hundred = 100 * 10_u64.checked_pow(decimals.into())?;
    (0 < digits && digits < hundred).then_some(Percentage { digits, decimals })
}

fn seconds(written: &LitStr) -> syn::Result<Latency> {
    let text = written.value();
    let message = "`latency` is a number and `us`, `ms` or `s`: `latency = \"250ms\"`";
    let seconds = in_seconds(&text).ok_or_else(|| syn::Error::new(written.span(), message))?;
    Ok(Latency { written: text, seconds, literal: written.clone() })
}

/// The seconds of `250ms`, rounded as the literal `0.25` is.
fn in_seconds(text: &str) -> Option<f64> {
    let unit = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.')?;
    let (number, unit) = text.split_at_checked(unit)?;
    let exponent = match unit.trim_start() {
        "s" => 0,
        "ms" => -3,
        "us" => -6,
        _ => return None,
    };
    format!("{number}e{exponent}").parse().ok().filter(|seconds: &f64| *seconds > 0.0 && seconds.is_finite())
}

#[cfg(test)]
mod tests {
    use super::{Percentage, decimal, in_seconds};

    #[test]
    fn percentages_are_exact() {
        assert_eq!(decimal("99.9"), Some(Percentage { digits: 999, decimals: 1 }));
        assert_eq!(decimal("99.90"), Some(Percentage { digits: 999, decimals: 1 }));
        assert_eq!(decimal("99"), Some(Percentage { digits: 99, decimals: 0 }));
        assert_eq!(decimal("99.999999999"), Some(Percentage { digits: 99_999_999_999, decimals: 9 }));
        for wrong in ["100", "100.0", "0", "0.0", "", ".", "1e1", "99.9999999999", "184467440737095516160"] {
            assert_eq!(decimal(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn latencies_are_those_of_bounds() {
        assert_eq!(in_seconds("250ms"), Some(0.25));
        assert_eq!(in_seconds("5 ms"), Some(0.005));
        assert_eq!(in_seconds("2.5s"), Some(2.5));
        assert_eq!(in_seconds("100us"), Some(0.0001));
        for wrong in ["", "250", "ms", "250 m", "1h", "-1s", "0s", "1.2.3s", "1e3s"] {
            assert_eq!(in_seconds(wrong), None, "{wrong}");
        }
    }
}
