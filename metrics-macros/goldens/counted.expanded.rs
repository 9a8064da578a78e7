fn hit() {
    let __metrics_call = {
        #[allow(unused, clippy::all, clippy::pedantic, clippy::nursery)]
        static __METRICS_SITE: ::metrics_core::__private::CallSite = ::metrics_core::__private::CallSite::new(
            &::metrics_core::__private::SiteDeclaration {
                function: "hit",
                module: ::core::module_path!(),
                file: ::core::file!(),
                line: ::core::line!(),
                dimensions: &[],
                arguments: 0,
                instruments: &[::metrics_core::__private::CALLS],
            },
        );
        ::metrics_core::__private::submit_site!(& __METRICS_SITE);
        __METRICS_SITE.begin_plain([])
    };
    println!("hit");
}
