//! The span of a statement, with the attributes of the [conventions].
//!
//! [conventions]: https://opentelemetry.io/docs/specs/semconv/database/database-spans/

use sqlx::{Error, any::AnyConnectOptions, error::DatabaseError};
use tracing::{Instrument as _, Span, field::Empty, info_span};

/// Port of `PostgreSQL` for an address without one.
const POSTGRES_PORT: u16 = 5432;

/// Database that statements go to.
#[derive(Debug)]
pub(super) struct System {
    name: &'static str,
    host: Option<String>,
    port: Option<u16>,
    namespace: Option<String>,
}

impl System {
    /// Returns the parts of the address, without the password.
    pub(super) fn of(options: &AnyConnectOptions) -> Self {
        let url = &options.database_url;
        if url.scheme() == "sqlite" {
            return Self { name: "sqlite", host: None, port: None, namespace: None };
        }
        let namespace = url.path().trim_start_matches('/');
        Self {
            name: "postgresql",
            host: url.host_str().map(str::to_owned),
            port: url.port().or(Some(POSTGRES_PORT)),
            namespace: (!namespace.is_empty()).then(|| namespace.to_owned()),
        }
    }

    pub(super) const fn name(&self) -> &'static str {
        self.name
    }

    pub(super) fn is_sqlite(&self) -> bool {
        self.name == "sqlite"
    }

    /// Runs a statement in a span of its own. Its text has no values, as they are bound.
    pub(super) async fn traced<T>(
        &self,
        text: &str,
        answer: impl Future<Output = sqlx::Result<T>>,
    ) -> sqlx::Result<T> {
        let span = self.span(text);
        let watched = async {
            let answer = answer.await;
            if let Err(error) = &answer {
                failed(&Span::current(), text, error);
            }
            answer
        };
        watched.instrument(span).await
    }

    fn span(&self, text: &str) -> Span {
        let ((operation, table), summary) = (parts(text), summary(text));
        info_span!(
            "statement",
            otel.name = summary,
            otel.kind = "client",
            otel.status_code = Empty,
            "error.type" = Empty,
            db.system.name = self.name,
            db.namespace = self.namespace,
            db.operation.name = operation,
            db.collection.name = table,
            db.query.summary = summary,
            db.query.text = text,
            db.response.status_code = Empty,
            server.address = self.host,
            server.port = self.port.map(i64::from),
        )
    }
}

/// Records the error of a statement in the span and in the log.
fn failed(span: &Span, text: &str, error: &Error) {
    span.record("otel.status_code", "ERROR");
    let code = error.as_database_error().and_then(DatabaseError::code);
    match &code {
        Some(code) => {
            span.record("db.response.status_code", code.as_ref());
            span.record("error.type", code.as_ref());
        }
        None => {
            span.record("error.type", kind(error));
        }
    }
    tracing::error!(%error, statement = summary(text), "the database did not do what it was asked");
}

fn kind(error: &Error) -> &'static str {
    match error {
        Error::Io(_) => "io",
        Error::Tls(_) => "tls",
        Error::PoolTimedOut => "timeout",
        Error::PoolClosed => "closed",
        Error::RowNotFound => "row_not_found",
        Error::Decode(_) | Error::ColumnDecode { .. } => "decode",
        _ => "_OTHER",
    }
}

/// Returns the name of the span, such as `INSERT players`.
fn summary(text: &str) -> String {
    match parts(text) {
        (operation, Some(table)) => format!("{operation} {table}"),
        (operation, None) => operation.to_owned(),
    }
}

/// Returns the operation and the table of a statement, such as `INSERT` and `players`.
fn parts(text: &str) -> (&str, Option<&str>) {
    let mut words = text.split_whitespace();
    let operation = words.clone().next().unwrap_or_default();
    let table = words.find(|word| ["UPDATE", "INTO", "FROM"].contains(word)).and_then(|_| words.next());
    (operation, table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statement_has_its_operation_and_table() {
        for (text, expected) in [
            ("SELECT id, name FROM players WHERE id = $1", ("SELECT", Some("players"))),
            ("INSERT INTO matches (id) SELECT id FROM players", ("INSERT", Some("matches"))),
            ("UPDATE players SET wins = wins + 1", ("UPDATE", Some("players"))),
            ("BEGIN", ("BEGIN", None)),
        ] {
            assert_eq!(parts(text), expected, "{text}");
        }
    }

    #[test]
    fn address_has_the_system_and_no_password() {
        let system = |address: &str| format!("{:?}", System::of(&address.parse().unwrap()));
        assert_eq!(
            system("postgres://arena:secret@db/games"),
            r#"System { name: "postgresql", host: Some("db"), port: Some(5432), namespace: Some("games") }"#
        );
        assert_eq!(
            system("sqlite:///tmp/arena.db"),
            r#"System { name: "sqlite", host: None, port: None, namespace: None }"#
        );
    }
}
