//! The pools of `bb8`, `deadpool` and `r2d2`, as their users measure them.

use std::{convert::Infallible, io, time::Duration};

use metrics_core::{PoolMetrics, PoolStatus, PoolTimes, Registry, testing::value};

/// A connection to nowhere.
#[derive(Debug)]
struct Connection;

/// Opens connections that work.
#[derive(Debug)]
struct Manager;

fn read(registry: &Registry, name: &str) -> Option<f64> {
    let (name, labels) = name.split_once('{').unwrap_or((name, "}"));
    let pool = "db_client_connection_pool_name=\"main\"";
    let comma = if labels == "}" { "" } else { "," };
    value(registry, &format!("db_client_connection_{name}{{{pool}{comma}{labels}"))
}

const STATES: [&str; 3] =
    ["count{db_client_connection_state=\"idle\"}", "count{db_client_connection_state=\"used\"}", "max"];

impl bb8::ManageConnection for Manager {
    type Connection = Connection;
    type Error = Infallible;

    async fn connect(&self) -> Result<Connection, Infallible> {
        Ok(Connection)
    }

    async fn is_valid(&self, _: &mut Connection) -> Result<(), Infallible> {
        Ok(())
    }

    fn has_broken(&self, _: &mut Connection) -> bool {
        false
    }
}

#[tokio::test(start_paused = true)]
async fn bb8() {
    let registry = Registry::new();
    let wait = Duration::from_millis(50);
    let pool = bb8::Pool::builder().max_size(2).connection_timeout(wait).build(Manager).await.unwrap();
    let shared = pool.clone();
    let _metrics = PoolMetrics::register_in(&registry, "main", move || {
        let (state, max) = (shared.state(), 2);
        let statistics = state.statistics;
        PoolStatus {
            size: state.connections as usize,
            idle: state.idle_connections as usize,
            max,
            pending: usize::try_from(statistics.pending_gets()).ok(),
            waits: Some(statistics.get_waited),
            wait_time: Some(statistics.get_wait_time),
            timeouts: Some(statistics.get_timed_out),
            created: Some(statistics.connections_created),
        }
    })
    .unwrap();
    let counts = ["pending_requests", "timeouts_total", "created_total"];
    assert_eq!(counts.map(|name| read(&registry, name)), [Some(0.0); 3], "before the first use");
    let (_one, other) = (pool.get().await.unwrap(), pool.get().await.unwrap());
    assert!(pool.get().await.is_err(), "both are in use");
    drop(other);
    assert_eq!(STATES.map(|name| read(&registry, name)), [1.0, 1.0, 2.0].map(Some));
    assert_eq!(counts.map(|name| read(&registry, name)), [0.0, 1.0, 2.0].map(Some));
}

impl deadpool::managed::Manager for Manager {
    type Type = Connection;
    type Error = Infallible;

    async fn create(&self) -> Result<Connection, Infallible> {
        Ok(Connection)
    }

    async fn recycle(
        &self,
        _: &mut Connection,
        _: &deadpool::managed::Metrics,
    ) -> deadpool::managed::RecycleResult<Infallible> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn deadpool() {
    use deadpool::{
        Runtime,
        managed::{Pool, PoolError},
    };

    let registry = Registry::new();
    let wait = Some(Duration::from_millis(50));
    let pool: Pool<Manager> =
        Pool::builder(Manager).max_size(2).wait_timeout(wait).runtime(Runtime::Tokio1).build().unwrap();
    let shared = pool.clone();
    let _metrics = PoolMetrics::register_in(&registry, "main", move || {
        let status = shared.status();
        PoolStatus {
            size: status.size,
            idle: status.available,
            max: status.max_size,
            pending: Some(status.waiting),
            ..PoolStatus::default()
        }
    })
    .unwrap();
    let times = PoolTimes::register_in(&registry, "main").unwrap();
    let counts =
        ["wait_time_seconds_count", "use_time_seconds_count", "timeouts_total", "acquire_errors_total"];
    assert_eq!(counts.map(|name| read(&registry, name)), [Some(0.0); 4], "before the first use");
    let get = || times.wait(pool.get(), |error| matches!(error, PoolError::Timeout(_)));
    let (_one, other) = (get().await.unwrap(), get().await.unwrap());
    assert!(get().await.is_err(), "both are in use");
    drop(other);
    pool.close();
    assert!(get().await.is_err(), "the pool is closed");
    assert_eq!(counts.map(|name| read(&registry, name)), [2.0, 1.0, 1.0, 1.0].map(Some));
}

impl r2d2::ManageConnection for Manager {
    type Connection = Connection;
    type Error = io::Error;

    fn connect(&self) -> io::Result<Connection> {
        Ok(Connection)
    }

    fn is_valid(&self, _: &mut Connection) -> io::Result<()> {
        Ok(())
    }

    fn has_broken(&self, _: &mut Connection) -> bool {
        false
    }
}

/// Passes the events of a pool on.
#[derive(Debug)]
struct Events(PoolTimes);

impl r2d2::HandleEvent for Events {
    fn handle_checkout(&self, event: r2d2::event::CheckoutEvent) {
        self.0.record_wait(event.duration());
    }

    fn handle_checkin(&self, event: r2d2::event::CheckinEvent) {
        self.0.record_use(event.duration());
    }

    fn handle_timeout(&self, _: r2d2::event::TimeoutEvent) {
        self.0.record_timeout();
    }
}

#[test]
fn events_of_r2d2() {
    let registry = Registry::new();
    let times = PoolTimes::register_in(&registry, "main").unwrap();
    let wait = Duration::from_millis(50);
    let builder = r2d2::Pool::builder().max_size(1).connection_timeout(wait);
    let pool = builder.event_handler(Box::new(Events(times))).build(Manager).unwrap();
    let counts = ["wait_time_seconds_count", "use_time_seconds_count", "timeouts_total"];
    assert_eq!(counts.map(|name| read(&registry, name)), [Some(0.0); 3], "before the first use");
    let connection = pool.get().unwrap();
    assert!(pool.get().is_err(), "it is in use");
    assert_eq!(counts.map(|name| read(&registry, name)), [1.0, 0.0, 1.0].map(Some));
    drop(connection);
    assert_eq!(counts.map(|name| read(&registry, name)), [Some(1.0); 3]);
}

#[test]
fn r2d2() {
    let registry = Registry::new();
    let wait = Duration::from_millis(50);
    let pool = r2d2::Pool::builder().max_size(1).connection_timeout(wait).build(Manager).unwrap();
    let shared = pool.clone();
    let _metrics = PoolMetrics::register_in(&registry, "main", move || {
        let state = shared.state();
        PoolStatus {
            size: state.connections as usize,
            idle: state.idle_connections as usize,
            max: shared.max_size() as usize,
            ..PoolStatus::default()
        }
    })
    .unwrap();
    let times = PoolTimes::register_in(&registry, "main").unwrap();
    assert_eq!(STATES.map(|name| read(&registry, name)), [1.0, 0.0, 1.0].map(Some));
    // The only error there is.
    let get = || times.wait_blocking(|| pool.get(), |_| true);
    let connection = get().unwrap();
    assert!(get().is_err(), "it is in use");
    assert_eq!(STATES.map(|name| read(&registry, name)), [0.0, 1.0, 1.0].map(Some));
    drop(connection);
    let counts = ["wait_time_seconds_count", "use_time_seconds_count", "timeouts_total"];
    assert_eq!(counts.map(|name| read(&registry, name)), [Some(1.0); 3]);
}
