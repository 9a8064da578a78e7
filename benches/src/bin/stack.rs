//! Bytes of stack that a call takes, with and without annotations, in a release build.
//!
//! `cargo run --release -p benches --bin stack`. Functions call themselves, and the addresses of a local variable in the first and
//! the last call are compared. A frame is a multiple of 16 bytes on most processors, so one function shows an addition as nothing or
//! as 16 bytes. Functions that keep 0 to 7 more words across the inner call show it in the mean.

/// Depth of the calls.
const DEPTH: usize = 1000;

/// Returns its result in registers.
type Small = fn(usize) -> Result<usize, usize>;
/// Returns its result in memory.
type Large = fn(usize, &str) -> Result<usize, String>;

/// Functions of one combination of attributes, by the words that they keep.
struct Combination {
    attributes: &'static str,
    small: [Small; 8],
    large: [Large; 8],
}

/// Defines a function that returns the address of a local variable of the innermost of `depth` calls.
macro_rules! small {
    ($(#[$attribute:meta])* $name:ident $($word:ident)*) => {
        $(#[$attribute])*
        #[inline(never)]
        fn $name(depth: usize) -> Result<usize, usize> {
            let local = depth;
            let here = ptr::from_ref(black_box(&local)).addr();
            $(let $word = black_box(depth);)*
            let deepest = if depth == 0 { here } else { $name(depth - 1)? };
            // The values live until the inner call has returned.
            black_box(&local);
            $(black_box($word);)*
            Ok(deepest)
        }
    };
}

/// Defines a function with a text and an error of some size; returns an address as [`small`] does.
macro_rules! large {
    ($(#[$attribute:meta])* $name:ident $($word:ident)*) => {
        $(#[$attribute])*
        #[inline(never)]
        fn $name(depth: usize, text: &str) -> Result<usize, String> {
            let local = depth;
            let here = ptr::from_ref(black_box(&local)).addr();
            if black_box(depth) == usize::MAX {
                return Err(text.to_owned());
            }
            $(let $word = black_box(depth);)*
            let deepest = if depth == 0 { here } else { $name(depth - 1, text)? };
            black_box((&local, text));
            $(black_box($word);)*
            Ok(deepest)
        }
    };
}

/// Defines the functions of one combination of attributes.
macro_rules! combination {
    ($module:ident: $name:literal, $(#[$attribute:meta])*) => {
        mod $module {
            use std::{hint::black_box, ptr};

            use super::Combination;

            combination! { @small $(#[$attribute])* }
            combination! { @large $(#[$attribute])* }

            pub(super) const FUNCTIONS: Combination = Combination {
                attributes: $name,
                small: [small_0, small_1, small_2, small_3, small_4, small_5, small_6, small_7],
                large: [large_0, large_1, large_2, large_3, large_4, large_5, large_6, large_7],
            };
        }
    };
    (@small $(#[$attribute:meta])*) => {
        small! { $(#[$attribute])* small_0 }
        small! { $(#[$attribute])* small_1 a }
        small! { $(#[$attribute])* small_2 a b }
        small! { $(#[$attribute])* small_3 a b c }
        small! { $(#[$attribute])* small_4 a b c d }
        small! { $(#[$attribute])* small_5 a b c d e }
        small! { $(#[$attribute])* small_6 a b c d e f }
        small! { $(#[$attribute])* small_7 a b c d e f g }
    };
    (@large $(#[$attribute:meta])*) => {
        large! { $(#[$attribute])* large_0 }
        large! { $(#[$attribute])* large_1 a }
        large! { $(#[$attribute])* large_2 a b }
        large! { $(#[$attribute])* large_3 a b c }
        large! { $(#[$attribute])* large_4 a b c d }
        large! { $(#[$attribute])* large_5 a b c d e }
        large! { $(#[$attribute])* large_6 a b c d e f }
        large! { $(#[$attribute])* large_7 a b c d e f g }
    };
}

combination! { plain: "none", }
combination! { counted: "#[counted]", #[metrics_core::counted] }
combination! { timed: "#[timed]", #[metrics_core::timed] }
combination! { in_flight: "#[in_flight]", #[metrics_core::in_flight] }
combination! { counted_and_timed: "#[counted] #[timed]", #[metrics_core::counted] #[metrics_core::timed] }
combination! { observed: "#[observed]", #[metrics_core::observed] }

/// Returns the bytes a call of the functions with small results and of those with large ones.
fn bytes(combination: &Combination) -> [[usize; 8]; 2] {
    [
        combination.small.map(|call| bytes_of(|depth| call(depth).ok())),
        combination.large.map(|call| bytes_of(|depth| call(depth, "text").ok())),
    ]
}

fn bytes_of(call: impl Fn(usize) -> Option<usize>) -> usize {
    // The first call resolves the metrics.
    match (call(0), call(DEPTH)) {
        (Some(first), Some(last)) => first.saturating_sub(last) / DEPTH,
        _ => 0,
    }
}

/// Prints one line: bytes a call of each function, and the mean above the same functions without attributes.
fn report(attributes: &str, results: &str, bytes: [usize; 8], plain: [usize; 8]) {
    print!("{attributes:<20} {results:<6}");
    for bytes in bytes {
        print!("{bytes:>5}");
    }
    let above = bytes.iter().sum::<usize>() as f64 - plain.iter().sum::<usize>() as f64;
    println!(" {:>+9.1}", above / bytes.len() as f64);
}

fn main() {
    let [plain_small, plain_large] = bytes(&plain::FUNCTIONS);
    println!(
        "bytes a call in functions that keep 0 to 7 words, by the size of their results; mean above none"
    );
    let combinations = [
        plain::FUNCTIONS,
        counted::FUNCTIONS,
        timed::FUNCTIONS,
        in_flight::FUNCTIONS,
        counted_and_timed::FUNCTIONS,
        observed::FUNCTIONS,
    ];
    for combination in combinations {
        let [small, large] = bytes(&combination);
        report(combination.attributes, "small", small, plain_small);
        report(combination.attributes, "large", large, plain_large);
    }
}
