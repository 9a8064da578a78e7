//! The command line.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use lexopt::{Arg, Parser, ValueExt as _};
use metrics_contract::Config;

/// Command and settings.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) command: Command,
    pub(crate) settings: Settings,
}

/// Command with its arguments.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Help,
    Check(Vec<PathBuf>),
    Diff { old: String, new: String },
    Live(String),
    Docs,
}

/// Options of all commands.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    pub(crate) lock: Option<PathBuf>,
    config: Option<PathBuf>,
    pub(crate) format: Option<String>,
    pub(crate) deny_warnings: bool,
    pub(crate) used_by: Vec<PathBuf>,
    pub(crate) catalogue: Option<PathBuf>,
}

impl Settings {
    /// Reads the configuration, if there is one.
    pub(crate) fn config(&self) -> Result<Config, String> {
        match &self.config {
            Some(path) => Config::read(path),
            None if Path::new(Config::FILE).exists() => Config::read(Config::FILE),
            None => Ok(Config::default()),
        }
    }

    /// Returns the path of the lock file.
    pub(crate) fn lock(&self) -> Result<PathBuf, String> {
        self.lock.clone().map_or_else(|| Ok(self.config()?.lock()), Ok)
    }
}

/// Parses the arguments after the program's name.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Options, String> {
    let mut settings = Settings::default();
    let mut words: Vec<String> = Vec::new();
    let mut parser = Parser::from_args(arguments);
    let mut asks_for_help = false;
    while let Some(argument) = parser.next().map_err(|error| error.to_string())? {
        match argument {
            Arg::Long("lock") => settings.lock = Some(value(&mut parser)?.into()),
            Arg::Long("config") => settings.config = Some(value(&mut parser)?.into()),
            Arg::Long("format") => settings.format = Some(value(&mut parser)?),
            Arg::Long("deny-warnings") => settings.deny_warnings = true,
            Arg::Long("used-by") => settings.used_by.push(value(&mut parser)?.into()),
            Arg::Long("catalogue") => settings.catalogue = Some(value(&mut parser)?.into()),
            Arg::Long("help") | Arg::Short('h') => asks_for_help = true,
            Arg::Value(word) => words.push(word.string().map_err(|error| error.to_string())?),
            other => return Err(format!("{}; see `cargo metrics --help`", other.unexpected())),
        }
    }
    // `cargo metrics …` runs `cargo-metrics metrics …`.
    if words.first().is_some_and(|word| word == "metrics") {
        words.remove(0);
    }
    let command = if asks_for_help { Command::Help } else { command(words)? };
    Ok(Options { command, settings })
}

fn value(parser: &mut Parser) -> Result<String, String> {
    let value = parser.value().map_err(|error| error.to_string())?;
    value.string().map_err(|error| error.to_string())
}

fn command(words: Vec<String>) -> Result<Command, String> {
    let mut words = words.into_iter();
    let Some(name) = words.next() else { return Ok(Command::Help) };
    let rest: Vec<String> = words.collect();
    match (name.as_str(), rest.as_slice()) {
        ("help", _) => Ok(Command::Help),
        ("check", paths) => Ok(Command::Check(paths.iter().map(PathBuf::from).collect())),
        ("diff", [old, new]) => Ok(Command::Diff { old: old.clone(), new: new.clone() }),
        ("diff", _) => Err("`diff` compares two files or revisions: `cargo metrics diff OLD NEW`".to_owned()),
        ("live", [url]) => Ok(Command::Live(url.clone())),
        ("live", _) => Err("`live` takes one address: `cargo metrics live URL`".to_owned()),
        ("docs", []) => Ok(Command::Docs),
        ("docs", _) => Err("`docs` takes no argument".to_owned()),
        _ => Err(format!("unknown command `{name}`; see `cargo metrics --help`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Options, String> {
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn commands_are_parsed_with_and_without_cargo() {
        for (line, command) in [
            ("", Command::Help),
            ("metrics", Command::Help),
            ("check -h", Command::Help),
            ("metrics check a --lock l b", Command::Check(vec!["a".into(), "b".into()])),
            ("diff a b", Command::Diff { old: "a".to_owned(), new: "b".to_owned() }),
            ("live -", Command::Live("-".to_owned())),
        ] {
            assert_eq!(parsed(line).expect(line).command, command, "{line}");
        }
        for line in ["chek", "diff a", "live", "docs x", "check --lock", "check --unknown"] {
            assert!(parsed(line).is_err(), "{line}");
        }
    }
}
