//! Migrations of the tables. Missing ones run at the start; the table `_sqlx_migrations` has those that have run.

use std::pin::Pin;

use sqlx::{
    AnyPool,
    error::BoxDynError,
    migrate::{MigrateError, Migration, MigrationSource, MigrationType, Migrator},
};

/// Name and statements of each version; the first is version 1.
type Scripts = &'static [(&'static str, &'static str)];

const SQLITE: Scripts = &[
    ("tables", include_str!("../../migrations/sqlite/1_tables.sql")),
    ("revenue", include_str!("../../migrations/sqlite/2_revenue.sql")),
];
const POSTGRES: Scripts = &[
    ("tables", include_str!("../../migrations/postgres/1_tables.sql")),
    ("revenue", include_str!("../../migrations/postgres/2_revenue.sql")),
];

/// Files that are built in. `sqlx::migrate!` would build `SQLite` once more for the compiler.
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

/// Runs the missing migrations.
///
/// # Errors
///
/// Returns an error if the database is newer than this program or has run other migrations. It is left as it is.
pub(super) async fn run(pool: &AnyPool, sqlite: bool) -> Result<(), MigrateError> {
    let scripts = if sqlite { SQLITE } else { POSTGRES };
    Migrator::new(Embedded(scripts)).await?.run(pool).await
}
