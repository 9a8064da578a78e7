//! The page of the program.

use std::process::Command;

use tests::promtool::{Verdict, check_metrics};

#[test]
fn the_page_has_the_metrics_of_both() {
    let program = env!("CARGO_BIN_EXE_library-application");
    let output = Command::new(program).args(["red", "green", "red"]).output().expect("the program is there");
    let page = String::from_utf8(output.stdout).expect("the page is UTF-8");
    for line in [
        r#"library_lookups_total{hit="false"} 2"#,
        r#"library_lookups_total{hit="true"} 1"#,
        "library_cached_entries 2",
        r#"function_calls_total{function="load",module="library_application",result="ok"} 2"#,
    ] {
        assert!(page.lines().any(|other| other == line), "{line} is not in\n{page}");
    }
    assert_eq!(check_metrics(&page), Verdict::clean());
}
