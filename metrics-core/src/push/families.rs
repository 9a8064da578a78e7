//! The families of a registry as messages, read from its page in the protobuf format.
//!
//! All protocols with messages of their own are made of them, so that each sends what a scrape shows.

use prost::Message;

use super::messages::client::MetricFamily;
use crate::registry::Registry;

/// Returns the families of a registry's page, with the times since when series count. With prefixes, only those whose names begin with
/// one of them.
pub(super) fn families(registry: &Registry, prefixes: &[String]) -> Vec<MetricFamily> {
    let page = registry.delimited_families();
    let mut rest = page.as_slice();
    let mut families = Vec::new();
    while !rest.is_empty() {
        match MetricFamily::decode_length_delimited(&mut rest) {
            Ok(family) => families.push(family),
            // The page is our own; whatever a broken one still has cannot be told apart.
            Err(_) => break,
        }
    }
    families.retain(|family| {
        prefixes.is_empty() || prefixes.iter().any(|prefix| family.name.starts_with(prefix.as_str()))
    });
    families
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Counter, Definition};

    #[test]
    fn the_page_is_read_with_the_time_of_creation() {
        let registry = Registry::new();
        let jobs = Definition::new("jobs_total", "Jobs that ended.").label("queue", "mail");
        let jobs: Counter = registry.register(&jobs).unwrap();
        jobs.inc_by(7);
        let families = families(&registry, &[]);
        let [family] = families.as_slice() else { panic!("one family: {families:?}") };
        assert_eq!((family.name.as_str(), family.help.as_str()), ("jobs_total", "Jobs that ended."));
        let counter = family.metrics[0].counter.clone().unwrap();
        assert_eq!(counter.value.to_bits(), 7.0_f64.to_bits());
        assert!(counter.created.is_some(), "whatever pages show");
    }
}
