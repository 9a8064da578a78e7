//! The compiler's messages about wrong programs, word for word.
//!
//! `UI_ONLY=name cargo test -p tests --test ui` runs the files whose names contain `name`; `TRYBUILD=overwrite` writes the
//! expected messages anew.

#[test]
fn compile_errors() {
    let files = std::env::var("UI_ONLY").map_or_else(|_| "*".to_owned(), |only| format!("*{only}*"));
    trybuild::TestCases::new().compile_fail(format!("ui/fail/{files}.rs"));
}
