async fn load(id: u64) -> u64 {
    let __metrics_call = {
        #[allow(unused, clippy::all, clippy::pedantic, clippy::nursery)]
        static __METRICS_SITE: ::metrics_core::__private::CallSite = ::metrics_core::__private::CallSite::new(
            &::metrics_core::__private::SiteDeclaration {
                function: "load",
                module: ::core::module_path!(),
                file: ::core::file!(),
                line: ::core::line!(),
                dimensions: &[],
                arguments: 0,
                instruments: &[::metrics_core::__private::CALLS],
            },
        );
        ::metrics_core::__private::submit_site!(& __METRICS_SITE);
        __METRICS_SITE.begin([])
    };
    #[allow(unused_braces)]
    let __metrics_returned: u64 = { id + 1 };
    #[allow(
        unreachable_code,
        clippy::redundant_closure,
        clippy::redundant_closure_for_method_calls
    )] __metrics_call.finish(false, []);
    __metrics_returned
}
