//! Expands tokens of every kind as every macro: nothing panics, and what comes out are tokens.

#![no_main]

use libfuzzer_sys::Corpus;

libfuzzer_sys::fuzz_target!(|data: &[u8]| -> Corpus {
    if fuzz_cases::expansion::check(data) { Corpus::Keep } else { Corpus::Reject }
});
