//! The database: `SQLite` by default, `PostgreSQL` by address. Each file asks it for one subject.

mod events;
mod matches;
mod measured;
mod migrations;
mod players;
mod statement;
mod stats;
mod transactions;

use std::{
    io,
    sync::Arc,
    time::{Duration, SystemTime},
};

use actix_web::rt::time::sleep;
use metrics_core::{MeasuredPool, MeasuredTransaction, Registry};
use sqlx::{
    Any, Executor as _,
    any::{AnyConnectOptions, AnyPoolOptions, install_default_drivers},
};

use self::statement::System;
pub(crate) use self::{
    players::{LeaderboardEntry, Player},
    stats::{MatchStats, PlayerStats, RevenueStats},
    transactions::NewTransaction,
};
use crate::{
    faults::{Faults, SLOW_QUERY},
    labels::Fault,
};

/// Time limit for a request to get a connection.
const PATIENCE: Duration = Duration::from_secs(5);
/// Time limit of each statement, so that the service can stop in time.
const SQLITE_SETTINGS: &str = "PRAGMA busy_timeout = 5000; PRAGMA synchronous = NORMAL";
const POSTGRES_SETTINGS: &str = "SET statement_timeout = '5s'";

/// Pool of connections to the database; clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    pool: MeasuredPool<Any>,
    system: Arc<System>,
    faults: Faults,
}

impl Database {
    /// Enough for some hundred requests a second.
    const CONNECTIONS: u32 = 8;

    /// Connects and migrates the tables.
    pub(crate) async fn open(address: &str, faults: Faults) -> sqlx::Result<Self> {
        install_default_drivers();
        let address: AnyConnectOptions = address.parse()?;
        let system = System::of(&address);
        let sqlite = system.is_sqlite();
        let options = AnyPoolOptions::new().max_connections(Self::CONNECTIONS).acquire_timeout(PATIENCE);
        let options = options.after_connect(move |connection, _| {
            let settings = if sqlite { SQLITE_SETTINGS } else { POSTGRES_SETTINGS };
            Box::pin(async move { connection.execute(settings).await.map(drop) })
        });
        let pool = options.connect_with(address).await?;
        if sqlite {
            sqlx::raw_sql("PRAGMA journal_mode = WAL").execute(&pool).await?;
        }
        migrations::run(&pool, sqlite).await?;
        let pool = MeasuredPool::register_in(Registry::global(), "arena", system.name(), pool)
            .map_err(|error| sqlx::Error::Configuration(error.into()))?;
        Ok(Self { pool, system: Arc::new(system), faults })
    }

    /// Waits for the queries in flight and closes the connections.
    pub(crate) async fn close(&self) {
        self.pool.inner().close().await;
    }

    /// Runs one statement, subject to the current fault.
    async fn ask<T>(&self, text: &str, answer: impl Future<Output = sqlx::Result<T>>) -> sqlx::Result<T> {
        let answer = async {
            if self.faults.active(Fault::DatabaseSlow) {
                sleep(SLOW_QUERY).await;
            }
            if self.faults.active(Fault::DiskFull) && !text.starts_with("SELECT") {
                return Err(sqlx::Error::Io(io::ErrorKind::StorageFull.into()));
            }
            answer.await
        };
        self.system.traced(text, answer).await
    }

    /// Begins a transaction. The faults have their say here, and not while rows are locked.
    async fn begin(&self) -> sqlx::Result<MeasuredTransaction<Any>> {
        self.ask("BEGIN", self.pool.begin()).await
    }

    /// Makes what a transaction has done last.
    async fn commit(&self, transaction: MeasuredTransaction<Any>) -> sqlx::Result<()> {
        self.system.traced("COMMIT", transaction.commit()).await
    }
}

/// Seconds since 1970.
fn now() -> i64 {
    let since = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
