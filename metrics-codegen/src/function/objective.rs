//! `objective(name = "login", success = 99.9, latency = "250ms")`.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote_spanned;
use syn::{Lit, LitStr, Path, parse::ParseStream};

use crate::{
    attr::{self, Argument, KnownArguments},
    errors::Errors,
    span::mixed_site,
    symbol::{LATENCY, NAME, SUCCESS},
};

const KEYS: KnownArguments =
    KnownArguments { owner: "objective(…)", known: &[NAME, SUCCESS, LATENCY], later: &[], elsewhere: &[] };
const FORM: &str = "objective(name = \"login\", success = 99.9, latency = \"250ms\")";

/// An objective as written.
#[derive(Clone)]
pub(crate) struct Objective {
    pub(crate) key: Ident,
    name: String,
    success: Percentage,
    pub(crate) latency: Option<Latency>,
}

/// A percentage, exact.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Percentage {
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
    /// Parses the list after `objective`.
    pub(crate) fn parse(cx: &Errors, key: &Ident, input: ParseStream<'_>) -> syn::Result<Self> {
        let (_, content) = attr::list(key, input, FORM)?;
        let (mut name, mut success, mut latency) =
            (Argument::default(), Argument::default(), Argument::default());
        let before = cx.count();
        attr::each(cx, content, |word, input| {
            KEYS.check(word)?;
            if word == NAME {
                name.set(word, named(&attr::string(word, input)?)?)
            } else if word == SUCCESS {
                success.set(word, percentage(&attr::value(word, input, "success = 99.9")?)?)
            } else {
                latency.set(word, seconds(&attr::string(word, input)?)?)
            }
        });
        let is_reported = cx.count() > before;
        let missing = || {
            syn::Error::new(key.span(), format!("an objective has a name and a share of successes: `{FORM}`"))
        };
        match (name.take(), success.take()) {
            (Some(name), Some(success)) => {
                Ok(Self { key: key.clone(), name, success, latency: latency.take() })
            }
            // The mistake is reported already, and the value is not used.
            _ if is_reported => Ok(Self {
                key: key.clone(),
                name: String::new(),
                success: Percentage { digits: 0, decimals: 0 },
                latency: None,
            }),
            _ => Err(missing()),
        }
    }

    /// The value in the generated code.
    pub(crate) fn tokens(&self, krate: &Path) -> TokenStream {
        let Self { name, success: Percentage { digits, decimals }, latency, .. } = self;
        let (digits, decimals) = (Literal::u64_unsuffixed(*digits), Literal::u8_unsuffixed(*decimals));
        let latency = if let Some(latency) = latency {
            let seconds = Literal::f64_suffixed(latency.seconds);
            quote_spanned!(mixed_site()=> ::core::option::Option::Some(#seconds))
        } else {
            quote_spanned!(mixed_site()=> ::core::option::Option::None)
        };
        quote_spanned! {mixed_site()=>
            #krate::__private::Objective {
                name: #name,
                success: #krate::__private::Percentage { digits: #digits, decimals: #decimals },
                latency: #latency,
            }
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

fn percentage(written: &Lit) -> syn::Result<Percentage> {
    let text = match written {
        Lit::Float(number) if number.suffix().is_empty() => number.base10_digits().to_owned(),
        Lit::Int(number) if number.suffix().is_empty() => number.base10_digits().to_owned(),
        _ => String::new(),
    };
    let message = "`success` is a percentage between 0 and 100 with up to 9 decimals: `success = 99.9`";
    let share = decimal(&text).ok_or_else(|| syn::Error::new(written.span(), message))?;
    if share.is_below_half() {
        let message =
            "`success` is a percentage of at least 50, or no alert could fire: 99.9 % is `success = 99.9`";
        return Err(syn::Error::new(written.span(), message));
    }
    Ok(share)
}

impl Percentage {
    fn is_below_half(self) -> bool {
        10_u64.checked_pow(self.decimals.into()).is_some_and(|scale| self.digits < 50 * scale)
    }
}

/// A number greater than 0 and less than 100.
fn decimal(text: &str) -> Option<Percentage> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
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
