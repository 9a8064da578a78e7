//! Fields of the `prometheus` crate's types: shared ones, and their removal from the page.

use std::thread;

use metrics_core::{
    Counter, MetricGroup, Registry, UnregisterOnDrop,
    prometheus::{self, Histogram, HistogramVec, IntCounter, IntCounterVec, IntGauge, core::Collector as _},
};

#[derive(Clone, MetricGroup)]
#[metrics(namespace = "shop", global = false)]
struct Shop {
    /// Orders taken.
    #[metric(labels(channel))]
    orders_total: IntCounterVec,
    /// Time to pack.
    #[metric(buckets(1))]
    pack_duration_seconds: Histogram,
    /// Parcels.
    #[metric(when = true)]
    parcels: Option<IntGauge>,
}

#[derive(Clone, MetricGroup)]
#[metrics(namespace = "shop", global = false)]
struct OwnedShop {
    /// Orders taken.
    #[metric(labels(channel))]
    orders_total: UnregisterOnDrop<IntCounterVec>,
    /// Time to pack.
    #[metric(buckets(1))]
    pack_duration_seconds: UnregisterOnDrop<Histogram>,
}

fn samples(registry: &Registry) -> Vec<String> {
    kept_pages::text(registry.text())
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

#[test]
fn same_definition() {
    let registry = Registry::new();
    let one = Shop::register_in(&registry).expect("an empty registry");
    let other = Shop::register_in(&registry).expect("the same definitions");
    one.orders_total.with_label_values(&["web"]).inc();
    other.orders_total.with_label_values(&["web"]).inc();
    other.pack_duration_seconds.observe(0.5);
    one.parcels.expect("a metric").set(3);
    assert_eq!(one.pack_duration_seconds.get_sample_count(), 1);
    let page = samples(&registry);
    for line in
        ["shop_orders_total{channel=\"web\"} 2", "shop_pack_duration_seconds_count 1", "shop_parcels 3"]
    {
        assert_eq!(page.iter().filter(|other| *other == line).count(), 1, "{line} in {page:?}");
    }
    assert_eq!(registry.catalog().metrics.len(), 3);
    assert_eq!(registry.registration_errors(), []);
}

#[test]
fn last_owner_unregisters() {
    let registry = Registry::new();
    let one = OwnedShop::register_in(&registry).expect("an empty registry");
    let other = OwnedShop::register_in(&registry).expect("the same definitions");
    one.orders_total.with_label_values(&["web"]).inc();
    let clone = other.clone();
    drop((one, other));
    clone.orders_total.with_label_values(&["web"]).inc();
    assert!(samples(&registry).contains(&"shop_orders_total{channel=\"web\"} 2".to_owned()));
    let handle = clone.orders_total.clone();
    drop(clone);
    assert!(
        kept_pages::text(registry.text()).contains("shop_orders_total{channel=\"web\"} 2\n"),
        "a clone of what is owned owns it"
    );
    drop(handle);
    assert_eq!((kept_pages::text(registry.text()).as_str(), registry.catalog().metrics.len()), ("", 0));
    let again = OwnedShop::register_in(&registry).expect("an empty registry");
    again.orders_total.with_label_values(&["web"]).inc();
    assert!(kept_pages::text(registry.text()).contains("shop_orders_total{channel=\"web\"} 1\n"));
}

#[test]
fn shared_metric_stays() {
    let registry = Registry::new();
    let owned = OwnedShop::register_in(&registry).expect("an empty registry");
    let plain = Shop::register_in(&registry).expect("the same definitions");
    owned.pack_duration_seconds.observe(0.5);
    drop((owned, plain));
    assert!(kept_pages::text(registry.text()).contains("shop_pack_duration_seconds_count 1\n"));
    let owned = OwnedShop::register_in(&registry).expect("the same definitions");
    assert_eq!(owned.pack_duration_seconds.get_sample_count(), 1);
    drop(owned);
    assert!(kept_pages::text(registry.text()).contains("shop_pack_duration_seconds_count 1\n"));
}

#[test]
fn unregistered_metric_leaves() {
    let registry = Registry::new();
    let shop = Shop::register_in(&registry).expect("an empty registry");
    let gauge = IntGauge::new("connections", "Connections.").expect("a legal name");
    registry.register_collector(gauge.clone()).expect("a new name");
    registry.unregister_collector(shop.orders_total.clone()).expect("a field");
    registry.unregister_collector(gauge.clone()).expect("a collector");
    assert!(matches!(registry.unregister_collector(gauge), Err(prometheus::Error::Msg(_))));
    assert_eq!(registry.catalog().metrics.len(), 2);
    assert!(
        !kept_pages::text(registry.text()).contains("shop_orders_total")
            && !kept_pages::text(registry.text()).contains("connections")
    );
    Shop::register_in(&registry).expect("a new name").orders_total.with_label_values(&["web"]).inc();
    assert!(kept_pages::text(registry.text()).contains("shop_orders_total{channel=\"web\"} 1\n"));
}

/// A group whose last field conflicts with a registered metric.
#[derive(MetricGroup)]
#[metrics(namespace = "shop", global = false)]
struct Contradicting {
    /// New.
    visits_total: IntCounter,
    /// New too.
    #[metric(when = true, labels(page), buckets(1))]
    visit_duration_seconds: Option<HistogramVec>,
    /// New, and a metric of this library.
    baskets_total: Counter,
    /// Said otherwise.
    #[metric(labels(channel))]
    orders_total: IntCounterVec,
}

#[test]
fn conflicting_group_registers_nothing() {
    let registry = Registry::new();
    let shop = Shop::register_in(&registry).expect("an empty registry");
    shop.orders_total.with_label_values(&["web"]).inc();
    let error = Contradicting::register_in(&registry).err().expect("a conflict");
    let expected = "has another help text than the one declared at ";
    assert!(error.to_string().contains(expected) && error.conflicts_with().is_some(), "{error}");
    let Contradicting { visits_total, visit_duration_seconds, baskets_total, orders_total } =
        Contradicting::unregistered();
    visits_total.inc();
    baskets_total.inc();
    orders_total.with_label_values(&["a"]).inc();
    visit_duration_seconds.expect("a metric").with_label_values(&["a"]).observe(1.0);
    let page = kept_pages::text(registry.text());
    assert!(!page.contains("visit") && !page.contains("baskets"), "{page}");
    assert!(page.contains("shop_orders_total{channel=\"web\"} 1\n"), "{page}");
    assert_eq!(registry.catalog().metrics.len(), 3);
}

/// Counters of integers and of floats conflict.
#[test]
fn conflict_names_both_places() {
    #[derive(Debug, MetricGroup)]
    #[metrics(namespace = "shop", global = false)]
    struct Fractions {
        /// Parcels.
        parcels: prometheus::Gauge,
    }
    #[derive(Debug, MetricGroup)]
    #[metrics(namespace = "shop", global = false)]
    struct Counted {
        /// Parcels.
        #[metric(allow(counter_total))]
        parcels: IntCounter,
    }
    let registry = Registry::new();
    let shop = Shop::register_in(&registry).expect("an empty registry");
    let errors = [
        Fractions::register_in(&registry).map(|group| group.parcels.get()).unwrap_err(),
        Counted::register_in(registry.labelled("side", "left"))
            .map(|group| group.parcels.desc().len())
            .unwrap_err(),
    ];
    for (error, what) in errors.iter().zip(["another number type", "another type"]) {
        assert!(error.to_string().contains(&format!(" has {what} than the one declared at ")), "{error}");
        assert_eq!(error.conflicts_with().map(|there| there.file), Some(file!()));
    }
    drop(shop);
}

#[test]
fn concurrent_registration() {
    for _ in 0..50 {
        let registry = Registry::new();
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let owned = OwnedShop::register_in(&registry).expect("the same definitions");
                    owned.orders_total.with_label_values(&["web"]).inc();
                });
            }
        });
        assert_eq!(kept_pages::text(registry.text()), "");
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let shop = Shop::register_in(&registry).expect("the same definitions");
                    shop.orders_total.with_label_values(&["web"]).inc();
                });
            }
        });
        assert!(kept_pages::text(registry.text()).contains("shop_orders_total{channel=\"web\"} 4\n"));
    }
}
