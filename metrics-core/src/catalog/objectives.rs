//! The metrics that objectives are evaluated by.

use crate::{
    model::{MetricType, Objective},
    registry::Registry,
};

/// A metric that an objective is evaluated by.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectiveMetric {
    /// The metric's name.
    pub metric: String,
    /// Its type.
    pub metric_type: MetricType,
    /// Set for a metric with the label `result`, which tells the outcomes of calls apart.
    pub has_result: bool,
    /// The labels that tell the function from others in the same family.
    pub labels: Vec<(String, String)>,
    /// The objective.
    pub objective: Objective,
}

/// The metrics of a registry that objectives are evaluated by, for what is generated of them.
pub fn objectives(registry: &Registry) -> Vec<ObjectiveMetric> {
    registry.declare();
    let sets = registry.snapshot().into_iter().flat_map(|family| family.sets);
    sets.filter_map(|set| {
        let descriptor = set.descriptor();
        let labels = descriptor.constants().into_iter();
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
