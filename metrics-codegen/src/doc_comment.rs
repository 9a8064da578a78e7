//! Doc comments as help texts.

use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The doc comment's lines joined by a space; sections (`# Errors`) and code blocks are not part of it.
pub(crate) fn help(attributes: &[Attribute]) -> Option<String> {
    let lines = attributes.iter().filter_map(line).collect::<Vec<_>>().join("\n");
    let prose =
        lines.lines().map(str::trim).take_while(|line| !line.starts_with("# ") && !line.starts_with("```"));
    let words = prose.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
    (!words.is_empty()).then_some(words)
}

fn line(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    #[test]
    fn lines_are_joined() {
        let item: syn::ItemFn = parse_quote! {
            /// Players who
            ///   logged in.
            ///
            /// Since the start.
            ///
            /// # Errors
            /// When not.
            #[doc(hidden)]
            fn login() {}
        };
        assert_eq!(super::help(&item.attrs).as_deref(), Some("Players who logged in. Since the start."));
    }

    #[test]
    fn no_comment_is_no_help() {
        let item: syn::ItemFn = parse_quote! {
            ///
            #[inline]
            fn login() {}
        };
        assert_eq!(super::help(&item.attrs), None);
    }
}
