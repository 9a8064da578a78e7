/// Players who logged in.
#[cfg_attr(
    doc,
    doc = ::core::concat!(
        "\n<details><summary>Metrics</summary>\n\n* `arena_player_logins_total`:\n  * rate `sum(rate(arena_player_logins_total[5m]))`\n* `arena_login_duration_seconds`:\n  * 95th percentile `histogram_quantile(0.95, sum by (le) (rate(arena_login_duration_seconds_bucket{site=\"eu\"}[5m])))`\n  * error ratio `sum(rate(arena_login_duration_seconds_count{site=\"eu\",result=~\"error|panicked\"}[5m])) / sum(rate(arena_login_duration_seconds_count{site=\"eu\"}[5m]))`\n\n</details>",
    )
)]
#[must_use]
async fn login(form: Json<Login>, mut db: Data<Db>) -> Result<Json<Player>, ApiError> {
    let __metrics_call = {
        use timed as _;
        const __METRICS_DIMENSIONS: &[::core::option::Option<
            ::metrics_core::__private::Dimension,
        >] = &[
            ::core::option::Option::Some(
                ::metrics_core::__private::dimension(
                    "region",
                    |(form,): (Json<Login>,)| {
                        ::metrics_core::__private::type_of(&(form.region))
                    },
                ),
            ),
            ::core::option::Option::Some(
                ::metrics_core::__private::Dimension::capped("tenant", 100),
            ),
            ::core::option::Option::Some(
                ::metrics_core::__private::returned_dimension(
                    "kind",
                    |(ret,): (&Result<Json<Player>, ApiError>,)| {
                        ::metrics_core::__private::type_of(
                            &::metrics_core::__private::apply(ret, |ret| ret.is_ok()),
                        )
                    },
                ),
            ),
        ];
        const _: () = ::metrics_core::__private::assert_series(
            __METRICS_DIMENSIONS,
            &[0, 1, 2],
            true,
            false,
        );
        const _: fn() = || {
            use ::metrics_core::__private::{MetricsAdvice as _, NoAdvice as _};
            ::metrics_core::__private::Found::<
                {
                    ::metrics_core::__private::makes_many_series(
                        __METRICS_DIMENSIONS,
                        &[0, 1, 2],
                        true,
                    )
                },
            >
                .many_series();
        };
        static __METRICS_SITE: ::metrics_core::__private::CallSite = ::metrics_core::__private::CallSite::new(
            &::metrics_core::__private::SiteDeclaration {
                function: "login",
                module: ::core::module_path!(),
                file: ::core::file!(),
                line: ::core::line!(),
                dimensions: __METRICS_DIMENSIONS,
                arguments: 2,
                instruments: &[
                    ::metrics_core::__private::Instrument {
                        name: "arena_player_logins_total",
                        help: "Players who logged in.",
                        labels: &[],
                        only: ::core::option::Option::Some(
                            ::metrics_core::__private::Outcome::Ok,
                        ),
                        ..::metrics_core::__private::Instrument::CALLS
                    },
                    ::metrics_core::__private::Instrument {
                        name: "arena_login_duration_seconds",
                        help: "Time to log a player in.",
                        labels: &[
                            ::metrics_core::__private::InstrumentLabel::Dimension(0),
                            ::metrics_core::__private::InstrumentLabel::Dimension(1),
                            ::metrics_core::__private::InstrumentLabel::Dimension(2),
                            ::metrics_core::__private::InstrumentLabel::Constant(
                                "site",
                                "eu",
                            ),
                            ::metrics_core::__private::InstrumentLabel::Outcome("result"),
                        ],
                        buckets: &[0.005f64, 0.5f64, 2.5f64],
                        ..::metrics_core::__private::Instrument::DURATION
                    },
                ],
                ..::metrics_core::__private::SiteDeclaration::PLAIN
            },
        );
        ::metrics_core::__private::submit_site!(& __METRICS_SITE);
        __METRICS_SITE
            .begin([
                {
                    use ::metrics_core::__private::NotALabelValue as _;
                    ::metrics_core::__private::LabelProbe(&(form.region)).position()
                },
                {
                    use ::metrics_core::__private::DisplayedValue as _;
                    ::metrics_core::__private::CappedProbe(&(form.tenant))
                        .position(&__METRICS_SITE, 1)
                },
            ])
    };
    let __metrics_returned: Result<Json<Player>, ApiError> = '__metrics_body: {
        {
            if false {
                break '__metrics_body (::metrics_core::__private::never());
            }
            match ::metrics_core::__private::branch(db.get()) {
                ::core::ops::ControlFlow::Continue(__metrics_value) => __metrics_value,
                ::core::ops::ControlFlow::Break(__metrics_residual) => {
                    break '__metrics_body (::metrics_core::__private::from_residual(
                        __metrics_residual,
                    ));
                }
            }
                .login(form)
                .await
        }
    };
    let __metrics_labels = [
        {
            use ::metrics_core::__private::NotALabelValue as _;
            ::metrics_core::__private::LabelProbe(
                    &::metrics_core::__private::apply(
                        &__metrics_returned,
                        |ret| ret.is_ok(),
                    ),
                )
                .returned()
        },
    ];
    return __metrics_call
        .finish(
            {
                use ::metrics_core::__private::PlainValue as _;
                ::metrics_core::__private::Probe(&__metrics_returned).is_error()
                    || ::metrics_core::__private::Probe(&__metrics_returned)
                        .is_failed_response()
            },
            __metrics_labels,
            __metrics_returned,
        );
}
