//! Expands tokens of every kind as every macro: nothing panics, and what comes out are tokens.
//!
//! A crate of procedural macros exports nothing else, so its modules are compiled in here.

#![no_main]
#![allow(dead_code, clippy::all)]

macro_rules! modules {
    ($($name:ident at $path:literal;)*) => { $( #[path = $path] mod $name; )* };
}

modules! {
    attr at "../../metrics-macros/src/attr.rs";
    buckets at "../../metrics-macros/src/buckets.rs";
    crate_path at "../../metrics-macros/src/crate_path.rs";
    doc_comment at "../../metrics-macros/src/doc_comment.rs";
    duration at "../../metrics-macros/src/duration.rs";
    errors at "../../metrics-macros/src/errors.rs";
    fallback at "../../metrics-macros/src/fallback.rs";
    function at "../../metrics-macros/src/function/mod.rs";
    item at "../../metrics-macros/src/item.rs";
    label_set at "../../metrics-macros/src/label_set/mod.rs";
    label_value at "../../metrics-macros/src/label_value/mod.rs";
    metric_group at "../../metrics-macros/src/metric_group/mod.rs";
    names at "../../metrics-macros/src/names.rs";
    native at "../../metrics-macros/src/native.rs";
    quantiles at "../../metrics-macros/src/quantiles.rs";
    repository at "../../metrics-macros/src/repository.rs";
    span at "../../metrics-macros/src/span.rs";
    symbol at "../../metrics-macros/src/symbol.rs";
    warning at "../../metrics-macros/src/warning.rs";
}

use function::Attribute;
use libfuzzer_sys::{Corpus, fuzz_target};
use proc_macro2::{TokenStream, TokenTree};

/// Fragments of an input whose first byte is large, one for each byte.
const FRAGMENTS: &[&str] = &include!("fragments.in");

/// The compiler refuses deeper nesting by itself, before a macro sees it.
const DEEPEST: usize = 64;

fuzz_target!(|input: &[u8]| -> Corpus {
    let Some((mode, rest)) = input.split_first() else { return Corpus::Reject };
    let text = if *mode < 128 {
        String::from_utf8_lossy(rest).into_owned()
    } else {
        let fragments = rest.iter().map(|byte| FRAGMENTS[usize::from(*byte) % FRAGMENTS.len()]);
        fragments.collect::<Vec<_>>().join(" ")
    };
    // What is before the first `@@` are the arguments.
    let (arguments, item) = text.split_once("@@").unwrap_or(("", &text));
    if !shallow(arguments) || !shallow(item) {
        return Corpus::Reject;
    }
    let (Ok(arguments), Ok(item)) = (arguments.parse::<TokenStream>(), item.parse::<TokenStream>()) else {
        return Corpus::Reject;
    };
    let expanded = match mode % 7 {
        0 => function::expand(Attribute::Counted, arguments, &item),
        1 => function::expand(Attribute::Timed, arguments, &item),
        2 => function::expand(Attribute::InFlight, arguments, &item),
        3 => function::expand(Attribute::Observed, arguments, &item),
        4 => label_set::derive(item),
        5 => label_value::derive(item),
        _ => metric_group::derive(item),
    };
    walk(expanded);
    Corpus::Keep
});

fn shallow(text: &str) -> bool {
    let mut depth = 0_usize;
    text.bytes().all(|byte| {
        match byte {
            b'(' | b'[' | b'{' | b'<' => depth += 1,
            b')' | b']' | b'}' | b'>' => depth = depth.saturating_sub(1),
            // Operators in front of an expression nest as well.
            b'!' | b'&' | b'*' | b'-' | b'|' => depth += 1,
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
