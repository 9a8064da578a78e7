//! Files for the textfile collector of `node_exporter`.
//!
//! <https://github.com/prometheus/node_exporter#textfile-collector>

use std::{
    fs, io,
    path::{Path, PathBuf},
    process,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::SystemTime,
};

use bytes::Bytes;
use tokio::task::spawn_blocking;

use super::{
    error::PushError,
    protocol::{Backlog, Protocol, PushRequest, PushResponse},
    target::{Destination, IntoDestination},
    transport::{Attempt, Transport, TransportError},
};
use crate::{
    exposition::{Page, Scrape},
    model::Format,
    registry::Registry,
};

/// A file in the folder that `node_exporter` has as `--collector.textfile.directory`.
///
/// Each push replaces the file in one step: it is written beside, with mode 0644, and renamed. The page is in the text format and
/// without timestamps, the only one that `node_exporter` takes. The name must end in `.prom`, and the folder must exist.
///
/// ```
/// use std::time::Duration;
/// use metrics_core::{Definition, Gauge, Push, Registry, Textfile};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = std::env::temp_dir();
/// # let path = folder.join(format!("doc-test-{}.prom", std::process::id()));
/// let registry = Registry::new();
/// let size: Gauge = registry.register(&Definition::new("backup_size_bytes", "Size of the last backup in bytes."))?;
/// size.set(4096);
/// let push = Push::to(Textfile::new(&path)).registry(&registry).start()?;
/// push.flush_blocking(Duration::from_secs(10))?;
/// # #[cfg(feature = "enabled")]
/// assert!(std::fs::read_to_string(&path)?.contains("\nbackup_size_bytes 4096\n"));
/// # std::fs::remove_file(&path)?;
/// # Ok(())
/// # }
/// ```
///
/// `node_exporter` reads all files of the folder as one page: a family must have the same type in each, and no two files may
/// have the same series.
#[derive(Clone, Debug)]
pub struct Textfile {
    path: PathBuf,
}

impl Textfile {
    /// Names the file, such as `/var/lib/prometheus/node-exporter/backup.prom`.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    fn check(&self) -> Result<(), PushError> {
        let config = |why: String| Err(PushError::Config(why));
        let path = self.path.display();
        if self.path.extension().is_none_or(|extension| extension != "prom") {
            return config(format!("node_exporter reads files whose names end in `.prom`, unlike `{path}`"));
        }
        let folder = folder(&self.path);
        match fs::metadata(folder) {
            Ok(found) if found.is_dir() => {
                if !is_open_to_others(&found) {
                    log::warn!(
                        "the folder of `{path}` cannot be read by other users; node_exporter must run as this one"
                    );
                }
                Ok(())
            }
            Ok(_) => config(format!("`{}` is no folder", folder.display())),
            Err(error) => config(format!("the folder `{}` cannot be used: {error}", folder.display())),
        }
    }
}

/// Returns the folder of a file; that of a mere name is the current one.
fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(unix)]
fn is_open_to_others(folder: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;

    folder.permissions().mode() & 0o005 == 0o005
}

#[cfg(not(unix))]
fn is_open_to_others(_: &fs::Metadata) -> bool {
    true
}

impl IntoDestination for Textfile {
    fn into_destination(self, job: Option<&str>) -> Result<Destination, PushError> {
        self.check()?;
        let former_page = job.and_then(|_| fs::read_to_string(&self.path).ok());
        let protocol = TextfileProtocol { page: Page::default() };
        let mut destination = Destination::new(protocol, FileTransport { path: self.path.into() });
        destination.former_page = former_page;
        Ok(destination)
    }
}

struct TextfileProtocol {
    page: Page,
}

impl Protocol for TextfileProtocol {
    fn name(&self) -> &'static str {
        "textfile"
    }

    fn backlog(&self) -> Backlog {
        Backlog::LatestOnly
    }

    fn requests(&mut self, registry: &Registry, _: SystemTime) -> Result<Vec<PushRequest>, PushError> {
        registry.scrape(&Scrape::new(Format::Text).without_timestamps(), &mut self.page);
        Ok(vec![PushRequest::new(Bytes::copy_from_slice(self.page.as_ref()))])
    }
}

/// Carrier that replaces a file by the body of a request.
struct FileTransport {
    path: Arc<Path>,
}

impl Transport for FileTransport {
    fn send(&self, request: PushRequest) -> Attempt {
        let path = Arc::clone(&self.path);
        Box::pin(async move {
            let failed = |error: String| TransportError(format!("the file cannot be written: {error}"));
            let written = spawn_blocking(move || replace(&path, request.body())).await;
            written.map_err(|error| failed(error.to_string()))?.map_err(|error| failed(error.to_string()))?;
            Ok(PushResponse::default())
        })
    }
}

/// Writes a file beside and renames it, so that a reader sees the old or the new one whole.
fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Relaxed);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = folder(path).join(format!(".{name}.{}.{number}.tmp", process::id()));
    let written = write_new(&beside, content).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // It may not exist.
        let _ = fs::remove_file(&beside);
    }
    written
}

fn write_new(path: &Path, content: &[u8]) -> io::Result<()> {
    use io::Write as _;

    let mut file = fs::File::create_new(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;

        // Whatever the mask of the process is: node_exporter is another user.
        file.set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    file.write_all(content)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_paths_are_refused() {
        for path in ["/tmp/a.txt", "/tmp/prom", "/nowhere/at/all/a.prom", "/dev/null/a.prom"] {
            assert!(matches!(Textfile::new(path).check(), Err(PushError::Config(_))), "{path}");
        }
        Textfile::new("a.prom").check().unwrap();
    }
}
