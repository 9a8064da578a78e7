//! Metrics by which objectives are evaluated.

use crate::{
    model::{MetricType, OBJECTIVE_LABELS, Objective},
    registry::Registry,
};

/// A metric by which an objective is evaluated.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectiveMetric {
    /// Name of the metric.
    pub metric: String,
    /// Type of the metric.
    pub metric_type: MetricType,
    /// Set if the metric has the label `result`, which tells the outcomes of calls apart.
    pub has_result: bool,
    /// Labels that tell the function from others in the same family. Those of the objective are not among them, so that the
    /// windows of an alert include the calls from before a change of the objective.
    pub labels: Vec<(String, String)>,
    /// Objective of the function.
    pub objective: Objective,
}

/// Returns the metrics of a registry by which objectives are evaluated.
pub fn objectives(registry: &Registry) -> Vec<ObjectiveMetric> {
    registry.declare();
    let sets = registry.definitions().into_iter();
    sets.filter_map(|set| {
        let descriptor = set.descriptor();
        let labels = descriptor.constants().into_iter();
        let labels = labels.filter(|(name, _)| !OBJECTIVE_LABELS.contains(name));
        Some(ObjectiveMetric {
            metric: descriptor.name.clone(),
            metric_type: descriptor.metric_type,
            has_result: descriptor.dimensions().iter().any(|dimension| dimension.name() == "result"),
            labels: labels.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            objective: *descriptor.objective?,
        })
    })
    .collect()
}
