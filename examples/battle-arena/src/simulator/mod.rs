//! The simulator: players who register, log in, play and pay, by way of HTTP as everybody else.

mod action;
mod client;
mod mode;
mod plan;
mod progress;

use std::{
    cell::Cell,
    rc::Rc,
    time::{Duration, Instant},
};

use actix_web::rt::{self, time::sleep};

pub(crate) use self::mode::Mode;
use self::{
    action::Action,
    client::{Client, PATIENCE},
    mode::hour_now,
    plan::{Event, Plan},
    progress::{Progress, Stats},
};
use crate::options::Options;

/// So many requests are under way at most; what comes then waits.
const MOST_UNDER_WAY: usize = 64;
/// How long the service may take to answer at the start.
const START: Duration = Duration::from_secs(60);

/// The simulator, ready to run.
pub(crate) struct Simulator {
    options: Options,
    mode: Mode,
    client: Rc<Client>,
    stats: Rc<Stats>,
}

impl Simulator {
    /// A simulator for the service at an address; none for `--simulate off`.
    pub(crate) fn new(options: &Options, target: &str) -> Option<Self> {
        let stats = Rc::new(Stats::default());
        // The same seed makes the same requests on a slow machine too, where nobody plays in real time.
        let patience = if options.requests.is_some() { START } else { PATIENCE };
        let client = Rc::new(Client::new(target, patience, Rc::clone(&stats)));
        Some(Self { options: options.clone(), mode: options.simulate?, client, stats })
    }

    /// What it counts.
    pub(crate) fn stats(&self) -> Rc<Stats> {
        Rc::clone(&self.stats)
    }

    /// Plays until `--requests` have been sent, or for ever.
    pub(crate) async fn run(self) {
        if !self.client.wait_for_health(START).await {
            eprintln!("the service does not get healthy");
            return;
        }
        self.client.register_players(self.options.players).await;
        println!("{} players are registered, {:?} traffic begins", self.options.players, self.mode);
        let progress = rt::spawn(Progress::new(Rc::clone(&self.stats)).show());
        let plan = Plan::new(self.options.seed, self.mode, self.options.players, self.options.chaos);
        match self.options.requests {
            Some(requests) => self.play_at_once(plan, requests).await,
            None => self.play(plan).await,
        }
        progress.abort();
    }

    /// Request after request, in the plan's order and without pauses: the same seed makes the same requests.
    async fn play_at_once(&self, mut plan: Plan, requests: u64) {
        for _ in 0..requests {
            // At noon, so that the hour does not matter.
            let Event { action, .. } = plan.next(|| 12);
            self.client.act(&action).await;
        }
    }

    /// Each request at its time, beside those that are still under way.
    async fn play(&self, mut plan: Plan) {
        let start = Instant::now();
        let under_way = Rc::new(Cell::new(0));
        loop {
            let Event { at, action } = plan.next(hour_now);
            sleep(at.saturating_sub(start.elapsed())).await;
            while under_way.get() >= MOST_UNDER_WAY {
                sleep(Duration::from_millis(5)).await;
            }
            under_way.set(under_way.get() + 1);
            rt::spawn(act(Rc::clone(&self.client), action, Rc::clone(&under_way)));
        }
    }
}

async fn act(client: Rc<Client>, action: Action, under_way: Rc<Cell<usize>>) {
    client.act(&action).await;
    under_way.set(under_way.get() - 1);
}
