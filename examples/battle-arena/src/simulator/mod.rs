//! Simulator of players who register, log in, play and pay over HTTP.

mod action;
mod client;
mod mode;
mod plan;
mod progress;

use std::{
    rc::Rc,
    time::{Duration, Instant},
};

use actix_web::rt::time::sleep;
use tokio::task::JoinSet;

pub(crate) use self::mode::Mode;
use self::{
    client::{Client, PATIENCE},
    mode::hour_now,
    plan::{Event, Plan},
    progress::{Progress, Stats},
};
use crate::{options::Options, terminal::say};

/// Maximal number of requests in flight; further ones wait.
const MOST_UNDER_WAY: usize = 64;
/// Time limit for the first response of the service.
const START: Duration = Duration::from_secs(60);

/// Simulator, ready to run.
pub(crate) struct Simulator {
    options: Options,
    mode: Mode,
    client: Rc<Client>,
    stats: Rc<Stats>,
}

impl Simulator {
    /// Creates a simulator for the service at an address; `None` for `--simulate off`.
    pub(crate) fn new(options: &Options, target: &str) -> Option<Self> {
        let stats = Rc::new(Stats::default());
        // The same seed makes the same requests on a slow machine too, as time does not matter here.
        let patience = if options.requests.is_some() { START } else { PATIENCE };
        let client = Rc::new(Client::new(target, patience, Rc::clone(&stats)));
        Some(Self { options: options.clone(), mode: options.simulate?, client, stats })
    }

    /// Returns its statistics.
    pub(crate) fn stats(&self) -> Rc<Stats> {
        Rc::clone(&self.stats)
    }

    /// Runs until `--requests` have been sent, or for ever. Dropping the future aborts the requests in flight.
    pub(crate) async fn run(self) {
        if !self.client.wait_for_health(START).await {
            tracing::error!("the service does not get healthy");
            return;
        }
        self.client.register_players(self.options.players).await;
        let players = self.options.players;
        say(format_args!("{players} players are registered, {} traffic begins", self.mode.name()));
        let mut progress = JoinSet::new();
        progress.spawn_local(Progress::new(Rc::clone(&self.stats)).show());
        let plan = Plan::new(self.options.seed, self.mode, self.options.players, self.options.chaos);
        match self.options.requests {
            Some(requests) => self.play_at_once(plan, requests).await,
            None => self.play(plan).await,
        }
    }

    /// Sends request after request without pauses: the same seed makes the same requests.
    async fn play_at_once(&self, mut plan: Plan, requests: u64) {
        for _ in 0..requests {
            // At noon, so that the hour does not matter.
            let Event { action, .. } = plan.next(|| 12);
            self.client.act(&action).await;
        }
    }

    /// Sends each request at its time, while others are in flight.
    async fn play(&self, mut plan: Plan) {
        let start = Instant::now();
        let mut under_way = JoinSet::new();
        loop {
            let Event { at, action } = plan.next(hour_now);
            sleep(at.saturating_sub(start.elapsed())).await;
            while under_way.try_join_next().is_some() {}
            if under_way.len() >= MOST_UNDER_WAY {
                under_way.join_next().await;
            }
            let client = Rc::clone(&self.client);
            under_way.spawn_local(async move { client.act(&action).await });
        }
    }
}
