//! Circles of files.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fmt,
};

use crate::arrow::Arrow;

/// Arrows that lead from a file back to it, the shortest way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Circle {
    /// Each arrow begins where the one before it ends.
    pub arrows: Vec<Arrow>,
}

impl fmt::Display for Circle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let files: Vec<_> = self.arrows.iter().map(|arrow| arrow.from.as_str()).collect();
        write!(f, "circle of {} files: {}", files.len(), files.join(" → "))?;
        self.arrows.iter().try_for_each(|arrow| write!(f, "\n    {arrow}"))
    }
}

/// The shortest circle through each file, each circle once. Empty if the files can be put in an order.
pub fn circles(arrows: &[Arrow]) -> Vec<Circle> {
    let mut by_file: BTreeMap<&str, Vec<&Arrow>> = BTreeMap::new();
    for arrow in arrows {
        by_file.entry(&arrow.from).or_default().push(arrow);
    }
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for &file in by_file.keys() {
        if let Some(arrows) = shortest_way_back(&by_file, file) {
            let files: BTreeSet<_> = arrows.iter().map(|arrow| arrow.from.clone()).collect();
            if seen.insert(files) {
                found.push(Circle { arrows });
            }
        }
    }
    found
}

fn shortest_way_back(by_file: &BTreeMap<&str, Vec<&Arrow>>, start: &str) -> Option<Vec<Arrow>> {
    let mut reached_by: BTreeMap<&str, &Arrow> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(file) = queue.pop_front() {
        for &arrow in by_file.get(file).into_iter().flatten() {
            if !reached_by.contains_key(arrow.to.as_str()) {
                reached_by.insert(&arrow.to, arrow);
                queue.push_back(&arrow.to);
            }
        }
    }
    let mut way = vec![(*reached_by.get(start)?).clone()];
    while way.last()?.from != start {
        way.push((*reached_by.get(way.last()?.from.as_str())?).clone());
    }
    way.reverse();
    Some(way)
}
