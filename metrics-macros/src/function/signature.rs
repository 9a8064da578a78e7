//! What a signature tells: whether the return type can be an error, and where a label's type comes from.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    Expr, ExprClosure, FieldPat, FnArg, GenericParam, Lifetime, Pat, PatIdent, PatWild, ReturnType,
    Signature, Token, Type, TypeImplTrait, TypeParamBound, parse_quote,
    visit::Visit,
    visit_mut::{self, VisitMut},
};

use crate::ctxt::Ctxt;

/// What a function's return type says about its ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Returns {
    /// No value of the type is an error.
    Plain,
    /// The function does not return.
    Never,
    /// The type may be a `Result`, perhaps by an alias.
    Unknown,
}

/// Names that are never an error. A type of the user's that is called so and is a `Result` needs `error_if`.
const PLAIN: [&str; 34] = [
    "Self",
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
const RESPONSES: [&str; 3] = ["Responder", "IntoResponse", "Termination"];

/// Whether the return type can be an error.
pub(crate) fn returns(signature: &Signature) -> Returns {
    match &signature.output {
        ReturnType::Default => Returns::Plain,
        ReturnType::Type(_, returned) => of_type(returned, signature),
    }
}

fn of_type(returned: &Type, signature: &Signature) -> Returns {
    match returned {
        Type::Never(_) => Returns::Never,
        Type::Group(inner) => of_type(&inner.elem, signature),
        Type::Paren(inner) => of_type(&inner.elem, signature),
        Type::Path(path) if path.qself.is_none() => {
            match (path.path.get_ident(), path.path.segments.last()) {
                (Some(name), _) if is_type_parameter(name, signature) => Returns::Plain,
                (_, Some(last)) if PLAIN.iter().any(|plain| last.ident == plain) => Returns::Plain,
                _ => Returns::Unknown,
            }
        }
        Type::ImplTrait(returned) if is_response(returned) => Returns::Unknown,
        Type::Path(_) | Type::Macro(_) | Type::Verbatim(_) => Returns::Unknown,
        _ => Returns::Plain,
    }
}

fn is_response(returned: &TypeImplTrait) -> bool {
    returned.bounds.iter().any(|bound| match bound {
        TypeParamBound::Trait(bound) => {
            bound.path.segments.last().is_some_and(|last| RESPONSES.iter().any(|name| last.ident == name))
        }
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

/// Where the type of a label comes from, which a `static` has to know.
pub(crate) enum Source {
    /// A capped label, whose values are text.
    Text,
    /// The type in `labels(region: Region = …)`.
    Written(Box<Type>),
    /// From a closure with these parameters, whose types stand in a `static` as well.
    Parameters(Vec<Parameter>),
    /// Known in a call alone: the types mention generics or `self`.
    Call,
}

/// A parameter of a closure that is only there for its type.
pub(crate) struct Parameter {
    pub(crate) pattern: Pat,
    pub(crate) kind: Type,
}

/// Where the type of an expression over the arguments comes from.
pub(crate) fn source_of_argument(value: &Expr, signature: &Signature) -> Source {
    let mut words = words(value.to_token_stream());
    if words.contains("self") || is_open(value.to_token_stream(), 1, signature) {
        return Source::Call;
    }
    words.extend(words_in_literals(value.to_token_stream()));
    let mut parameters = Vec::new();
    for argument in &signature.inputs {
        let FnArg::Typed(argument) = argument else { continue };
        if !binds(&argument.pat, &words) {
            continue;
        }
        if is_open(argument.ty.to_token_stream(), 2, signature) {
            return Source::Call;
        }
        let (mut pattern, mut kind) = (argument.pat.clone(), argument.ty.clone());
        Needed(&words).visit_pat_mut(&mut pattern);
        ElideLifetimes::default().visit_type_mut(&mut kind);
        parameters.push(Parameter { pattern: *pattern, kind: *kind });
    }
    Source::Parameters(parameters)
}

/// Where the type of a label from the returned value comes from.
pub(crate) fn source_of_returned(
    cx: &Ctxt,
    label: &Ident,
    closure: &ExprClosure,
    signature: &Signature,
) -> Source {
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
    if is_open(returned.to_token_stream(), 2, signature) || is_open(closure.to_token_stream(), 1, signature) {
        return Source::Call;
    }
    let mut kind = returned;
    ElideLifetimes::default().visit_type_mut(&mut kind);
    let pattern = Pat::Ident(PatIdent {
        attrs: Vec::new(),
        by_ref: None,
        mutability: None,
        ident: Ident::new("ret", proc_macro2::Span::mixed_site()),
        subpat: None,
    });
    Source::Parameters(vec![Parameter { pattern, kind }])
}

/// Every word of the tokens.
pub(super) fn words(tokens: TokenStream) -> HashSet<String> {
    let mut found = HashSet::new();
    each_token(tokens, &mut |token| {
        if let TokenTree::Ident(ident) = token {
            found.insert(ident.to_string());
        }
    });
    found
}

/// The words in literals: `format!("{tenant}")` uses an argument.
fn words_in_literals(tokens: TokenStream) -> HashSet<String> {
    let mut found = HashSet::new();
    each_token(tokens, &mut |token| {
        if let TokenTree::Literal(literal) = token {
            let text = literal.to_string();
            let words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
            found.extend(words.map(str::to_owned));
        }
    });
    found
}

fn each_token(tokens: TokenStream, with: &mut impl FnMut(&TokenTree)) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => each_token(group.stream(), with),
            other => with(&other),
        }
    }
}

fn binds(pattern: &Pat, words: &HashSet<String>) -> bool {
    let mut bindings = Bindings(HashSet::new());
    bindings.visit_pat(pattern);
    !bindings.0.is_disjoint(words)
}

struct Bindings(HashSet<String>);

impl Visit<'_> for Bindings {
    fn visit_pat_ident(&mut self, binding: &PatIdent) {
        self.0.insert(binding.ident.to_string());
        syn::visit::visit_pat_ident(self, binding);
    }
}

/// Whether the tokens mention what an item inside the function cannot: `Self`, `impl Trait`, a generic parameter.
///
/// Those of an `impl` around the function are not to be seen from here; by custom they are one capital letter,
/// perhaps with a digit, so words up to `short` letters are taken for one.
fn is_open(tokens: TokenStream, short: usize, signature: &Signature) -> bool {
    words(tokens).iter().any(|word| {
        let by_custom = word.len() <= short
            && word.starts_with(|first: char| first.is_ascii_uppercase())
            && !word.contains(|letter: char| letter.is_ascii_lowercase());
        by_custom
            || word == "Self"
            || word == "impl"
            || signature.generics.params.iter().any(|parameter| match parameter {
                GenericParam::Type(parameter) => parameter.ident == word,
                GenericParam::Const(parameter) => parameter.ident == word,
                GenericParam::Lifetime(_) => false,
            })
    })
}

/// Patterns keep what the expression uses of them, and lose `mut`, which nothing in the closure needs.
struct Needed<'a>(&'a HashSet<String>);

impl VisitMut for Needed<'_> {
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

/// Lifetimes of the function cannot be named in an item inside it; inference finds them.
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
