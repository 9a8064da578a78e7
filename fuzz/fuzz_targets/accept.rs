//! Negotiates with headers of any bytes, well-formed and not: there is always a page, and it is the one asked for.

#![no_main]

#[path = "../../metrics-core/tests/fuzz_replay/mod.rs"]
#[allow(dead_code)]
mod fuzz_replay;

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz_replay::accept::check(data));
