impl<'a, T: Clone> app::Parser<'a, T> {
    pub const LIMIT: usize = 3;
    /// Parses.
    pub fn parse(&self) -> bool {
        let __metrics_call = {
            #[allow(unused, clippy::all, clippy::pedantic, clippy::nursery)]
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
    fn free(self) {
        let __metrics_call = {
            #[allow(unused_imports)]
            use metrics_core::counted as _;
            #[allow(unused, clippy::all, clippy::pedantic, clippy::nursery)]
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
