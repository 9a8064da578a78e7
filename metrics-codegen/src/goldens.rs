//! Expansions as a person reads them: `goldens/x.rs` expands to `goldens/x.expanded.rs`.
//!
//! `BLESS=1 cargo test -p metrics-codegen goldens` writes them anew.

use std::{fs, path::Path};

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Item, Meta};

use crate::function;

#[test]
fn expansions_are_as_written_down() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("goldens");
    let mut differing = Vec::new();
    for entry in fs::read_dir(&folder).expect("the folder of goldens") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name in UTF-8").to_owned();
        let Some(stem) = name.strip_suffix(".rs").filter(|stem| !stem.ends_with(".expanded")) else {
            continue;
        };
        let expanded = expanded(&fs::read_to_string(&path).expect("an input"));
        let golden = folder.join(format!("{stem}.expanded.rs"));
        if std::env::var_os("BLESS").is_some() {
            fs::write(&golden, &expanded).expect("a writable golden");
        }
        if fs::read_to_string(&golden).unwrap_or_default() != expanded {
            differing.push(format!("{stem}:\n{expanded}"));
        }
    }
    assert!(differing.is_empty(), "these differ, look at them and bless:\n{}", differing.join("\n"));
}

fn expanded(source: &str) -> String {
    let tokens = expand(syn::parse_str(source).expect("an item"));
    let file = syn::parse2(tokens.clone()).unwrap_or_else(|error| panic!("{error} in {tokens}"));
    prettyplease::unparse(&file)
}

/// Expands the first attribute of an item, as the compiler does.
fn expand(mut item: Item) -> TokenStream {
    let attributes = attributes(&mut item);
    let at = attributes
        .iter()
        .position(|attribute| !attribute.path().is_ident("doc"))
        .expect("one of the four attributes");
    let first = attributes.remove(at);
    let arguments = match &first.meta {
        Meta::List(list) => list.tokens.clone(),
        _ => TokenStream::new(),
    };
    let name = first.path().segments.last().expect("a name").ident.to_string();
    let kind = match name.as_str() {
        "counted" => function::Attribute::Counted,
        "timed" => function::Attribute::Timed,
        "in_flight" => function::Attribute::InFlight,
        "observed" => function::Attribute::Observed,
        _ => return derive(&arguments.to_string(), item.to_token_stream()),
    };
    function::expand(kind, arguments, &item.to_token_stream())
}

fn derive(name: &str, item: TokenStream) -> TokenStream {
    match name {
        "LabelValue" => crate::label_value::derive(item),
        "LabelSet" => crate::label_set::derive(item),
        _ => crate::metric_group::derive(item),
    }
}

fn attributes(item: &mut Item) -> &mut Vec<Attribute> {
    match item {
        Item::Fn(item) => &mut item.attrs,
        Item::Impl(item) => &mut item.attrs,
        Item::Struct(item) => &mut item.attrs,
        Item::Enum(item) => &mut item.attrs,
        _ => panic!("no golden has this kind of item"),
    }
}

/// Wrong input of any kind is an error or an item as it is, never a panic: every golden with each token left out, and doubled.
#[test]
fn nothing_makes_the_macros_panic() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("goldens");
    for entry in fs::read_dir(&folder).expect("the folder of goldens") {
        let path = entry.expect("an entry").path();
        if path.to_string_lossy().ends_with(".expanded.rs") {
            continue;
        }
        let tokens: TokenStream = fs::read_to_string(&path).expect("an input").parse().expect("tokens");
        for at in 0..count(&tokens) {
            for times in [0, 2] {
                expand_anything(&changed(&tokens, &mut at.clone(), times));
            }
        }
    }
}

/// Expands tokens as the arguments of every attribute, and as the item of everything.
fn expand_anything(tokens: &TokenStream) {
    let arguments = tokens.clone().into_iter().find_map(|token| match token {
        TokenTree::Group(group) => group.stream().into_iter().nth(1),
        _ => None,
    });
    let arguments = arguments.map_or_else(TokenStream::new, |arguments| match arguments {
        TokenTree::Group(group) => group.stream(),
        other => other.into(),
    });
    for kind in [
        function::Attribute::Counted,
        function::Attribute::Timed,
        function::Attribute::InFlight,
        function::Attribute::Observed,
    ] {
        let _ = function::expand(kind, arguments.clone(), tokens);
    }
    for name in ["LabelValue", "LabelSet", "MetricGroup"] {
        let _ = derive(name, tokens.clone());
    }
}

fn count(tokens: &TokenStream) -> usize {
    tokens
        .clone()
        .into_iter()
        .map(|token| match token {
            TokenTree::Group(group) => 1 + count(&group.stream()),
            _ => 1,
        })
        .sum()
}

/// The tokens with the one at a place, counted through all groups, repeated this often.
fn changed(tokens: &TokenStream, place: &mut usize, times: usize) -> TokenStream {
    let mut changed_tokens = TokenStream::new();
    for token in tokens.clone() {
        let repeated = if *place == 0 { times } else { 1 };
        *place = place.wrapping_sub(1);
        let token = match token {
            TokenTree::Group(group) => {
                TokenTree::Group(Group::new(group.delimiter(), changed(&group.stream(), place, times)))
            }
            other => other,
        };
        changed_tokens.extend(std::iter::repeat_n(token, repeated));
    }
    changed_tokens
}

#[test]
fn a_half_typed_body_is_emitted_as_it_is() {
    let source = "fn parse(text: &str) -> Result<u8, ()> { let x = text. ; match }";
    let item: TokenStream = source.parse().expect("tokens");
    let expanded = function::expand(function::Attribute::Counted, TokenStream::new(), &item).to_string();
    assert!(expanded.contains("let x = text . ; match"), "{expanded}");
    assert!(!expanded.contains("compile_error"), "{expanded}");
}
