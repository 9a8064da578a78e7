//! The database: `SQLite` by default, `PostgreSQL` by address. Each file asks it for one subject.

mod events;
mod matches;
mod players;
mod query;
mod stats;
mod transactions;

use std::time::{Duration, SystemTime};

use sqlx::{
    AnyPool, Executor as _,
    any::{AnyPoolOptions, install_default_drivers},
};

pub(crate) use self::{
    players::{LeaderboardEntry, Player},
    query::query,
    stats::{MatchStats, PlayerStats, RevenueStats},
    transactions::NewTransaction,
};
use crate::{faults::Faults, labels::QueryType};

const SCHEMA: &str = include_str!("../schema.sql");
/// A request waits no longer for a connection.
const PATIENCE: Duration = Duration::from_secs(3);

/// The way to the database; clones share its connections.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    pool: AnyPool,
    faults: Faults,
}

/// How many connections there are.
pub(crate) struct Connections {
    pub(crate) active: i64,
    pub(crate) idle: i64,
}

impl Database {
    /// So many connections serve some hundred requests a second.
    pub(crate) const CONNECTIONS: u32 = 8;

    /// Connects and makes the tables that are missing.
    pub(crate) async fn open(address: &str, faults: Faults) -> sqlx::Result<Self> {
        install_default_drivers();
        let sqlite = address.starts_with("sqlite:");
        let options = AnyPoolOptions::new().max_connections(Self::CONNECTIONS).acquire_timeout(PATIENCE);
        let options = options.after_connect(move |connection, _| {
            Box::pin(async move {
                if sqlite {
                    let settings = "PRAGMA busy_timeout = 3000; PRAGMA synchronous = NORMAL";
                    connection.execute(settings).await?;
                }
                Ok(())
            })
        });
        let pool = options.connect(address).await?;
        if sqlite {
            sqlx::raw_sql("PRAGMA journal_mode = WAL").execute(&pool).await?;
        }
        let key =
            if sqlite { "INTEGER PRIMARY KEY" } else { "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY" };
        sqlx::raw_sql(&SCHEMA.replace("KEY,", &format!("{key},"))).execute(&pool).await?;
        Ok(Self { pool, faults })
    }

    /// Whether the database answers, with a table of ours: a plain `SELECT 1` would not leave the connection.
    pub(crate) async fn ping(&self) -> sqlx::Result<()> {
        let select = sqlx::query("SELECT id FROM players LIMIT 1");
        query(&self.faults, QueryType::Select, select.fetch_optional(&self.pool)).await?;
        Ok(())
    }

    /// The connections now.
    pub(crate) fn connections(&self) -> Connections {
        let idle = self.pool.num_idle();
        let active = (self.pool.size() as usize).saturating_sub(idle);
        Connections { active: count(active), idle: count(idle) }
    }

    /// Waits for the queries under way and closes the connections.
    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }
}

fn count(connections: usize) -> i64 {
    i64::try_from(connections).unwrap_or(i64::MAX)
}

/// Seconds since 1970.
fn now() -> i64 {
    let since = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
