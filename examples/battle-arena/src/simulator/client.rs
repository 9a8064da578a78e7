//! Client that sends the requests of the plan.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::{Duration, Instant},
};

use actix_web::{
    http::{Method, StatusCode},
    rt::time::sleep,
};
use awc::ClientRequest;
use serde::{Deserialize, Serialize};
use tracing::{Instrument as _, Span};

use super::{
    action::{Action, Match, Mistake},
    progress::Stats,
};
use crate::{
    labels::{Fault, ItemType, MatchType, TransactionType},
    spans,
};

/// Time limit for a response.
pub(super) const PATIENCE: Duration = Duration::from_secs(1);

/// Client of the service.
pub(super) struct Client {
    http: awc::Client,
    target: String,
    stats: Rc<Stats>,
    /// Keys of the players, by their numbers.
    players: RefCell<Vec<i64>>,
    /// Time until which nothing reaches the service.
    cut_off: Cell<Option<Instant>>,
}

#[derive(Deserialize)]
struct Key {
    id: i64,
}

#[derive(Serialize)]
struct Credentials {
    username: String,
}

#[derive(Serialize)]
struct Start {
    match_type: MatchType,
    players: Vec<i64>,
}

#[derive(Serialize)]
struct End {
    match_id: i64,
    winner_id: i64,
}

#[derive(Serialize)]
struct Payment {
    player_id: i64,
    r#type: TransactionType,
    item_type: ItemType,
    amount_cents: i64,
    card: &'static str,
}

#[derive(Serialize)]
struct Report {
    kind: Fault,
    message: &'static str,
    seconds: u64,
}

impl Client {
    pub(super) fn new(target: &str, patience: Duration, stats: Rc<Stats>) -> Self {
        let http = awc::Client::builder().timeout(patience).finish();
        let target = target.trim_end_matches('/').to_owned();
        Self { http, target, stats, players: RefCell::default(), cut_off: Cell::default() }
    }

    /// Waits until the service is healthy.
    pub(super) async fn wait_for_health(&self, timeout: Duration) -> bool {
        let deadline = Instant::now() + timeout;
        while Instant::now() < deadline {
            let answer = self.http.get(format!("{}/health", self.target)).send().await;
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                return true;
            }
            sleep(Duration::from_millis(200)).await;
        }
        false
    }

    /// Registers the players. Those of an earlier run log in.
    pub(super) async fn register_players(&self, players: usize) {
        for number in 0..players {
            let credentials = credentials(number);
            let key = match self.post("/api/players/register", &credentials).await {
                Some(key) => Some(key),
                None => self.post("/api/players/login", &credentials).await,
            };
            self.players.borrow_mut().push(key.unwrap_or_default());
        }
    }

    /// Performs an action.
    pub(super) async fn act(&self, action: &Action) {
        if self.is_cut_off() {
            self.stats.unsent();
            return;
        }
        match action {
            Action::Register { number } => {
                self.post("/api/players/register", &credentials(*number)).await;
            }
            Action::LogIn { player } => {
                self.post("/api/players/login", &credentials(*player)).await;
            }
            Action::ShowPlayer { player } => self.get(&format!("/api/players/{}", self.key(*player))).await,
            Action::StartMatch { game } => self.start(game).await,
            Action::EndMatch { game, crashed } => self.end(game, *crashed).await,
            Action::Pay { player, r#type, item_type, cents, declined } => {
                let payment = Payment {
                    player_id: self.key(*player),
                    r#type: *r#type,
                    item_type: *item_type,
                    amount_cents: *cents,
                    card: if *declined { "declined" } else { "good" },
                };
                self.post("/api/transactions/create", &payment).await;
            }
            Action::Leaderboard => self.get("/api/leaderboard?limit=20").await,
            Action::Stats(subject) => self.get(&format!("/api/stats/{subject}")).await,
            Action::Mistake(mistake) => self.err(*mistake).await,
            Action::Break { fault, seconds } => self.break_something(*fault, *seconds).await,
        }
    }

    async fn start(&self, game: &Match) {
        let players = game.players.iter().map(|player| self.key(*player)).collect();
        let start = Start { match_type: game.played_as, players };
        game.id.set(self.post("/api/matches/start", &start).await);
    }

    async fn end(&self, game: &Match, crashed: bool) {
        let Some(match_id) = game.id.get() else {
            self.stats.unsent();
            return;
        };
        let end = End { match_id, winner_id: self.key(game.players[0]) };
        self.post(if crashed { "/api/matches/crash" } else { "/api/matches/complete" }, &end).await;
    }

    async fn err(&self, mistake: Mistake) {
        match mistake {
            Mistake::UnknownPlayer => self.get("/api/players/999999999").await,
            Mistake::BadName => {
                let credentials = Credentials { username: "no such name!".to_owned() };
                self.post("/api/players/login", &credentials).await;
            }
            Mistake::WrongMethod => self.get("/api/matches/start").await,
            Mistake::UnknownPath => self.get("/wp-login.php").await,
        }
    }

    async fn break_something(&self, fault: Fault, seconds: u64) {
        self.post("/api/system/event", &Report { kind: fault, message: "chaos", seconds }).await;
        self.stats.broken(fault, Duration::from_secs(seconds));
        if fault == Fault::NetworkPartition {
            self.cut_off.set(Some(Instant::now() + Duration::from_secs(seconds)));
        }
    }

    fn is_cut_off(&self) -> bool {
        self.cut_off.get().is_some_and(|end| Instant::now() < end)
    }

    fn key(&self, player: usize) -> i64 {
        self.players.borrow().get(player).copied().unwrap_or_default()
    }

    async fn get(&self, path: &str) {
        let (request, span) = self.request(Method::GET, path);
        let answer = request.send().instrument(span.clone()).await;
        self.answered(&span, answer.ok().map(|answer| answer.status()));
    }

    /// Sends a POST request and returns the key in the response.
    async fn post(&self, path: &str, body: &impl Serialize) -> Option<i64> {
        let (request, span) = self.request(Method::POST, path);
        let Ok(mut answer) = request.send_json(body).instrument(span.clone()).await else {
            self.answered(&span, None);
            return None;
        };
        self.answered(&span, Some(answer.status()));
        answer.json::<Key>().await.ok().map(|key| key.id)
    }

    /// Returns a request, and the span to send it in.
    fn request(&self, method: Method, path: &str) -> (ClientRequest, Span) {
        spans::asking(self.http.request(method, format!("{}{path}", self.target)))
    }

    fn answered(&self, span: &Span, status: Option<StatusCode>) {
        self.stats.sent(status);
        spans::answered(span, status);
    }
}

fn credentials(number: usize) -> Credentials {
    Credentials { username: format!("player-{number:05}") }
}
