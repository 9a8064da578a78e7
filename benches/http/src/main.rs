//! What measuring a request costs in the process, above a middleware that does nothing, and how often it allocates.
//!
//! `cargo run --release -p benches-http` measures all; `--quick` with fewer rounds. `cargo run --release -p benches-http -- --run NAME COUNT`
//! does nothing but so many requests to one contestant, for `scripts/instructions-http`.

mod allocator;
mod by_hand;
mod empty;
mod limit;
mod services;

use std::{
    env,
    time::{Duration, Instant},
};

use actix_web::rt::System;
use services::{Contestant, GROUPS, Group};

/// How many requests a round has.
const ROUND: u32 = 2000;

fn main() {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let run = async {
        match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["--run", name, count] => run(name, count.parse().expect("a number")).await,
            ["--quick"] => compare_all(41).await,
            [] => compare_all(201).await,
            _ => eprintln!("usage: benches-http [--quick | --run NAME COUNT]"),
        }
    };
    System::new().block_on(run);
}

/// Does nothing but requests to one contestant, once it is warm.
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

/// Rounds of all contestants take turns, so that a noisy machine is noisy for all of them, and medians are compared.
async fn compare(group: &Group, rounds: usize) {
    let contestants = group.contestants().await;
    let mut times = vec![Vec::new(); contestants.len()];
    for contestant in &contestants {
        contestant.requests(ROUND).await;
    }
    for _ in 0..rounds {
        for (contestant, times) in contestants.iter().zip(&mut times) {
            let start = Instant::now();
            contestant.requests(ROUND).await;
            times.push(start.elapsed() / ROUND);
        }
    }
    let mut allocations = Vec::new();
    for contestant in &contestants {
        let before = allocator::calls();
        contestant.requests(ROUND).await;
        allocations.push((allocator::calls() - before) as f64 / f64::from(ROUND));
    }
    let medians: Vec<_> = times.into_iter().map(median).collect();
    println!("\n{}", group.title);
    println!("  {:<44} {:>9} {:>13} {:>12}", "", "a request", "above empty", "allocations");
    for ((contestant, median), calls) in contestants.iter().zip(&medians).zip(&allocations) {
        let above = median.as_nanos().cast_signed() - medians[0].as_nanos().cast_signed();
        println!(
            "  {:<44} {:>6} ns {above:>10} ns {:>+12.2}",
            contestant.name,
            median.as_nanos(),
            calls - allocations[0]
        );
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
