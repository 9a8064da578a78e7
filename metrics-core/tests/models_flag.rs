//! The loom models have a configuration flag of their own and are tests, so that they do not affect dependents.

use std::{fs, path::Path};

/// Calls a function with each source file in a folder.
fn for_each_source(folder: &Path, read: &mut impl FnMut(&Path, &str)) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            for_each_source(&path, read);
        } else {
            read(&path, &fs::read_to_string(&path).expect("text"));
        }
    }
}

#[test]
fn cfg_loom_has_no_effect() {
    let mut sources = 0;
    for_each_source(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut |path, source| {
        sources += 1;
        for flag in ["cfg(loom", "(loom)", ", loom"] {
            let used = source.lines().find(|line| line.contains("cfg") && line.contains(flag));
            assert_eq!(used, None, "{}", path.display());
        }
    });
    assert!(sources > 50);
}

#[test]
fn loom_is_a_dev_dependency() {
    let manifest =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).expect("text");
    let with_loom: Vec<_> = manifest
        .split("\n[")
        .filter(|section| section.lines().any(|line| line.starts_with("loom")))
        .filter_map(|section| section.lines().next())
        .collect();
    assert_eq!(with_loom, ["target.'cfg(metrics_core_loom)'.dev-dependencies]"]);
}
