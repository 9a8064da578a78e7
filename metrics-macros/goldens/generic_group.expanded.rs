#[automatically_derived]
impl<L: LabelSet> ::metrics_core::__private::MetricGroup for Pool<L> {
    fn build(scope: &mut ::metrics_core::__private::Scope<'_>) -> Self {
        Self {
            taken_total: <Family<
                L,
                Counter,
            > as ::metrics_core::__private::GroupField>::build(
                scope,
                &::metrics_core::__private::FieldSpec {
                    name: "taken_total",
                    help: "Taken.",
                    unit: ::core::option::Option::None,
                    labels: &[],
                    buckets: ::core::option::Option::None,
                    ttl: ::core::option::Option::None,
                    file: ::core::file!(),
                    line: ::core::line!(),
                },
            ),
        }
    }
}
#[automatically_derived]
#[allow(dead_code)]
impl<L: LabelSet> Pool<L> {
    /// Makes an instance whose metrics are in `registry`.
    ///
    /// # Errors
    ///
    /// Where a metric of the same name is registered with another definition.
    fn register_in(
        registry: &::metrics_core::Registry,
    ) -> ::core::result::Result<Self, ::metrics_core::RegistrationError> {
        ::metrics_core::__private::register_in(registry)
    }
    /// Makes an instance whose metrics are in no registry.
    #[must_use]
    fn unregistered() -> Self {
        ::metrics_core::__private::unregistered()
    }
}
