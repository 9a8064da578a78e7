//! The rule for `renamed_from`.

use metrics_lint as lint;
use syn::LitStr;

use crate::errors::Errors;

/// Requires a legal former name that is not the present one. Style is of no interest: the name is on its way out.
pub(crate) fn check(cx: &Errors, former: &LitStr, present: &str) {
    let findings = lint::metric_name(&former.value(), lint::MetricType::Unknown);
    for finding in findings.into_iter().filter(|finding| finding.rule.is_empty()) {
        cx.error_on(former, finding.message);
    }
    if former.value() == present {
        cx.error_on(former, format!("`{present}` is the present name: `renamed_from` is the one before"));
    }
}
