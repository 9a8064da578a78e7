//! `cargo metrics live`.

use std::{
    fs,
    io::{self, Read as _},
    path::Path,
};

use metrics_contract::{page_differences, read_lock};

use crate::{download::download, options::Settings};

pub(crate) fn run(settings: &Settings, url: &str) -> Result<(String, bool), String> {
    let lock = read_lock(&settings.lock()?)?;
    let page = if url == "-" {
        let mut page = String::new();
        io::stdin().read_to_string(&mut page).map_err(|error| format!("standard input: {error}"))?;
        page
    } else if Path::new(url).exists() {
        fs::read_to_string(url).map_err(|error| format!("{url}: {error}"))?
    } else {
        download(url)?
    };
    if page.trim().is_empty() {
        return Err(format!("{url}: the page is empty"));
    }
    let differences = page_differences(&lock, &page);
    let is_well = differences.is_empty();
    let lines: String = differences.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
    Ok((format!("{lines}{} differences\n", differences.len()), is_well))
}
