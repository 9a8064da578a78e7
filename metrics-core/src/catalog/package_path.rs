//! Paths of source files from their package's folder, which are the same on every machine.

/// Folders of a package that have sources. A path may begin in an example that is a package of its own, so `examples` comes last.
const FOLDERS: [&str; 4] = ["src", "tests", "benches", "examples"];

/// Returns the path of a source file from its package's folder. The compiler gives it from the workspace's, or from the root.
pub(super) fn in_package(file: &str) -> String {
    let file = if cfg!(windows) { file.replace('\\', "/") } else { file.to_owned() };
    let start = FOLDERS.iter().find_map(|folder| {
        let inner = file.rfind(&format!("/{folder}/")).map(|at| at + 1);
        inner.or_else(|| file.starts_with(&format!("{folder}/")).then_some(0))
    });
    start.and_then(|start| file.get(start..)).map_or_else(|| file.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::in_package;

    #[test]
    fn paths_begin_in_the_package() {
        for (file, expected) in [
            ("src/main.rs", "src/main.rs"),
            ("examples/arena/src/pages/mod.rs", "src/pages/mod.rs"),
            ("/home/a/registry/src/index/library-1.0.0/src/lib.rs", "src/lib.rs"),
            ("tests/tests/page.rs", "tests/page.rs"),
            ("examples/arena/tests/page.rs", "tests/page.rs"),
            ("examples/small.rs", "examples/small.rs"),
            ("app/build.rs", "app/build.rs"),
        ] {
            assert_eq!(in_package(file), expected);
        }
    }
}
