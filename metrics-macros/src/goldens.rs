//! Expansions as a person reads them: `goldens/x.rs` expands to `goldens/x.expanded.rs`.
//!
//! `BLESS=1 cargo test -p metrics-macros goldens` writes them anew.

use std::fs;
use std::path::Path;

use proc_macro2::TokenStream;
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
        .expect("an attribute of ours");
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
