//! The source files of one crate.

use std::{collections::BTreeMap, fs, io, path::Path};

/// Texts of source files by their path below the crate's `src`.
#[derive(Clone, Debug, Default)]
pub struct Sources(BTreeMap<String, String>);

impl Sources {
    /// Reads every `.rs` file below a folder.
    ///
    /// # Errors
    ///
    /// If a file or folder cannot be read.
    pub fn read(src: &Path) -> io::Result<Self> {
        let mut sources = Self::default();
        sources.read_folder(src, "")?;
        Ok(sources)
    }

    fn read_folder(&mut self, folder: &Path, prefix: &str) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                self.read_folder(&entry.path(), &format!("{name}/"))?;
            } else if entry.path().extension().is_some_and(|extension| extension == "rs") {
                self.0.insert(name, fs::read_to_string(entry.path())?);
            }
        }
        Ok(())
    }

    /// Text of one file.
    pub fn get(&self, file: &str) -> Option<&str> {
        self.0.get(file).map(String::as_str)
    }

    /// Paths of the files that a compiler starts from: the library, the program and further programs.
    pub fn roots(&self) -> impl Iterator<Item = &str> {
        let is_root = |file: &&str| {
            let program = file.strip_prefix("bin/");
            matches!(*file, "lib.rs" | "main.rs")
                || program.is_some_and(|rest| !rest.contains('/') || rest.ends_with("/main.rs"))
        };
        self.0.keys().map(String::as_str).filter(is_root)
    }
}

/// Made-up sources, for tests.
impl<const N: usize> From<[(&str, &str); N]> for Sources {
    fn from(files: [(&str, &str); N]) -> Self {
        Self(files.into_iter().map(|(file, text)| (file.to_owned(), text.to_owned())).collect())
    }
}
