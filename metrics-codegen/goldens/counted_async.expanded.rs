#[cfg_attr(
    doc,
    doc = ::core::concat!(
        "\n<details><summary>Metrics</summary>\n\n* `function_calls_total`:\n  * rate `sum(rate(function_calls_total{function=\"load\",module=\"",
        ::core::module_path!(),
        "\"}[5m]))`\n  * error ratio `sum(rate(function_calls_total{function=\"load\",module=\"",
        ::core::module_path!(),
        "\",result=~\"error|panicked\"}[5m])) / sum(rate(function_calls_total{function=\"load\",module=\"",
        ::core::module_path!(),
        "\"}[5m]))`\n\n</details>",
    )
)]
async fn load(id: u64) -> u64 {
    let __metrics_call = {
        static __METRICS_SITE: ::metrics_core::__private::CallSite = ::metrics_core::__private::CallSite::new(
            &::metrics_core::__private::SiteDeclaration {
                function: "load",
                module: ::core::module_path!(),
                file: ::core::file!(),
                line: ::core::line!(),
                instruments: &[::metrics_core::__private::Instrument::CALLS],
                ..::metrics_core::__private::SiteDeclaration::PLAIN
            },
        );
        ::metrics_core::__private::submit_site!(& __METRICS_SITE);
        __METRICS_SITE.begin([])
    };
    let __metrics_returned: u64 = '__metrics_body: {
        {
            if false {
                break '__metrics_body (::metrics_core::__private::never());
            }
            id + 1
        }
    };
    return __metrics_call.finish(false, [], __metrics_returned);
}
