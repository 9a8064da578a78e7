//! Bytes of stack that a call takes, with and without annotations, in a release build.
//!
//! `cargo run --release -p benches --bin stack`. Functions call themselves, and the addresses of a local variable in the first and
//! the last call are compared. A frame is a multiple of 16 bytes on most processors.

use std::{hint::black_box, ptr};

use metrics_core::{counted, in_flight, observed, timed};

/// Depth of the calls.
const DEPTH: usize = 1000;

/// Defines a function that returns the address of a local variable of the innermost of `depth` calls.
macro_rules! recursive {
    ($(#[$attribute:meta])* $name:ident) => {
        $(#[$attribute])*
        #[inline(never)]
        fn $name(depth: usize) -> Result<usize, usize> {
            let local = depth;
            let here = ptr::from_ref(black_box(&local)).addr();
            let deepest = if depth == 0 { here } else { $name(depth - 1)? };
            // The variable lives until the inner call has returned.
            black_box(&local);
            Ok(deepest)
        }
    };
}

recursive!(plain);
recursive!(
    #[counted]
    counted_call
);
recursive!(
    #[timed]
    timed_call
);
recursive!(
    #[in_flight]
    in_flight_call
);
recursive!(
    #[counted]
    #[timed]
    counted_and_timed
);
recursive!(
    #[observed]
    observed_call
);

/// Defines a function with values that it keeps across the inner call; returns an address as [`recursive`] does.
macro_rules! recursive_with_values {
    ($(#[$attribute:meta])* $name:ident) => {
        $(#[$attribute])*
        #[inline(never)]
        fn $name(depth: usize, first: u64, text: &str) -> Result<usize, String> {
            let local = depth;
            let here = ptr::from_ref(black_box(&local)).addr();
            if black_box(first) == u64::MAX {
                return Err(text.to_owned());
            }
            let second = black_box(first ^ depth as u64);
            let deepest = if depth == 0 { here } else { $name(depth - 1, second, text)? };
            black_box((&local, first, second, text));
            Ok(deepest)
        }
    };
}

type WithValues = fn(usize, u64, &str) -> Result<usize, String>;

recursive_with_values!(plain_with_values);
recursive_with_values!(
    #[counted]
    counted_with_values
);
recursive_with_values!(
    #[counted]
    #[timed]
    counted_and_timed_with_values
);
recursive_with_values!(
    #[observed]
    observed_with_values
);

fn report(name: &str, call: impl Fn(usize) -> Result<usize, usize>) {
    // The first call resolves the metrics.
    let ends = (call(0), call(DEPTH));
    if let (Ok(first), Ok(last)) = ends {
        println!("{name:<30} {:>5} bytes a call", first.saturating_sub(last) / DEPTH);
    }
}

fn main() {
    report("plain", plain);
    report("#[counted]", counted_call);
    report("#[timed]", timed_call);
    report("#[in_flight]", in_flight_call);
    report("#[counted] #[timed]", counted_and_timed);
    report("#[observed]", observed_call);
    let with_values: [(&str, WithValues); 4] = [
        ("plain, values", plain_with_values),
        ("#[counted], values", counted_with_values),
        ("#[counted] #[timed], values", counted_and_timed_with_values),
        ("#[observed], values", observed_with_values),
    ];
    for (name, call) in with_values {
        report(name, |depth| call(depth, 1, "text").map_err(|_| 0));
    }
}
