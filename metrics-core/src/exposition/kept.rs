//! Keeps the pages that tests make, so that `scripts/test` gives all of them to others' parsers.
//!
//! The feature `keep-pages` is for that script alone; without it none of this is compiled.

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

use crate::model::Format;

/// Where the pages of this program go: a folder of its own in the one that the variable `METRICS_PAGES` names.
static FOLDER: LazyLock<Option<PathBuf>> = LazyLock::new(|| {
    let program = env::current_exe().ok()?;
    let folder = PathBuf::from(env::var_os("METRICS_PAGES")?).join(program.file_name()?);
    fs::create_dir_all(&folder).ok()?;
    Some(folder)
});

/// The contents that were kept, by their hashes.
static CONTENTS: LazyLock<Mutex<HashSet<u64>>> = LazyLock::new(Mutex::default);

/// How many were.
static NUMBER: AtomicUsize = AtomicUsize::new(0);

/// A page that is made in chunks. Beyond [`Self::MOST`] nothing of it is kept: the tests that make such pages watch how little
/// memory they take, and what is in them is on smaller pages as well.
#[derive(Default)]
pub(super) struct Parts(Vec<u8>);

impl Parts {
    const MOST: usize = 1 << 20;

    pub(super) fn push(&mut self, part: &[u8]) {
        if self.0.len() < Self::MOST {
            self.0.extend_from_slice(part);
        }
    }

    pub(super) fn finish(mut self, format: Format, rest: &[u8]) {
        self.push(rest);
        if self.0.len() < Self::MOST {
            keep(format, &self.0);
        }
    }
}

/// Keeps a page, once for each content.
pub(crate) fn keep(format: Format, page: &[u8]) {
    let extension = match format {
        Format::Text => "text",
        Format::OpenMetrics => "openmetrics",
        Format::Json => "json",
        Format::Protobuf => return,
    };
    let Some(folder) = FOLDER.as_ref() else { return };
    let mut hasher = DefaultHasher::new();
    hasher.write(page);
    let content = hasher.finish();
    let mut contents = CONTENTS.lock().unwrap_or_else(PoisonError::into_inner);
    // Looked for first, as inserting may make room for what is there: a page that is made again allocates nothing here, and a
    // test counts what scrapes allocate.
    if contents.contains(&content) || !contents.insert(content) {
        return;
    }
    drop(contents);
    // Under another name until it is whole: a test may end the program any time.
    let part = folder.join(format!("{}-{}.part", process::id(), NUMBER.fetch_add(1, Relaxed)));
    let kept = fs::write(&part, page)
        .and_then(|()| fs::rename(&part, folder.join(format!("{content:016x}.{extension}"))));
    if let Err(error) = kept {
        // The script that asked for the pages is not to take fewer for all of them.
        panic!("{}: {error}", part.display());
    }
}
