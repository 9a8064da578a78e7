//! A game's backend that is watched by Prometheus, with a simulator of its players.
//!
//! `cargo run -p battle-arena`, then open <http://127.0.0.1:8080>. See README.md.

mod database;
mod error;
mod faults;
mod labels;
mod metrics;
mod options;
mod pages;
mod service;
mod simulator;
mod spans;

use std::{env, future::pending, process::ExitCode};

use actix_web::rt::{self, signal::ctrl_c, task::JoinHandle};

use crate::{database::Database, faults::Faults, options::Options, simulator::Simulator, spans::Export};

#[actix_web::main]
async fn main() -> ExitCode {
    let done = match Options::from_environment() {
        Ok(Some(options)) => run(&options).await,
        Ok(None) => {
            print!("{}", options::HELP);
            return ExitCode::SUCCESS;
        }
        Err(message) => Err(message),
    };
    match done {
        Ok(()) => {
            println!("stopped");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// What the options ask for; the last spans are sent when it is over.
async fn run(options: &Options) -> Result<(), String> {
    let alone = options.target.is_some();
    let spans = Export::start(if alone { "battle-arena-simulator" } else { "battle-arena" })?;
    let done = if alone { simulate(options).await } else { serve(options).await };
    spans.finish();
    done
}

/// The service, with the simulator inside.
async fn serve(options: &Options) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| format!("cannot make a temporary folder: {error}"))?;
    let file = format!("sqlite://{}?mode=rwc", folder.path().join("arena.db").display());
    let address = env::var("DATABASE_URL").unwrap_or(file);
    let faults = Faults::new(options.faults || options.simulate.is_some());
    let database = Database::open(&address, faults.clone()).await;
    let database = database.map_err(|error| format!("cannot open the database: {error}"))?;
    metrics::connect(&database);
    let (server, addresses) = service::start(&options.host, options.port, &database, &faults)
        .map_err(|error| format!("cannot listen on {}:{}: {error}", options.host, options.port))?;
    announce(&addresses);
    let sampling = rt::spawn(service::sample(database.clone()));
    let simulator = addresses.first().and_then(|address| Simulator::new(options, address));
    let stats = simulator.as_ref().map(Simulator::stats);
    let handle = server.handle();
    let playing = simulator.map_or_else(|| rt::spawn(pending()), |simulator| rt::spawn(simulator.run()));
    let stopping = rt::spawn(async move {
        stopped_when_told(playing).await;
        handle.stop(true).await;
    });
    let outcome = server.await.map_err(|error| format!("the server failed: {error}"));
    stopping.abort();
    sampling.abort();
    database.close().await;
    if let Some(stats) = stats {
        stats.summarise();
    }
    outcome
}

/// The simulator alone, against a service elsewhere.
async fn simulate(options: &Options) -> Result<(), String> {
    let target = options.target.as_deref().unwrap_or_default();
    let simulator = Simulator::new(options, target).ok_or("--simulate off leaves nothing to do")?;
    let stats = simulator.stats();
    stopped_when_told(rt::spawn(simulator.run())).await;
    stats.summarise();
    Ok(())
}

/// Waits for a task, which Ctrl-C ends, or what stops a container: the simulator is to stop before the server does.
async fn stopped_when_told(task: JoinHandle<()>) {
    let (interrupt, terminate) = (task.abort_handle(), task.abort_handle());
    let listening = [
        rt::spawn(async move {
            if ctrl_c().await.is_ok() {
                interrupt.abort();
            }
        }),
        rt::spawn(async move {
            if terminated().await {
                terminate.abort();
            }
        }),
    ];
    let _stopped = task.await;
    listening.iter().for_each(JoinHandle::abort);
}

/// Waits for the signal that a container is stopped by; false where there is none.
#[cfg(unix)]
async fn terminated() -> bool {
    use actix_web::rt::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut signal) => signal.recv().await.is_some(),
        Err(_) => false,
    }
}

#[cfg(not(unix))]
async fn terminated() -> bool {
    false
}

fn announce(addresses: &[String]) {
    for root in addresses {
        println!("open {root}/ in a browser, or");
        for path in ["/metrics", "/health", "/api/leaderboard", "/api/stats/matches"] {
            println!("  {root}{path}");
        }
    }
    println!("Ctrl-C stops the service");
}
