use quote::quote;

use super::{split_inner, split_items};

#[test]
fn items_are_split_off() {
    let (items, rest) = split_items(quote!(use a::b; const X: u8 = { 1 }; const { f() }; use c;));
    assert_eq!(
        items.to_string(),
        quote!(
            use a::b;
            const X: u8 = { 1 };
        )
        .to_string()
    );
    assert_eq!(rest.to_string(), quote!(const { f() }; use c;).to_string());
    let (items, rest) = split_items(quote!(use a::; half typed));
    assert!(items.is_empty());
    assert_eq!(rest.to_string(), quote!(use a::; half typed).to_string());
}

#[test]
fn inner_attributes_are_split_off() {
    let (inner, rest) =
        split_inner(quote!(#![allow(unused)] #![warn(dead_code)] #[allow(unused)] let x = 1;));
    assert_eq!(inner.to_string(), quote!(#![allow(unused)] #![warn(dead_code)]).to_string());
    assert_eq!(rest.to_string(), quote!(#[allow(unused)] let x = 1;).to_string());
}
