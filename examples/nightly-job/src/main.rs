//! A batch job whose metrics are pushed when it ends, in whatever way.
//!
//! `cargo run -p nightly-job -- URL [error|panic|wait]`

use std::{env, error::Error, thread, time::Duration};

use metrics_core::{Counter, Family, Job, LabelSet, LabelValue, MetricGroup, Pushgateway, timed};

#[derive(Clone, Copy, LabelValue)]
#[label(rename_all = "snake_case")]
enum Region {
    North,
    South,
}

#[derive(Clone, Copy, LabelSet)]
struct RegionLabel {
    region: Region,
}

#[derive(MetricGroup)]
#[metrics(namespace = "report")]
struct ReportMetrics {
    /// Number of orders in the report, by region.
    orders_total: Family<RegionLabel, Counter>,
}

/// Reads the orders of a region.
#[timed]
fn read_orders(region: Region) -> Vec<u64> {
    match region {
        Region::North => (1..=40).collect(),
        Region::South => (1..=25).collect(),
    }
}

fn write_report(mode: &str) -> Result<(), Box<dyn Error>> {
    for region in [Region::North, Region::South] {
        let orders = read_orders(region);
        ReportMetrics::global().orders_total.with(RegionLabel { region }).inc_by(orders.len() as u64);
    }
    match mode {
        "error" => Err("the disk is full".into()),
        "panic" => panic!("a bug"),
        "wait" => loop {
            println!("waiting for a signal");
            thread::sleep(Duration::from_secs(60));
        },
        _ => Ok(()),
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let url = arguments.next().unwrap_or("http://127.0.0.1:9091".into());
    let mode = arguments.next().unwrap_or_default();
    let job = Job::new("nightly-report").push_to(Pushgateway::new(&url)).deadline(Duration::from_secs(5));
    job.run(|| write_report(&mode))
}
