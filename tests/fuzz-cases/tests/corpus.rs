//! Items with small random mistakes, the same in every run: no macro panics, and each mistake is an error beside the item.
//!
//! The fuzz target `fuzz/fuzz_targets/expand.rs` continues this without an end.

use std::{fs, path::Path};

use fuzz_cases::expansion::FRAGMENTS;
use metrics_codegen::{
    Attribute, check_attribute, derive_label_set, derive_label_value, derive_metric_group, expand_attribute,
};
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::ToTokens;

/// The number of variants of each item that are expanded.
const VARIANTS: usize = 16;

/// The largest number of changes in a variant.
const CHANGES: usize = 4;

/// A small generator of numbers (xorshift), the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let limit = u64::try_from(limit.max(1)).expect("a length");
        usize::try_from(self.0 % limit).expect("less than a length")
    }
}

/// The items of a folder's files that parse.
fn items(folder: &str) -> Vec<TokenStream> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut paths: Vec<_> =
        fs::read_dir(&folder).expect("a folder").map(|file| file.expect("a file").path()).collect();
    paths.sort();
    let sources = paths.iter().filter(|path| path.extension().is_some_and(|end| end == "rs"));
    let files = sources.filter_map(|path| syn::parse_file(&fs::read_to_string(path).expect("a text")).ok());
    files.flat_map(|file| file.items).map(ToTokens::into_token_stream).collect()
}

/// The tokens with one change somewhere.
fn changed(tokens: TokenStream, chance: &mut Chance) -> TokenStream {
    let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let at = chance.below(tokens.len());
    if let Some(TokenTree::Group(group)) = tokens.get(at)
        && chance.below(4) > 0
    {
        let inner = Group::new(group.delimiter(), changed(group.stream(), chance));
        tokens[at] = inner.into();
        return tokens.into_iter().collect();
    }
    match chance.below(6) {
        0 if !tokens.is_empty() => drop(tokens.remove(at)),
        1 if !tokens.is_empty() => tokens.insert(at, tokens[at].clone()),
        2 if at > 0 => tokens.swap(at - 1, at),
        3 => tokens.truncate(at),
        4 if !tokens.is_empty() => {
            let hidden = Group::new(Delimiter::None, tokens[at].clone().into());
            tokens[at] = hidden.into();
        }
        _ => {
            let fragment =
                FRAGMENTS[chance.below(FRAGMENTS.len())].parse().unwrap_or_else(|_| TokenStream::new());
            tokens.splice(at..at, fragment);
        }
    }
    tokens.into_iter().collect()
}

/// Expands an item as every macro.
fn expand(arguments: &TokenStream, item: &TokenStream) -> [TokenStream; 8] {
    let attribute = |attribute| expand_attribute(attribute, arguments.clone(), item);
    [
        attribute(Attribute::Counted),
        attribute(Attribute::Timed),
        attribute(Attribute::InFlight),
        attribute(Attribute::Observed),
        check_attribute(Attribute::Observed, arguments.clone(), item),
        derive_label_set(item.clone()),
        derive_label_value(item.clone()),
        derive_metric_group(item.clone()),
    ]
}

#[test]
fn no_macro_panics() {
    let mut chance = Chance(0x2545_f491_4f6c_dd1d);
    let items: Vec<_> = ["../../metrics-codegen/goldens", "../ui/fail"].into_iter().flat_map(items).collect();
    assert!(items.len() > 200, "{} items", items.len());
    let mut arguments: Vec<TokenStream> = vec![TokenStream::new()];
    for written in items {
        let mut item = written.clone();
        for variant in 0..VARIANTS {
            let expanded = expand(&arguments[variant % arguments.len()], &item);
            for tokens in expanded {
                assert!(!tokens.is_empty(), "nothing came of {item}");
            }
            if let Some(list) = lists(item.clone()).into_iter().next() {
                arguments.push(list);
            }
            if arguments.len() > 64 {
                let place = chance.below(arguments.len());
                let other = arguments.swap_remove(place);
                arguments[0] = changed(other, &mut chance);
            }
            let start = if variant % CHANGES == 0 { written.clone() } else { item };
            item = changed(start, &mut chance);
        }
    }
}

/// The tokens in the parentheses of an item's attributes.
fn lists(item: TokenStream) -> Vec<TokenStream> {
    let brackets = item.into_iter().filter_map(|token| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => Some(group.stream()),
        _ => None,
    });
    let lists = brackets.filter_map(|attribute| attribute.into_iter().last());
    lists
        .filter_map(|token| match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => Some(group.stream()),
            _ => None,
        })
        .collect()
}
