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
        let mut values = headers.get_all(AUTHORIZATION);
        // Of two it is not clear which one is meant.
        let (Some(value), None) = (values.next(), values.next()) else { return false };
        let bytes = value.as_bytes();
        let Some(space) = bytes.iter().position(|byte| *byte == b' ') else { return false };
        let (scheme, given) = bytes.split_at(space);
        let given = given.trim_ascii();
        if scheme.eq_ignore_ascii_case(b"basic") {
            return is_one_of(given, &self.pairs);
        }
        scheme.eq_ignore_ascii_case(b"bearer")
            && (is_one_of(given, &self.tokens) || self.is_in_a_file(given).await)
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

    /// What a scraper without credentials is told: the values of the header `WWW-Authenticate`.
    ///
    /// <https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1>
    pub(super) fn challenges(&self) -> impl Iterator<Item = HeaderValue> {
        let bearer = self.bearer.then(|| HeaderValue::from_static("Bearer realm=\"metrics\""));
        let basic =
            self.basic.then(|| HeaderValue::from_static("Basic realm=\"metrics\", charset=\"UTF-8\""));
        bearer.into_iter().chain(basic)
    }
}
