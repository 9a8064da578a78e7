//! The tables and their versions. What a database lacks is run at the start, and `_sqlx_migrations` in it tells what it has.

use std::pin::Pin;

use sqlx::{
    AnyPool,
    error::BoxDynError,
    migrate::{MigrateError, Migration, MigrationSource, MigrationType, Migrator},
};

/// A version's name and its statements; the first is version 1.
type Scripts = &'static [(&'static str, &'static str)];

const SQLITE: Scripts = &[
    ("tables", include_str!("../../migrations/sqlite/1_tables.sql")),
    ("revenue", include_str!("../../migrations/sqlite/2_revenue.sql")),
];
const POSTGRES: Scripts = &[
    ("tables", include_str!("../../migrations/postgres/1_tables.sql")),
    ("revenue", include_str!("../../migrations/postgres/2_revenue.sql")),
];

/// Files that are built in. `sqlx::migrate!` would do it too, and build `SQLite` once more for the compiler's use.
#[derive(Debug)]
struct Embedded(Scripts);

type Resolved = Pin<Box<dyn Future<Output = Result<Vec<Migration>, BoxDynError>> + Send>>;

impl MigrationSource<'static> for Embedded {
    fn resolve(self) -> Resolved {
        let migration = |(version, (name, sql)): (i64, &(&'static str, &'static str))| {
            Migration::new(version, (*name).into(), MigrationType::Simple, (*sql).into(), false)
        };
        let migrations = (1..).zip(self.0).map(migration).collect();
        Box::pin(async { Ok(migrations) })
    }
}

/// Brings a database up to date.
///
/// # Errors
///
/// A database that is newer than this program, or one whose former versions were other ones, is left as it is.
pub(super) async fn run(pool: &AnyPool, sqlite: bool) -> Result<(), MigrateError> {
    let scripts = if sqlite { SQLITE } else { POSTGRES };
    Migrator::new(Embedded(scripts)).await?.run(pool).await
}
