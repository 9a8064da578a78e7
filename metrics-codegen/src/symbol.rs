//! The words that the macros know, each once.

use proc_macro2::Ident;
use syn::{Path, ext::IdentExt};

/// A keyword of the macros' arguments, comparable with a parsed path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Symbol(pub(crate) &'static str);

pub(crate) const ALLOW: Symbol = Symbol("allow");
pub(crate) const BUCKETS: Symbol = Symbol("buckets");
pub(crate) const CAPPED: Symbol = Symbol("capped");
pub(crate) const CRATE: Symbol = Symbol("crate");
pub(crate) const DOCS: Symbol = Symbol("docs");
pub(crate) const ERROR: Symbol = Symbol("error");
pub(crate) const ERROR_IF: Symbol = Symbol("error_if");
pub(crate) const EXPONENTIAL: Symbol = Symbol("exponential");
pub(crate) const FLATTEN: Symbol = Symbol("flatten");
pub(crate) const FUNCTION: Symbol = Symbol("function");
pub(crate) const GLOBAL: Symbol = Symbol("global");
pub(crate) const HELP: Symbol = Symbol("help");
pub(crate) const LABEL: Symbol = Symbol("label");
pub(crate) const LABELS: Symbol = Symbol("labels");
pub(crate) const LATENCY: Symbol = Symbol("latency");
pub(crate) const LATENCY_SUCCESS: Symbol = Symbol("latency_success");
pub(crate) const LINEAR: Symbol = Symbol("linear");
pub(crate) const METRIC: Symbol = Symbol("metric");
pub(crate) const METRICS: Symbol = Symbol("metrics");
pub(crate) const NAME: Symbol = Symbol("name");
pub(crate) const NAMESPACE: Symbol = Symbol("namespace");
pub(crate) const NATIVE: Symbol = Symbol("native");
pub(crate) const NESTED: Symbol = Symbol("nested");
pub(crate) const OBJECTIVE: Symbol = Symbol("objective");
pub(crate) const OTHER: Symbol = Symbol("other");
pub(crate) const OK_IF: Symbol = Symbol("ok_if");
pub(crate) const ONLY: Symbol = Symbol("only");
pub(crate) const QUALIFIED: Symbol = Symbol("qualified");
pub(crate) const QUANTILES: Symbol = Symbol("quantiles");
pub(crate) const REGISTRY: Symbol = Symbol("registry");
pub(crate) const RENAME: Symbol = Symbol("rename");
pub(crate) const RENAME_ALL: Symbol = Symbol("rename_all");
pub(crate) const RENAMED_FROM: Symbol = Symbol("renamed_from");
pub(crate) const RESULT: Symbol = Symbol("result");
pub(crate) const SKIP: Symbol = Symbol("skip");
pub(crate) const SUBSYSTEM: Symbol = Symbol("subsystem");
pub(crate) const SUCCESS: Symbol = Symbol("success");
pub(crate) const TTL: Symbol = Symbol("ttl");
pub(crate) const WHEN: Symbol = Symbol("when");
pub(crate) const UNIT: Symbol = Symbol("unit");
pub(crate) const WINDOW: Symbol = Symbol("window");

impl PartialEq<Symbol> for Ident {
    fn eq(&self, word: &Symbol) -> bool {
        self.unraw() == word.0
    }
}

impl PartialEq<Symbol> for Path {
    fn eq(&self, word: &Symbol) -> bool {
        self.get_ident().is_some_and(|ident| ident == word)
    }
}

impl PartialEq<Symbol> for &Ident {
    fn eq(&self, word: &Symbol) -> bool {
        **self == *word
    }
}
