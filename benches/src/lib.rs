//! Labels with many values and pages of many series, shared by the programs of this package.

pub mod pages;

use std::sync::LazyLock;

use metrics_core::{LabelSet, LabelValue};

/// A label with up to 100,000 values; with the two others there are a million series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shard<const COUNT: usize>(pub u32);

static NAMES: LazyLock<Vec<String>> =
    LazyLock::new(|| (0..100_000).map(|at| format!("shard-{at}")).collect());

impl<const COUNT: usize> Shard<COUNT> {
    /// The label's text.
    pub fn text(self) -> &'static str {
        Self::name_at(self.index())
    }
}

impl<const COUNT: usize> LabelValue for Shard<COUNT> {
    const COUNT: usize = COUNT;

    fn index(&self) -> usize {
        self.0 as usize
    }

    fn name_at(index: usize) -> &'static str {
        NAMES.get(index).map_or("", String::as_str)
    }
}

/// One of five.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, LabelValue)]
pub enum Tier {
    /// The first.
    North,
    /// The second.
    East,
    /// The third.
    South,
    /// The fourth.
    West,
    /// The fifth.
    Middle,
}

impl Tier {
    const ALL: [Self; 5] = [Self::North, Self::East, Self::South, Self::West, Self::Middle];

    /// The label's text.
    pub fn text(self) -> &'static str {
        Self::name_at(self.index())
    }
}

/// Three labels: 10 series for each shard.
#[derive(Clone, Copy, Debug, LabelSet)]
pub struct Labels<const SHARDS: usize> {
    /// Many.
    pub shard: Shard<SHARDS>,
    /// Five.
    pub tier: Tier,
    /// Two.
    pub cached: bool,
}

impl<const SHARDS: usize> Labels<SHARDS> {
    /// The names of the labels.
    pub const NAMES: [&str; 3] = ["shard", "tier", "cached"];

    /// Returns all label sets.
    pub fn all() -> impl Iterator<Item = Self> {
        let shards = (0..u32::try_from(SHARDS).unwrap_or(u32::MAX)).map(Shard);
        shards.flat_map(|shard| {
            let tiers = Tier::ALL.into_iter();
            tiers.flat_map(move |tier| [false, true].map(|cached| Self { shard, tier, cached }))
        })
    }

    /// The labels as text.
    pub fn texts(self) -> [&'static str; 3] {
        [self.shard.text(), self.tier.text(), if self.cached { "true" } else { "false" }]
    }
}
