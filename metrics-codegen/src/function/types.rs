//! Questions about a signature: can the return type be an error, and is a label's type known outside a call?

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{
    Expr, ExprClosure, FieldPat, FnArg, GenericArgument, GenericParam, Lifetime, Pat, PatIdent, PatWild,
    PathArguments, ReturnType, Signature, Token, Type, TypeImplTrait, TypeParamBound, parse_quote,
    visit::Visit,
    visit_mut::{self, VisitMut},
};

use super::words::{words, words_in_literals};
use crate::{errors::Errors, span::mixed_site};

/// The errors that a function's return type allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fallibility {
    /// No value of the type is an error.
    Infallible,
    /// The function does not return.
    Diverges,
    /// The type may be a `Result`, perhaps by an alias.
    Unknown,
}

/// Names of types without errors. A `Result` of the user's by one of these names needs `error_if`.
const INFALLIBLE_TYPES: [&str; 33] = [
    "String",
    "Vec",
    "Option",
    "bool",
    "char",
    "str",
    "u8",
    "u16",
    "u32",
    "u64",
    "u128",
    "usize",
    "i8",
    "i16",
    "i32",
    "i64",
    "i128",
    "isize",
    "f32",
    "f64",
    "Duration",
    "Instant",
    "SystemTime",
    "HashMap",
    "HashSet",
    "BTreeMap",
    "BTreeSet",
    "VecDeque",
    "PathBuf",
    "OsString",
    "Ordering",
    "Cow",
    "NonZeroU32",
];

/// Traits behind `impl …` whose value may be a `Result` in disguise.
const RESPONSE_TRAITS: [&str; 3] = ["Responder", "IntoResponse", "Termination"];

/// Returns the errors that the return type allows.
pub(crate) fn fallibility(signature: &Signature) -> Fallibility {
    match &signature.output {
        ReturnType::Default => Fallibility::Infallible,
        ReturnType::Type(_, returned) => fallibility_of(returned, signature),
    }
}

fn fallibility_of(returned: &Type, signature: &Signature) -> Fallibility {
    match returned {
        Type::Never(_) => Fallibility::Diverges,
        Type::Group(inner) => fallibility_of(&inner.elem, signature),
        Type::Paren(inner) => fallibility_of(&inner.elem, signature),
        Type::Tuple(tuple) if tuple.elems.len() == 1 => {
            tuple.elems.first().map_or(Fallibility::Infallible, |inner| fallibility_of(inner, signature))
        }
        // A responder with its status, as actix-web has it.
        Type::Tuple(tuple) if tuple.elems.iter().any(is_status_or_opaque) => Fallibility::Unknown,
        Type::Path(path) if path.qself.is_none() => {
            match (path.path.get_ident(), path.path.segments.last()) {
                (Some(name), _) if is_type_parameter(name, signature) => Fallibility::Infallible,
                (_, Some(last)) if INFALLIBLE_TYPES.iter().any(|plain| last.ident == plain) => {
                    Fallibility::Infallible
                }
                _ => Fallibility::Unknown,
            }
        }
        Type::ImplTrait(returned) if is_response(returned) => Fallibility::Unknown,
        Type::Path(_) | Type::Macro(_) | Type::Verbatim(_) => Fallibility::Unknown,
        _ => Fallibility::Infallible,
    }
}

fn is_status_or_opaque(part: &Type) -> bool {
    match part {
        Type::Path(path) => path.path.segments.last().is_some_and(|last| last.ident == "StatusCode"),
        Type::ImplTrait(returned) => is_response(returned),
        _ => false,
    }
}

/// Returns `true` unless the return type is a `Result` of a plain type, which holds no HTTP response.
pub(crate) fn may_hold_response(signature: &Signature) -> bool {
    let ReturnType::Type(_, returned) = &signature.output else { return false };
    let Type::Path(path) = &**returned else { return true };
    let Some(last) = path.path.segments.last().filter(|last| last.ident == "Result") else { return true };
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return true };
    match arguments.args.first() {
        Some(GenericArgument::Type(success)) => fallibility_of(success, signature) != Fallibility::Infallible,
        _ => true,
    }
}

fn is_response(returned: &TypeImplTrait) -> bool {
    returned.bounds.iter().any(|bound| match bound {
        TypeParamBound::Trait(bound) => bound
            .path
            .segments
            .last()
            .is_some_and(|last| RESPONSE_TRAITS.iter().any(|name| last.ident == name)),
        _ => false,
    })
}

fn is_type_parameter(name: &Ident, signature: &Signature) -> bool {
    signature.generics.params.iter().any(|parameter| match parameter {
        GenericParam::Type(parameter) => parameter.ident == *name,
        GenericParam::Const(parameter) => parameter.ident == *name,
        GenericParam::Lifetime(_) => false,
    })
}

/// The return type as a local variable can have it: `impl Trait` at any depth is left to inference.
pub(crate) fn local_type(signature: &Signature) -> Type {
    let mut returned = match &signature.output {
        ReturnType::Default => parse_quote!(()),
        ReturnType::Type(_, returned) => (**returned).clone(),
    };
    EraseImpl.visit_type_mut(&mut returned);
    returned
}

struct EraseImpl;

impl VisitMut for EraseImpl {
    fn visit_type_mut(&mut self, node: &mut Type) {
        match node {
            Type::ImplTrait(_) => *node = parse_quote!(_),
            _ => visit_mut::visit_type_mut(self, node),
        }
    }
}

/// The origin of a label's type, which a `static` has to know.
pub(crate) enum LabelType {
    /// A capped label, whose values are text.
    Text,
    /// The type in `labels(region: Region = …)`.
    Written(Box<Type>),
    /// From a closure with these parameters, whose types stand in a `static` as well.
    FromParameters(Vec<ClosureParameter>),
    /// Known in a call alone: the types mention generics or `self`.
    KnownInCall,
}

/// A parameter of a closure that is only there for its type.
pub(crate) struct ClosureParameter {
    pub(crate) pattern: Pat,
    pub(crate) parameter_type: Type,
}

/// The type of an expression over the arguments.
pub(crate) fn of_argument(value: &Expr, signature: &Signature) -> LabelType {
    let mut words = words(value.to_token_stream());
    if words.contains("self") || mentions_generics(value.to_token_stream(), signature) {
        return LabelType::KnownInCall;
    }
    words.extend(words_in_literals(value.to_token_stream()));
    let mut parameters = Vec::new();
    for argument in &signature.inputs {
        let FnArg::Typed(argument) = argument else { continue };
        if !binds(&argument.pat, &words) {
            continue;
        }
        if mentions_generics(argument.ty.to_token_stream(), signature) {
            return LabelType::KnownInCall;
        }
        let (mut pattern, mut parameter_type) = (argument.pat.clone(), argument.ty.clone());
        UsedBindings(&words).visit_pat_mut(&mut pattern);
        ElideLifetimes::default().visit_type_mut(&mut parameter_type);
        parameters.push(ClosureParameter { pattern: *pattern, parameter_type: *parameter_type });
    }
    LabelType::FromParameters(parameters)
}

/// The type of a label from the returned value.
pub(crate) fn of_returned(
    cx: &Errors,
    label: &Ident,
    closure: &ExprClosure,
    signature: &Signature,
) -> LabelType {
    let returned = match &signature.output {
        ReturnType::Default => parse_quote!(()),
        ReturnType::Type(_, returned) => (**returned).clone(),
    };
    if words(returned.to_token_stream()).contains("impl") {
        let message = format!(
            "the returned type is not known here, so give the type of the label: `{label}: Type = {}`",
            "|ret| …"
        );
        cx.error_on(label, message);
    }
    if mentions_generics(returned.to_token_stream(), signature)
        || mentions_generics(closure.to_token_stream(), signature)
    {
        return LabelType::KnownInCall;
    }
    let mut parameter_type = returned;
    ElideLifetimes::default().visit_type_mut(&mut parameter_type);
    let pattern = Pat::Ident(PatIdent {
        attrs: Vec::new(),
        by_ref: None,
        mutability: None,
        ident: Ident::new("ret", mixed_site()),
        subpat: None,
    });
    LabelType::FromParameters(vec![ClosureParameter { pattern, parameter_type }])
}

/// The bindings of the function's parameters, in their order.
pub(crate) fn bindings(signature: &Signature) -> Vec<Ident> {
    let mut bindings = Bindings(Vec::new());
    for argument in &signature.inputs {
        if let FnArg::Typed(argument) = argument {
            bindings.visit_pat(&argument.pat);
        }
    }
    bindings.0
}

fn binds(pattern: &Pat, words: &HashSet<String>) -> bool {
    let mut bindings = Bindings(Vec::new());
    bindings.visit_pat(pattern);
    bindings.0.iter().any(|binding| words.contains(&binding.to_string()))
}

struct Bindings(Vec<Ident>);

impl Visit<'_> for Bindings {
    fn visit_pat_ident(&mut self, binding: &PatIdent) {
        self.0.push(binding.ident.clone());
        syn::visit::visit_pat_ident(self, binding);
    }
}

/// Returns `true` where the tokens mention something that an item inside the function cannot name: `Self`, `impl Trait`, a
/// generic parameter.
///
/// The parameters of an `impl` around the function are not visible here. By custom they are one capital letter, perhaps with
/// a digit, and in a method also two capital letters, such as `DB`. `labels(x: Type = …)` does without the custom.
fn mentions_generics(tokens: TokenStream, signature: &Signature) -> bool {
    let is_method = signature.receiver().is_some();
    words(tokens).iter().any(|word| {
        let is_custom = match word.as_bytes() {
            [b'A'..=b'Z'] | [b'A'..=b'Z', b'0'..=b'9'] => true,
            [b'A'..=b'Z', b'A'..=b'Z'] => is_method,
            _ => false,
        };
        is_custom
            || word == "Self"
            || word == "impl"
            || signature.generics.params.iter().any(|parameter| match parameter {
                GenericParam::Type(parameter) => parameter.ident == word,
                GenericParam::Const(parameter) => parameter.ident == word,
                GenericParam::Lifetime(_) => false,
            })
    })
}

/// Removes the bindings that the expression does not use, and `mut`, which nothing in the closure needs.
struct UsedBindings<'a>(&'a HashSet<String>);

impl VisitMut for UsedBindings<'_> {
    fn visit_pat_mut(&mut self, pattern: &mut Pat) {
        if let Pat::Ident(binding) = pattern
            && !self.0.contains(&binding.ident.to_string())
        {
            *pattern = binding.subpat.take().map_or_else(
                || {
                    Pat::Wild(PatWild {
                        attrs: Vec::new(),
                        underscore_token: Token![_](binding.ident.span()),
                    })
                },
                |(_, inner)| *inner,
            );
        }
        visit_mut::visit_pat_mut(self, pattern);
    }

    fn visit_pat_ident_mut(&mut self, binding: &mut PatIdent) {
        binding.mutability = binding.by_ref.and(binding.mutability);
        visit_mut::visit_pat_ident_mut(self, binding);
    }

    fn visit_field_pat_mut(&mut self, field: &mut FieldPat) {
        visit_mut::visit_field_pat_mut(self, field);
        if !matches!(*field.pat, Pat::Ident(_)) {
            field.colon_token.get_or_insert_default();
        }
    }
}

/// Elides the function's lifetimes, which an item inside it cannot name.
#[derive(Default)]
struct ElideLifetimes {
    bound: Vec<String>,
}

impl VisitMut for ElideLifetimes {
    fn visit_bound_lifetimes_mut(&mut self, node: &mut syn::BoundLifetimes) {
        self.bound.extend(node.lifetimes.iter().filter_map(|parameter| match parameter {
            GenericParam::Lifetime(parameter) => Some(parameter.lifetime.ident.to_string()),
            _ => None,
        }));
    }

    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        let name = lifetime.ident.to_string();
        if name != "static" && !self.bound.contains(&name) {
            *lifetime = Lifetime::new("'_", lifetime.span());
        }
    }
}

#[cfg(test)]
mod tests;
