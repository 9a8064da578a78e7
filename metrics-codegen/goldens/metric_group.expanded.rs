#[automatically_derived]
impl ::metrics_core::__private::MetricGroup for ArenaMetrics {
    const NAMES: &'static ::metrics_core::__private::GroupNames = &::metrics_core::__private::GroupNames {
        prefix: "arena",
        labels: &[],
        fields: &[
            ::metrics_core::__private::FieldNames::Metric(::metrics_core::__private::MetricNames {
                name: "matches_total",
                metric_type: <Family<
                    MatchLabels,
                    Counter,
                > as ::metrics_core::__private::GroupField>::TYPE,
                help: "Matches by kind and state.",
                unit: ::core::option::Option::None,
                labels: &[],
                label_names: &[],
                dimensions: <Family<
                    MatchLabels,
                    Counter,
                > as ::metrics_core::__private::GroupField>::DIMENSIONS,
                allowed: &[],
            }),
            ::metrics_core::__private::FieldNames::Metric(::metrics_core::__private::MetricNames {
                name: "revenue_usd_total",
                metric_type: <Counter<
                    f64,
                > as ::metrics_core::__private::GroupField>::TYPE,
                help: "Money taken.",
                unit: ::core::option::Option::Some("usd"),
                labels: &[("shop", "main")],
                label_names: &[],
                dimensions: <Counter<
                    f64,
                > as ::metrics_core::__private::GroupField>::DIMENSIONS,
                allowed: &[],
            }),
            ::metrics_core::__private::FieldNames::Metric(::metrics_core::__private::MetricNames {
                name: "query_seconds",
                metric_type: <Family<
                    QueryLabels,
                    Histogram,
                > as ::metrics_core::__private::GroupField>::TYPE,
                help: "Time spent in one SQL query.",
                unit: ::core::option::Option::None,
                labels: &[],
                label_names: &[],
                dimensions: <Family<
                    QueryLabels,
                    Histogram,
                > as ::metrics_core::__private::GroupField>::DIMENSIONS,
                allowed: &[],
            }),
            ::metrics_core::__private::FieldNames::Nested(
                "",
                <CacheMetrics as ::metrics_core::__private::MetricGroup>::NAMES,
            ),
            #[cfg(feature = "db")]
            ::metrics_core::__private::FieldNames::Nested(
                "db",
                <DbMetrics as ::metrics_core::__private::MetricGroup>::NAMES,
            ),
        ],
    };
    #[allow(unused_variables, unreachable_code)]
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
                        const _: fn() = || {
                            use ::metrics_core::__private::{
                                MetricsAdvice as _, NoAdvice as _,
                            };
                            ::metrics_core::__private::Found::<
                                {
                                    ::metrics_core::__private::has_label_in_name(
                                        "arena",
                                        "matches_total",
                                        <Family<
                                            MatchLabels,
                                            Counter,
                                        > as ::metrics_core::__private::GroupField>::DIMENSIONS,
                                    )
                                },
                            >
                                .label_in_name();
                        };
                        const _: fn() = || {
                            use ::metrics_core::__private::{
                                MetricsAdvice as _, NoAdvice as _,
                            };
                            ::metrics_core::__private::Found::<
                                {
                                    ::metrics_core::__private::has_many_series(
                                        <Family<
                                            MatchLabels,
                                            Counter,
                                        > as ::metrics_core::__private::GroupField>::DIMENSIONS,
                                    )
                                },
                            >
                                .many_series();
                        };
                        <Family<
                            MatchLabels,
                            Counter,
                        > as ::metrics_core::__private::GroupField>::build(
                            scope,
                            &::metrics_core::__private::FieldSpec {
                                name: "matches_total",
                                renamed_from: ::core::option::Option::None,
                                help: "Matches by kind and state.",
                                unit: ::core::option::Option::None,
                                labels: &[],
                                label_names: &[],
                                buckets: ::core::option::Option::None,
                                native: ::core::option::Option::None,
                                quantiles: ::core::option::Option::None,
                                window_milliseconds: ::core::option::Option::None,
                                ttl_milliseconds: ::core::option::Option::None,
                                module: ::core::module_path!(),
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
                            renamed_from: ::core::option::Option::None,
                            help: "Money taken.",
                            unit: ::core::option::Option::Some("usd"),
                            labels: &[("shop", "main")],
                            label_names: &[],
                            buckets: ::core::option::Option::None,
                            native: ::core::option::Option::None,
                            quantiles: ::core::option::Option::None,
                            window_milliseconds: ::core::option::Option::None,
                            ttl_milliseconds: ::core::option::Option::None,
                            module: ::core::module_path!(),
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
                        const _: fn() = || {
                            use ::metrics_core::__private::{
                                MetricsAdvice as _, NoAdvice as _,
                            };
                            ::metrics_core::__private::Found::<
                                {
                                    ::metrics_core::__private::has_label_in_name(
                                        "arena",
                                        "query_seconds",
                                        <Family<
                                            QueryLabels,
                                            Histogram,
                                        > as ::metrics_core::__private::GroupField>::DIMENSIONS,
                                    )
                                },
                            >
                                .label_in_name();
                        };
                        const _: fn() = || {
                            use ::metrics_core::__private::{
                                MetricsAdvice as _, NoAdvice as _,
                            };
                            ::metrics_core::__private::Found::<
                                {
                                    ::metrics_core::__private::has_many_series(
                                        <Family<
                                            QueryLabels,
                                            Histogram,
                                        > as ::metrics_core::__private::GroupField>::DIMENSIONS,
                                    )
                                },
                            >
                                .many_series();
                        };
                        <Family<
                            QueryLabels,
                            Histogram,
                        > as ::metrics_core::__private::GroupField>::build(
                            scope,
                            &::metrics_core::__private::FieldSpec {
                                name: "query_seconds",
                                renamed_from: ::core::option::Option::None,
                                help: "Time spent in one SQL query.",
                                unit: ::core::option::Option::None,
                                labels: &[],
                                label_names: &[],
                                buckets: ::core::option::Option::Some(
                                    &[0.001f64, 0.01f64, 1f64],
                                ),
                                native: ::core::option::Option::None,
                                quantiles: ::core::option::Option::None,
                                window_milliseconds: ::core::option::Option::None,
                                ttl_milliseconds: ::core::option::Option::None,
                                module: ::core::module_path!(),
                                file: ::core::file!(),
                                line: ::core::line!(),
                            },
                        )
                    },
                    cache: {
                        const _: () = ::metrics_core::__private::assert_names(
                            <ArenaMetrics as ::metrics_core::__private::MetricGroup>::NAMES,
                            3usize,
                            &[],
                        );
                        scope.nested::<CacheMetrics>(::core::option::Option::None)
                    },
                    #[cfg(feature = "db")]
                    db: {
                        const _: () = ::metrics_core::__private::assert_names(
                            <ArenaMetrics as ::metrics_core::__private::MetricGroup>::NAMES,
                            4usize,
                            &[],
                        );
                        scope.nested::<DbMetrics>(::core::option::Option::Some("db"))
                    },
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
        static GLOBAL: ::metrics_core::__private::StaticGroup<ArenaMetrics> = ::metrics_core::__private::StaticGroup::new();
        GLOBAL.get(::metrics_core::__private::Registry::global)
    }
    /// Makes an instance whose metrics are in a registry: `&registry`, or `registry.labelled("shard", "1")` where
    /// there are several.
    ///
    /// # Errors
    ///
    /// A metric of the same name is registered with another definition.
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
