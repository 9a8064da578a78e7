//! The commit and the branch that a crate is built from, for `build_info!` where the environment names none.
//!
//! It reads the files of a repository (<https://git-scm.com/docs/gitrepository-layout>). A repository kept in another way has no
//! commit and no branch, which is no error.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use proc_macro2::TokenStream;
use quote::quote;

/// Expands to the commit that the crate under compilation is built from, or to an empty text.
pub fn git_commit() -> TokenStream {
    Head::current().expand_commit()
}

/// Expands to the branch that the crate under compilation is built from, or to an empty text.
pub fn git_branch() -> TokenStream {
    Head::current().expand_branch()
}

/// The checked-out commit.
#[derive(Debug, Default, PartialEq, Eq)]
struct Head {
    commit: Option<String>,
    /// The branch; `None` for a detached commit.
    branch: Option<String>,
    /// The files that change with the commit.
    files: Vec<PathBuf>,
}

impl Head {
    /// Reads the repository of the crate that is compiled.
    fn current() -> Self {
        env::var_os("CARGO_MANIFEST_DIR").map(|folder| Self::of(Path::new(&folder))).unwrap_or_default()
    }

    fn of(folder: &Path) -> Self {
        let root = folder.ancestors().find(|folder| folder.join(".git").exists());
        root.and_then(Self::read).unwrap_or_default()
    }

    fn read(root: &Path) -> Option<Self> {
        let mut git = root.join(".git");
        if git.is_file() {
            // A further working tree or a submodule: the file names the folder.
            git = root.join(fs::read_to_string(&git).ok()?.strip_prefix("gitdir:")?.trim());
        }
        let common = fs::read_to_string(git.join("commondir"))
            .map_or_else(|_| git.clone(), |path| git.join(path.trim()));
        let head = git.join("HEAD");
        let text = fs::read_to_string(&head).ok()?;
        // The log grows with each commit and checkout, also where a packed branch gets a file.
        let mut files = vec![head];
        files.extend(Some(git.join("logs/HEAD")).filter(|log| log.is_file()));
        let Some(name) = text.strip_prefix("ref:").map(str::trim) else {
            return Some(Self { commit: commit_id(&text), branch: None, files });
        };
        let branch = name.strip_prefix("refs/heads/").filter(|branch| !branch.contains(".."))?;
        let (loose, packed) = (common.join(name), common.join("packed-refs"));
        let commit = if let Ok(text) = fs::read_to_string(&loose) {
            files.push(loose);
            commit_id(&text)
        } else {
            let refs = fs::read_to_string(&packed).unwrap_or_default();
            files.extend(Some(packed).filter(|packed| packed.is_file()));
            refs.lines().find_map(|line| commit_id(line.strip_suffix(name)?.strip_suffix(' ')?))
        };
        let branch = commit.as_ref().map(|_| branch.to_owned());
        Some(Self { commit, branch, files })
    }

    fn expand_commit(&self) -> TokenStream {
        self.expand(self.commit.as_deref())
    }

    fn expand_branch(&self) -> TokenStream {
        self.expand(self.branch.as_deref())
    }

    /// The text, empty where it is unknown, beside the files, so that the compiler builds the crate again when they change.
    fn expand(&self, text: Option<&str>) -> TokenStream {
        let text = text.unwrap_or_default();
        let files = self.files.iter().filter(|file| file.is_absolute()).filter_map(|file| file.to_str());
        quote! {{
            #(const _: &[u8] = ::core::include_bytes!(#files);)*
            #text
        }}
    }
}

/// The name of a commit, of SHA-1 or of SHA-256.
fn commit_id(text: &str) -> Option<String> {
    let text = text.trim();
    let is_hash = matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    const ONE: &str = "1111111111111111111111111111111111111111";
    const TWO: &str = "2222222222222222222222222222222222222222";

    /// A folder with files.
    fn folder(files: &[(&str, &str)]) -> TempDir {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (name, content) in files {
            let file = folder.path().join(name);
            fs::create_dir_all(file.parent().expect("it is in a folder")).expect("a folder");
            fs::write(file, content).expect("a file");
        }
        folder
    }

    /// The commit, the branch, and the files that are looked at, of a folder in which the crate is in `service`.
    fn found(folder: &TempDir, service: &str) -> (String, String, Vec<String>) {
        let service = folder.path().join(service);
        fs::create_dir_all(&service).expect("a folder");
        let head = Head::of(&service);
        let root = folder.path().canonicalize().expect("it is there");
        let name = |file: &PathBuf| {
            let file = file.canonicalize().expect("files that are looked at are there");
            file.strip_prefix(&root).expect("they are in the folder").to_str().expect("text").to_owned()
        };
        let files = head.files.iter().map(name).collect();
        (head.commit.unwrap_or_default(), head.branch.unwrap_or_default(), files)
    }

    fn of(commit: &str, branch: &str, files: &[&str]) -> (String, String, Vec<String>) {
        (commit.into(), branch.into(), files.iter().copied().map(str::to_owned).collect())
    }

    #[test]
    fn a_branch_is_in_a_file_of_its_own() {
        let folder = folder(&[
            (".git/HEAD", "ref: refs/heads/feature/a b\n"),
            (".git/logs/HEAD", "…"),
            (".git/refs/heads/feature/a b", &format!("{ONE}\n")),
            (".git/packed-refs", &format!("{TWO} refs/heads/feature/a b\n")),
        ]);
        let files = [".git/HEAD", ".git/logs/HEAD", ".git/refs/heads/feature/a b"];
        assert_eq!(found(&folder, "crates/service"), of(ONE, "feature/a b", &files));
        assert_eq!(found(&folder, ""), of(ONE, "feature/a b", &files));
    }

    #[test]
    fn a_branch_is_packed_with_others() {
        let packed = format!(
            "# pack-refs with: peeled fully-peeled sorted\n{ONE} refs/heads/domain\n{TWO} refs/heads/main\n^{ONE}\n"
        );
        let folder = folder(&[(".git/HEAD", "ref: refs/heads/main"), (".git/packed-refs", &packed)]);
        assert_eq!(found(&folder, "service"), of(TWO, "main", &[".git/HEAD", ".git/packed-refs"]));
    }

    #[test]
    fn a_commit_is_checked_out_that_is_no_branch() {
        let long = ONE.repeat(2).chars().take(64).collect::<String>();
        for commit in [ONE, &long] {
            let folder = folder(&[(".git/HEAD", &format!("{commit}\r\n"))]);
            assert_eq!(found(&folder, "service"), of(commit, "", &[".git/HEAD"]));
        }
    }

    #[test]
    fn a_further_working_tree_has_a_file_in_place_of_the_folder() {
        let folder = folder(&[
            ("main/.git/HEAD", "ref: refs/heads/main\n"),
            ("main/.git/refs/heads/main", ONE),
            ("main/.git/refs/heads/other", TWO),
            ("main/.git/worktrees/other/HEAD", "ref: refs/heads/other\n"),
            ("main/.git/worktrees/other/commondir", "../..\n"),
            ("main/.git/worktrees/other/logs/HEAD", "…"),
            ("other/.git", "gitdir: ../main/.git/worktrees/other\n"),
        ]);
        let of_other = "main/.git/worktrees/other";
        let files =
            [&format!("{of_other}/HEAD"), &format!("{of_other}/logs/HEAD"), "main/.git/refs/heads/other"];
        assert_eq!(found(&folder, "other/service"), of(TWO, "other", &files));
        assert_eq!(found(&folder, "main/service").0, ONE);
        // As git writes it.
        let absolute = format!("gitdir: {}\n", folder.path().join(of_other).display());
        fs::write(folder.path().join("other/.git"), absolute).expect("a file");
        assert_eq!(found(&folder, "other/service"), of(TWO, "other", &files));
    }

    #[test]
    fn a_submodule_is_its_own_repository() {
        let folder = folder(&[
            (".git/HEAD", TWO),
            (".git/modules/service/HEAD", ONE),
            ("service/.git", "gitdir: ../.git/modules/service"),
        ]);
        assert_eq!(found(&folder, "service/src"), of(ONE, "", &[".git/modules/service/HEAD"]));
    }

    #[test]
    fn unknown_repositories_have_no_commit() {
        let cases: [&[(&str, &str)]; 11] = [
            &[(".git/config", "")],
            &[(".git/HEAD", "")],
            &[(".git/HEAD", "ref: refs/heads/main")],
            &[(".git/HEAD", "ref: refs/heads/main"), (".git/packed-refs", ONE)],
            &[(".git/HEAD", "ref: refs/heads/main"), (".git/refs/heads/main", "11")],
            &[(".git/HEAD", "ref: refs/heads/.invalid"), (".git/reftable/tables.list", "")],
            &[(".git/HEAD", "ref: refs/../secret"), (".git/secret", ONE)],
            &[(".git/HEAD", "ref: ../secret"), ("secret", ONE)],
            &[(".git/HEAD", &ONE[1..])],
            &[(".git", "gitdir: nowhere")],
            &[(".git", "no such word")],
        ];
        for files in cases {
            let found = found(&folder(files), "service");
            assert_eq!((&*found.0, &*found.1), ("", ""), "{files:?}");
        }
        let binary = folder(&[]);
        fs::create_dir(binary.path().join(".git")).expect("a folder");
        fs::write(binary.path().join(".git/HEAD"), [0xFF; 40]).expect("a file");
        assert_eq!(found(&binary, "service"), of("", "", &[]));
    }

    #[test]
    fn the_files_stand_beside_the_text() {
        let head = Head {
            commit: Some(ONE.into()),
            branch: None,
            files: vec!["/a/HEAD".into(), "relative/HEAD".into()],
        };
        let include = r#"const _ : & [u8] = :: core :: include_bytes ! ("/a/HEAD") ;"#;
        assert_eq!(head.expand_commit().to_string(), format!("{{ {include} \"{ONE}\" }}"));
        assert_eq!(head.expand_branch().to_string(), format!("{{ {include} \"\" }}"));
    }
}
