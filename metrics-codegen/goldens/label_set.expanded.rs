#[automatically_derived]
impl<R: LabelValue> ::metrics_core::__private::LabelSet for Labels<R> {
    const DIMENSIONS: &'static [::metrics_core::__private::Dimension] = &[
        ::metrics_core::__private::Dimension::new(
            "region",
            <R as ::metrics_core::__private::LabelField>::VALUES,
        ),
        ::metrics_core::__private::Dimension::new(
            "type",
            <MatchType as ::metrics_core::__private::LabelField>::VALUES,
        ),
        ::metrics_core::__private::Dimension::new(
            "owner",
            <Capped<100> as ::metrics_core::__private::LabelField>::VALUES,
        ),
    ];
    const CAPPED: ::core::primitive::bool = <R as ::metrics_core::__private::LabelField>::VALUES
        .is_capped()
        || <MatchType as ::metrics_core::__private::LabelField>::VALUES.is_capped()
        || <Capped<100> as ::metrics_core::__private::LabelField>::VALUES.is_capped();
    #[inline]
    fn index(
        &self,
        interners: &::metrics_core::__private::Interners,
    ) -> ::core::primitive::usize {
        ::metrics_core::__private::LabelSet::position(self, interners, 0)
    }
    #[inline]
    fn position(
        &self,
        interners: &::metrics_core::__private::Interners,
        first: ::core::primitive::usize,
    ) -> ::core::primitive::usize {
        ((<R as ::metrics_core::__private::LabelField>::position(
            &self.region,
            interners,
            first,
        )) * <MatchType as ::metrics_core::__private::LabelField>::SIZE
            + <MatchType as ::metrics_core::__private::LabelField>::position(
                &self.r#type,
                interners,
                first + 1,
            )) * <Capped<100> as ::metrics_core::__private::LabelField>::SIZE
            + <Capped<
                100,
            > as ::metrics_core::__private::LabelField>::position(
                &self.tenant,
                interners,
                first + 1 + 1,
            )
    }
    #[inline]
    fn write_key(&self, key: &mut ::metrics_core::__private::CacheKey) {
        <R as ::metrics_core::__private::LabelField>::write_key(&self.region, key);
        <MatchType as ::metrics_core::__private::LabelField>::write_key(
            &self.r#type,
            key,
        );
        <Capped<
            100,
        > as ::metrics_core::__private::LabelField>::write_key(&self.tenant, key);
    }
}
const _: () = {
    mod metrics_advice {
        #[deprecated(
            note = "`type` does not say of what, so call the label `match_type` or the like (or opt out: `allow(label_type)`)"
        )]
        pub(super) const fn label_type() {}
    }
    metrics_advice::label_type()
};
const _: () = {
    mod metrics_advice {
        #[deprecated(
            note = "Prometheus adds a label `owner` to its targets and renames this one to `exported_owner`, so call it something else (or opt out: `allow(target_label)`)"
        )]
        pub(super) const fn target_label() {}
    }
    metrics_advice::target_label()
};
