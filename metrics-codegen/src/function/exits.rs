//! Exits of a body: `return`, `?`, and macros that may hide one.
//!
//! A body whose exits are all visible stays where it is, and its exits leave a labelled block instead of the function. So its
//! arguments drop as in the plain function, the future of an `async fn` stays one future, and callees see the function as
//! their caller. A closure or an `async` block around the body has none of this, and serves hidden exits alone.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{
    Block, Expr, Item, Macro, Path, Token,
    parse::{ParseStream, Parser},
    parse_quote_spanned,
    punctuated::Punctuated,
    visit_mut::{self, VisitMut},
};

use super::words::FreshIdents;
use crate::span::{located, mixed_site_at};

/// The exits of a body.
pub(crate) enum Exits {
    /// Control leaves it at its end alone.
    None,
    /// All exits are visible: these are the statements, with exits that leave the labelled block.
    Visible(TokenStream),
    /// A macro, or syntax that does not parse, may hide an exit.
    Hidden,
}

impl Exits {
    /// Finds the exits of a body.
    pub(crate) fn of(statements: &TokenStream, idents: &FreshIdents, krate: &Path) -> Self {
        if !has_exits(statements.clone()) {
            return Self::None;
        }
        let Ok(mut parsed) = Parser::parse2(Block::parse_within, statements.clone()) else {
            return Self::Hidden;
        };
        let mut rewrite = Rewrite { krate, idents, is_hidden: false };
        for statement in &mut parsed {
            rewrite.visit_stmt_mut(statement);
        }
        if rewrite.is_hidden { Self::Hidden } else { Self::Visible(quote!(#(#parsed)*)) }
    }
}

/// Rewrites exits in place.
struct Rewrite<'a> {
    krate: &'a Path,
    idents: &'a FreshIdents,
    /// Set where an exit may not be visible.
    is_hidden: bool,
}

impl Rewrite<'_> {
    fn look_into(&mut self, tokens: TokenStream) {
        self.is_hidden |= has_exits(tokens);
    }

    /// The arguments of a macro of the standard library, rewritten where all of them are expressions.
    fn arguments(&mut self, tokens: TokenStream) -> Option<TokenStream> {
        let repeat = |input: ParseStream<'_>| -> syn::Result<(Expr, Token![;], Expr)> {
            Ok((input.parse()?, input.parse()?, input.parse()?))
        };
        if let Ok((mut value, semicolon, length)) = repeat.parse2(tokens.clone()) {
            self.visit_expr_mut(&mut value);
            return Some(quote!(#value #semicolon #length));
        }
        let mut list = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(tokens).ok()?;
        for argument in &mut list {
            self.visit_expr_mut(argument);
        }
        Some(list.into_token_stream())
    }
}

impl VisitMut for Rewrite<'_> {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        match expression {
            // An exit inside of these does not leave the function.
            Expr::Closure(_) | Expr::Async(_) | Expr::Const(_) => return,
            Expr::TryBlock(_) => self.is_hidden = true,
            Expr::Verbatim(tokens) => self.look_into(tokens.clone()),
            _ => visit_mut::visit_expr_mut(self, expression),
        }
        let label = &self.idents.body;
        match expression {
            // Parentheses, because syn 2 reads `break 'label ::path` as a labelled loop.
            Expr::Return(leaves) => {
                self.is_hidden |= !leaves.attrs.is_empty();
                let value = leaves.expr.as_ref().map(ToTokens::to_token_stream);
                let span = mixed_site_at(&leaves.return_token);
                *expression = Expr::Verbatim(quote_spanned!(span=> break #label (#value)));
            }
            Expr::Try(asks) => {
                self.is_hidden |= !asks.attrs.is_empty();
                let span = mixed_site_at(&asks.question_token);
                let krate = located(self.krate, span);
                let FreshIdents { value, residual, .. } = self.idents;
                let asked = &asks.expr;
                *expression = parse_quote_spanned! {span=>
                    match #krate::__private::branch(#asked) {
                        ::core::ops::ControlFlow::Continue(#value) => #value,
                        ::core::ops::ControlFlow::Break(#residual) => {
                            break #label (#krate::__private::from_residual(#residual))
                        }
                    }
                };
            }
            _ => {}
        }
    }

    fn visit_macro_mut(&mut self, call: &mut Macro) {
        let name = call.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        if may_leave(&name) {
            self.is_hidden = true;
        } else if has_exits(call.tokens.clone()) {
            match self.arguments(call.tokens.clone()) {
                Some(arguments) => call.tokens = arguments,
                None => self.is_hidden = true,
            }
        }
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}

/// Macros of the standard library, none of which leaves the function that calls it.
const STAYING: [&str; 34] = [
    "assert",
    "assert_eq",
    "assert_ne",
    "cfg",
    "column",
    "compile_error",
    "concat",
    "dbg",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "env",
    "eprint",
    "eprintln",
    "file",
    "format",
    "format_args",
    "include_bytes",
    "include_str",
    "line",
    "matches",
    "module_path",
    "option_env",
    "panic",
    "print",
    "println",
    "stringify",
    "thread_local",
    "todo",
    "unimplemented",
    "unreachable",
    "vec",
    "write",
    "writeln",
];

/// Words before a `!` that negates: `if !(a)`, `return !{…}`.
const KEYWORDS: [&str; 9] = ["if", "while", "match", "in", "else", "move", "return", "break", "box"];

/// Returns `true` where control can leave the function: by `?`, by `return`, or by a macro that may hide one.
fn has_exits(tokens: TokenStream) -> bool {
    let mut tokens = tokens.into_iter().peekable();
    let mut before: Option<String> = None;
    while let Some(token) = tokens.next() {
        let mut word = None;
        match token {
            TokenTree::Ident(ident) if ident == "return" => return true,
            TokenTree::Ident(ident) => word = Some(ident.to_string()),
            TokenTree::Punct(punct) if punct.as_char() == '?' => return true,
            TokenTree::Punct(punct) if punct.as_char() == '!' => {
                let is_call = matches!(tokens.peek(), Some(TokenTree::Group(_)));
                if is_call && before.as_deref().is_some_and(may_leave) {
                    return true;
                }
            }
            TokenTree::Group(group) if has_exits(group.stream()) => return true,
            _ => {}
        }
        before = word;
    }
    false
}

fn may_leave(name: &str) -> bool {
    !STAYING.contains(&name) && !KEYWORDS.contains(&name)
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::has_exits;

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
}
