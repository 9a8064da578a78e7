//! Pages of tests, kept for the parsers of other projects.
//!
//! `scripts/test` sets the variable `METRICS_PAGES` to a folder and gives the pages in it to `tests/python/check.py`. Without
//! the variable nothing is kept.
#![expect(clippy::missing_panics_doc, reason = "a test's support panics wherever the test has failed")]

use std::{
    collections::HashSet,
    env, fs,
    hash::{DefaultHasher, Hasher as _},
    path::PathBuf,
    process,
    sync::{
        LazyLock, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

/// This program's folder in the one that `METRICS_PAGES` names.
static FOLDER: LazyLock<Option<PathBuf>> = LazyLock::new(|| {
    let program = env::current_exe().ok()?;
    let folder = PathBuf::from(env::var_os("METRICS_PAGES")?).join(program.file_name()?);
    fs::create_dir_all(&folder).ok()?;
    Some(folder)
});

/// Hashes of the pages that were kept.
static CONTENTS: LazyLock<Mutex<HashSet<u64>>> = LazyLock::new(Mutex::default);

static NUMBER: AtomicUsize = AtomicUsize::new(0);

/// Keeps a page in the text format 0.0.4 and returns it.
pub fn text(page: String) -> String {
    keep("text", page.as_bytes());
    page
}

/// Keeps a page in `OpenMetrics` and returns it.
pub fn open_metrics(page: String) -> String {
    keep("openmetrics", page.as_bytes());
    page
}

/// Keeps a page in JSON.
pub fn json(page: &[u8]) {
    keep("json", page);
}

/// Keeps a page once for each content, in a file with the format's extension: `text`, `openmetrics` or `json`.
pub fn keep(extension: &str, page: &[u8]) {
    let Some(folder) = FOLDER.as_ref() else { return };
    let mut hasher = DefaultHasher::new();
    hasher.write(page);
    let content = hasher.finish();
    if !CONTENTS.lock().unwrap_or_else(PoisonError::into_inner).insert(content) {
        return;
    }
    // Renamed once it is complete, as a test may end the program at any time.
    let part = folder.join(format!("{}-{}.part", process::id(), NUMBER.fetch_add(1, Relaxed)));
    let kept = fs::write(&part, page)
        .and_then(|()| fs::rename(&part, folder.join(format!("{content:016x}.{extension}"))));
    if let Err(error) = kept {
        // Otherwise `scripts/test` would take fewer pages for all of them.
        panic!("{}: {error}", part.display());
    }
}
