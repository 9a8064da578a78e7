//! A worker without a web framework, with its metrics on a port of their own.
//!
//! `cargo run -p worker`, then open <http://127.0.0.1:9464/metrics/live>. See README.md.

use std::{env, error::Error, io, sync::mpsc, thread, time::Duration};

use metrics_actix::{MetricsRoute, MetricsServer};
use metrics_core::{Counter, Gauge, MetricGroup, build_info, observed};

build_info!();

/// Pause between two jobs of the source.
const PAUSE: Duration = Duration::from_millis(50);

#[derive(Debug, MetricGroup)]
#[metrics(namespace = "worker")]
struct WorkerMetrics {
    /// Jobs in the queue.
    queued_jobs: Gauge,
    /// Bytes of all pictures that were made smaller.
    read_bytes_total: Counter,
}

/// Makes a picture smaller; every tenth is broken.
#[observed]
fn shrink(job: u64) -> Result<u64, &'static str> {
    if job % 10 == 9 {
        return Err("the picture is broken");
    }
    thread::sleep(Duration::from_millis(job % 7));
    Ok(1_000 * (job % 5))
}

fn work(jobs: &mpsc::Receiver<u64>) {
    let metrics = WorkerMetrics::global();
    for job in jobs {
        metrics.queued_jobs.dec();
        match shrink(job) {
            Ok(bytes) => metrics.read_bytes_total.inc_by(bytes),
            Err(error) => eprintln!("job {job}: {error}"),
        }
    }
}

fn serve_metrics() -> io::Result<()> {
    let port = env::var("PORT").ok().and_then(|port| port.parse().ok()).unwrap_or(9464);
    let server = MetricsServer::bind(("127.0.0.1", port))?;
    let server = server.route(MetricsRoute::new("/metrics").live("/metrics/live")).spawn()?;
    println!("open http://{}/metrics/live in a browser", server.address());
    Ok(()) // it runs on a thread of its own until the program ends
}

fn main() -> Result<(), Box<dyn Error>> {
    serve_metrics()?;
    let (source, jobs) = mpsc::channel();
    thread::spawn(move || work(&jobs));
    for job in 0.. {
        WorkerMetrics::global().queued_jobs.inc();
        source.send(job)?;
        thread::sleep(PAUSE);
    }
    Ok(())
}
