//! Measured connections of `redis` with a server that the test starts.

use std::{
    net::{Ipv4Addr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    time::Duration,
};

use metrics_core::{RedisMetrics, Registry, count_database_use, testing::value};
use redis::{AsyncCommands as _, Client, aio::MultiplexedConnection, cmd, pipe};
use tests::{futures::poll_once, wait};
use tokio::task::JoinSet;

/// A server without files. It ends when this is dropped.
struct Server {
    process: Child,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ended = self.process.kill();
        let _ended = self.process.wait();
    }
}

impl Server {
    fn start() -> Self {
        // Somebody else may take a port that was free just now; then it is another one.
        (0..5).find_map(|_| Self::try_start()).expect("a port that stays free")
    }

    fn try_start() -> Option<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        drop(listener);
        let process = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server starts; on Debian: apt-get install redis-server; scripts/test does it");
        let mut server = Self { process, port };
        let connects = || TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok();
        let mut ended = || server.process.try_wait().is_ok_and(|status| status.is_some());
        wait::poll(Duration::from_secs(60), || if ended() { Some(None) } else { connects().map(Some) })??;
        Some(server)
    }

    async fn connect(&self) -> MultiplexedConnection {
        let client = Client::open(("127.0.0.1", self.port)).expect("an address");
        client.get_multiplexed_async_connection().await.expect("a connection")
    }
}

fn count(registry: &Registry, command: &str, error: &str) -> Option<f64> {
    let error = if error.is_empty() { String::new() } else { format!(",error_type=\"{error}\"") };
    let labels = format!("db_system_name=\"redis\",db_operation_name=\"{command}\"{error}");
    value(registry, &format!("db_client_operation_duration_seconds_count{{{labels}}}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn commands() {
    let mut server = Server::start();
    let registry = Registry::new();
    let metrics = RedisMetrics::register_in(&registry).unwrap();
    for command in
        ["DEL", "EXPIRE", "GET", "HGET", "HSET", "INCR", "INCRBY", "MGET", "SET", "PIPELINE", "_OTHER"]
    {
        for error in ["", "connection", "timeout", "cancelled", "_OTHER"] {
            assert_eq!(count(&registry, command, error), Some(0.0), "{command} {error} before the first");
        }
    }
    let lines = registry.text().lines().count();
    let connection = metrics.measure(server.connect().await);
    let mut tasks = JoinSet::new();
    for task in 0..8 {
        let mut connection = connection.clone();
        tasks.spawn(count_database_use(async move {
            for number in 0..625 {
                let key = format!("key-{task}-{number}");
                let () = connection.set(&key, "text").await.unwrap();
                // A text is no number.
                let result: redis::RedisResult<i64> = connection.incr(&key, 1).await;
                assert!(result.is_err());
            }
        }));
    }
    while let Some(result) = tasks.join_next().await {
        let ((), used) = result.unwrap();
        assert_eq!(used.operations, 1250, "those of a task are its own");
    }
    assert_eq!(count(&registry, "SET", ""), Some(5000.0));
    assert_eq!(
        (count(&registry, "INCRBY", ""), count(&registry, "INCRBY", "_OTHER")),
        (Some(0.0), Some(5000.0))
    );

    let mut connection = connection;
    let () = pipe().set("a", 1).get("a").ignore().query_async(&mut connection).await.unwrap();
    let failed: redis::RedisResult<()> =
        pipe().set("b", "text").incr("b", 1).query_async(&mut connection).await;
    assert!(failed.is_err());
    assert_eq!(
        (count(&registry, "PIPELINE", ""), count(&registry, "PIPELINE", "_OTHER")),
        (Some(1.0), Some(1.0))
    );
    // It waits for somebody who never comes.
    assert!(poll_once(cmd("BLPOP").arg("nothing").arg(0).exec_async(&mut connection)).is_pending());
    assert_eq!(count(&registry, "_OTHER", "cancelled"), Some(1.0));
    server.process.kill().unwrap();
    server.process.wait().unwrap();
    let gone: redis::RedisResult<String> = connection.get("a").await;
    assert!(gone.is_err());
    assert_eq!(count(&registry, "GET", "connection"), Some(1.0));
    assert_eq!(registry.text().lines().count(), lines, "no key and no command has made a series");
}
