//! Labels.

use std::{borrow::Cow, num::ParseIntError};

use metrics_core::{StatusClass, counted, in_flight, timed};

use crate::{Form, Region, family, futures::to_the_end, methods::HasRegion};

/// Stacked, in the order that people write.
#[counted(name = "pass_stacked_total", labels(region = form.region, result, site = "eu"))]
#[timed(name = "pass_stacked_duration_seconds", labels(region = form.region), linear(1, 1, 3))]
#[in_flight(name = "pass_stacked_in_flight", labels(region = form.region))]
async fn stacked(mut form: Form<'_>) -> Result<usize, ParseIntError> {
    form.tenant = Cow::Borrowed("5");
    let moved = form;
    let parsed: usize = moved.tenant.parse()?;
    Ok(parsed)
}

/// Labels of every kind.
#[counted(
    name = "pass_labels_total",
    labels(
        region = form.region,
        tenant = capped(form.tenant, 10),
        class = |ret| ret.as_ref().map(|status| StatusClass::of(*status)).ok(),
        paid = form.tenant.starts_with("paid"),
        r#type = "plain",
    ),
    allow = label_type,
)]
fn labels(form: &Form<'_>) -> Result<u16, ParseIntError> {
    form.tenant.trim_start_matches("paid").parse()
}

/// The type is only known in a call.
#[counted(name = "pass_late_total", labels(region = value.region(), length = |ret| *ret > 3))]
fn late<T: HasRegion>(value: &T) -> usize {
    value.region() as usize
}

/// Asked for.
#[counted(name = "pass_decided_total", labels(result), ok_if = |ret| ret.is_some(), allow = type_in_name)]
fn decided(value: u8) -> Option<u8> {
    (value > 3).then_some(value)
}

#[test]
fn labels_of_every_kind() {
    let form = |tenant| Form { region: Region::NorthEu, tenant: Cow::Borrowed(tenant) };
    assert_eq!(labels(&form("paid404")), Ok(404));
    assert!(labels(&form("x")).is_err());
    assert_eq!(
        family("pass_labels_total"),
        [
            r#"pass_labels_total{region="north_eu",tenant="paid404",class="4xx",paid="true",type="plain"} 1"#,
            r#"pass_labels_total{region="north_eu",tenant="x",paid="false",type="plain"} 1"#,
        ]
    );
    assert_eq!(to_the_end(stacked(form("t"))), Ok(5));
    assert!(
        family("pass_stacked_total")
            .contains(&r#"pass_stacked_total{region="north_eu",result="ok",site="eu"} 1"#.to_owned())
    );
    assert_eq!(
        family("pass_stacked_in_flight"),
        [r#"pass_stacked_in_flight{region="north_eu"} 0"#, r#"pass_stacked_in_flight{region="us"} 0"#]
    );
    assert_eq!(late(&form("t")), 0);
    assert!(
        family("pass_late_total")
            .contains(&r#"pass_late_total{region="north_eu",length="false"} 1"#.to_owned())
    );
    let _ = (decided(1), decided(5), decided(6));
    assert_eq!(
        family("pass_decided_total"),
        [r#"pass_decided_total{result="error"} 1"#, r#"pass_decided_total{result="ok"} 2"#]
    );
}
