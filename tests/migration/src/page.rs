//! Pages as families: their type, label names and samples.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

/// Labels of a sample without `le`, sorted by name.
type Labels = BTreeMap<String, String>;

/// Families of a page by name.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Families, without those that have no samples.
    pub families: BTreeMap<String, Family>,
}

/// One family.
#[derive(Clone, Debug, Default)]
pub struct Family {
    /// Name; of a counter, with `_total`.
    pub name: String,
    /// Type, as the page names it.
    pub kind: String,
    /// Samples: the suffix with `le`, such as `_bucket{le="1"}`, the labels, and the value.
    pub samples: Vec<(String, Labels, f64)>,
}

/// Name and label names of a family: `http_requests_total{method,status}`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Signature {
    /// Name of the family; of a counter, with `_total`.
    pub name: String,
    /// Names of all labels of its series.
    pub labels: BTreeSet<String>,
}

impl Page {
    /// Parses a page of the text format or of OpenMetrics.
    pub fn parse(text: &str) -> Self {
        let mut page = Self::default();
        let mut current = (String::new(), String::new());
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix("# TYPE ") {
                let (name, kind) = rest.split_once(' ').expect("a type");
                current = (name.to_owned(), kind.to_owned());
            } else if !line.starts_with('#') && !line.is_empty() {
                page.add(&current, line);
            }
        }
        page
    }

    fn add(&mut self, (name, kind): &(String, String), line: &str) {
        let end = line.find(['{', ' ']).expect("a value");
        let suffix = line[..end].strip_prefix(name.as_str());
        let suffix = suffix.unwrap_or_else(|| panic!("{line} is not of the family {name}"));
        let (mut labels, value) = match line[end..].strip_prefix('{') {
            Some(rest) => {
                let (labels, value) = rest.rsplit_once("} ").expect("labels end");
                (parse_labels(labels), value)
            }
            None => (Labels::new(), &line[end + 1..]),
        };
        let value = value.split(' ').next().and_then(|value| value.parse().ok()).expect("a number");
        if suffix == "_created" {
            return;
        }
        // OpenMetrics names these families without the suffix of their samples.
        let is_counter = matches!(kind.as_str(), "counter" | "info");
        let name = if is_counter { format!("{name}{suffix}") } else { name.clone() };
        let suffix = match labels.remove("le") {
            Some(le) => format!("{suffix}{{le=\"{}\"}}", le.trim_end_matches(".0")),
            None if is_counter => String::new(),
            None => suffix.to_owned(),
        };
        let family = self.families.entry(name.clone()).or_default();
        family.name = name;
        family.kind.clone_from(kind);
        family.samples.push((suffix, labels, value));
    }

    /// Returns the signatures of all families.
    pub fn signatures(&self) -> BTreeSet<Signature> {
        let signature = |(name, family): (&String, &Family)| {
            let labels = family.samples.iter().flat_map(|(_, labels, _)| labels.keys().cloned()).collect();
            Signature { name: name.clone(), labels }
        };
        self.families.iter().map(signature).collect()
    }

    /// Returns the family of a name.
    #[track_caller]
    pub fn family(&self, name: &str) -> &Family {
        self.families.get(name).unwrap_or_else(|| panic!("{name} is not one of {:?}", self.families.keys()))
    }
}

impl Family {
    /// Changes a label's value; the empty value is a label that is not there. Removes the samples if `to` is `None`.
    pub fn change(&mut self, label: &str, from: &str, to: Option<&str>) {
        let is_meant = |labels: &Labels| labels.get(label).map_or("", String::as_str) == from;
        match to {
            None => self.samples.retain(|(_, labels, _)| !is_meant(labels)),
            Some(to) => {
                for (_, labels, _) in self.samples.iter_mut().filter(|(_, labels, _)| is_meant(labels)) {
                    labels.remove(label);
                    if !to.is_empty() {
                        labels.insert(label.to_owned(), to.to_owned());
                    }
                }
            }
        }
    }

    /// Returns the samples with a label.
    #[must_use]
    pub fn with_label(&self, name: &str, value: &str) -> Self {
        let mut part = self.clone();
        part.samples.retain(|(_, labels, _)| labels.get(name).is_some_and(|other| other == value));
        part
    }

    /// Asserts that another family has the same samples, but for zeros and durations.
    #[track_caller]
    pub fn assert_same(&self, other: &Self) {
        assert_eq!(self.kind, other.kind);
        let names = self.samples.iter().flat_map(|(_, labels, _)| labels.keys().cloned()).collect();
        let is_duration = self.name.ends_with("_seconds");
        assert_eq!(self.sums(is_duration, &names), other.sums(is_duration, &names), "{}", self.name);
    }

    /// Returns the sums of all samples that are not zero, by suffix and by the labels of these names. Of a histogram of durations
    /// the count alone, as the rest depends on the clock.
    pub fn sums(&self, is_duration: bool, names: &BTreeSet<String>) -> BTreeMap<(String, Labels), f64> {
        let mut sums = BTreeMap::new();
        for (suffix, labels, value) in &self.samples {
            if *value != 0.0 && (!is_duration || suffix == "_count") {
                let labels = labels.iter().filter(|(name, _)| names.contains(*name));
                let labels = labels.map(|(name, value)| (name.clone(), value.clone())).collect();
                *sums.entry((suffix.clone(), labels)).or_default() += value;
            }
        }
        sums
    }
}

impl Signature {
    /// Returns whether this signature of a table stands for one of a page.
    pub fn means(&self, shown: &Self) -> bool {
        match self.name.strip_suffix('*') {
            Some(start) => shown.name.starts_with(start),
            None if self.labels.contains("…") => {
                let is_shown = |label: &String| label == "…" || shown.labels.contains(label);
                shown.name == self.name && self.labels.iter().all(is_shown)
            }
            None => self == shown,
        }
    }

    /// Parses `name{a,b}`.
    pub fn parse(text: &str) -> Self {
        let (name, labels) = text.split_once('{').unwrap_or((text, ""));
        let labels = labels.trim_end_matches('}').split(',').filter(|label| !label.is_empty());
        Self { name: name.to_owned(), labels: labels.map(str::to_owned).collect() }
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let labels: Vec<_> = self.labels.iter().map(String::as_str).collect();
        if labels.is_empty() {
            f.write_str(&self.name)
        } else {
            write!(f, "{}{{{}}}", self.name, labels.join(","))
        }
    }
}

/// Parses `a="1",b="2"`; the programs have no quotes in their values.
fn parse_labels(text: &str) -> Labels {
    let pairs = text.split("\",").filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once("=\"").expect("a label");
            (name.to_owned(), value.trim_end_matches('"').to_owned())
        })
        // A label without a value is one that the series does not have.
        .filter(|(_, value)| !value.is_empty())
        .collect()
}
