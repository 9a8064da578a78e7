//! Negotiates with headers of any bytes, well-formed and not: there is always a page, and it is the one asked for.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz_cases::accept::check(data));
