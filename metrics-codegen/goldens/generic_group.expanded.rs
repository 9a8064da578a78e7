#[automatically_derived]
impl<L: LabelSet> ::metrics_core::__private::MetricGroup for Pool<L> {
    const NAMES: &'static ::metrics_core::__private::GroupNames = &::metrics_core::__private::GroupNames {
        prefix: "",
        labels: &[],
        fields: &[
            ::metrics_core::__private::FieldNames::Metric(::metrics_core::__private::MetricNames {
                name: "taken_total",
                metric_type: <Family<
                    L,
                    Counter,
                > as ::metrics_core::__private::GroupField>::TYPE,
                help: "Taken.",
                unit: ::core::option::Option::None,
                labels: &[],
                label_names: &[],
                dimensions: <Family<
                    L,
                    Counter,
                > as ::metrics_core::__private::GroupField>::DIMENSIONS,
                allowed: &[],
            }),
        ],
    };
    #[allow(unused_variables, unreachable_code)]
    fn build(scope: &mut ::metrics_core::__private::Scope<'_>) -> Self {
        Self {
            taken_total: {
                const {
                    ::metrics_core::__private::assert_labels(
                        <Family<
                            L,
                            Counter,
                        > as ::metrics_core::__private::GroupField>::DIMENSIONS,
                        &[],
                        false,
                    )
                };
                <Family<
                    L,
                    Counter,
                > as ::metrics_core::__private::GroupField>::build(
                    scope,
                    &::metrics_core::__private::FieldSpec {
                        name: "taken_total",
                        renamed_from: ::core::option::Option::None,
                        help: "Taken.",
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
        }
    }
}
#[automatically_derived]
#[allow(dead_code)]
impl<L: LabelSet> Pool<L> {
    /// Makes an instance whose metrics are in a registry: `&registry`, or `registry.labelled("shard", "1")` where
    /// there are several.
    ///
    /// # Errors
    ///
    /// A metric of the same name is registered with another definition.
    fn register_in<'place>(
        place: impl ::core::convert::Into<
            ::metrics_core::__private::LabelledRegistry<'place>,
        >,
    ) -> ::core::result::Result<Self, ::metrics_core::RegistrationError> {
        ::metrics_core::__private::register_in(place)
    }
    /// Makes an instance whose metrics are in no registry.
    #[must_use]
    fn unregistered() -> Self {
        ::metrics_core::__private::unregistered()
    }
}
