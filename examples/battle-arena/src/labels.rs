//! Label values, which are also the words of the JSON in requests and responses.

use metrics_core::{LabelSet, LabelValue};
use serde::{Deserialize, Serialize};

/// Mode of a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, LabelValue)]
#[label(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub(crate) enum MatchType {
    /// One against one.
    Solo,
    /// Two teams.
    Team,
    /// All against all, for a cup.
    Tournament,
}

/// State of a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, LabelValue)]
#[label(rename_all = "snake_case")]
pub(crate) enum MatchStatus {
    Started,
    Completed,
    Crashed,
}

/// Item for sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, LabelValue)]
#[label(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub(crate) enum ItemType {
    Skin,
    Weapon,
    Booster,
    BattlePass,
}

/// Direction of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, LabelValue)]
#[label(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub(crate) enum TransactionType {
    Purchase,
    Refund,
}

/// Outcome of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, LabelValue)]
#[label(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub(crate) enum TransactionStatus {
    Completed,
    Failed,
}

/// Operation of a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, LabelValue)]
#[label(rename_all = "snake_case")]
pub(crate) enum QueryType {
    Select,
    Insert,
    Update,
}

/// Faults of the system; the simulator's chaos picks among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, LabelValue)]
#[label(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub(crate) enum Fault {
    DatabaseSlow,
    ApiTimeout,
    MemoryLeak,
    NetworkPartition,
    DiskFull,
    HighCpu,
}

/// Labels of matches.
#[derive(Clone, Copy, Debug, LabelSet)]
pub(crate) struct MatchLabels {
    pub(crate) match_type: MatchType,
    pub(crate) status: MatchStatus,
}

/// Labels of revenue.
#[derive(Clone, Copy, Debug, LabelSet)]
pub(crate) struct ItemLabels {
    pub(crate) item_type: ItemType,
}

/// Labels of transactions.
#[derive(Clone, Copy, Debug, LabelSet)]
pub(crate) struct TransactionLabels {
    #[label(allow(label_type))]
    pub(crate) r#type: TransactionType,
    pub(crate) status: TransactionStatus,
}

/// Labels of system events.
#[derive(Clone, Copy, Debug, LabelSet)]
pub(crate) struct EventLabels {
    pub(crate) kind: Fault,
}

/// Current fault, as the metric `arena_fault` shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, LabelValue)]
#[label(rename_all = "snake_case")]
pub(crate) enum ActiveFault {
    None,
    DatabaseSlow,
    ApiTimeout,
    MemoryLeak,
    NetworkPartition,
    DiskFull,
    HighCpu,
}

impl From<Fault> for ActiveFault {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::DatabaseSlow => Self::DatabaseSlow,
            Fault::ApiTimeout => Self::ApiTimeout,
            Fault::MemoryLeak => Self::MemoryLeak,
            Fault::NetworkPartition => Self::NetworkPartition,
            Fault::DiskFull => Self::DiskFull,
            Fault::HighCpu => Self::HighCpu,
        }
    }
}
