//! Names for generated code. Nothing here is for use by hand, and it may change in any release.

pub use std::{
    any::TypeId, marker::PhantomData, option::Option, result::Result, time::Duration, vec, vec::Vec,
};

pub use inventory;
pub use metrics_macros::{git_branch, git_commit};

pub use crate::{
    builtin::Build,
    catalog::{ObjectiveMetric, objectives},
    clock::elapsed_nanos,
    exemplar::{count_with_exemplar, take_exemplar},
    function::{
        Branch, Call, CallSite, CappedProbe, CappedText, CappedValue, DisplayedValue, Failing, FromResidual,
        Instrument, InstrumentKind, InstrumentLabel, LabelProbe, NotALabelValue, Outcome, PlainValue, Probe,
        SiteDeclaration, apply, assert_latency, assert_metric, assert_objective, assert_series, boxed_future,
        branch, call_once, dimension, dimension_of, error_of, from_residual, makes_many_series, never,
        position, position_and_type, returned, returned_dimension, type_of,
    },
    group::{
        FieldNames, FieldSpec, Found, GroupDeclaration, GroupField, GroupNames, LabelledRegistry,
        MetricGroup, MetricNames, MetricsAdvice, NoAdvice, Scope, StaticGroup, assert_labels, assert_names,
        has_label_in_name, has_many_series, register_in, register_static, unregistered,
    },
    label::{
        CacheKey, Capped, Dimension, Interners, LabelField, LabelName, LabelSet, LabelValue, join,
        joined_len, product,
    },
    metric::{DynamicMetric, MetricWithoutLabels, observe_nanos, record_completion},
    model::{DEFAULT_BUCKETS, MetricType, Objective, Percentage, RegistrationError},
    name::{assert_buckets, assert_help},
    registry::{Declared, DeclaredItem, NativeBuckets, Registry},
    submit_group, submit_site,
};

/// Puts an annotated function on the link-time list.
#[macro_export]
#[doc(hidden)]
macro_rules! submit_site {
    ($site:expr) => {
        $crate::__private::inventory::submit! { $crate::__private::DeclaredItem($site) }
    };
}

/// Puts a group on the link-time list.
#[macro_export]
#[doc(hidden)]
macro_rules! submit_group {
    ($declaration:expr) => {
        const _: () = {
            use $crate::__private::inventory;
            inventory::submit! { $crate::__private::DeclaredItem($declaration) }
        };
    };
}
