#[cfg_attr(
    doc,
    doc = ::core::concat!(
        "\n<details><summary>Metrics</summary>\n\n* `function_calls_duration_seconds`:\n  * 95th percentile `histogram_quantile(0.95, sum by (le) (rate(function_calls_duration_seconds_bucket{function=\"parse\",module=\"",
        ::core::module_path!(),
        "\"}[5m])))`\n\n</details>",
    )
)]
fn parse(input: &str) -> Result<Ast, ParseError> {
    let __metrics_call = {
        static __METRICS_SITE: ::metrics_core::__private::CallSite = ::metrics_core::__private::CallSite::new(
            &::metrics_core::__private::SiteDeclaration {
                function: "parse",
                module: ::core::module_path!(),
                file: ::core::file!(),
                line: ::core::line!(),
                instruments: &[
                    ::metrics_core::__private::Instrument {
                        only: ::core::option::Option::Some(
                            ::metrics_core::__private::Outcome::Ok,
                        ),
                        ..::metrics_core::__private::Instrument::DURATION
                    },
                ],
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
