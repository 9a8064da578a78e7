//! The program's end, whenever it comes.

use std::{
    net::SocketAddr,
    process::Command,
    sync::atomic::{AtomicU64, Ordering},
    thread,
};

use tests::{http, wait};

use super::{Arena, LIMIT};

/// Number of times that the program is stopped.
const ROUNDS: u64 = 20;
/// Number of clients beside the simulator's, and the further answers that each round waits for.
const CLIENTS: usize = 3;
const STEP: u64 = 10;

/// Stops the program again and again amid traffic, by Ctrl-C and as a service manager does, each time a little later. It ends
/// well and has nothing to complain of.
pub(crate) fn stops_cleanly(command: impl Fn() -> Command) {
    for round in 0..ROUNDS {
        let signal = if round.is_multiple_of(2) { "INT" } else { "TERM" };
        let mut command = command();
        // On a busy machine queries are slow, and the health check may be given up.
        command.env("RUST_LOG", "warn,sqlx=error,metrics_actix::health=error");
        let mut arena =
            Arena::start_as(command.args(["--simulate", "stress", "--players", "20", "--chaos", "0"]));
        let answers = AtomicU64::new(0);
        thread::scope(|scope| {
            for _ in 0..CLIENTS {
                scope.spawn(|| ask_until_it_is_gone(arena.address, &answers));
            }
            let wanted = round * STEP;
            let asked = wait::poll(LIMIT, || (answers.load(Ordering::Relaxed) >= wanted).then_some(()));
            // Stopped in any case, as the clients wait for that.
            arena.process.signal(signal);
            assert!(asked.is_some(), "{wanted} answers");
        });
        let status = arena.process.wait_for_end(LIMIT);
        let output = arena.process.output();
        assert_eq!(arena.process.errors(), Vec::<String>::new(), "after SIG{signal} in round {round}");
        assert_eq!(status.code(), Some(0), "after SIG{signal} in round {round}: {output:?}");
        assert_eq!(output.last().map(String::as_str), Some("stopped"), "{output:?}");
    }
}

fn ask_until_it_is_gone(address: SocketAddr, answers: &AtomicU64) {
    let paths = ["/api/leaderboard", "/api/players/1", "/metrics", "/api/stats/revenue", "/health"];
    for path in paths.iter().cycle() {
        if http::get(address, path).is_err() {
            break;
        }
        answers.fetch_add(1, Ordering::Relaxed);
    }
}
