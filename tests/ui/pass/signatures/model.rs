//! The expected effect of calls on the page.

use std::collections::{BTreeMap, BTreeSet};

use metrics_core::Registry;

/// Numbers of calls by function and outcome.
#[derive(Debug, Default)]
pub struct Model(BTreeMap<(String, String), u64>);

impl Model {
    /// Calls of a function that ended so.
    pub fn add(&mut self, function: &str, result: &str, calls: u64) {
        *self.0.entry((function.to_owned(), result.to_owned())).or_default() += calls;
    }

    /// One call for each of these endings.
    pub fn each(&mut self, function: &str, results: &[&str]) {
        for result in results {
            self.add(function, result, 1);
        }
    }

    /// Number of functions.
    pub fn functions(&self) -> usize {
        self.0.keys().map(|(function, _)| function).collect::<BTreeSet<_>>().len()
    }

    /// The page has these calls of the module and those in it and no others, as many durations, and no call is in flight.
    pub fn compare(&self, module: &str) {
        let page = Registry::global().text();
        let mut calls = BTreeMap::new();
        let mut durations: BTreeMap<String, u64> = BTreeMap::new();
        let modules = [format!("module=\"{module}\""), format!("module=\"{module}::")];
        for line in page.lines().filter(|line| modules.iter().any(|module| line.contains(module))) {
            let (series, value) = line.rsplit_once(' ').expect("a value");
            let label = |name: &str| {
                let (_, rest) = series.split_once(&format!("{name}=\"")).expect("the label");
                rest.split('"').next().expect("its value").to_owned()
            };
            let value = || value.parse::<u64>().expect("a count");
            if series.starts_with("function_calls_total{") && value() > 0 {
                calls.insert((label("function"), label("result")), value());
            } else if series.starts_with("function_calls_duration_seconds_count{") && value() > 0 {
                durations.insert(label("function"), value());
            } else if series.starts_with("function_calls_concurrent{") {
                assert_eq!(value(), 0, "{series}");
            }
        }
        assert_eq!(calls, self.0);
        let mut ended: BTreeMap<String, u64> = BTreeMap::new();
        for ((function, _), count) in &self.0 {
            *ended.entry(function.clone()).or_default() += count;
        }
        assert_eq!(durations, ended);
    }
}
