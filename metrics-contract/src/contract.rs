//! The metrics that queries may read: those of lock files, and those of other programs.

use std::collections::BTreeSet;

use metrics_core::testing::lock::Lock;

/// Metrics that queries may read.
#[derive(Clone, Debug)]
pub struct Contract {
    pub(crate) locks: Vec<Lock>,
    pub(crate) others: Vec<OtherMetrics>,
    pub(crate) target_labels: BTreeSet<String>,
    pub(crate) read_elsewhere: Vec<Pattern>,
}

/// Metrics of another program, by a pattern of their names.
#[derive(Clone, Debug)]
pub(crate) struct OtherMetrics {
    pub(crate) pattern: Pattern,
    /// The labels; `None` if they may be any.
    pub(crate) labels: Option<Vec<String>>,
}

/// A name in which `*` stands for any text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern(String);

impl Pattern {
    pub(crate) fn new(pattern: impl Into<String>) -> Self {
        Self(pattern.into())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn matches(&self, name: &str) -> bool {
        let mut parts = self.0.split('*');
        let Some(mut rest) = name.strip_prefix(parts.next().unwrap_or_default()) else { return false };
        let mut parts = parts.peekable();
        if parts.peek().is_none() {
            return rest.is_empty();
        }
        while let Some(part) = parts.next() {
            if parts.peek().is_none() {
                return rest.ends_with(part);
            }
            match rest.find(part) {
                Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
                None => return false,
            }
        }
        true
    }
}

/// Metrics that Prometheus itself makes for each target and each alert.
const OF_PROMETHEUS: [&str; 8] = [
    "up",
    "scrape_duration_seconds",
    "scrape_samples_scraped",
    "scrape_samples_post_metric_relabeling",
    "scrape_series_added",
    "scrape_sample_limit",
    "ALERTS",
    "ALERTS_FOR_STATE",
];

impl Contract {
    /// Creates the contract of a lock. Prometheus' own metrics are known, such as `up`, and the labels `job` and `instance`.
    ///
    /// ```
    /// use metrics_contract::{Contract, SourceFile, Sources, check};
    ///
    /// let lock = "version = 1\n[jobs_total]\ntype = \"counter\"\n".parse()?;
    /// let mut sources = Sources::default();
    /// sources.add(SourceFile::new("README.md", "```promql\nrate(job_total[5m])\n```\n"));
    /// let findings = check(&Contract::new(lock), &sources);
    /// assert_eq!(
    ///     findings[0].to_string(),
    ///     "README.md:2:6: error[unknown-metric]: no metric `job_total` is exposed; did you mean `jobs_total`? (document)",
    /// );
    /// # Ok::<(), metrics_core::testing::lock::LockError>(())
    /// ```
    pub fn new(lock: Lock) -> Self {
        let own = |name: &&str| OtherMetrics {
            pattern: Pattern::new(*name),
            labels: (!name.starts_with("ALERTS")).then(Vec::new),
        };
        Self {
            locks: vec![lock],
            others: OF_PROMETHEUS.iter().map(own).collect(),
            target_labels: ["job", "instance"].map(String::from).into(),
            read_elsewhere: Vec::new(),
        }
    }

    /// Adds the lock of another program.
    pub fn with_lock(mut self, lock: Lock) -> Self {
        self.locks.push(lock);
        self
    }

    /// Adds metrics of other programs by their name, in which `*` stands for any text; `None` for labels of any name.
    ///
    /// ```
    /// use metrics_contract::Contract;
    ///
    /// let contract = Contract::new(Default::default())
    ///     .with_others("node_*", None)
    ///     .with_others("probe_success", Some(vec!["target".to_owned()]));
    /// # let _ = contract;
    /// ```
    pub fn with_others(mut self, pattern: &str, labels: Option<Vec<String>>) -> Self {
        self.others.push(OtherMetrics { pattern: Pattern::new(pattern), labels });
        self
    }

    /// Adds a label that scraping sets on every series, beside `job` and `instance`.
    pub fn with_target_label(mut self, label: &str) -> Self {
        self.target_labels.insert(label.to_owned());
        self
    }

    /// Adds recordings that are read elsewhere, by their name, in which `*` stands for any text.
    pub fn with_read_elsewhere(mut self, pattern: &str) -> Self {
        self.read_elsewhere.push(Pattern::new(pattern));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, name, matches) in [
            ("up", "up", true),
            ("up", "upper", false),
            ("node_*", "node_load1", true),
            ("node_*", "a_node_x", false),
            ("*_info", "build_info", true),
            ("a*b*c", "a1b2c", true),
            ("a*b*c", "a1c", false),
            ("*", "", true),
        ] {
            assert_eq!(Pattern::new(pattern).matches(name), matches, "{pattern} {name}");
        }
    }
}
