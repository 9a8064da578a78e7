//! Metric of the build: version and commit of the service.

use std::any::TypeId;

use once_cell::race::OnceBox;

use crate::{
    metric::Info,
    registry::{Declared, Definition, Registry},
};

/// The build of a package, which [`build_info!`](crate::build_info) declares.
#[derive(Debug)]
pub struct Build {
    /// Names and values of the labels. An empty value is an absent label.
    labels: [(&'static str, &'static str); 4],
    info: OnceBox<Info>,
}

impl Build {
    /// Creates the build of a package.
    pub const fn new(
        name: &'static str,
        version: &'static str,
        commit: &'static str,
        branch: &'static str,
    ) -> Self {
        let labels = [("name", name), ("version", version), ("commit", commit), ("branch", branch)];
        Self { labels, info: OnceBox::new() }
    }
}

impl Declared for Build {
    fn register_in(&'static self, registry: &Registry, _: &[TypeId]) {
        if registry.is_global() {
            self.info.get_or_init(|| {
                let definition = Definition::new("build_info", "Version and commit of the service.");
                let add = |definition: Definition, (name, value): &(_, _)| definition.label(*name, *value);
                Box::new(registry.register_or_detach(&self.labels.iter().fold(definition, add)))
            });
        }
    }
}

/// Puts `build_info{name,version,commit,branch}` on the page of the global registry, from the first scrape on.
///
/// Call it in the crate of the service, inside or outside of a function. Name and version are those of the crate's manifest.
/// Commit and branch come from the first of these that has them; otherwise the label is absent:
///
/// 1. the arguments `commit = …` and `branch = …`;
/// 2. the environment of the build: `GIT_COMMIT`, `VERGEN_GIT_SHA`, `GITHUB_SHA`, `CI_COMMIT_SHA` or `SOURCE_COMMIT`, and
///    `GIT_BRANCH`, `VERGEN_GIT_BRANCH`, `GITHUB_REF_NAME` or `CI_COMMIT_REF_NAME`;
/// 3. the git repository that contains the manifest.
///
/// It needs neither a build script nor git: the macro reads the repository's files at compile time, and the crate is built again
/// when another commit is checked out. Uncommitted changes do not show.
///
/// ```
/// metrics_core::build_info!(commit = "8a90611");
///
/// # #[cfg(feature = "enabled")]
/// assert!(metrics_core::Registry::global().text().contains("commit=\"8a90611\""));
/// ```
#[macro_export]
macro_rules! build_info {
    () => {
        $crate::build_info!(
            commit = $crate::first_env!(
                ["GIT_COMMIT" "VERGEN_GIT_SHA" "GITHUB_SHA" "CI_COMMIT_SHA" "SOURCE_COMMIT"]
                    $crate::__private::git_commit!()
            )
        );
    };
    (commit = $commit:expr $(,)?) => {
        $crate::build_info!(
            commit = $commit,
            branch = $crate::first_env!(
                ["GIT_BRANCH" "VERGEN_GIT_BRANCH" "GITHUB_REF_NAME" "CI_COMMIT_REF_NAME"]
                    $crate::__private::git_branch!()
            )
        );
    };
    (commit = $commit:expr, branch = $branch:expr $(,)?) => {
        const _: () = {
            use $crate::__private::inventory;
            static BUILD: $crate::__private::Build = $crate::__private::Build::new(
                ::core::env!("CARGO_PKG_NAME"),
                ::core::env!("CARGO_PKG_VERSION"),
                $commit,
                $branch,
            );
            inventory::submit! { $crate::__private::DeclaredItem(&BUILD) }
        };
    };
}

/// Expands to the first variable that is set at compile time and not empty, or else to the expression that follows.
#[macro_export]
#[doc(hidden)]
macro_rules! first_env {
    ([] $otherwise:expr) => { $otherwise };
    ([$first:literal $($rest:literal)*] $otherwise:expr) => {
        match ::core::option_env!($first) {
            ::core::option::Option::Some(value) if !value.is_empty() => value,
            ::core::option::Option::Some(_) | ::core::option::Option::None => {
                $crate::first_env!([$($rest)*] $otherwise)
            }
        }
    };
}
