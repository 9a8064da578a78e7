//! The labels of `labels(…)` as they were written.

use proc_macro2::{Ident, Span};
use syn::{
    Expr, ExprClosure, Token, Type,
    parse::ParseStream,
    visit::{self, Visit},
};

use crate::{
    attr::{self, Text},
    ctxt::Ctxt,
    symbol::{CAPPED, ERROR, RESULT, Symbol},
};

/// A label as written.
pub(crate) struct RawLabel {
    pub(crate) name: Ident,
    /// The type of `name: Type = …`.
    pub(crate) kind: Option<Type>,
    pub(crate) value: RawValue,
}

/// What is after the name of a label.
pub(crate) enum RawValue {
    /// `result` alone.
    Ending,
    /// A string literal, or a macro that makes one.
    Constant(Text),
    /// `capped(expression, limit)`.
    Capped { value: Box<Expr>, limit: usize },
    /// `|ret| expression`.
    Returned(Box<ExprClosure>),
    /// `error(|err| expression)`.
    Error(Box<ExprClosure>),
    /// An expression over the arguments.
    Argument(Box<Expr>),
}

/// Macros of the standard library that are texts.
const TEXTS: [&str; 6] = ["concat", "env", "file", "include_str", "module_path", "stringify"];

/// The list of `labels(…)`.
pub(super) fn labels(cx: &Ctxt, key: &Ident, input: ParseStream<'_>) -> syn::Result<Vec<RawLabel>> {
    let (_, content) = attr::list(key, input, "labels(region = form.region, result)")?;
    let mut labels = Vec::new();
    attr::each(cx, content, |name, input| {
        labels.push(label(name, input)?);
        Ok(())
    });
    Ok(labels)
}

fn label(name: &Ident, input: ParseStream<'_>) -> syn::Result<RawLabel> {
    let name = name.clone();
    if name == RESULT && (input.is_empty() || input.peek(Token![,])) {
        return Ok(RawLabel { name, kind: None, value: RawValue::Ending });
    }
    let kind = input.parse::<Option<Token![:]>>()?.map(|_| input.parse()).transpose()?;
    if !input.peek(Token![=]) {
        let message = format!(
            "the label `{name}` needs a value: `{name} = {name}` for an argument; only `result` stands alone"
        );
        return Err(syn::Error::new(name.span(), message));
    }
    let written: Expr = attr::value(&name, input, &format!("{name} = expression"))?;
    Ok(RawLabel { name, kind, value: value(written)? })
}

fn value(written: Expr) -> syn::Result<RawValue> {
    match attr::bare(written) {
        Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => {
            Ok(RawValue::Constant(Text::Literal(text)))
        }
        Expr::Macro(call) if TEXTS.iter().any(|name| call.mac.path.is_ident(name)) => {
            Ok(RawValue::Constant(Text::Constant(Box::new(Expr::Macro(call)))))
        }
        Expr::Closure(closure) => returned(closure),
        Expr::Call(call) if is_named(&call.func, CAPPED) => capped(&call),
        Expr::Call(call) if is_named(&call.func, ERROR) => of_error(&call),
        other => {
            check_stays(&other)?;
            Ok(RawValue::Argument(Box::new(other)))
        }
    }
}

fn is_named(function: &Expr, name: Symbol) -> bool {
    matches!(function, Expr::Path(path) if path.path == name)
}

fn of_error(call: &syn::ExprCall) -> syn::Result<RawValue> {
    match call.args.first() {
        Some(Expr::Closure(closure)) if call.args.len() == 1 && closure.inputs.len() == 1 => {
            Ok(RawValue::Error(Box::new(with_bars_of_ours(closure.clone()))))
        }
        _ => {
            let message = "`error` takes a closure over a reference to the error: `error(|err| err.kind())`";
            Err(syn::Error::new_spanned(call, message))
        }
    }
}

fn capped(call: &syn::ExprCall) -> syn::Result<RawValue> {
    let mut arguments = call.args.iter();
    if let (Some(value), Some(limit), None) = (arguments.next(), arguments.next(), arguments.next()) {
        check_stays(value)?;
        return Ok(RawValue::Capped { value: Box::new(value.clone()), limit: cap(limit)? });
    }
    Err(syn::Error::new_spanned(call, "`capped` takes a value and how many to keep: `capped(tenant, 100)`"))
}

fn cap(written: &Expr) -> syn::Result<usize> {
    let limit = match written {
        Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(limit), .. }) => limit.base10_parse().ok(),
        _ => None,
    };
    let message = "the limit of `capped` is a whole number from 1 to 65536";
    limit
        .filter(|limit| (1..=65_536).contains(limit))
        .ok_or_else(|| syn::Error::new_spanned(written, message))
}

fn returned(closure: ExprClosure) -> syn::Result<RawValue> {
    if closure.inputs.len() == 1 {
        return Ok(RawValue::Returned(Box::new(with_bars_of_ours(closure))));
    }
    let message = "a label from the returned value takes one argument, a reference to it: `|ret| …`";
    Err(syn::Error::new_spanned(closure, message))
}

/// The closure with bars of ours: that a path would do as well is not to be said about a form that we ask for.
pub(super) fn with_bars_of_ours(mut closure: ExprClosure) -> ExprClosure {
    for bar in [&mut closure.inputs_begin, &mut closure.inputs_end] {
        bar.spans = bar.spans.map(|span| Span::mixed_site().located_at(span));
    }
    closure
}

/// What is evaluated before the call begins must not leave the function, or await: it would be a call that nobody counts.
fn check_stays(value: &Expr) -> syn::Result<()> {
    let mut exits = Exits(None);
    exits.visit_expr(value);
    exits.0.map_or(Ok(()), |span| {
        let message = "a label is made before the call begins, so it can neither leave the function nor wait: give a value for that case, as `unwrap_or(…)` does";
        Err(syn::Error::new(span, message))
    })
}

/// The first exit out of an expression.
struct Exits(Option<Span>);

impl Visit<'_> for Exits {
    fn visit_expr(&mut self, expression: &Expr) {
        let span = match expression {
            // What is left inside of these is not the function.
            Expr::Closure(_) | Expr::Async(_) | Expr::Const(_) => return,
            Expr::Try(asks) => asks.question_token.span,
            Expr::Return(leaves) => leaves.return_token.span,
            Expr::Await(waits) => waits.await_token.span,
            _ => return visit::visit_expr(self, expression),
        };
        self.0.get_or_insert(span);
    }

    fn visit_item(&mut self, _: &syn::Item) {}
}
