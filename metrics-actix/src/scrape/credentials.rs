//! Who may scrape, by what they know.

use std::{path::PathBuf, sync::Arc};

use actix_web::http::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::secret::{Secret, SecretFile, is_one_of};

/// The secrets of which a scraper has to know one, where there are any.
#[derive(Clone, Debug, Default)]
pub(super) struct Credentials {
    tokens: Vec<Secret>,
    files: Vec<Arc<SecretFile>>,
    /// Pairs of user and password as clients send them.
    pairs: Vec<Secret>,
    /// Whether each way in was asked for; one that was asked for wrongly stays closed.
    bearer: bool,
    basic: bool,
}

impl Credentials {
    pub(super) fn add_token(&mut self, token: &str) -> Result<(), String> {
        self.bearer = true;
        let secret =
            Secret::new(token.as_bytes()).map_err(|why| format!("a bearer token admits nobody: {why}"))?;
        self.tokens.push(secret);
        Ok(())
    }

    pub(super) fn add_token_file(&mut self, path: PathBuf) {
        self.bearer = true;
        self.files.push(Arc::new(SecretFile::new(path)));
    }

    pub(super) fn add_pair(&mut self, user: &str, password: &str) -> Result<(), String> {
        self.basic = true;
        let describe = |why: &str| format!("the credentials of `{user}` admit nobody: {why}");
        if user.contains(':') {
            return Err(describe("a user's name cannot have a colon"));
        }
        if user.chars().chain(password.chars()).any(char::is_control) {
            return Err(describe("they have control characters"));
        }
        let encoded = STANDARD.encode(format!("{user}:{password}"));
        self.pairs.push(Secret::new(encoded.as_bytes()).map_err(describe)?);
        Ok(())
    }

    /// Whether a browser can ask its user for credentials.
    pub(super) const fn are_for_browsers(&self) -> bool {
        self.basic || !self.bearer
    }

    /// Whether a request comes from somebody who knows a secret.
    pub(super) async fn admit(&self, headers: &HeaderMap) -> bool {
        if !self.bearer && !self.basic {
            return true;
        }
        match given(headers) {
            Some((scheme, given)) if scheme.eq_ignore_ascii_case(b"basic") => is_one_of(given, &self.pairs),
            Some((scheme, given)) if scheme.eq_ignore_ascii_case(b"bearer") => {
                is_one_of(given, &self.tokens) || self.is_in_a_file(given).await
            }
            _ => false,
        }
    }

    async fn is_in_a_file(&self, given: &[u8]) -> bool {
        for file in &self.files {
            if let Some(secret) = file.secret().await
                && is_one_of(given, &[secret])
            {
                return true;
            }
        }
        false
    }

    /// What one who was not admitted is told: the values of the header `WWW-Authenticate`, by RFC 9110, section 11.6.1; who gave
    /// a token is told that it is the wrong one, by RFC 6750, section 3.1.
    pub(super) fn challenges(&self, headers: &HeaderMap) -> impl Iterator<Item = HeaderValue> {
        let gave_token = given(headers)
            .is_some_and(|(scheme, given)| scheme.eq_ignore_ascii_case(b"bearer") && !given.is_empty());
        let bearer = if gave_token {
            "Bearer realm=\"metrics\", error=\"invalid_token\""
        } else {
            "Bearer realm=\"metrics\""
        };
        let bearer = self.bearer.then(|| HeaderValue::from_static(bearer));
        let basic =
            self.basic.then(|| HeaderValue::from_static("Basic realm=\"metrics\", charset=\"UTF-8\""));
        bearer.into_iter().chain(basic)
    }
}

/// The scheme and what was given by it. Of two headers it is not clear which one is meant.
fn given(headers: &HeaderMap) -> Option<(&[u8], &[u8])> {
    let mut values = headers.get_all(AUTHORIZATION);
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let bytes = value.as_bytes();
    let (scheme, given) = bytes.split_at(bytes.iter().position(|byte| *byte == b' ')?);
    Some((scheme, given.trim_ascii()))
}
