//! Makes pages of any help texts, labels and numbers, in every format, and reads them back.

#![no_main]

#[path = "../../metrics-core/tests/any/mod.rs"]
#[allow(dead_code)]
mod any;

libfuzzer_sys::fuzz_target!(|data: &[u8]| any::page::check(data));
