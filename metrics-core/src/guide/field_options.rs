//! Options of a field, `#[metric(…)]`.
//!
//! Values may be constants (`name = NAME`, `help = HELP`, `buckets = BOUNDS`), which are checked at compile time too. `native` adds
//! native buckets, which only the protobuf format shows. Without `buckets`, the bounds of a histogram suit its unit.
//!
//! ```
//! use metrics_core::{Capped, Counter, Family, Gauge, Histogram, LabelSet, MetricGroup, Registry};
//!
//! const BOUNDS: &[f64] = &[1.0, 8.0];
//!
//! #[derive(Clone, LabelSet)]
//! struct Tenant { tenant: Capped<10> }
//!
//! #[derive(MetricGroup)]
//! #[metrics(global = false)]
//! struct Cache {
//!     /// Look-ups that found an entry.
//!     hits_total: Counter,
//! }
//!
//! #[derive(MetricGroup)]
//! #[metrics(namespace = "shop", global = false)]
//! struct Shop {
//!     #[metric(name = "orders_total", help = "Orders taken.", labels(channel = "web"))]
//!     taken: Counter,
//!     /// Weight of a parcel.
//!     #[metric(unit = "grams", exponential(100, 10, 2))]
//!     parcel_weight_grams: Histogram,
//!     /// Things in a parcel.
//!     #[metric(buckets = BOUNDS)]
//!     parcel_things: Histogram,
//!     /// Seats, counted from five.
//!     #[metric(linear(5, 5, 2))]
//!     seats: Histogram,
//!     /// Parcels of a tenant, forgotten after a day without one.
//!     #[metric(ttl = "1d")]
//!     parcels_total: Family<Tenant, Counter>,
//!     /// Only if the condition holds when the instance is created.
//!     #[metric(when = 1 + 1 == 3)]
//!     experiments: Option<Gauge>,
//!     /// Kelvins, though the rule says otherwise.
//!     #[metric(allow(base_unit))]
//!     freezer_millikelvin: Gauge,
//!     #[metric(flatten)]
//!     cache: Cache,
//!     #[metric(nested = "db")]
//!     database: Cache,
//!     #[metric(skip)]
//!     started: Option<std::time::Instant>,
//! }
//!
//! let registry = Registry::new();
//! let shop = Shop::register_in(&registry)?;
//! shop.taken.inc();
//! shop.parcels_total.with(Tenant { tenant: "acme".into() }).inc();
//! assert!(shop.experiments.is_none());
//!
//! assert_eq!(registry.text(), r#"# HELP metrics_overflow_total Number of observations past the limit of a capped label, by metric.
//! ## TYPE metrics_overflow_total counter
//! metrics_overflow_total{metric="shop_parcels_total"} 0
//! ## HELP shop_db_hits_total Look-ups that found an entry.
//! ## TYPE shop_db_hits_total counter
//! shop_db_hits_total 0
//! ## HELP shop_freezer_millikelvin Kelvins, though the rule says otherwise.
//! ## TYPE shop_freezer_millikelvin gauge
//! shop_freezer_millikelvin 0
//! ## HELP shop_hits_total Look-ups that found an entry.
//! ## TYPE shop_hits_total counter
//! shop_hits_total 0
//! ## HELP shop_orders_total Orders taken.
//! ## TYPE shop_orders_total counter
//! shop_orders_total{channel="web"} 1
//! ## HELP shop_parcel_things Things in a parcel.
//! ## TYPE shop_parcel_things histogram
//! shop_parcel_things_bucket{le="1"} 0
//! shop_parcel_things_bucket{le="8"} 0
//! shop_parcel_things_bucket{le="+Inf"} 0
//! shop_parcel_things_sum 0
//! shop_parcel_things_count 0
//! ## HELP shop_parcel_weight_grams Weight of a parcel.
//! ## TYPE shop_parcel_weight_grams histogram
//! shop_parcel_weight_grams_bucket{le="100"} 0
//! shop_parcel_weight_grams_bucket{le="1000"} 0
//! shop_parcel_weight_grams_bucket{le="+Inf"} 0
//! shop_parcel_weight_grams_sum 0
//! shop_parcel_weight_grams_count 0
//! ## HELP shop_parcels_total Parcels of a tenant, forgotten after a day without one.
//! ## TYPE shop_parcels_total counter
//! shop_parcels_total{tenant="acme"} 1
//! ## HELP shop_seats Seats, counted from five.
//! ## TYPE shop_seats histogram
//! shop_seats_bucket{le="5"} 0
//! shop_seats_bucket{le="10"} 0
//! shop_seats_bucket{le="+Inf"} 0
//! shop_seats_sum 0
//! shop_seats_count 0
//! "#);
//! # Ok::<(), metrics_core::RegistrationError>(())
//! ```
