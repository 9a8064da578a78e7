//! The command line.

use std::{env, ffi::OsString};

use lexopt::{Arg, Parser, ValueExt as _};

use crate::simulator::Mode;

/// Text of `--help`.
pub(crate) const HELP: &str = "\
battle-arena: a game's backend with metrics, and a simulator of its players

    --simulate MODE    slow, normal, stress, tournament or off (normal)
    --seed N           the same seed plays the same game (1)
    --requests N       stop after N simulated requests, sent without pauses
    --players N        how many players are simulated (1000)
    --chaos SHARE      in which share of the minutes something goes wrong (0.05)
    --target URL       simulate against a service elsewhere, and serve nothing
    --faults           cause the faults that /api/system/event reports, for a simulator elsewhere
    --remote-write URL send the metrics to Prometheus' remote write as well, with the job battle-arena
    --host ADDRESS     where to listen (127.0.0.1)
    --port N           the port, 0 for a free one (8080, or the variable PORT)

The variable DATABASE_URL takes a PostgreSQL server: postgres://user:password@host/name
";

/// Options of the command line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Options {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) faults: bool,
    /// `None` for `--simulate off`.
    pub(crate) simulate: Option<Mode>,
    pub(crate) seed: u64,
    pub(crate) requests: Option<u64>,
    pub(crate) players: usize,
    pub(crate) chaos: f64,
    pub(crate) target: Option<String>,
    pub(crate) remote_write: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port: 8080,
            faults: false,
            simulate: Some(Mode::Normal),
            seed: 1,
            requests: None,
            players: 1000,
            chaos: 0.05,
            target: None,
            remote_write: None,
        }
    }
}

impl Options {
    /// Reads the command line of this process; `None` for `--help`.
    pub(crate) fn from_environment() -> Result<Option<Self>, String> {
        let mut defaults = Self::default();
        if let Some(port) = env::var_os("PORT") {
            defaults.port = port.parse().map_err(|error| format!("PORT: {error}"))?;
        }
        defaults.read(env::args_os().skip(1))
    }

    fn read(self, arguments: impl IntoIterator<Item = OsString>) -> Result<Option<Self>, String> {
        let parsed = self.parse(&mut Parser::from_args(arguments));
        parsed.map_err(|error| format!("{error}; see battle-arena --help"))
    }

    fn parse(mut self, parser: &mut Parser) -> Result<Option<Self>, lexopt::Error> {
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Long("simulate") => self.simulate = parser.value()?.parse_with(Mode::parse)?,
                Arg::Long("seed") => self.seed = parser.value()?.parse()?,
                Arg::Long("requests") => self.requests = Some(parser.value()?.parse()?),
                Arg::Long("players") => self.players = parser.value()?.parse_with(players)?,
                Arg::Long("chaos") => self.chaos = parser.value()?.parse_with(share)?,
                Arg::Long("target") => self.target = Some(parser.value()?.string()?),
                Arg::Long("remote-write") => self.remote_write = Some(parser.value()?.string()?),
                Arg::Long("faults") => self.faults = true,
                Arg::Long("host") => self.host = parser.value()?.string()?,
                Arg::Long("port") => self.port = parser.value()?.parse()?,
                Arg::Long("help") | Arg::Short('h') => return Ok(None),
                other => return Err(other.unexpected()),
            }
        }
        Ok(Some(self))
    }
}

fn players(text: &str) -> Result<usize, &'static str> {
    let players = text.parse().ok().filter(|players| (20..=100_000).contains(players));
    players.ok_or("a number from 20 to 100000")
}

fn share(text: &str) -> Result<f64, &'static str> {
    text.parse().ok().filter(|share| (0.0..=1.0).contains(share)).ok_or("a share from 0 to 1")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Option<Options>, String> {
        Options::default().read(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn every_option_is_read() {
        let options = read(
            "--simulate stress --seed 7 --requests 100 --players=50 --chaos 0.5 --target http://a:1 --faults \
             --remote-write http://b:1 --host 0.0.0.0 --port 0",
        );
        let expected = Options {
            host: "0.0.0.0".to_owned(),
            port: 0,
            faults: true,
            simulate: Some(Mode::Stress),
            seed: 7,
            requests: Some(100),
            players: 50,
            chaos: 0.5,
            target: Some("http://a:1".to_owned()),
            remote_write: Some("http://b:1".to_owned()),
        };
        assert_eq!(options, Ok(Some(expected)));
        assert_eq!(read(""), Ok(Some(Options::default())));
        assert_eq!(read("--simulate off").unwrap().unwrap().simulate, None);
        assert_eq!(read("--help"), Ok(None));
    }

    #[test]
    fn invalid_options_are_named() {
        for (line, part) in [
            ("--simulate fast", "slow, normal, stress, tournament or off"),
            ("--chaos 2", "a share from 0 to 1"),
            ("--players 1", "from 20 to 100000"),
            ("--port 70000", "70000"),
            ("--speed 1", "--speed"),
            ("--seed", "--seed"),
        ] {
            let message = read(line).unwrap_err();
            assert!(message.contains(part) && message.contains("--help"), "{line}: {message}");
        }
    }
}
