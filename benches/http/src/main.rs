//! Time and allocations of measuring a request, above a middleware that does nothing.
//!
//! `cargo run --release -p benches-http` measures all, `--quick` with fewer rounds. `--first` measures first requests.
//! `--run NAME COUNT` sends COUNT requests to one contestant and does nothing else, for `scripts/instructions-http`.

mod allocator;
mod by_hand;
mod empty;
mod first_request;
mod limit;
mod services;

use std::{
    env,
    time::{Duration, Instant},
};

use actix_web::rt::System;
use services::{Contestant, GROUPS, Group, LIMIT};

/// Number of requests in a round.
const ROUND: u32 = 2000;

fn main() {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let run = async {
        match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["--run", name, count] => run(name, count.parse().expect("a number")).await,
            ["--quick"] => compare_all(41).await,
            ["--first"] => first_request::show().await,
            [] => compare_all(201).await,
            _ => eprintln!("usage: benches-http [--quick | --first | --run NAME COUNT]"),
        }
    };
    System::new().block_on(run);
}

/// Warms one contestant up and sends requests to it.
async fn run(name: &str, count: u32) {
    for group in GROUPS {
        for contestant in group.contestants().await {
            if format!("{}/{}", group.name, contestant.name) == name {
                contestant.requests(200).await;
                measured(&contestant, count).await;
                return;
            }
        }
    }
    eprintln!("there is no {name}");
}

#[inline(never)]
async fn measured(contestant: &Contestant, count: u32) {
    contestant.requests(count).await;
}

async fn compare_all(rounds: usize) {
    for group in GROUPS {
        compare(&group, rounds).await;
    }
}

/// Measurements of a contestant.
struct Figures {
    name: &'static str,
    /// By round.
    times: Vec<Duration>,
    allocations: f64,
}

/// Rounds of all contestants are interleaved, so a noisy machine is noisy for all of them.
async fn compare(group: &Group, rounds: usize) {
    let contestants = group.contestants().await;
    for contestant in &contestants {
        contestant.requests(ROUND).await;
    }
    let mut figures = Vec::new();
    for contestant in &contestants {
        let before = allocator::calls();
        contestant.requests(ROUND).await;
        let allocations = (allocator::calls() - before) as f64 / f64::from(ROUND);
        figures.push(Figures { name: contestant.name, times: Vec::new(), allocations });
    }
    for _ in 0..rounds {
        for (contestant, figures) in contestants.iter().zip(&mut figures) {
            let start = Instant::now();
            contestant.requests(ROUND).await;
            figures.times.push(start.elapsed() / ROUND);
        }
    }
    show(group, &figures);
}

/// `above empty` is the median of the differences within a round; the ratio is to the limit with three series. The time of the
/// quietest tenth of the rounds is the closest to an idle machine.
fn show(group: &Group, figures: &[Figures]) {
    let (Some(empty), Some(limit)) = (figures.first(), figures.iter().find(|other| other.name == LIMIT))
    else {
        return;
    };
    println!("\n{}", group.title);
    println!(
        "  {:<32} {:>11} {:>13} {:>10} {:>13} {:>12}",
        "", "a request", "above empty", "to limit", "quiet tenth", "allocations"
    );
    let limit = limit.above(empty);
    for one in figures {
        let above = one.above(empty);
        println!(
            "  {:<32} {:>8.0} ns {above:>10.0} ns {:>10.2} {:>10.0} ns {:>+12.2}",
            one.name,
            quantile(one.times.iter().map(nanos), 2),
            above / limit,
            quantile(one.times.iter().map(nanos), 10) - quantile(empty.times.iter().map(nanos), 10),
            one.allocations - empty.allocations
        );
    }
}

impl Figures {
    fn above(&self, empty: &Self) -> f64 {
        quantile(self.times.iter().zip(&empty.times).map(|(own, empty)| nanos(own) - nanos(empty)), 2)
    }
}

fn nanos(time: &Duration) -> f64 {
    time.as_secs_f64() * 1e9
}

/// Returns the value at one `of`-th of the sorted values; with 2 it is the median.
fn quantile(values: impl Iterator<Item = f64>, of: usize) -> f64 {
    let mut values: Vec<_> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / of).copied().unwrap_or_default()
}
