//! Expands arbitrary tokens by every macro: it never panics and returns tokens.

#![no_main]

use libfuzzer_sys::Corpus;

libfuzzer_sys::fuzz_target!(|data: &[u8]| -> Corpus {
    if fuzz_cases::expansion::check(data) { Corpus::Keep } else { Corpus::Reject }
});
