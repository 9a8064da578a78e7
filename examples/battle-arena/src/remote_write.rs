//! The metrics sent by remote write, for a Prometheus that cannot scrape the arena.

use std::time::Duration;

use metrics_core::{Push, PushHandle, RemoteWrite};

use crate::options::Options;

/// Time between pushes.
const PERIOD: Duration = Duration::from_secs(15);
/// Longest time that the last push takes.
const DEADLINE: Duration = Duration::from_secs(10);

/// Starts to push if the options name a receiver. The instance is the first address of the server.
pub(crate) fn start(options: &Options, addresses: &[String]) -> Result<Option<PushHandle>, String> {
    let Some(url) = &options.remote_write else { return Ok(None) };
    let instance = addresses.first().map_or("", |address| address.trim_start_matches("http://"));
    let target = RemoteWrite::new(url).label("job", "battle-arena").label("instance", instance);
    let push = Push::to(target).every(PERIOD).start();
    push.map(Some).map_err(|error| format!("--remote-write: {error}"))
}

/// Pushes the last state, and ends the series at the receiver.
pub(crate) async fn finish(push: PushHandle) {
    if let Err(error) = push.shutdown(DEADLINE).await {
        tracing::warn!("the last metrics were not sent: {error}");
    }
}
