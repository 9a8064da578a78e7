//! Tells the library which compiler builds it, for `rust_info`: cargo tells that to build scripts alone.

use std::{env, process::Command};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=RUSTC");
    let said = env::var_os("RUSTC")
        .and_then(|rustc| Command::new(rustc).arg("--version").output().ok())
        .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
        .unwrap_or_default();
    // `rustc 1.89.0 (29483883e 2025-08-04)`
    let version = said.split_whitespace().nth(1).unwrap_or_default();
    println!("cargo:rustc-env=METRICS_CORE_RUSTC={version}");
    println!("cargo:rustc-env=METRICS_CORE_TARGET={}", env::var("TARGET").unwrap_or_default());
}
