//! `labels(…)`: each label with the source of its values.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{
    Expr, ExprClosure, Token, Type,
    parse::ParseStream,
    visit::{self, Visit},
};

use crate::{
    attr::{self, Text},
    errors::Errors,
    span::mixed_site,
    symbol::{CAPPED, ERROR, RESULT, Symbol},
};

/// A label as written.
pub(crate) struct WrittenLabel {
    pub(crate) name: Ident,
    /// The type of `name: Type = …`.
    pub(crate) written_type: Option<Type>,
    pub(crate) source: LabelSource,
}

/// The source of a label's values: one variant for each kind of label.
pub(crate) enum LabelSource {
    /// The outcome of the call.
    Outcome,
    /// A string literal, or a macro that makes one.
    Constant(Text),
    /// An expression over the arguments.
    Argument(Expr),
    /// `capped(expression, limit)`, also over the arguments.
    Capped(Expr, usize),
    /// `|ret| expression`, over the returned value, with the limit of `|ret| capped(expression, limit)`.
    Returned(ExprClosure, Option<usize>),
    /// `error(|err| expression)`, over the error of a `Result`, with the limit of `error(|err| capped(expression, limit))`.
    Error(ExprClosure, Option<usize>),
}

/// The moment of a call at which a label's value is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// The beginning: the value comes from arguments.
    Start,
    /// The end: the value comes from the returned value.
    End,
}

impl LabelSource {
    /// The moment at which a call computes the value; `None` for values that no expression computes.
    pub(crate) const fn moment(&self) -> Option<Moment> {
        match self {
            Self::Outcome | Self::Constant(_) => None,
            Self::Argument(_) | Self::Capped(..) => Some(Moment::Start),
            Self::Returned(..) | Self::Error(..) => Some(Moment::End),
        }
    }

    /// Returns `true` for the word `result`, which is the outcome unless an argument has that name.
    pub(crate) fn is_result(&self) -> bool {
        matches!(self, Self::Argument(Expr::Path(path)) if path.path == RESULT)
    }

    /// Returns `true` where the value comes from the error, so that it is absent in a call that succeeds.
    pub(crate) const fn is_from_error(&self) -> bool {
        match self {
            Self::Error(..) => true,
            Self::Outcome | Self::Constant(_) | Self::Argument(_) | Self::Capped(..) | Self::Returned(..) => {
                false
            }
        }
    }
}

/// The source as tokens that differ where sources do.
impl ToTokens for LabelSource {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(match self {
            Self::Outcome => quote!(result),
            Self::Constant(text) => quote!(#text),
            Self::Argument(value) => quote!(#value),
            Self::Capped(value, limit) => quote!(capped(#value, #limit)),
            Self::Returned(closure, limit) => quote!(#closure #limit),
            Self::Error(closure, limit) => quote!(error(#closure #limit)),
        });
    }
}

/// Macros of the standard library that make a text.
const TEXT_MACROS: [&str; 6] = ["concat", "env", "file", "include_str", "module_path", "stringify"];

/// Parses the list of `labels(…)`.
pub(crate) fn parse(cx: &Errors, key: &Ident, input: ParseStream<'_>) -> syn::Result<Vec<WrittenLabel>> {
    let (_, content) = attr::list(key, input, "labels(region = form.region, result)")?;
    let mut labels = Vec::new();
    attr::each(cx, content, |name, input| {
        labels.push(label(name, input)?);
        Ok(())
    });
    Ok(labels)
}

fn label(name: &Ident, input: ParseStream<'_>) -> syn::Result<WrittenLabel> {
    let name = name.clone();
    if name == RESULT && (input.is_empty() || input.peek(Token![,])) {
        return Ok(WrittenLabel { name, written_type: None, source: LabelSource::Outcome });
    }
    let written_type = input.parse::<Option<Token![:]>>()?.map(|_| input.parse()).transpose()?;
    if !input.peek(Token![=]) {
        let message = format!(
            "the label `{name}` needs a value: `{name} = {name}` for an argument; only `result` stands alone"
        );
        return Err(syn::Error::new(name.span(), message));
    }
    let written: Expr = attr::value(&name, input, &format!("{name} = expression"))?;
    Ok(WrittenLabel { name, written_type, source: source(written)? })
}

fn source(written: Expr) -> syn::Result<LabelSource> {
    match attr::bare(written) {
        Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => {
            Ok(LabelSource::Constant(Text::Literal(text)))
        }
        Expr::Macro(call) if TEXT_MACROS.iter().any(|name| call.mac.path.is_ident(name)) => {
            Ok(LabelSource::Constant(Text::Constant(Box::new(Expr::Macro(call)))))
        }
        Expr::Closure(closure) => returned(closure),
        Expr::Call(call) if is_named(&call.func, CAPPED) => capped(&call),
        Expr::Call(call) if is_named(&call.func, ERROR) => error(&call),
        other => {
            check_stays(&other)?;
            Ok(LabelSource::Argument(other))
        }
    }
}

fn is_named(function: &Expr, name: Symbol) -> bool {
    matches!(function, Expr::Path(path) if path.path == name)
}

fn error(call: &syn::ExprCall) -> syn::Result<LabelSource> {
    match call.args.first() {
        Some(Expr::Closure(closure)) if call.args.len() == 1 && closure.inputs.len() == 1 => {
            let (closure, limit) = split_cap(closure.clone())?;
            Ok(LabelSource::Error(closure, limit))
        }
        _ => {
            let message = "`error` takes a closure over a reference to the error: `error(|err| err.kind())`";
            Err(syn::Error::new_spanned(call, message))
        }
    }
}

fn capped(call: &syn::ExprCall) -> syn::Result<LabelSource> {
    let (value, limit) = value_and_cap(call)?;
    check_stays(value)?;
    Ok(LabelSource::Capped(value.clone(), limit))
}

fn value_and_cap(call: &syn::ExprCall) -> syn::Result<(&Expr, usize)> {
    let mut arguments = call.args.iter();
    if let (Some(value), Some(limit), None) = (arguments.next(), arguments.next(), arguments.next()) {
        return Ok((value, cap(limit)?));
    }
    Err(syn::Error::new_spanned(
        call,
        "`capped` takes a value and the number of values to keep: `capped(tenant, 100)`",
    ))
}

/// Splits the limit off a closure whose body is `capped(value, limit)`.
fn split_cap(closure: ExprClosure) -> syn::Result<(ExprClosure, Option<usize>)> {
    let mut closure = with_generated_bars(closure);
    let limit = match &*closure.body {
        Expr::Call(call) if is_named(&call.func, CAPPED) => {
            let (value, limit) = value_and_cap(call)?;
            Some((value.clone(), limit))
        }
        _ => None,
    };
    let Some((value, limit)) = limit else { return Ok((closure, None)) };
    *closure.body = value;
    Ok((closure, Some(limit)))
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

fn returned(closure: ExprClosure) -> syn::Result<LabelSource> {
    if closure.inputs.len() == 1 {
        let (closure, limit) = split_cap(closure)?;
        return Ok(LabelSource::Returned(closure, limit));
    }
    let message = "a label from the returned value takes one argument, a reference to it: `|ret| …`";
    Err(syn::Error::new_spanned(closure, message))
}

/// The closure with bars of a generated span: lints then do not ask for a path in place of a form that the attribute asks for.
pub(crate) fn with_generated_bars(mut closure: ExprClosure) -> ExprClosure {
    for bar in [&mut closure.inputs_begin, &mut closure.inputs_end] {
        bar.spans = bar.spans.map(|span| mixed_site().located_at(span));
    }
    closure
}

/// Refuses an expression that leaves the function or awaits: no instrument would record that call.
fn check_stays(value: &Expr) -> syn::Result<()> {
    let mut exits = FirstExit(None);
    exits.visit_expr(value);
    exits.0.map_or(Ok(()), |span| {
        let message = "a label is made before the call begins, so it can neither leave the function nor wait: give a value for that case, as `unwrap_or(…)` does";
        Err(syn::Error::new(span, message))
    })
}

/// The first exit out of an expression.
struct FirstExit(Option<Span>);

impl Visit<'_> for FirstExit {
    fn visit_expr(&mut self, expression: &Expr) {
        let span = match expression {
            // An exit inside of these does not leave the function.
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
