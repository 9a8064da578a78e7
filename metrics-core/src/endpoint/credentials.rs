//! Access by secrets.

use std::{path::PathBuf, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{
    HeaderMap,
    header::{AUTHORIZATION, HeaderValue},
};

use super::{
    secret::{Secret, is_one_of},
    secret_file::SecretFile,
};

/// Secrets of which a scraper must send one, if any are configured.
#[derive(Clone, Debug, Default)]
pub(super) struct Credentials {
    tokens: Vec<Secret>,
    files: Vec<Arc<SecretFile>>,
    /// Pairs of user and password as clients send them.
    pairs: Vec<Secret>,
    /// Set by any configuration of the scheme. An endpoint without a valid secret admits nobody.
    needs_bearer: bool,
    needs_basic: bool,
}

impl Credentials {
    pub(super) fn add_token(&mut self, token: &str) -> Result<(), String> {
        self.needs_bearer = true;
        let secret =
            Secret::new(token.as_bytes()).map_err(|why| format!("a bearer token admits nobody: {why}"))?;
        self.tokens.push(secret);
        Ok(())
    }

    pub(super) fn add_token_file(&mut self, path: PathBuf) {
        self.needs_bearer = true;
        self.files.push(Arc::new(SecretFile::new(path)));
    }

    pub(super) fn add_pair(&mut self, user: &str, password: &str) -> Result<(), String> {
        self.needs_basic = true;
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

    /// Returns whether a browser can ask its user for the credentials.
    pub(super) const fn suit_browsers(&self) -> bool {
        self.needs_basic || !self.needs_bearer
    }

    /// Returns whether a request is allowed: it has one of the secrets, or none is configured.
    pub(super) async fn admit(&self, headers: &HeaderMap) -> bool {
        if !self.needs_bearer && !self.needs_basic {
            return true;
        }
        match authorization(headers) {
            Some((scheme, given)) if scheme.eq_ignore_ascii_case(b"basic") => is_one_of(given, &self.pairs),
            Some((scheme, given)) if scheme.eq_ignore_ascii_case(b"bearer") => {
                is_one_of(given, &self.tokens) || self.is_in_file(given).await
            }
            _ => false,
        }
    }

    async fn is_in_file(&self, given: &[u8]) -> bool {
        for file in &self.files {
            if let Some(secret) = file.secret().await
                && is_one_of(given, &[secret])
            {
                return true;
            }
        }
        false
    }

    /// Returns the values of `WWW-Authenticate` for a refused request, by RFC 9110, section 11.6.1. They report a wrong token as
    /// invalid, by RFC 6750, section 3.1.
    pub(super) fn challenges(&self, headers: &HeaderMap) -> impl Iterator<Item = HeaderValue> {
        let has_token = authorization(headers)
            .is_some_and(|(scheme, given)| scheme.eq_ignore_ascii_case(b"bearer") && !given.is_empty());
        let bearer = if has_token {
            "Bearer realm=\"metrics\", error=\"invalid_token\""
        } else {
            "Bearer realm=\"metrics\""
        };
        let bearer = self.needs_bearer.then_some(bearer);
        let basic = self.needs_basic.then_some("Basic realm=\"metrics\", charset=\"UTF-8\"");
        bearer.into_iter().chain(basic).map(HeaderValue::from_static)
    }
}

/// Returns the scheme and the credentials of the header `Authorization`, or `None` if it is missing or repeated.
fn authorization(headers: &HeaderMap) -> Option<(&[u8], &[u8])> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let bytes = value.as_bytes();
    let (scheme, given) = bytes.split_at(bytes.iter().position(|byte| *byte == b' ')?);
    Some((scheme, given.trim_ascii()))
}
