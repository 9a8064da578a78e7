//! Negotiates with headers of any bytes, well-formed and not: there is always a page, and it is the one asked for.

#![no_main]

#[path = "../../metrics-core/tests/any/mod.rs"]
#[allow(dead_code)]
mod any;

libfuzzer_sys::fuzz_target!(|data: &[u8]| any::accept::check(data));
