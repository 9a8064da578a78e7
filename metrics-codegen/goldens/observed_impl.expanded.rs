impl<'a, T: Clone> app::Parser<'a, T> {
    pub const LIMIT: usize = 3;
    /// Parses.
    #[cfg_attr(
        doc,
        doc = ::core::concat!(
            "\n<details><summary>Metrics</summary>\n\n* `function_calls_total`:\n  * rate `sum(rate(function_calls_total{function=\"Parser::parse\",module=\"",
            ::core::module_path!(),
            "\"}[5m]))`\n  * error ratio `sum(rate(function_calls_total{function=\"Parser::parse\",module=\"",
            ::core::module_path!(),
            "\",result=~\"error|panicked\"}[5m])) / sum(rate(function_calls_total{function=\"Parser::parse\",module=\"",
            ::core::module_path!(),
            "\"}[5m]))`\n* `function_calls_duration_seconds`:\n  * 95th percentile `histogram_quantile(0.95, sum by (le) (rate(function_calls_duration_seconds_bucket{function=\"Parser::parse\",module=\"",
            ::core::module_path!(),
            "\"}[5m])))`\n* `function_calls_concurrent`:\n  * in flight `sum(function_calls_concurrent{function=\"Parser::parse\",module=\"",
            ::core::module_path!(),
            "\"})`\n\n</details>",
        )
    )]
    pub fn parse(&self) -> bool {
        let __metrics_call = {
            static __METRICS_SITE: ::metrics_core::__private::CallSite = ::metrics_core::__private::CallSite::new(
                &::metrics_core::__private::SiteDeclaration {
                    function: "Parser::parse",
                    module: ::core::module_path!(),
                    file: ::core::file!(),
                    line: ::core::line!(),
                    instruments: ::metrics_core::__private::Instrument::OBSERVED,
                    ..::metrics_core::__private::SiteDeclaration::PLAIN
                },
            );
            ::metrics_core::__private::submit_site!(& __METRICS_SITE);
            __METRICS_SITE.begin_plain([])
        };
        true
    }
    fn helper(&self) {}
    /// Frees.
    #[cfg_attr(
        doc,
        doc = ::core::concat!(
            "\n<details><summary>Metrics</summary>\n\n* `frees_total`:\n  * rate `sum(rate(frees_total[5m]))`\n* `function_calls_total`:\n  * rate `sum(rate(function_calls_total{function=\"Parser::free\",module=\"",
            ::core::module_path!(),
            "\"}[5m]))`\n  * error ratio `sum(rate(function_calls_total{function=\"Parser::free\",module=\"",
            ::core::module_path!(),
            "\",result=~\"error|panicked\"}[5m])) / sum(rate(function_calls_total{function=\"Parser::free\",module=\"",
            ::core::module_path!(),
            "\"}[5m]))`\n* `function_calls_duration_seconds`:\n  * 95th percentile `histogram_quantile(0.95, sum by (le) (rate(function_calls_duration_seconds_bucket{function=\"Parser::free\",module=\"",
            ::core::module_path!(),
            "\"}[5m])))`\n* `function_calls_concurrent`:\n  * in flight `sum(function_calls_concurrent{function=\"Parser::free\",module=\"",
            ::core::module_path!(),
            "\"})`\n\n</details>",
        )
    )]
    fn free(self) {
        let __metrics_call = {
            use metrics_core::counted as _;
            static __METRICS_SITE: ::metrics_core::__private::CallSite = ::metrics_core::__private::CallSite::new(
                &::metrics_core::__private::SiteDeclaration {
                    function: "Parser::free",
                    module: ::core::module_path!(),
                    file: ::core::file!(),
                    line: ::core::line!(),
                    instruments: &[
                        ::metrics_core::__private::Instrument {
                            name: "frees_total",
                            help: "Frees.",
                            labels: &[],
                            ..::metrics_core::__private::Instrument::CALLS
                        },
                        ::metrics_core::__private::Instrument::CALLS,
                        ::metrics_core::__private::Instrument::DURATION,
                        ::metrics_core::__private::Instrument::IN_FLIGHT,
                    ],
                    ..::metrics_core::__private::SiteDeclaration::PLAIN
                },
            );
            ::metrics_core::__private::submit_site!(& __METRICS_SITE);
            __METRICS_SITE.begin_plain([])
        };
    }
}
