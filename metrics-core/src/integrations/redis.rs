//! Connections of `redis` whose commands are measured.

use std::{fmt, sync::Arc};

use redis::{Arg, Cmd, Pipeline, RedisError, RedisFuture, RedisResult, Value, aio::ConnectionLike};

use super::{
    database_use::record_database_operation,
    operations::{DURATION_BUCKETS, SYSTEM_NAME},
};
use crate::{
    clock::Stopwatch,
    metric::{DynamicFamily, Histogram},
    model::RegistrationError,
    registry::{Definition, Registry},
};

/// Commands that most services send.
const COMMON_COMMANDS: &[&str] = &["DEL", "EXPIRE", "GET", "HGET", "HSET", "INCR", "INCRBY", "MGET", "SET"];

/// Value of a command that is not listed.
const OTHER: &str = "_OTHER";
/// Value of several commands that are sent together.
const PIPELINE: &str = "PIPELINE";

/// Values of `error_type`; the first is its absence.
const ERROR_TYPES: [&str; 5] = ["", "connection", "timeout", "cancelled", OTHER];

/// Duration and errors of the commands of `redis`, by command.
///
/// ```
/// use metrics_core::{RedisMetrics, Registry};
///
/// # async fn example(connection: impl redis::aio::ConnectionLike + Send) -> Result<(), Box<dyn std::error::Error>> {
/// let metrics = RedisMetrics::register_in(Registry::global())?;
/// let mut connection = metrics.measure(connection); // of every kind, also multiplexed ones
/// redis::cmd("SET").arg("players").arg(7).exec_async(&mut connection).await?;
/// # Ok(())
/// # }
/// ```
///
/// A command counts once in `db_client_operation_duration_seconds`. Its `error_type` is `connection`, `timeout`, `cancelled` (the
/// future was dropped before its end) or `_OTHER`, as are errors that the server answers. A pipeline counts as one `PIPELINE`, with
/// an error if one of its commands has one. Clones share the metrics, which leave the page with the last of them.
#[derive(Clone)]
pub struct RedisMetrics {
    commands: Arc<[Command]>,
}

/// Histograms of a command, by type of error.
#[derive(Debug)]
struct Command {
    name: &'static str,
    durations: [Histogram; ERROR_TYPES.len()],
}

impl RedisMetrics {
    /// Registers the metrics. Nine common commands are known by name, and all others are `_OTHER`.
    ///
    /// # Errors
    ///
    /// Returns a conflict with a metric of the registry that has the same name.
    pub fn register_in(registry: &Registry) -> Result<Self, RegistrationError> {
        Self::register_with_commands(registry, COMMON_COMMANDS)
    }

    /// Registers the metrics with other known commands, in capitals.
    ///
    /// # Errors
    ///
    /// Returns a conflict with a metric of the registry that has the same name.
    pub fn register_with_commands(
        registry: &Registry,
        commands: &[&'static str],
    ) -> Result<Self, RegistrationError> {
        let help = "Duration of database client operations in seconds.";
        let definition = Definition::new("db_client_operation_duration_seconds", help)
            .label(SYSTEM_NAME, "redis")
            .dynamic_label("db_operation_name", commands.len() + 2)
            .dynamic_label("error_type", ERROR_TYPES.len())
            .buckets(DURATION_BUCKETS);
        let family: DynamicFamily<Histogram> = registry.register(&definition)?;
        let durations = |name| ERROR_TYPES.map(|error| family.with(&[name, error]));
        let names = commands.iter().copied().chain([PIPELINE, OTHER]);
        Ok(Self { commands: names.map(|name| Command { name, durations: durations(name) }).collect() })
    }

    /// Measures the commands of a connection.
    pub fn measure<C>(&self, connection: C) -> MeasuredRedis<C> {
        MeasuredRedis { connection, metrics: self.clone() }
    }

    /// Starts to measure a command.
    fn start(&self, name: &[u8]) -> Option<MeasuredCommand<'_>> {
        let known = self.commands.iter().find(|command| command.name.as_bytes().eq_ignore_ascii_case(name));
        let command = known.or_else(|| self.commands.last())?;
        Some(MeasuredCommand { command, error: "cancelled", watch: Stopwatch::start() })
    }
}

impl fmt::Debug for RedisMetrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.commands.iter().map(|command| command.name);
        f.debug_struct("RedisMetrics").field("commands", &names.collect::<Vec<_>>()).finish()
    }
}

/// A command that is running. It counts once, when it is dropped.
struct MeasuredCommand<'a> {
    command: &'a Command,
    error: &'static str,
    watch: Stopwatch,
}

impl MeasuredCommand<'_> {
    fn end<T>(mut self, result: &RedisResult<T>, is_error: impl FnOnce(&T) -> bool) {
        self.error = match result {
            Ok(value) if is_error(value) => OTHER,
            Ok(_) => "",
            Err(error) => error_type(error),
        };
    }
}

impl Drop for MeasuredCommand<'_> {
    fn drop(&mut self) {
        let elapsed = self.watch.elapsed();
        let durations = ERROR_TYPES.iter().zip(&self.command.durations);
        if let Some((_, duration)) = durations.into_iter().find(|(error, _)| **error == self.error) {
            duration.observe_duration(elapsed);
        }
        record_database_operation(elapsed);
    }
}

fn error_type(error: &RedisError) -> &'static str {
    if error.is_timeout() {
        "timeout"
    } else if error.is_io_error() || error.is_connection_dropped() || error.is_connection_refusal() {
        "connection"
    } else {
        OTHER
    }
}

/// A connection of `redis` whose commands are measured, of [`RedisMetrics::measure`].
#[derive(Clone, Debug)]
pub struct MeasuredRedis<C> {
    connection: C,
    metrics: RedisMetrics,
}

impl<C> MeasuredRedis<C> {
    /// Returns the connection, whose commands are not measured.
    pub const fn inner(&mut self) -> &mut C {
        &mut self.connection
    }
}

impl<C: ConnectionLike + Send> ConnectionLike for MeasuredRedis<C> {
    fn req_packed_command<'a>(&'a mut self, cmd: &'a Cmd) -> RedisFuture<'a, Value> {
        Box::pin(async move {
            let name = cmd.args_iter().next();
            let measured = self.metrics.start(match name {
                Some(Arg::Simple(name)) => name,
                _ => &[],
            });
            let result = self.connection.req_packed_command(cmd).await;
            if let Some(measured) = measured {
                measured.end(&result, is_server_error);
            }
            result
        })
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        pipeline: &'a Pipeline,
        offset: usize,
        count: usize,
    ) -> RedisFuture<'a, Vec<Value>> {
        Box::pin(async move {
            let measured = self.metrics.start(PIPELINE.as_bytes());
            let result = self.connection.req_packed_commands(pipeline, offset, count).await;
            if let Some(measured) = measured {
                measured.end(&result, |values| values.iter().any(is_server_error));
            }
            result
        })
    }

    fn get_db(&self) -> i64 {
        self.connection.get_db()
    }
}

/// Returns whether the server answers with an error, which `redis` gives as a value at this place.
const fn is_server_error(value: &Value) -> bool {
    matches!(value, Value::ServerError(_))
}
