//! Makes pages of any help texts, labels and numbers, in every format, and reads them back.

#![no_main]

#[path = "../../metrics-core/tests/fuzz_replay/mod.rs"]
#[allow(dead_code)]
mod fuzz_replay;

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz_replay::page::check(data, |_, _| ()));
