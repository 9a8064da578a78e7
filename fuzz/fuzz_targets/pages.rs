//! Makes pages of any help texts, labels and numbers, in every format, and reads them back.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz_cases::page::check(data, |_, _| ()));
