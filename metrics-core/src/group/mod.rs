//! Groups: structs whose fields are metrics.

mod advice;
mod assert;
mod const_string;
mod declaration;
mod field;
mod instance;
mod names;

pub use self::{
    advice::{Found, MetricsAdvice, NoAdvice},
    assert::{assert_labels, assert_names, has_label_in_name, has_many_series},
    declaration::GroupDeclaration,
    field::{FieldSpec, GroupField, MetricGroup, Scope},
    instance::{LabelledRegistry, StaticGroup, register_in, register_static, unregistered},
    names::{FieldNames, GroupNames, MetricNames},
};
