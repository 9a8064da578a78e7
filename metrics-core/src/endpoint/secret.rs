//! Secrets that are compared in constant time.

use std::{fmt, sync::Arc};

use subtle::{Choice, ConstantTimeEq};

/// A token, or a user and a password as clients send them.
#[derive(Clone)]
pub(super) struct Secret(Arc<[u8]>);

impl Secret {
    /// Creates a secret; the error is the reason for which a header cannot hold it.
    pub(super) fn new(text: &[u8]) -> Result<Self, &'static str> {
        if text.is_empty() {
            return Err("it is empty");
        }
        if !text.iter().all(u8::is_ascii_graphic) {
            return Err("it has characters that a header cannot hold, such as white space");
        }
        Ok(Self(text.into()))
    }
}

/// Returns whether a text is one of the secrets. The time depends on the lengths alone.
pub(super) fn is_one_of(given: &[u8], secrets: &[Secret]) -> bool {
    secrets.iter().fold(Choice::from(0), |found, secret| found | secret.0.ct_eq(given)).into()
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secret_equals_itself_only() {
        let secrets = ["one", "another"].map(|text| Secret::new(text.as_bytes()).expect("it is a secret"));
        for text in ["one", "another"] {
            assert!(is_one_of(text.as_bytes(), &secrets), "{text}");
        }
        for text in ["", "on", "one\0", "One", "oneanother"] {
            assert!(!is_one_of(text.as_bytes(), &secrets), "{text}");
        }
        assert!(!is_one_of(b"one", &[]));
        assert_eq!(format!("{:?}", secrets[0]), "Secret");
    }

    #[test]
    fn secret_must_fit_in_a_header() {
        for text in ["", "a b", "a\n", "ä"] {
            assert!(Secret::new(text.as_bytes()).is_err(), "{text}");
        }
    }
}
