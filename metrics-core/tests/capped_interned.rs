//! Strings of a capped label that are looked up once.

use metrics_core::{Counter, Definition, Dimension, Family, Interned, LabelField, LabelSet, Registry};

struct Region {
    region: Interned<2>,
}

impl LabelSet for Region {
    const DIMENSIONS: &'static [Dimension] = &[Dimension::of::<Interned<2>>("region")];
    const CAPPED: bool = true;
    fn index(&self, interners: &metrics_core::__private::Interners) -> usize {
        LabelField::position(&self.region, interners, 0)
    }
}

#[test]
fn interned_strings_count_alike() {
    let registry = Registry::new();
    let visits: Family<Region, Counter> =
        registry.register(&Definition::new("visits_total", "Visits.")).unwrap();
    let regions = ["eu", "us", "de", "eu"].map(|region| visits.intern(0, region));
    for region in regions {
        visits.with(Region { region }).inc();
        visits.with(Region { region }).inc();
    }
    let page = registry.text();
    for line in [
        "visits_total{region=\"eu\"} 4\n",
        "visits_total{region=\"us\"} 2\n",
        "visits_total{region=\"_OTHER\"} 2\n",
        "metrics_overflow_total{metric=\"visits_total\"} 2\n",
    ] {
        assert!(page.contains(line), "{line} in\n{page}");
    }
}
