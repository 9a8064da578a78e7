//! The arguments that each attribute takes, and the reasons why others are refused.

use super::kind::Attribute;
use crate::{
    attr::KnownArguments,
    symbol::{
        ALLOW, BUCKETS, CRATE, DOCS, ERROR_IF, EXPONENTIAL, FUNCTION, HELP, LABELS, LINEAR, NAME, NATIVE,
        OBJECTIVE, OK_IF, ONLY, QUALIFIED, REGISTRY, RENAMED_FROM, SKIP, Symbol,
    },
};

/// The item that an attribute stands on, which decides about the arguments of `#[observed]`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum AttributeTarget {
    Function,
    Impl,
    /// A method of an annotated `impl`.
    Method,
}

/// Returns the arguments that an attribute takes on an item.
pub(super) fn known_arguments(attribute: Attribute, target: AttributeTarget) -> KnownArguments {
    let known = match (attribute, target) {
        (Attribute::Counted, _) => COUNTED,
        (Attribute::Timed, _) => TIMED,
        (Attribute::InFlight, _) => IN_FLIGHT,
        (Attribute::Observed, AttributeTarget::Function) => OBSERVED,
        (Attribute::Observed, AttributeTarget::Impl) => OBSERVED_IMPL,
        (Attribute::Observed, AttributeTarget::Method) => OBSERVED_METHOD,
    };
    let elsewhere = match attribute {
        Attribute::Counted => NOT_COUNTED,
        Attribute::Timed => NOT_TIMED,
        Attribute::InFlight => NOT_IN_FLIGHT,
        Attribute::Observed => NOT_OBSERVED,
    };
    KnownArguments { owner: attribute.written(), known, later: &[], elsewhere }
}

const COUNTED: &[Symbol] = &[
    NAME,
    RENAMED_FROM,
    HELP,
    LABELS,
    ONLY,
    ERROR_IF,
    OK_IF,
    OBJECTIVE,
    FUNCTION,
    REGISTRY,
    DOCS,
    ALLOW,
    CRATE,
];
const TIMED: &[Symbol] = &[
    NAME,
    RENAMED_FROM,
    HELP,
    LABELS,
    BUCKETS,
    EXPONENTIAL,
    LINEAR,
    NATIVE,
    ONLY,
    ERROR_IF,
    OK_IF,
    OBJECTIVE,
    FUNCTION,
    REGISTRY,
    DOCS,
    ALLOW,
    CRATE,
];
const IN_FLIGHT: &[Symbol] = &[NAME, RENAMED_FROM, HELP, LABELS, FUNCTION, REGISTRY, DOCS, ALLOW, CRATE];
const OBSERVED: &[Symbol] = &[ERROR_IF, OK_IF, OBJECTIVE, FUNCTION, REGISTRY, DOCS, CRATE];
const OBSERVED_IMPL: &[Symbol] = &[QUALIFIED, REGISTRY, DOCS, CRATE];
const OBSERVED_METHOD: &[Symbol] = &[SKIP, ERROR_IF, OK_IF, OBJECTIVE, FUNCTION, REGISTRY, DOCS];

const NO_BUCKETS: &str = "only the histogram of `#[timed]` has buckets";
const NOT_ENDED: &str = "a call in flight has no outcome yet";
const NO_FAMILY: &str =
    "it is the three default families; a family of its own has `#[counted]`, `#[timed]` or `#[in_flight]`";
const NO_SKIP: &str = "`skip` is for a method of an `impl` with `#[observed]`";

const NO_TRAIT: &str = "`qualified` is for `#[observed]` on the `impl` of a trait";

const NOT_COUNTED: &[(Symbol, &str)] = &[
    (BUCKETS, NO_BUCKETS),
    (EXPONENTIAL, NO_BUCKETS),
    (LINEAR, NO_BUCKETS),
    (NATIVE, NO_BUCKETS),
    (SKIP, NO_SKIP),
    (QUALIFIED, NO_TRAIT),
];
const NOT_TIMED: &[(Symbol, &str)] = &[(SKIP, NO_SKIP), (QUALIFIED, NO_TRAIT)];
const NOT_IN_FLIGHT: &[(Symbol, &str)] = &[
    (BUCKETS, NO_BUCKETS),
    (EXPONENTIAL, NO_BUCKETS),
    (LINEAR, NO_BUCKETS),
    (NATIVE, NO_BUCKETS),
    (ONLY, NOT_ENDED),
    (ERROR_IF, NOT_ENDED),
    (OK_IF, NOT_ENDED),
    (OBJECTIVE, NOT_ENDED),
    (SKIP, NO_SKIP),
    (QUALIFIED, NO_TRAIT),
];
const NOT_OBSERVED: &[(Symbol, &str)] = &[
    (NAME, NO_FAMILY),
    (RENAMED_FROM, NO_FAMILY),
    (HELP, NO_FAMILY),
    (LABELS, NO_FAMILY),
    (ONLY, NO_FAMILY),
    (BUCKETS, NO_FAMILY),
    (EXPONENTIAL, NO_FAMILY),
    (LINEAR, NO_FAMILY),
    (NATIVE, NO_FAMILY),
    (ALLOW, NO_FAMILY),
    (SKIP, NO_SKIP),
    (QUALIFIED, NO_TRAIT),
    (FUNCTION, "an `impl` has many functions, write it on one: `#[observed(function = \"…\")]`"),
    (ERROR_IF, "an `impl` has many functions, write it on one: `#[observed(error_if = …)]`"),
    (OK_IF, "an `impl` has many functions, write it on one: `#[observed(ok_if = …)]`"),
    (OBJECTIVE, "an `impl` has many functions, write it on one: `#[observed(objective(…))]`"),
    (CRATE, "write it on the `impl`"),
];
