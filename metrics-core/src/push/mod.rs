//! Pushes: registries sent to servers that cannot scrape them, and metrics of jobs that end.
//!
//! A [`Push`] takes the registry's state every period, encodes it by the [`Protocol`](protocol::Protocol) of its target, and sends
//! the requests over a [`Transport`](transport::Transport). Protocols know nothing of retries, queues, credentials or files;
//! the [`Sender`](sender::Sender) knows nothing of formats.

#[cfg(test)]
mod attempts;
mod builder;
mod calls;
mod client;
mod connector;
mod error;
#[cfg(any(feature = "remote-write", feature = "otlp"))]
mod families;
mod handle;
mod job;
mod job_metrics;
#[cfg(unix)]
mod job_signals;
#[cfg(any(feature = "remote-write", feature = "otlp"))]
mod messages;
#[cfg(feature = "otlp")]
mod otlp;
mod protocol;
mod pushgateway;
mod queue;
#[cfg(feature = "remote-write")]
mod remote_write;
mod retry;
mod self_metrics;
mod sender;
mod target;
mod target_url;
mod textfile;
#[cfg(feature = "push-tls")]
mod tls;
mod transport;

pub use builder::Push;
pub use client::PushClient;
pub use error::PushError;
pub use handle::PushHandle;
pub use job::{Job, RunningJob};
#[cfg(feature = "otlp")]
pub use otlp::Otlp;
pub use pushgateway::Pushgateway;
#[cfg(feature = "remote-write")]
pub use remote_write::RemoteWrite;
pub use target::PushTarget;
pub use textfile::Textfile;
