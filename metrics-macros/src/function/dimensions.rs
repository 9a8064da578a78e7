//! Labels that a call computes.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{Expr, ExprClosure, Signature, Type, ext::IdentExt};

use super::{
    label::{RawLabel, RawValue},
    model::{Label, LabelValue},
    signature::{self, Returns, Source},
};
use crate::ctxt::Ctxt;

/// A label that a call computes.
pub(crate) struct Dimension {
    pub(crate) name: String,
    pub(crate) value: DimensionValue,
    /// Where the label's type comes from.
    pub(crate) source: Source,
}

/// How a call computes a label.
pub(crate) enum DimensionValue {
    Argument(Expr),
    Capped(Expr, usize),
    Returned(ExprClosure),
    /// A closure over the error of a `Result`.
    Error(ExprClosure),
}

/// The dimensions of a site, each once although several metrics use it.
#[derive(Default)]
pub(super) struct Dimensions {
    arguments: Vec<(String, Dimension)>,
    pub(super) returned: Vec<(String, Dimension)>,
}

impl Dimensions {
    pub(super) fn place(&mut self, cx: &Ctxt, label: RawLabel, signature: &Signature) -> Label {
        let RawLabel { name, kind, value } = label;
        let value = match value {
            RawValue::Ending => LabelValue::Ending,
            RawValue::Constant(text) => LabelValue::Constant(text),
            RawValue::Capped { value, limit } => {
                self.dimension(cx, &name, kind, DimensionValue::Capped(*value, limit), signature)
            }
            RawValue::Argument(value) => {
                self.dimension(cx, &name, kind, DimensionValue::Argument(*value), signature)
            }
            RawValue::Error(closure) => {
                check_fails(cx, &closure, signature);
                self.dimension(cx, &name, kind, DimensionValue::Error(*closure), signature)
            }
            RawValue::Returned(closure) => {
                self.dimension(cx, &name, kind, DimensionValue::Returned(*closure), signature)
            }
        };
        Label { name, value }
    }

    fn dimension(
        &mut self,
        cx: &Ctxt,
        label: &Ident,
        kind: Option<Type>,
        value: DimensionValue,
        signature: &Signature,
    ) -> LabelValue {
        let name = label.unraw().to_string();
        let key = format!("{name}: {} = {}", kind.to_token_stream(), value.to_token_stream());
        let (list, at): (_, fn(usize) -> LabelValue) = match value {
            DimensionValue::Returned(_) | DimensionValue::Error(_) => {
                (&mut self.returned, LabelValue::Returned)
            }
            _ => (&mut self.arguments, LabelValue::Argument),
        };
        if let Some(known) = list.iter().position(|(known, _)| *known == key) {
            return at(known);
        }
        let source = match (kind, &value) {
            (Some(kind), _) => Source::Written(Box::new(kind)),
            (None, DimensionValue::Capped(..)) => Source::Text,
            (None, DimensionValue::Argument(value)) => signature::source_of_argument(value, signature),
            (None, DimensionValue::Returned(closure) | DimensionValue::Error(closure)) => {
                signature::source_of_returned(cx, label, closure, signature)
            }
        };
        list.push((key, Dimension { name, value, source }));
        at(list.len() - 1)
    }

    /// How many come from arguments, and all of them, those first.
    pub(super) fn ordered(self) -> (usize, Vec<Dimension>) {
        let arguments = self.arguments.len();
        (arguments, self.arguments.into_iter().chain(self.returned).map(|(_, dimension)| dimension).collect())
    }
}

/// A function whose type says that it cannot fail has no error to make a label of.
fn check_fails(cx: &Ctxt, closure: &ExprClosure, signature: &Signature) {
    if signature::returns(signature) != Returns::Unknown {
        let message = "`error(…)` needs a function that returns a `Result`; from any returned value a label is `|ret| …`";
        cx.error_on(&closure.body, message);
    }
}

impl ToTokens for DimensionValue {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Argument(value) => value.to_tokens(tokens),
            Self::Capped(value, limit) => {
                value.to_tokens(tokens);
                limit.to_tokens(tokens);
            }
            Self::Returned(closure) => closure.to_tokens(tokens),
            Self::Error(closure) => {
                quote::quote!(error).to_tokens(tokens);
                closure.to_tokens(tokens);
            }
        }
    }
}
