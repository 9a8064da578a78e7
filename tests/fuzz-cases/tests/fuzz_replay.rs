//! The fuzzer's cases with bytes of a seeded generator: the same in every run.

use fuzz_cases::{accept, page};
use metrics_core::Format;

/// Bytes of xorshift64*, and every third time of those that formats and headers are made of.
fn inputs(count: usize) -> impl Iterator<Item = Vec<u8>> {
    const SPECIAL: &[u8] = b"\\\"\n\r\t ,{}=#\0n;*/q=0.1+Inf\xF0\x9F\x98\x80\xC3\xFF\x7F\x80";
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut bits = move || {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 32
    };
    std::iter::repeat_with(move || {
        let length = bits() % 300;
        let special = bits() % 3 == 0;
        let byte = |bits: u64| {
            let [any, ..] = bits.to_le_bytes();
            if special { SPECIAL[usize::from(any) % SPECIAL.len()] } else { any }
        };
        (0..length).map(|_| byte(bits())).collect()
    })
    .take(count)
}

fn keep(format: Format, page: &[u8]) {
    let extension = match format {
        Format::Text => "text",
        Format::OpenMetrics => "openmetrics",
        Format::Json => "json",
        Format::Protobuf => return,
        other => panic!("pages in {other:?} have no parser yet"),
    };
    kept_pages::keep(extension, page);
}

#[test]
fn pages() {
    inputs(3000).for_each(|input| page::check(&input, keep));
}

#[test]
fn headers() {
    inputs(30_000).for_each(|input| accept::check(&input));
}
