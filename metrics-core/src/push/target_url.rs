//! URLs of receivers, whose credentials are taken out at once.

use std::fmt;

use http::Uri;
use percent_encoding::percent_decode_str;
use url::Url;

use super::error::PushError;

/// URL of a receiver, and the credentials that it had. It is shown without them, and without its query, which may have a token.
#[derive(Clone)]
pub(super) struct TargetUrl {
    url: Result<Url, String>,
    credentials: Option<(String, String)>,
}

impl TargetUrl {
    /// Parses a URL. An error is kept for [`to_uri`](Self::to_uri).
    pub(super) fn new(text: &str) -> Self {
        let mut url = parse(text);
        let credentials = url.as_mut().ok().and_then(take_credentials);
        Self { url, credentials }
    }

    /// Returns the user and the password that the URL had.
    pub(super) fn credentials(&self) -> Option<(String, String)> {
        self.credentials.clone()
    }

    /// Appends segments to the path. Each is escaped.
    pub(super) fn join<'a>(&mut self, segments: impl IntoIterator<Item = &'a str>) {
        if let Ok(url) = &mut self.url
            && let Ok(mut path) = url.path_segments_mut()
        {
            path.pop_if_empty().extend(segments);
        }
    }

    /// Returns the URL for a request.
    ///
    /// # Errors
    ///
    /// Returns an error that does not repeat the text, since that may have a password.
    pub(super) fn to_uri(&self) -> Result<Uri, PushError> {
        let invalid = |why: &str| PushError::Config(format!("the receiver's URL is invalid: {why}"));
        let url = self.url.as_ref().map_err(|why| invalid(why))?;
        Uri::try_from(url.as_str()).map_err(|_| invalid("it does not fit in a request"))
    }
}

/// Parses a URL. The error does not repeat the text.
fn parse(text: &str) -> Result<Url, String> {
    let mut url = Url::parse(text).map_err(|error| error.to_string())?;
    match url.scheme() {
        "http" => {}
        "https" if cfg!(feature = "push-tls") => {}
        "https" => return Err("`https` needs the feature `push-tls`".into()),
        _ => return Err("it must begin with `http://` or `https://`".into()),
    }
    url.set_fragment(None);
    Ok(url)
}

fn take_credentials(url: &mut Url) -> Option<(String, String)> {
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let credentials = (decode(url.username()), decode(url.password().unwrap_or_default()));
    // Neither fails for a URL with a host, which `http` and `https` always have.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    Some(credentials)
}

impl fmt::Display for TargetUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.url {
            Ok(url) => {
                let mut shown = url.clone();
                shown.set_query(None);
                shown.fmt(f)
            }
            Err(why) => f.write_str(why),
        }
    }
}

impl fmt::Debug for TargetUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TargetUrl({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_leave_the_url() {
        let url = TargetUrl::new("http://us%40er:pa%3Ass@host:9091/base/?token=geheim#x");
        assert_eq!(url.credentials(), Some(("us@er".into(), "pa:ss".into())));
        assert_eq!(url.to_uri().unwrap(), "http://host:9091/base/?token=geheim");
        assert_eq!(format!("{url} {url:?}"), "http://host:9091/base/ TargetUrl(http://host:9091/base/)");
        assert_eq!(TargetUrl::new("http://host").credentials(), None);
    }

    #[test]
    fn errors_do_not_repeat_the_url() {
        for text in [
            "user:geheim@host",
            "ftp://user:geheim@host/",
            "http://user:geheim@host:port/",
            "http://user:geheim@",
        ] {
            let url = TargetUrl::new(text);
            let error = url.to_uri().unwrap_err();
            assert!(!format!("{error} {error:?} {url} {url:?}").contains("geheim"), "{error:?}");
        }
    }

    #[test]
    fn segments_are_escaped() {
        let mut url = TargetUrl::new("http://host/base/");
        url.join(["metrics", "a b/c%", "ü"]);
        assert_eq!(url.to_uri().unwrap(), "http://host/base/metrics/a%20b%2Fc%25/%C3%BC");
    }
}
