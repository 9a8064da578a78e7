//! A body whose `return` and `?` leave a labelled block instead of the function.
//!
//! A closure would do the same for every body, but what it calls sees the closure as its caller: `#[track_caller]` would be
//! lost. So the functions that have this attribute are rewritten, where every exit can be seen.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::{
    Block, Expr, Item, Lifetime, Macro, Path, Stmt, parse_quote_spanned,
    spanned::Spanned,
    visit_mut::{self, VisitMut},
};

use super::expand::ours;
use crate::item_fn;

/// The body as a labelled block; `None` where an exit may be hidden in a macro.
pub(crate) fn labelled(statements: &TokenStream, label: &Lifetime, krate: &Path) -> Option<TokenStream> {
    let mut statements: Vec<Stmt> = super::parse::with(Block::parse_within, statements.clone()).ok()?;
    let mut exits = Exits { krate, label, hidden: false };
    for statement in &mut statements {
        exits.visit_stmt_mut(statement);
    }
    (!exits.hidden).then(|| quote!(#(#statements)*))
}

struct Exits<'a> {
    krate: &'a Path,
    label: &'a Lifetime,
    /// Whether there may be an exit that is not to be seen.
    hidden: bool,
}

impl Exits<'_> {
    fn look_into(&mut self, tokens: &TokenStream) {
        self.hidden |= item_fn::has_exits(tokens.clone());
    }
}

impl VisitMut for Exits<'_> {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        match expression {
            // What is left inside of these is not the function.
            Expr::Closure(_) | Expr::Async(_) | Expr::Const(_) => return,
            Expr::TryBlock(_) => self.hidden = true,
            Expr::Verbatim(tokens) => self.look_into(tokens),
            _ => visit_mut::visit_expr_mut(self, expression),
        }
        let (krate, label) = (self.krate, self.label);
        match expression {
            Expr::Return(leaves) => {
                self.hidden |= !leaves.attrs.is_empty();
                let value = leaves.expr.as_ref().map_or_else(|| quote!(()), ToTokens::to_token_stream);
                let there = ours().located_at(leaves.return_token.span());
                *expression = Expr::Verbatim(quote_spanned!(there=> break #label #value));
            }
            Expr::Try(asks) => {
                self.hidden |= !asks.attrs.is_empty();
                let there = ours().located_at(asks.question_token.span());
                let asked = &asks.expr;
                *expression = parse_quote_spanned! {there=>
                    match #krate::__private::branch(#asked) {
                        ::core::ops::ControlFlow::Continue(__metrics_value) => __metrics_value,
                        ::core::ops::ControlFlow::Break(__metrics_residual) => {
                            break #label #krate::__private::from_residual(__metrics_residual)
                        }
                    }
                };
            }
            _ => {}
        }
    }

    fn visit_macro_mut(&mut self, call: &mut Macro) {
        self.look_into(&call.to_token_stream());
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}
