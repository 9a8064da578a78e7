//! Generics of every kind.

use std::{
    borrow::Cow,
    fmt::{self, Debug, Display},
};

use metrics_core::observed;

use crate::{ends, futures::to_the_end};

struct Buffer<T = u8, const N: usize = 4>([T; N]);

#[observed]
impl<T: Copy + Default, const N: usize> Buffer<T, N> {
    const SIZE: usize = N;
    #[observed(skip)]
    const fn size() -> usize {
        N
    }
    fn make() -> [T; N] {
        [T::default(); N]
    }
    fn array<const M: usize>(&self, values: [T; M]) -> Result<[T; M], [T; N]> {
        if M > Self::SIZE {
            return Err(self.0);
        }
        Ok(values)
    }
    fn slice_pattern(&self, [first, rest @ ..]: &[T; 3]) -> (T, usize) {
        (*first, rest.len())
    }
}

#[observed]
fn const_expression<const N: usize>(values: [u8; 3]) -> [u8; 1 + 2] {
    let _ = N;
    values
}

#[observed]
fn opaque_argument(mut values: impl Iterator<Item = impl Display> + Clone) -> Result<String, fmt::Error> {
    let first = values.next().ok_or(fmt::Error)?;
    Ok(first.to_string())
}

#[observed]
fn hrtb<'a, F, R>(with: F, text: &'a str) -> R
where
    F: for<'b> FnOnce(&'b str) -> R,
    R: 'a,
    for<'c> &'c str: Into<Cow<'c, str>>,
{
    with(text)
}

#[observed]
fn function_returning_function(add: u8) -> impl Fn(u8) -> Box<dyn Fn(u8) -> u8> {
    move |left| Box::new(move |right| left + right + add)
}

#[observed]
fn array_of_impl() -> [impl Display; 2] {
    ["a", "b"]
}

#[observed]
fn tuple_of_impl<'a>(text: &'a str) -> (impl Iterator<Item = char> + 'a, impl Display + use<'a>) {
    (text.chars(), text)
}

#[observed]
fn option_of_impl(some: bool) -> Option<impl Iterator<Item = u8> + Clone> {
    if !some {
        return None;
    }
    Some(0..3)
}

#[observed]
fn captures_nothing<'a>(_: &'a str) -> impl Display + use<> {
    5
}

#[observed]
async fn captures_all<'a, T: Display>(
    text: &'a str,
    value: T,
) -> Result<impl Display + use<'a, T>, fmt::Error> {
    std::future::ready(Ok::<_, fmt::Error>(())).await?;
    Ok(format!("{text}{value}"))
}

#[observed]
fn unsized_references(text: &(impl Debug + ?Sized), values: &dyn Fn() -> u8) -> String {
    format!("{text:?}{}", values())
}

#[test]
fn generics_of_every_kind() {
    assert_eq!(ends!("Buffer::make", "ok", Buffer::<u8>::make()), [0; 4]);
    assert_eq!(ends!("Buffer::array", "ok", Buffer([0; 4]).array([1, 2])), Ok([1, 2]));
    assert!(ends!("Buffer::array", "error", Buffer([0; 1]).array([1, 2])).is_err());
    assert_eq!(ends!("Buffer::slice_pattern", "ok", Buffer([0; 1]).slice_pattern(&[1, 2, 3])), (1, 2));
    assert_eq!(Buffer::<u8, 3>::size(), 3);
    assert_eq!(ends!("const_expression", "ok", const_expression::<5>([1; 3])), [1; 3]);
    assert_eq!(ends!("opaque_argument", "ok", opaque_argument([1, 2].iter())), Ok("1".to_owned()));
    assert_eq!(ends!("hrtb", "ok", hrtb(|text| text.len(), "abc")), 3);
    assert_eq!(ends!("function_returning_function", "ok", function_returning_function(1))(2)(3), 6);
    assert_eq!(ends!("array_of_impl", "ok", array_of_impl())[1].to_string(), "b");
    assert_eq!(ends!("tuple_of_impl", "ok", tuple_of_impl("ab")).0.count(), 2);
    assert_eq!(ends!("option_of_impl", "ok", option_of_impl(true)).map(Iterator::count), Some(3));
    assert_eq!(ends!("captures_nothing", "ok", captures_nothing(&String::new())).to_string(), "5");
    let text = ends!("captures_all", "ok", to_the_end(captures_all("a", 1)));
    assert_eq!(text.map(|text| text.to_string()), Ok("a1".to_owned()));
    assert_eq!(ends!("unsized_references", "ok", unsized_references("a", &|| 1)), "\"a\"1");
}
