//! The future of an annotated `async fn` is one future, as large and as deep as the plain one.

#![deny(warnings, clippy::all, clippy::pedantic, clippy::nursery)]
#![allow(
    clippy::large_futures,
    clippy::large_stack_arrays,
    clippy::large_stack_frames,
    clippy::large_types_passed_by_value
)]

use std::hint::black_box;

use metrics_core::observed;

type Page = [u8; 4096];

async fn last(page: Page) -> Result<usize, ()> {
    std::future::ready(()).await;
    black_box(&page);
    Ok(page.len())
}

/// A chain of functions that pass a page on, plain and annotated.
macro_rules! chain {
    (@ [$($attribute:tt)*] $item:item) => {
        $($attribute)*
        $item
    };
    ($module:ident $attribute:tt $($name:ident -> $next:path;)*) => {
        mod $module {
            use super::*;

            $(chain! { @ $attribute pub async fn $name(page: Page) -> Result<usize, ()> {
                if page[0] == 1 {
                    return Err(());
                }
                let length = $next(page).await?;
                Ok(length + 1)
            } })*
        }
    };
}

chain! { plain [] one -> two; two -> three; three -> four; four -> five; five -> six; six -> seven; seven -> last; }
chain! {
    annotated [#[observed]]
    one -> two; two -> three; three -> four; four -> five; five -> six; six -> seven; seven -> last;
}

#[test]
fn at_most_fifteen_percent_larger() {
    let plain = size_of_val(&plain::one([0; 4096]));
    let annotated = size_of_val(&annotated::one([0; 4096]));
    assert!(annotated * 100 <= plain * 115, "{annotated} bytes, plain {plain}");
}

/// Calls nested as deep as the compiler's default recursion limit has to allow.
macro_rules! deep {
    ($($name:ident $next:ident)*) => {$(
        #[observed]
        async fn $name() -> Result<usize, ()> {
            // As most services log: these macros hide no exit.
            tracing::info!("goes deeper");
            if black_box(false) {
                return Err(());
            }
            let depth = $next().await?;
            Ok(depth + 1)
        }
    )*};
}

async fn d0() -> Result<usize, ()> {
    std::future::ready(Ok(0)).await
}

deep! {
    d1 d0 d2 d1 d3 d2 d4 d3 d5 d4 d6 d5 d7 d6 d8 d7 d9 d8 d10 d9 d11 d10 d12 d11 d13 d12 d14 d13 d15 d14
    d16 d15 d17 d16 d18 d17 d19 d18 d20 d19 d21 d20 d22 d21 d23 d22 d24 d23 d25 d24 d26 d25 d27 d26 d28
    d27 d29 d28 d30 d29 d31 d30 d32 d31 d33 d32 d34 d33 d35 d34
}

#[test]
fn deep_calls_compile() {
    assert!(size_of_val(&d35()) > 0);
}
