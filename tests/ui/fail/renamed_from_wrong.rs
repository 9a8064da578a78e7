//! A former name is a legal one, differs from the present one, and is that of one metric.

use metrics_core::{Counter, MetricGroup, counted, observed};

/// Jobs.
#[counted(name = "a_jobs_total", renamed_from = "a_jobs_total")]
fn same() {}

/// Jobs.
#[counted(name = "b_jobs_total", renamed_from = "b jobs")]
fn no_name() {}

#[counted(renamed_from = "old_total")]
fn shared() {}

#[observed(renamed_from = "old_total")]
fn three() {}

#[derive(MetricGroup)]
#[metrics(namespace = "c")]
struct Group {
    /// Jobs.
    #[metric(renamed_from = "c_jobs_total")]
    jobs_total: Counter,
    #[metric(flatten, renamed_from = "old")]
    inner: Inner,
}

#[derive(MetricGroup)]
#[metrics(global = false)]
struct Inner {
    /// Mails.
    #[metric(renamed_from = "0mails", renamed_from = "mails")]
    inner_mails_total: Counter,
}

fn main() {}
