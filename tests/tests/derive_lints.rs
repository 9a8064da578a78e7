//! Derives raise no lint in the user's crate: neither for the code that they make, nor for deprecated items of the user's.

#![deny(warnings, clippy::all, clippy::pedantic, clippy::nursery, clippy::implicit_return)]

use metrics_core::{Capped, Counter, Family, Gauge, Histogram, LabelSet, LabelValue, MetricGroup, Registry};

#[deprecated(note = "use `Region`")]
#[derive(Clone, Copy, LabelValue)]
#[label(rename_all = "lowercase")]
enum OldRegion {
    Eu,
    Us,
}

#[derive(Clone, Copy, LabelValue)]
#[label(rename_all = "lowercase")]
enum Region {
    Eu,
    #[deprecated(note = "closed")]
    Us,
    #[label(other)]
    Other,
}

#[deprecated(note = "use `Labels`")]
#[derive(Clone, LabelSet)]
struct OldLabels {
    #[expect(deprecated, reason = "it is as old as the labels")]
    region: OldRegion,
}

#[derive(Clone, LabelSet)]
struct Labels {
    region: Region,
    #[deprecated(note = "the squad is the same for all regions")]
    squad: Capped<10>,
}

/// Metrics of a shop.
#[deprecated(note = "use `Shop`")]
#[derive(MetricGroup)]
#[metrics(namespace = "old_shop")]
struct OldShop {
    /// Number of orders.
    orders_total: Counter,
}

/// Metrics of a shop.
#[derive(MetricGroup)]
#[metrics(namespace = "lints_shop")]
struct Shop {
    /// Number of orders.
    orders_total: Family<Labels, Counter>,
    /// Number of baskets.
    #[deprecated(note = "baskets are kept by clients")]
    baskets: Gauge,
    /// Duration of a sale.
    sale_seconds: Histogram,
    /// Number of old orders.
    #[expect(deprecated, reason = "it is shown until the next release")]
    old_orders_total: Family<OldLabels, Counter>,
    #[metric(flatten)]
    #[expect(deprecated, reason = "it is shown until the next release")]
    old: OldShop,
}

/// The types of a macro's own crate are found in what it writes.
macro_rules! group {
    ($name:ident, $field:ident) => {
        /// Metrics of a stall.
        #[derive(MetricGroup)]
        #[metrics(namespace = "lints_stall")]
        struct $name {
            /// Number of orders.
            $field: Family<$crate::Labels, $crate::Counter>,
            /// Number of baskets.
            baskets: Gauge,
        }
    };
}

group!(Stall, orders_total);

#[test]
fn derives_compile_without_a_warning() {
    let shop = Shop::global();
    Stall::global().baskets.set(2);
    let _ = &Stall::global().orders_total;
    shop.sale_seconds.observe(0.5);
    #[expect(deprecated, reason = "it is what is tested")]
    let labels = Labels { region: Region::Us, squad: "a".into() };
    shop.orders_total.with(labels).inc();
    #[expect(deprecated, reason = "it is what is tested")]
    {
        shop.baskets.set(1);
        shop.old.orders_total.inc();
        shop.old_orders_total.with(OldLabels { region: OldRegion::Eu }).inc();
    }
    assert!(matches!(Region::from_label("elsewhere"), Some(Region::Other)));
    let page = Registry::global().text();
    for line in ["lints_shop_orders_total{region=\"us\",squad=\"a\"} 1", "lints_shop_baskets 1"] {
        assert!(page.contains(&format!("{line}\n")), "{line} is not in\n{page}");
    }
}
