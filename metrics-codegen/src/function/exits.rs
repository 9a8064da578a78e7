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
        let mut words = call.path.segments.iter().rev().map(|segment| segment.ident.to_string());
        let (name, qualifier) = (words.next().unwrap_or_default(), words.next());
        if may_leave(qualifier.as_deref(), &name) {
            self.is_hidden = true;
        } else if has_exits(call.tokens.clone()) {
            // Other macros may put their arguments into a closure.
            let is_std = STAYING.contains(&name.as_str());
            match self.arguments(call.tokens.clone()).filter(|_| is_std) {
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

/// Macros of the most used crates, with names that nobody gives to a macro that returns.
const STAYING_OF_OTHERS: [&str; 14] = [
    "debug",
    "debug_span",
    "error_span",
    "event",
    "info",
    "info_span",
    "join",
    "json",
    "span",
    "trace",
    "trace_span",
    "try_join",
    "warn",
    "warn_span",
];

/// Crates none of whose macros leaves the function, by the first word of a path such as `tracing::error!`.
const STAYING_CRATES: [&str; 3] = ["log", "std", "tracing"];

/// Words before a `!` that negates: `if !(a)`, `return !{…}`.
const KEYWORDS: [&str; 9] = ["if", "while", "match", "in", "else", "move", "return", "break", "box"];

/// Returns `true` where control can leave the function: by `?`, by `return`, or by a macro that may hide one.
fn has_exits(tokens: TokenStream) -> bool {
    let mut tokens = tokens.into_iter().peekable();
    // The last word, the one before it in a path, and the colons since.
    let (mut word, mut qualifier, mut colons): (Option<String>, Option<String>, usize) = (None, None, 0);
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(ident) if ident == "return" => return true,
            TokenTree::Ident(ident) => {
                qualifier = word.take().filter(|_| colons == 2);
                (word, colons) = (Some(ident.to_string()), 0);
                continue;
            }
            TokenTree::Punct(punct) => match punct.as_char() {
                '?' => return true,
                ':' => {
                    colons += 1;
                    continue;
                }
                '!' if matches!(tokens.peek(), Some(TokenTree::Group(_)))
                    && word.is_some_and(|name| may_leave(qualifier.as_deref(), &name)) =>
                {
                    return true;
                }
                _ => {}
            },
            TokenTree::Group(group) if has_exits(group.stream()) => return true,
            TokenTree::Group(_) | TokenTree::Literal(_) => {}
        }
        (word, qualifier, colons) = (None, None, 0);
    }
    false
}

fn may_leave(qualifier: Option<&str>, name: &str) -> bool {
    let is_of_staying_crate = qualifier.is_some_and(|qualifier| STAYING_CRATES.contains(&qualifier));
    !is_of_staying_crate
        && ![&STAYING[..], &STAYING_OF_OTHERS, &KEYWORDS].iter().any(|staying| staying.contains(&name))
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
        assert!(!has_exits(quote!(info!("a"); tracing::error!(a = 1, "b"); serde_json::json!({ "a": 1 }))));
        assert!(has_exits(quote!(error!("a"); 1)) && has_exits(quote!(other::error!("a"); 1)));
        assert!(has_exits(quote!(let a: u8 = b::bail!(); a)));
    }
}
