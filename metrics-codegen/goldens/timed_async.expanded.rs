#[cfg_attr(
    doc,
    doc = ::core::concat!(
        "\n<details><summary>Metrics</summary>\n\n* `function_calls_duration_seconds`:\n  * 95th percentile `histogram_quantile(0.95, sum by (le) (rate(function_calls_duration_seconds_bucket{function=\"wait\",module=\"",
        ::core::module_path!(),
        "\"}[5m])))`\n\n</details>",
    )
)]
async fn wait(this: &This) {
    let __metrics_call = {
        static __METRICS_SITE: ::metrics_core::__private::CallSite = ::metrics_core::__private::CallSite::new(
            &::metrics_core::__private::SiteDeclaration {
                function: "wait",
                module: ::core::module_path!(),
                file: ::core::file!(),
                line: ::core::line!(),
                instruments: &[::metrics_core::__private::Instrument::DURATION],
                ..::metrics_core::__private::SiteDeclaration::PLAIN
            },
        );
        ::metrics_core::__private::submit_site!(& __METRICS_SITE);
        __METRICS_SITE.begin_plain([])
    };
    sleep(this.time).await;
}
