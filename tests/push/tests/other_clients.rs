//! Other clients of a program that pushes over TLS: they stay as their own features make them.

use std::process::Command;

#[test]
fn reqwest_without_tls_needs_no_provider() {
    // It would panic with TLS that has no cryptography.
    drop(reqwest::Client::new());
}

#[test]
fn no_feature_of_reqwest_or_rustls_is_turned_on() {
    let features = ["--features", "push-tls,otlp,remote-write"];
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline", "-p", "metrics-core", "-e", "normal", "--prefix", "none"])
        .args(features)
        .output()
        .unwrap();
    let (tree, errors) = (String::from_utf8(tree.stdout).unwrap(), String::from_utf8_lossy(&tree.stderr));
    let names: Vec<_> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(names.contains(&"native-tls"), "{tree}{errors}");
    for other in ["reqwest", "rustls", "ring", "aws-lc-rs"] {
        assert!(!names.contains(&other), "{other} in {tree}");
    }
}
