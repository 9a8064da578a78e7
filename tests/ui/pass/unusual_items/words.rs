//! Words that are not always keywords, and attributes of every kind.

use std::{num::ParseIntError, ops::ControlFlow};

use metrics_core::{counted, in_flight, observed, timed};

use crate::{ends, futures::to_the_end, has, panics};

#[observed]
async fn async_closures(values: &[u8]) -> Result<u8, ParseIntError> {
    let add = async |more: u8| -> Result<u8, ParseIntError> { Ok(values[0] + more + "1".parse::<u8>()?) };
    let sum = add(1).await?;
    Ok(sum)
}

#[observed]
async fn takes_async_closure(with: impl AsyncFn(u8) -> Option<u8>) -> Option<u8> {
    let value = with(1).await?;
    Some(value)
}

#[observed]
fn union(safe: u8, auto: u8, default: u8, raw: u8, dyn_: u8) -> Result<u8, ParseIntError> {
    let macro_rules = safe + auto + default + raw + dyn_;
    "1".parse::<u8>().map(|value| value + macro_rules)
}

#[observed]
fn r#gen(r#gen: u8) -> ControlFlow<u8, u8> {
    let value = if r#gen == 0 { ControlFlow::Break(0) } else { ControlFlow::Continue(1) }?;
    ControlFlow::Continue(value)
}

#[observed]
extern "system" fn system() {}

#[observed]
unsafe extern "C-unwind" fn unwinds(panics: bool) -> u8 {
    assert!(!panics, "asked");
    1
}

#[cfg_attr(all(), timed, in_flight)]
#[cfg_attr(not(all()), does_not_exist)]
#[cfg_attr(all(), counted(name = "odd_conditional_total", help = "H."))]
fn conditional(#[cfg(not(any()))] value: u8, #[cfg(any())] absent: u8) -> u8 {
    #[cfg(any())]
    return absent;
    value
}

#[doc(hidden)]
#[cold]
#[inline(never)]
#[rustfmt::skip]
#[expect(unused_variables, reason = "the test's")]
#[observed]
fn expects(value: u8) -> u8 {
    let unused = 1;
    2
}

#[test]
fn words_of_every_kind() {
    assert_eq!(ends!("async_closures", "ok", to_the_end(async_closures(&[1]))), Ok(3));
    let with = async |value: u8| value.checked_add(1);
    assert_eq!(ends!("takes_async_closure", "ok", to_the_end(takes_async_closure(with))), Some(2));
    assert_eq!(ends!("union", "ok", union(1, 1, 1, 1, 1)), Ok(6));
    assert_eq!(ends!("gen", "ok", r#gen(0)), ControlFlow::Break(0));
    ends!("system", "ok", system());
    // SAFETY: it does nothing that is not safe.
    unsafe {
        assert_eq!(ends!("unwinds", "ok", unwinds(false)), 1);
        ends!("unwinds", "panicked", panics(|| unwinds(true)));
    }
    assert_eq!(conditional(1), 1);
    has("odd_conditional_total 1");
    assert_eq!(ends!("expects", "ok", expects(1)), 2);
}
