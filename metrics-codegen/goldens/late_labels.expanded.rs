/// Puts.
#[cfg_attr(
    doc,
    doc = ::core::concat!(
        "\n<details><summary>Metrics</summary>\n\n* `puts_total`:\n  * rate `sum(rate(puts_total[5m]))`\n\n</details>",
    )
)]
fn put<T: Kind>(store: &mut Self, item: T) -> Option<T> {
    let __metrics_call = {
        const __METRICS_DIMENSIONS: &[::core::option::Option<
            ::metrics_core::__private::Dimension,
        >] = &[
            ::core::option::Option::None,
            ::core::option::Option::Some(
                ::metrics_core::__private::Dimension::of::<Item>("item"),
            ),
        ];
        const _: () = ::metrics_core::__private::assert_series(
            __METRICS_DIMENSIONS,
            &[0, 1],
            false,
            false,
        );
        const _: fn() = || {
            use ::metrics_core::__private::{MetricsAdvice as _, NoAdvice as _};
            ::metrics_core::__private::Found::<
                {
                    ::metrics_core::__private::makes_many_series(
                        __METRICS_DIMENSIONS,
                        &[0, 1],
                        false,
                    )
                },
            >
                .many_series();
        };
        static __METRICS_SITE: ::metrics_core::__private::CallSite = ::metrics_core::__private::CallSite::new(
            &::metrics_core::__private::SiteDeclaration {
                function: "put",
                module: ::core::module_path!(),
                file: ::core::file!(),
                line: ::core::line!(),
                dimensions: __METRICS_DIMENSIONS,
                arguments: 2,
                instruments: &[
                    ::metrics_core::__private::Instrument {
                        name: "puts_total",
                        help: "Puts.",
                        labels: &[
                            ::metrics_core::__private::InstrumentLabel::Dimension(0),
                            ::metrics_core::__private::InstrumentLabel::Dimension(1),
                        ],
                        ..::metrics_core::__private::Instrument::CALLS
                    },
                ],
                ..::metrics_core::__private::SiteDeclaration::PLAIN
            },
        );
        ::metrics_core::__private::submit_site!(& __METRICS_SITE);
        let __metrics_labels = (
            ::metrics_core::__private::position_and_type(&(store.kind)),
            (),
        );
        __METRICS_SITE
            .prepare(|| {
                ::std::vec![
                    ::metrics_core::__private::dimension_of("kind", __metrics_labels.0
                    .1), ::metrics_core::__private::Dimension::of:: < Item > ("item")
                ]
            });
        __METRICS_SITE
            .begin_plain([
                __metrics_labels.0.0,
                ::metrics_core::__private::position::<Item>(&(item.kind())),
            ])
    };
    store.items.replace(item)
}
