use quote::quote;

use super::{has_exits, split_inner, split_items};

#[test]
fn exits_are_found_anywhere() {
    assert!(has_exits(quote!(let x = f()?; x)));
    assert!(has_exits(quote!(if a { return 1; } 2)));
    assert!(has_exits(quote!(bail!("no"))));
    assert!(has_exits(quote!(println!("{}", f()?))));
    assert!(has_exits(quote!(anyhow::ensure!(a, "no"); 1)));
}

#[test]
fn other_bodies_have_none() {
    assert!(!has_exits(quote!(let x = vec![1]; println!("{x:?}"); x.len())));
    assert!(!has_exits(quote!(if !(a) { 1 } else { 2 })));
    assert!(!has_exits(quote!(a != (b) && !c())));
    assert!(!has_exits(quote!(let f = |x| x + 1; f(1))));
}

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
