//! Functions that macros make.

use std::num::ParseIntError;

use metrics_core::{counted, observed};

use crate::{Size, ends, has};

macro_rules! make {
    ($(#[$meta:meta])* $vis:vis $name:ident<$($life:lifetime),*>($($argument:ident: $type:ty),*) -> $ret:ty, $block:block, $metric:literal, $label:expr) => {
        #[counted(name = $metric, labels(label = $label), help = "H.")]
        #[observed]
        $(#[$meta])*
        $vis fn $name<$($life),*>($($argument: $type),*) -> $ret $block
    };
}

make!(#[inline] pub(crate) made<'a>(text: &'a str, long: bool) -> Result<&'a str, ParseIntError>, {
    let _: u8 = text.parse()?;
    Ok(text)
}, "odd_made_total", long);

macro_rules! with_argument {
    ($name:ident, $body:expr) => {
        #[observed]
        fn $name(argument: u8) -> Option<u8> {
            let other = Some(argument)?;
            Some(other + $body)
        }
    };
}

with_argument!(hygienic, {
    let argument = 1;
    argument
});

macro_rules! leave {
    ($value:expr) => {
        return $value
    };
}

#[observed]
fn leaves_by_macro(value: u8) -> Result<u8, u8> {
    if value > 3 {
        leave!(Err(value));
    }
    Ok(value)
}

macro_rules! impls {
    ($($type:ident => $value:expr),* $(,)?) => {
        $(
            struct $type;
            #[observed]
            impl $type {
                fn value(&self) -> Option<u8> {
                    let value = Some($value)?;
                    Some(value)
                }
            }
        )*
    };
}

impls!(First => 1, Second => 2);

macro_rules! passed_on {
    ($name:expr, $site:expr, $size:expr, $empty:expr, $tenant:expr, $decision:expr, $argument:ident) => {
        /// With expressions of another macro's.
        #[counted(name = $name, error_if = $decision, labels(site = $site, size = $size, empty = $empty, tenant = $tenant, result))]
        fn expressions($argument: &str) -> Option<String> {
            Some($argument.to_owned())
        }
    };
}

passed_on!(
    concat!("odd_passed_on", "_total"),
    "eu",
    Size::of(text),
    |ret| ret.as_ref().is_none_or(String::is_empty),
    capped(text, 3),
    |ret| ret.is_none(),
    text
);

#[test]
fn macros_of_every_kind() {
    assert_eq!(expressions("abcd"), Some("abcd".to_owned()));
    has(r#"odd_passed_on_total{site="eu",size="Large",empty="false",tenant="abcd",result="ok"} 1"#);
    assert_eq!(ends!("made", "ok", made("5", true)), Ok("5"));
    has(r#"odd_made_total{label="true"} 1"#);
    assert_eq!(ends!("hygienic", "ok", hygienic(3)), Some(4));
    assert_eq!(ends!("leaves_by_macro", "error", leaves_by_macro(5)), Err(5));
    assert_eq!(ends!("leaves_by_macro", "ok", leaves_by_macro(1)), Ok(1));
    assert_eq!(ends!("First::value", "ok", First.value()), Some(1));
    assert_eq!(ends!("Second::value", "ok", Second.value()), Some(2));
}
