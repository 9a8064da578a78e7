//! Actions of simulated players and of the system.

use std::{cell::Cell, rc::Rc};

use crate::labels::{Fault, ItemType, MatchType, TransactionType};

/// Request of the plan. Players are numbered from 0, in the order of their registration.
#[derive(Clone, Debug)]
pub(super) enum Action {
    Register { number: usize },
    LogIn { player: usize },
    ShowPlayer { player: usize },
    StartMatch { game: Rc<Match> },
    EndMatch { game: Rc<Match>, crashed: bool },
    Pay { player: usize, r#type: TransactionType, item_type: ItemType, cents: i64, declined: bool },
    Leaderboard,
    Stats(&'static str),
    Mistake(Mistake),
    Break { fault: Fault, seconds: u64 },
}

/// Match, whose key is known once the service has started it.
#[derive(Debug)]
pub(super) struct Match {
    pub(super) played_as: MatchType,
    /// The first player wins.
    pub(super) players: Vec<usize>,
    pub(super) id: Cell<Option<i64>>,
}

/// Request that is refused.
#[derive(Clone, Copy, Debug)]
pub(super) enum Mistake {
    UnknownPlayer,
    BadName,
    WrongMethod,
    /// Paths that scanners try.
    UnknownPath,
}
