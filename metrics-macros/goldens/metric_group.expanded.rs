#[automatically_derived]
impl ::metrics_core::__private::MetricGroup for ArenaMetrics {
    fn build(scope: &mut ::metrics_core::__private::Scope<'_>) -> Self {
        scope
            .named(
                "arena",
                |scope| Self {
                    matches_total: {
                        const _: () = ::metrics_core::__private::assert_labels(
                            <Family<
                                MatchLabels,
                                Counter,
                            > as ::metrics_core::__private::GroupField>::DIMENSIONS,
                            &[],
                            false,
                        );
                        <Family<
                            MatchLabels,
                            Counter,
                        > as ::metrics_core::__private::GroupField>::build(
                            scope,
                            &::metrics_core::__private::FieldSpec {
                                name: "matches_total",
                                help: "Matches by kind and state.",
                                unit: ::core::option::Option::None,
                                labels: &[],
                                label_names: &[],
                                buckets: ::core::option::Option::None,
                                native: ::core::option::Option::None,
                                ttl: ::core::option::Option::None,
                                file: ::core::file!(),
                                line: ::core::line!(),
                            },
                        )
                    },
                    revenue_usd_total: <Counter<
                        f64,
                    > as ::metrics_core::__private::GroupField>::build(
                        scope,
                        &::metrics_core::__private::FieldSpec {
                            name: "revenue_usd_total",
                            help: "Money taken.",
                            unit: ::core::option::Option::Some("usd"),
                            labels: &[("shop", "main")],
                            label_names: &[],
                            buckets: ::core::option::Option::None,
                            native: ::core::option::Option::None,
                            ttl: ::core::option::Option::None,
                            file: ::core::file!(),
                            line: ::core::line!(),
                        },
                    ),
                    query: {
                        const _: () = ::metrics_core::__private::assert_labels(
                            <Family<
                                QueryLabels,
                                Histogram,
                            > as ::metrics_core::__private::GroupField>::DIMENSIONS,
                            &[],
                            false,
                        );
                        <Family<
                            QueryLabels,
                            Histogram,
                        > as ::metrics_core::__private::GroupField>::build(
                            scope,
                            &::metrics_core::__private::FieldSpec {
                                name: "query_seconds",
                                help: "Time spent in one SQL query.",
                                unit: ::core::option::Option::None,
                                labels: &[],
                                label_names: &[],
                                buckets: ::core::option::Option::Some(
                                    &[0.001f64, 0.01f64, 1f64],
                                ),
                                native: ::core::option::Option::None,
                                ttl: ::core::option::Option::None,
                                file: ::core::file!(),
                                line: ::core::line!(),
                            },
                        )
                    },
                    cache: scope.nested::<CacheMetrics>(::core::option::Option::None),
                    #[cfg(feature = "db")]
                    db: scope.nested::<DbMetrics>(::core::option::Option::Some("db")),
                },
            )
    }
}
#[automatically_derived]
#[allow(dead_code)]
impl ArenaMetrics {
    /// The static instance, which is there without being touched.
    #[must_use]
    pub fn global() -> &'static Self {
        static GLOBAL: ::metrics_core::__private::OnceLock<ArenaMetrics> = ::metrics_core::__private::OnceLock::new();
        GLOBAL.get_or_init(::metrics_core::__private::register_global)
    }
    /// Makes an instance whose metrics are in a registry: `&registry`, or `registry.labelled("shard", "1")` where
    /// there are several.
    ///
    /// # Errors
    ///
    /// Where a metric of the same name is registered with another definition.
    pub fn register_in<'place>(
        place: impl ::core::convert::Into<
            ::metrics_core::__private::LabelledRegistry<'place>,
        >,
    ) -> ::core::result::Result<Self, ::metrics_core::RegistrationError> {
        ::metrics_core::__private::register_in(place)
    }
    /// Makes an instance whose metrics are in no registry.
    #[must_use]
    pub fn unregistered() -> Self {
        ::metrics_core::__private::unregistered()
    }
}
const _: () = {
    ::metrics_core::__private::submit_group!(
        & ::metrics_core::__private::GroupDeclaration { type_id :
        ::metrics_core::__private::TypeId::of:: < ArenaMetrics >, nested : &
        [::metrics_core::__private::TypeId::of:: < CacheMetrics >, #[cfg(feature = "db")]
        ::metrics_core::__private::TypeId::of:: < DbMetrics >], registry :
        ::core::option::Option::None, touch : || { let _ = ArenaMetrics::global(); }, }
    );
};
