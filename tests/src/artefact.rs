//! Programs of this workspace as executable files.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;

/// Returns the folder of the workspace.
pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("this package is in a folder of the workspace")
}

/// Builds a package and returns the path of its program.
///
/// Cargo gives a test the paths of its own package's programs only (`CARGO_BIN_EXE_…`). So this builds the other package with the
/// cargo that runs the test, and reads the path from cargo's messages.
pub fn program(package: &str) -> PathBuf {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from(env!("CARGO")));
    let mut command = Command::new(cargo);
    command.args(["build", "--package", package, "--message-format", "json-render-diagnostics"]);
    if !cfg!(debug_assertions) {
        command.arg("--release");
    }
    let output = command
        .current_dir(workspace())
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .expect("the cargo that runs this test");
    assert!(output.status.success(), "`{package}` does not build");
    let messages = String::from_utf8(output.stdout).expect("messages in UTF-8");
    let program = messages.lines().find_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        let named = message["target"]["name"] == package;
        named.then(|| message["executable"].as_str().map(PathBuf::from)).flatten()
    });
    program.unwrap_or_else(|| panic!("cargo names no program of `{package}`"))
}
