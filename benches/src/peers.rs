//! Set-up of peers, once for the whole process.

use std::sync::OnceLock;

pub(crate) use benches::pages::BOUNDS;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// Installs the facade's recorder for the process, as its documentation says.
pub(crate) fn install_facade() -> &'static PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE.get_or_init(|| {
        let builder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Full("work_duration_seconds".to_owned()), &BOUNDS)
            .expect("buckets");
        builder.install_recorder().expect("the first recorder")
    })
}

/// Counters in an array of structs, by prometheus-static-metric.
#[allow(
    missing_docs,
    non_camel_case_types,
    unreachable_pub,
    unused_qualifications,
    clippy::all,
    clippy::pedantic
)]
pub(crate) mod fixed {
    use prometheus_static_metric::make_static_metric;

    use crate::labels::{Flag, Status};

    make_static_metric! {
        pub label_enum FixedStatus { informational, success, redirection, refused, failed }
        pub label_enum FixedFlag { no, yes }
        pub struct Counters: IntCounter {
            "status" => FixedStatus,
            "cached" => FixedFlag,
            "secure" => FixedFlag,
        }
    }

    pub(crate) fn labels(
        _: usize,
        status: Status,
        cached: Flag,
        secure: Flag,
    ) -> (FixedStatus, FixedFlag, FixedFlag) {
        let status = [
            FixedStatus::informational,
            FixedStatus::success,
            FixedStatus::redirection,
            FixedStatus::refused,
            FixedStatus::failed,
        ][status as usize];
        let flag = |flag: Flag| [FixedFlag::no, FixedFlag::yes][flag as usize];
        (status, flag(cached), flag(secure))
    }
}

/// The same counters with a buffer for each thread, which is flushed automatically.
#[allow(
    missing_docs,
    missing_debug_implementations,
    non_camel_case_types,
    unreachable_pub,
    unused_qualifications,
    clippy::all,
    clippy::pedantic
)]
pub(crate) mod flushed {
    use lazy_static::lazy_static;
    use prometheus::{IntCounterVec, Opts};
    use prometheus_static_metric::{auto_flush_from, make_auto_flush_static_metric};

    use crate::labels::{Flag, Status};

    make_auto_flush_static_metric! {
        pub label_enum FlushedStatus { informational, success, redirection, refused, failed }
        pub label_enum FlushedFlag { no, yes }
        pub struct Flushed: LocalIntCounter {
            "status" => FlushedStatus,
            "cached" => FlushedFlag,
            "secure" => FlushedFlag,
        }
    }

    lazy_static! {
        static ref VEC: IntCounterVec =
            IntCounterVec::new(Opts::new("flushed_total", "Flushed."), &["status", "cached", "secure"])
                .expect("a legal definition");
        pub static ref COUNTERS: Flushed = auto_flush_from!(VEC, Flushed);
    }

    pub(crate) fn labels(
        _: usize,
        status: Status,
        cached: Flag,
        secure: Flag,
    ) -> (FlushedStatus, FlushedFlag, FlushedFlag) {
        let status = [
            FlushedStatus::informational,
            FlushedStatus::success,
            FlushedStatus::redirection,
            FlushedStatus::refused,
            FlushedStatus::failed,
        ][status as usize];
        let flag = |flag: Flag| [FlushedFlag::no, FlushedFlag::yes][flag as usize];
        (status, flag(cached), flag(secure))
    }
}
