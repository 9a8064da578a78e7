//! Backend of a game, monitored by Prometheus, with a simulator of its players.
//!
//! `cargo run -p battle-arena`, then open <http://127.0.0.1:8080>. See README.md.

mod database;
mod error;
mod faults;
mod labels;
mod log;
mod metrics;
mod options;
mod pages;
mod remote_write;
mod service;
mod signals;
mod simulator;
mod spans;
mod terminal;

use std::{env, future::pending, pin::pin, process::ExitCode};

use actix_web::rt;
use futures_util::future::{Either, join, select};

use crate::{
    database::Database, faults::Faults, options::Options, signals::Stop, simulator::Simulator, spans::Export,
    terminal::say,
};

#[actix_web::main]
async fn main() -> ExitCode {
    let done = match Options::from_environment() {
        Ok(Some(options)) => run(&options).await,
        Ok(None) => {
            say(options::HELP.trim_end());
            return ExitCode::SUCCESS;
        }
        Err(message) => Err(message),
    };
    match done {
        Ok(()) => {
            say("stopped");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the service or the simulator, and then exports the last spans.
async fn run(options: &Options) -> Result<(), String> {
    let stop = Stop::listen().map_err(|error| format!("cannot listen to signals: {error}"))?;
    let alone = options.target.is_some();
    let spans = Export::start(if alone { "battle-arena-simulator" } else { "battle-arena" })?;
    let done = if alone { simulate(options, stop).await } else { serve(options, stop).await };
    spans.finish();
    done
}

/// Runs the service with the simulator inside. They stop in the reverse order of their start.
async fn serve(options: &Options, stop: Stop) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| format!("cannot make a temporary folder: {error}"))?;
    let file = format!("sqlite://{}?mode=rwc", folder.path().join("arena.db").display());
    let address = env::var("DATABASE_URL").unwrap_or(file);
    let faults = Faults::new(options.faults || options.simulate.is_some());
    let database = Database::open(&address, faults.clone()).await;
    let database = database.map_err(|error| format!("cannot open the database: {error}"))?;
    metrics::connect();
    // Kept until the last push.
    let http = service::http_metrics();
    let (server, addresses) = service::start(&options.host, options.port, &database, &faults, &http)
        .map_err(|error| format!("cannot listen on {}:{}: {error}", options.host, options.port))?;
    announce(&addresses);
    let push = remote_write::start(options, &addresses)?;
    let sampling = rt::spawn(service::sample(database.clone()));
    let simulator = addresses.first().and_then(|address| Simulator::new(options, address));
    let stats = simulator.as_ref().map(Simulator::stats);
    let handle = server.handle();
    let outcome = match select(server, pin!(played(simulator, stop))).await {
        Either::Left((failed, _)) => failed,
        Either::Right(((), server)) => {
            faults.end();
            log::stopping();
            // Requests in flight are answered.
            join(handle.stop(true), server).await.1
        }
    };
    sampling.abort();
    let _aborted = sampling.await;
    database.close().await;
    if let Some(push) = push {
        remote_write::finish(push).await;
    }
    drop(http);
    if let Some(stats) = stats {
        stats.summarise();
    }
    outcome.map_err(|error| format!("the server failed: {error}"))
}

/// Simulates until the simulator ends or the program is to stop.
async fn played(simulator: Option<Simulator>, stop: Stop) {
    let playing = async {
        match simulator {
            Some(simulator) => simulator.run().await,
            None => pending().await,
        }
    };
    select(pin!(playing), pin!(stop.wait())).await;
}

/// Runs the simulator alone, against another service.
async fn simulate(options: &Options, stop: Stop) -> Result<(), String> {
    let target = options.target.as_deref().unwrap_or_default();
    let simulator = Simulator::new(options, target).ok_or("--simulate off leaves nothing to do")?;
    let stats = simulator.stats();
    played(Some(simulator), stop).await;
    stats.summarise();
    Ok(())
}

fn announce(addresses: &[String]) {
    for root in addresses {
        say(format_args!("open {root}/ in a browser, or"));
        for path in ["/metrics", "/metrics/live", "/health", "/api/leaderboard", "/api/stats/matches"] {
            say(format_args!("  {root}{path}"));
        }
    }
    say("Ctrl-C stops the service");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn metrics_are_as_promised() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = format!("sqlite://{}?mode=rwc", folder.path().join("arena.db").display());
        let faults = Faults::new(true);
        let database = Database::open(&file, faults.clone()).await.expect("a database");
        metrics::connect();
        let (server, addresses) =
            service::start("127.0.0.1", 0, &database, &faults, &service::http_metrics()).expect("a port");
        let handle = server.handle();
        rt::spawn(server);
        // The middleware makes its metrics with the first worker that has one.
        let answer = awc::Client::default().get(format!("{}/health", addresses[0])).send().await;
        assert!(answer.expect("an answer").status().is_success());
        metrics_core::testing::assert_metrics_lock!("metrics.lock");
        handle.stop(false).await;
    }
}
