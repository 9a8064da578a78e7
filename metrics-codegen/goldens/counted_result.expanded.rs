#[cfg_attr(
    doc,
    doc = ::core::concat!(
        "\n<details><summary>Metrics</summary>\n\n* `function_calls_total`:\n  * rate `sum(rate(function_calls_total{function=\"parse\",module=\"",
        ::core::module_path!(),
        "\"}[5m]))`\n  * error ratio `sum(rate(function_calls_total{function=\"parse\",module=\"",
        ::core::module_path!(),
        "\",result=~\"error|panicked\"}[5m])) / sum(rate(function_calls_total{function=\"parse\",module=\"",
        ::core::module_path!(),
        "\"}[5m]))`\n\n</details>",
    )
)]
pub fn parse(input: &str) -> Result<Ast, ParseError> {
    let __metrics_call = {
        static __METRICS_SITE: ::metrics_core::__private::CallSite = ::metrics_core::__private::CallSite::new(
            &::metrics_core::__private::SiteDeclaration {
                function: "parse",
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
    let __metrics_returned: Result<Ast, ParseError> = '__metrics_body: {
        {
            if false {
                break '__metrics_body (::metrics_core::__private::never());
            }
            Ast::of(input)
        }
    };
    return __metrics_call
        .finish(
            {
                use ::metrics_core::__private::PlainValue as _;
                ::metrics_core::__private::Probe(&__metrics_returned).is_error()
                    || ::metrics_core::__private::Probe(&__metrics_returned)
                        .is_failed_response()
            },
            [],
            __metrics_returned,
        );
}
