//! Expansion of arbitrary tokens by every macro: it never panics and returns tokens.

use metrics_codegen::{
    Attribute, derive_label_set, derive_label_value, derive_metric_group, expand_attribute,
};
use proc_macro2::{TokenStream, TokenTree};

/// Fragments of Rust, one for each byte of an input whose first byte is large.
#[expect(clippy::needless_raw_string_hashes, reason = "each line of that file is written alike")]
pub const FRAGMENTS: &[&str] = &include!("fragments.in");

/// Deepest nesting that is tried: the compiler refuses deeper input before a macro sees it.
const DEEPEST: usize = 64;

/// Expands the bytes as one of the macros. Returns false if they are no tokens.
pub fn check(data: &[u8]) -> bool {
    let Some((mode, rest)) = data.split_first() else { return false };
    let text = if *mode < 128 {
        String::from_utf8_lossy(rest).into_owned()
    } else {
        let fragments = rest.iter().map(|byte| FRAGMENTS[usize::from(*byte) % FRAGMENTS.len()]);
        fragments.collect::<Vec<_>>().join(" ")
    };
    // The arguments stand before the first `@@`.
    let (arguments, item) = text.split_once("@@").unwrap_or(("", &text));
    if !shallow(arguments) || !shallow(item) {
        return false;
    }
    let (Ok(arguments), Ok(item)) = (arguments.parse::<TokenStream>(), item.parse::<TokenStream>()) else {
        return false;
    };
    walk(match mode % 7 {
        0 => expand_attribute(Attribute::Counted, arguments, &item),
        1 => expand_attribute(Attribute::Timed, arguments, &item),
        2 => expand_attribute(Attribute::InFlight, arguments, &item),
        3 => expand_attribute(Attribute::Observed, arguments, &item),
        4 => derive_label_set(item),
        5 => derive_label_value(item),
        _ => derive_metric_group(item),
    });
    true
}

fn shallow(text: &str) -> bool {
    let mut depth = 0_usize;
    text.bytes().all(|byte| {
        match byte {
            // Operators in front of an expression nest as well.
            b'(' | b'[' | b'{' | b'<' | b'!' | b'&' | b'*' | b'-' | b'|' => depth += 1,
            b')' | b']' | b'}' | b'>' => depth = depth.saturating_sub(1),
            b';' | b',' => depth = depth.saturating_sub(8),
            _ => {}
        }
        depth <= DEEPEST
    })
}

/// Looks at every token.
fn walk(tokens: TokenStream) {
    for token in tokens {
        let _ = token.span();
        if let TokenTree::Group(group) = token {
            walk(group.stream());
        }
    }
}
