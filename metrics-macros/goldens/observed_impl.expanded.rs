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
                    dimensions: &[],
                    arguments: 0,
                    instruments: &[
                        ::metrics_core::__private::CALLS,
                        ::metrics_core::__private::DURATION,
                        ::metrics_core::__private::IN_FLIGHT,
                    ],
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
                    dimensions: &[],
                    arguments: 0,
                    instruments: &[
                        ::metrics_core::__private::Instrument {
                            kind: ::metrics_core::__private::InstrumentKind::Calls,
                            name: "frees_total",
                            help: "Frees.",
                            labels: &[],
                            only: ::core::option::Option::None,
                            buckets: &[],
                        },
                        ::metrics_core::__private::CALLS,
                        ::metrics_core::__private::DURATION,
                        ::metrics_core::__private::IN_FLIGHT,
                    ],
                },
            );
            ::metrics_core::__private::submit_site!(& __METRICS_SITE);
            __METRICS_SITE.begin_plain([])
        };
    }
}
