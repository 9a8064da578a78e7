//! Plan of requests and their times. It depends on the seed and the hours alone, never on a response.

use std::{cell::Cell, cmp::Ordering, collections::BinaryHeap, rc::Rc, time::Duration};

use fastrand::Rng;

use super::{
    action::{Action, Match, Mistake},
    mode::{Mode, time_of_day_factor},
};
use crate::labels::{Fault, ItemType, MatchType, TransactionType};

/// Length of a plan.
const CYCLE: Duration = Duration::from_secs(60);
/// Durations of matches in milliseconds.
const MATCH_MILLIS: std::ops::Range<u64> = 5_000..30_000;
/// Shares of matches that crash, of payments that are declined, and of refunds.
const CRASHES: f64 = 0.05;
const DECLINED: f64 = 0.08;
const REFUNDS: f64 = 0.1;
/// Durations of chaos in seconds.
const FAULT_SECONDS: u64 = 20;

/// Request and its time since the start.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) at: Duration,
    pub(super) action: Action,
}

/// Makes events without end, in the order of their times.
#[derive(Debug)]
pub(super) struct Plan {
    dice: Rng,
    mode: Mode,
    players: usize,
    registered: usize,
    chaos: f64,
    planned_to: Duration,
    queue: BinaryHeap<Queued>,
    number: u64,
}

/// Orders by time, then by the order of planning.
#[derive(Debug)]
struct Queued {
    event: Event,
    number: u64,
}

impl Plan {
    pub(super) fn new(seed: u64, mode: Mode, players: usize, chaos: f64) -> Self {
        Self {
            dice: Rng::with_seed(seed),
            mode,
            players,
            registered: players,
            chaos,
            planned_to: Duration::ZERO,
            queue: BinaryHeap::new(),
            number: 0,
        }
    }

    /// Returns the next event. `hour` returns the hour of the day when a cycle is planned.
    pub(super) fn next(&mut self, hour: impl Fn() -> u64) -> Event {
        loop {
            if self.queue.peek().is_some_and(|queued| queued.event.at < self.planned_to)
                && let Some(queued) = self.queue.pop()
            {
                return queued.event;
            }
            self.plan_cycle(self.mode.factor() * time_of_day_factor(hour()));
        }
    }

    /// Plans a cycle with a factor of the normal traffic.
    fn plan_cycle(&mut self, factor: f64) {
        let times = |normal: f64| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some hundreds")]
            let times = (normal * factor).round() as usize;
            times
        };
        for (normal, make) in [
            (4.0, Self::register as fn(&mut Self) -> Action),
            (240.0, Self::log_in),
            (120.0, Self::show_player),
            (120.0, Self::pay),
            (60.0, |_| Action::Leaderboard),
            (30.0, Self::stats),
            (12.0, Self::mistake),
        ] {
            for _ in 0..times(normal) {
                let (at, action) = (self.some_time(), make(self));
                self.push(at, action);
            }
        }
        for _ in 0..times(80.0) {
            self.plan_match();
        }
        if self.dice.f64() < self.chaos {
            let (at, fault) = (self.some_time(), self.fault());
            self.push(at, Action::Break { fault, seconds: FAULT_SECONDS });
        }
        self.planned_to += CYCLE;
    }

    fn plan_match(&mut self) {
        let match_type =
            self.pick(&[MatchType::Solo, MatchType::Solo, MatchType::Team, MatchType::Tournament]);
        let size = match match_type {
            MatchType::Solo => 2,
            MatchType::Team => 6,
            MatchType::Tournament => 12,
        };
        let mut players = Vec::with_capacity(size);
        while players.len() < size {
            let player = self.player();
            if !players.contains(&player) {
                players.push(player);
            }
        }
        let game = Rc::new(Match { played_as: match_type, players, id: Cell::new(None) });
        let start = self.some_time();
        let end = start + Duration::from_millis(self.dice.u64(MATCH_MILLIS));
        let crashed = self.dice.f64() < CRASHES;
        self.push(start, Action::StartMatch { game: Rc::clone(&game) });
        self.push(end, Action::EndMatch { game, crashed });
    }

    fn register(&mut self) -> Action {
        self.registered += 1;
        Action::Register { number: self.registered }
    }

    fn log_in(&mut self) -> Action {
        Action::LogIn { player: self.player() }
    }

    fn show_player(&mut self) -> Action {
        Action::ShowPlayer { player: self.player() }
    }

    fn pay(&mut self) -> Action {
        use ItemType::{BattlePass, Booster, Skin, Weapon};
        let (item_type, cents) = self.pick(&[
            (Skin, 499),
            (Skin, 999),
            (Weapon, 299),
            (Booster, 99),
            (Booster, 199),
            (BattlePass, 1499),
        ]);
        let refund = self.dice.f64() < REFUNDS;
        Action::Pay {
            player: self.player(),
            r#type: if refund { TransactionType::Refund } else { TransactionType::Purchase },
            item_type,
            cents,
            declined: self.dice.f64() < DECLINED,
        }
    }

    fn stats(&mut self) -> Action {
        Action::Stats(self.pick(&["players", "matches", "revenue"]))
    }

    fn mistake(&mut self) -> Action {
        use Mistake::{BadName, UnknownPath, UnknownPlayer, WrongMethod};
        Action::Mistake(self.pick(&[UnknownPlayer, BadName, WrongMethod, UnknownPath]))
    }

    fn fault(&mut self) -> Fault {
        use Fault::{ApiTimeout, DatabaseSlow, DiskFull, HighCpu, MemoryLeak, NetworkPartition};
        self.pick(&[DatabaseSlow, ApiTimeout, MemoryLeak, NetworkPartition, DiskFull, HighCpu])
    }

    fn player(&mut self) -> usize {
        self.dice.usize(..self.players)
    }

    fn pick<T: Copy>(&mut self, among: &[T]) -> T {
        among[self.dice.usize(..among.len())]
    }

    /// Returns a time in the planned cycle.
    fn some_time(&mut self) -> Duration {
        self.planned_to + CYCLE.mul_f64(self.dice.f64())
    }

    fn push(&mut self, at: Duration, action: Action) {
        self.number += 1;
        self.queue.push(Queued { event: Event { at, action }, number: self.number });
    }
}

impl Queued {
    const fn key(&self) -> (Duration, u64) {
        (self.event.at, self.number)
    }
}

impl Ord for Queued {
    fn cmp(&self, other: &Self) -> Ordering {
        // A heap returns the greatest item.
        other.key().cmp(&self.key())
    }
}

impl PartialOrd for Queued {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Queued {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Queued {}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(seed: u64, chaos: f64) -> Vec<Event> {
        let mut plan = Plan::new(seed, Mode::Normal, 100, chaos);
        std::iter::repeat_with(|| plan.next(|| 9)).take(3000).collect()
    }

    fn shown(events: &[Event]) -> String {
        format!("{events:?}")
    }

    #[test]
    fn equal_seeds_make_equal_plans() {
        assert_eq!(shown(&events(7, 0.5)), shown(&events(7, 0.5)));
        assert_ne!(shown(&events(7, 0.5)), shown(&events(8, 0.5)));
    }

    #[test]
    fn events_are_ordered_and_matches_end_after_their_start() {
        let events = events(1, 0.0);
        assert!(events.is_sorted_by_key(|event| event.at));
        let mut ended = 0;
        for (index, event) in events.iter().enumerate() {
            let Action::EndMatch { game, .. } = &event.action else { continue };
            let begin = events[..index].iter().find(
                |event| matches!(&event.action, Action::StartMatch { game: other } if Rc::ptr_eq(game, other)),
            );
            let lasted = event.at.saturating_sub(begin.expect("it began").at);
            assert!((5..30).contains(&lasted.as_secs()), "{lasted:?}");
            ended += 1;
        }
        assert!(ended > 100, "{ended}");
    }

    #[test]
    fn chaos_has_its_share_of_cycles() {
        let faults = |chaos| {
            let mut plan = Plan::new(1, Mode::Slow, 100, chaos);
            let events =
                std::iter::repeat_with(|| plan.next(|| 3)).take_while(|event| event.at < CYCLE * 100);
            events.filter(|event| matches!(event.action, Action::Break { .. })).count()
        };
        assert_eq!([faults(0.0), faults(1.0)], [0, 100]);
        assert!((1..15).contains(&faults(0.05)), "{}", faults(0.05));
    }

    #[test]
    fn mode_and_hour_set_the_load() {
        let per_cycle = |mode, hour: u64| {
            let mut plan = Plan::new(1, mode, 100, 0.0);
            std::iter::repeat_with(|| plan.next(|| hour)).take_while(|event| event.at < CYCLE).count()
        };
        let normal = per_cycle(Mode::Normal, 9);
        assert!((600..750).contains(&normal), "{normal}");
        for (mode, hour, percent) in [
            (Mode::Slow, 9, 50),
            (Mode::Stress, 9, 500),
            (Mode::Tournament, 9, 1000),
            (Mode::Normal, 20, 200),
            (Mode::Normal, 3, 30),
            (Mode::Normal, 12, 150),
        ] {
            let share = per_cycle(mode, hour) * 100 / normal;
            assert!(share.abs_diff(percent) <= percent / 20, "{mode:?} at {hour}: {share}");
        }
    }
}
