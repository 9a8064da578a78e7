//! Generic functions, lifetimes and patterns.

use std::{borrow::Cow, fmt::Debug, num::ParseIntError};

use metrics_core::observed;

use crate::{Form, Region, ended, once};

#[observed]
fn generic<T, const N: usize>(value: &T) -> [T; N]
where
    T: Debug + Clone,
{
    std::array::from_fn(|_| value.clone())
}

#[observed]
fn generic_value<T: Default>() -> T {
    T::default()
}

#[observed]
fn generic_result<T: std::str::FromStr>(value: &str) -> Result<T, T::Err> {
    let parsed = value.parse()?;
    Ok(parsed)
}

#[observed]
fn projection<I: IntoIterator>(values: I) -> <I as IntoIterator>::IntoIter {
    values.into_iter()
}

#[observed]
fn impl_argument(value: impl Into<String>) -> String {
    value.into()
}

#[observed]
fn lifetimes<'a>(left: &'a str, right: &str) -> &'a str {
    if right.is_empty() {
        return left;
    }
    left.strip_prefix(right).unwrap_or(left)
}

#[observed]
fn mutable(mut values: Vec<u8>, value: &mut u8) -> Result<Vec<u8>, ParseIntError> {
    *value += 1;
    values.push("7".parse()?);
    Ok(values)
}

#[observed]
fn patterns((left, right): (u8, u8), [first, .., last]: [u8; 3], Form { region, .. }: &Form<'_>) -> u8 {
    u8::from(*region == Region::Us) + left + right + first + last
}

#[test]
fn generic_functions() {
    assert_eq!(once!("generic", generic::<u8, 2>(&1)), [1, 1]);
    assert_eq!(once!("generic_value", generic_value::<u8>()), 0);
    assert_eq!(once!("generic_result", generic_result::<u8>("1")), Ok(1));
    assert!(generic_result::<u8>("x").is_err());
    assert_eq!(ended(module_path!(), "generic_result", "error"), 1);
    assert_eq!(once!("projection", projection([1])).count(), 1);
    assert_eq!(once!("impl_argument", impl_argument("a")), "a");
    assert_eq!(once!("lifetimes", lifetimes("ab", "a")), "b");
    let mut value = 1;
    assert_eq!(once!("mutable", mutable(Vec::new(), &mut value)), Ok(vec![7]));
    let form = Form { region: Region::Us, tenant: Cow::Borrowed("t") };
    assert_eq!(once!("patterns", patterns((1, 2), [3, 4, 5], &form)), 12);
}
