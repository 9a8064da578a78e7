//! What a scraper has to know.

use std::{
    fmt, fs,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use actix_web::web;
use subtle::{Choice, ConstantTimeEq};

/// The longest secret. Comparing takes as long as for this one, so that time tells nothing of a secret's length.
const LONGEST: usize = 4096;

/// How long a file's content is taken for what is in it.
const FRESH: Duration = Duration::from_secs(2);

/// A secret that is compared in constant time.
#[derive(Clone)]
pub(super) struct Secret {
    padded: Arc<[u8; LONGEST]>,
    length: u64,
}

impl Secret {
    /// Why a text cannot be a secret is the error.
    pub(super) fn new(text: &[u8]) -> Result<Self, &'static str> {
        if text.is_empty() {
            return Err("it is empty");
        }
        // What a header field can hold besides the scheme: visible characters.
        if !text.iter().all(u8::is_ascii_graphic) {
            return Err("it has characters that a header cannot hold, as white space");
        }
        let (padded, length) = pad(text).ok_or("it is longer than 4096 bytes")?;
        Ok(Self { padded: Arc::new(padded), length })
    }

    fn is(&self, (padded, length): &([u8; LONGEST], u64)) -> Choice {
        self.padded.ct_eq(padded) & self.length.ct_eq(length)
    }
}

fn pad(text: &[u8]) -> Option<([u8; LONGEST], u64)> {
    let mut padded = [0; LONGEST];
    padded.get_mut(..text.len())?.copy_from_slice(text);
    Some((padded, text.len() as u64))
}

/// Whether a text is one of some secrets. It takes the same time whichever it is, and if it is none.
pub(super) fn is_one_of(given: &[u8], secrets: &[Secret]) -> bool {
    let Some(given) = pad(given) else { return false };
    let one = secrets.iter().fold(Choice::from(0), |one, secret| one | secret.is(&given));
    one.into()
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// A secret in a file, which may be replaced while the service runs.
#[derive(Debug)]
pub(super) struct SecretFile {
    path: PathBuf,
    last: Mutex<Option<(Instant, Option<Secret>)>>,
}

impl SecretFile {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, last: Mutex::default() }
    }

    /// What is in the file; none where it cannot be read, and nobody knows the secret then.
    pub(super) async fn secret(self: &Arc<Self>) -> Option<Secret> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((when, secret)) = last
            && when.elapsed() < FRESH
        {
            return secret;
        }
        let file = Arc::clone(self);
        web::block(move || file.read()).await.ok().flatten()
    }

    fn read(&self) -> Option<Secret> {
        let content = fs::read(&self.path).map_err(|error| error.to_string());
        let secret = content.and_then(|content| Secret::new(content.trim_ascii()).map_err(Into::into));
        let secret = secret
            .inspect_err(|error| log::error!("no bearer token in {}: {error}", self.path.display()))
            .ok();
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), secret.clone()));
        secret
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_itself_and_nothing_else() {
        let secrets = ["one", "another", "x".repeat(LONGEST).as_str()]
            .map(|text| Secret::new(text.as_bytes()).expect("it is a secret"));
        for text in ["one", "another", "x".repeat(LONGEST).as_str()] {
            assert!(is_one_of(text.as_bytes(), &secrets), "{text}");
        }
        for text in ["", "on", "one\0", "One", "oneanother", "x", "x".repeat(LONGEST + 1).as_str()] {
            assert!(!is_one_of(text.as_bytes(), &secrets), "{text}");
        }
        assert!(!is_one_of(b"one", &[]));
        assert_eq!(format!("{:?}", secrets[0]), "Secret");
    }

    #[test]
    fn what_no_header_can_hold_is_no_secret() {
        for text in ["", "a b", "a\n", "ä", "x".repeat(LONGEST + 1).as_str()] {
            assert!(Secret::new(text.as_bytes()).is_err(), "{text}");
        }
    }
}
