//! The configuration file: lock files, and what else queries may read.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use metrics_core::testing::lock::Lock;
use serde::Deserialize;

use crate::{contract::Contract, source_file::SourceFile};

/// Configuration of `cargo metrics`, from the file [`Config::FILE`].
///
/// ```toml
/// # Paths are relative to this file.
/// lock = "metrics.lock"
/// other_locks = ["../other-service/metrics.lock"]
/// # Files and folders that `check` without paths reads.
/// paths = ["monitoring", "README.md"]
/// # Labels that scraping sets on every series, beside `job` and `instance`.
/// target_labels = ["cluster"]
/// # Recordings that no file here reads.
/// read_elsewhere = ["slo:*"]
///
/// # Metrics of other programs, with their labels or "any".
/// [others]
/// "node_*" = "any"
/// probe_success = ["target"]
/// ```
#[derive(Clone, Debug, Default)]
pub struct Config {
    folder: PathBuf,
    file: File,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    lock: Option<PathBuf>,
    other_locks: Vec<PathBuf>,
    paths: Vec<PathBuf>,
    target_labels: Vec<String>,
    read_elsewhere: Vec<String>,
    others: BTreeMap<String, OtherLabels>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum OtherLabels {
    Any(Any),
    Labels(Vec<String>),
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Any {
    Any,
}

impl Config {
    /// Name of the file.
    pub const FILE: &str = "metrics-contract.toml";

    /// Reads a configuration.
    ///
    /// # Errors
    ///
    /// Returns the file, the line and the reason if it cannot be read.
    ///
    /// ```
    /// let error = metrics_contract::Config::read("no/such/file.toml").unwrap_err();
    /// assert!(error.starts_with("no/such/file.toml: "));
    /// ```
    pub fn read(path: impl AsRef<Path>) -> Result<Self, String> {
        let path = path.as_ref();
        let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let file = toml::from_str(&text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            let (line, column) = SourceFile::new("", text.as_str()).place(start);
            format!("{}:{line}:{column}: {}", path.display(), error.message())
        })?;
        Ok(Self { folder: path.parent().unwrap_or(Path::new("")).to_owned(), file })
    }

    /// Returns the path of the lock file.
    pub fn lock(&self) -> PathBuf {
        self.folder.join(self.file.lock.as_deref().unwrap_or(Path::new("metrics.lock")))
    }

    /// Returns the files and folders to check.
    pub fn paths(&self) -> Vec<PathBuf> {
        self.file.paths.iter().map(|path| self.folder.join(path)).collect()
    }

    /// Reads the lock files and returns the contract.
    ///
    /// # Errors
    ///
    /// Returns the file, the place and the reason if a lock file cannot be read.
    pub fn contract(&self) -> Result<Contract, String> {
        self.contract_of(read_lock(&self.lock())?)
    }

    /// Returns the contract of another lock of the service.
    ///
    /// # Errors
    ///
    /// Returns the file, the place and the reason if one of the other lock files cannot be read.
    pub fn contract_of(&self, lock: Lock) -> Result<Contract, String> {
        let File { other_locks, target_labels, read_elsewhere, others, .. } = &self.file;
        let mut contract = Contract::new(lock);
        for path in other_locks {
            contract = contract.with_lock(read_lock(&self.folder.join(path))?);
        }
        for label in target_labels {
            contract = contract.with_target_label(label);
        }
        for pattern in read_elsewhere {
            contract = contract.with_read_elsewhere(pattern);
        }
        for (pattern, labels) in others {
            let labels = match labels {
                OtherLabels::Any(Any::Any) => None,
                OtherLabels::Labels(labels) => Some(labels.clone()),
            };
            contract = contract.with_others(pattern, labels);
        }
        Ok(contract)
    }
}

/// Reads a lock file.
///
/// # Errors
///
/// Returns the file, the place and the reason if it cannot be read.
///
/// ```
/// let error = metrics_contract::read_lock("no/such/metrics.lock".as_ref()).unwrap_err();
/// assert!(error.starts_with("no/such/metrics.lock: "));
/// ```
pub fn read_lock(path: &Path) -> Result<Lock, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    text.parse().map_err(|error| format!("{}:{error}", path.display()))
}
