//! The other attributes of ours on a function.

use proc_macro2::{Span, TokenStream};
use syn::{Meta, Path, spanned::Spanned};

use super::{
    Attribute,
    model::{Family, Site},
    parse::{Arguments, Place, RawAttribute},
};
use crate::{ctxt::Ctxt, item_fn::ItemFn, krate};

/// An attribute taken off a function.
pub(crate) struct Taken {
    attribute: Attribute,
    meta: Meta,
}

/// Takes our attributes off a function, in their order.
pub(crate) fn take(item: &mut ItemFn) -> Vec<Taken> {
    let renamed = krate::found();
    let mut taken = Vec::new();
    item.attributes.retain(|attribute| match recognised(attribute.path(), &renamed) {
        Some(ours) => {
            taken.push(Taken { attribute: ours, meta: attribute.meta.clone() });
            false
        }
        None => true,
    });
    taken
}

/// The paths by which attributes were named.
pub(crate) fn paths(taken: &[Taken]) -> Vec<Path> {
    taken.iter().map(|taken| taken.meta.path().clone()).collect()
}

/// Ours are `counted` alone, `metrics_core::counted`, and the same by the dependency's name in the manifest.
fn recognised(path: &Path, renamed: &Path) -> Option<Attribute> {
    let last = path.segments.last()?;
    let first = path.segments.first()?;
    let of_the_crate = || {
        path.segments.len() == 2
            && (first.ident == "metrics_core"
                || renamed.segments.first().is_some_and(|name| name.ident == first.ident))
    };
    if path.get_ident().is_none() && !of_the_crate() {
        return None;
    }
    Attribute::ALL.into_iter().find(|attribute| last.ident == attribute.name())
}

impl Attribute {
    fn name(self) -> &'static str {
        self.written().trim_start_matches("#[").trim_end_matches(']')
    }
}

impl Taken {
    /// Parses its arguments.
    pub(crate) fn parse(self, cx: &Ctxt, place: Place) -> RawAttribute {
        let path = self.meta.path().clone();
        let span = path.span();
        let tokens = match self.meta {
            Meta::Path(_) => TokenStream::new(),
            Meta::List(list) => list.tokens,
            Meta::NameValue(_) => {
                cx.error_at(
                    span,
                    format!(
                        "arguments stand in parentheses: `{}(…)]`",
                        self.attribute.written().trim_end_matches(']')
                    ),
                );
                TokenStream::new()
            }
        };
        RawAttribute { taken: Some(path), ..RawAttribute::parse(cx, self.attribute, place, span, tokens) }
    }
}

/// The attributes of a method of an annotated `impl`: its own, and the `impl`'s unless it has `#[observed(…)]` itself.
pub(crate) fn of_method(mut own: Vec<RawAttribute>) -> Vec<RawAttribute> {
    if own.iter().all(|own| own.attribute != Attribute::Observed) {
        let arguments = Arguments::default();
        own.push(RawAttribute {
            attribute: Attribute::Observed,
            span: Span::call_site(),
            taken: None,
            arguments,
        });
    }
    own
}

/// A method's own `#[counted]` without a name says nothing that the `impl`'s attribute does not; its `only` counts.
pub(crate) fn without_repeated_defaults(site: &mut Site) {
    let mut seen = Vec::new();
    site.metrics.retain(|metric| {
        let repeated = matches!(metric.family, Family::Default) && seen.contains(&metric.kind);
        if matches!(metric.family, Family::Default) {
            seen.push(metric.kind);
        }
        !repeated
    });
}
