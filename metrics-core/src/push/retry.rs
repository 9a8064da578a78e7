//! Times between attempts.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, header::RETRY_AFTER};

/// Longest time that a server's `Retry-After` is followed.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// Exponential back-off with jitter: each wait is between one half and the whole of a time that doubles with each failure.
#[derive(Clone, Copy, Debug)]
pub(super) struct Backoff {
    min: Duration,
    max: Duration,
    next: Duration,
}

impl Backoff {
    pub(super) fn new(min: Duration, max: Duration) -> Self {
        Self { min, max: max.max(min), next: min }
    }

    /// Returns the time to wait after one more failure.
    pub(super) fn next_wait(&mut self) -> Duration {
        let whole = self.next;
        self.next = whole.saturating_mul(2).min(self.max);
        whole.mul_f64(0.5 + 0.5 * fastrand::f64())
    }

    /// Begins anew after a success.
    pub(super) fn reset(&mut self) {
        self.next = self.min;
    }
}

/// Returns the time that the server asks to wait, in seconds or until a date.
///
/// <https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3>
pub(super) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a number has are a long time.
        Duration::from_secs(value.parse().unwrap_or(u64::MAX))
    } else {
        httpdate::parse_http_date(value).ok()?.duration_since(now).unwrap_or_default()
    };
    Some(wait.min(MAX_RETRY_AFTER))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn after(value: &'static str, now: SystemTime) -> Option<u64> {
        let headers = HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_static(value))]);
        retry_after(&headers, now).map(|wait| wait.as_secs())
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = httpdate::parse_http_date("Wed, 21 Oct 2015 07:28:00 GMT").unwrap();
        assert_eq!(after("120", now), Some(120));
        assert_eq!(after("0", now), Some(0));
        assert_eq!(after("Wed, 21 Oct 2015 07:30:00 GMT", now), Some(120));
        assert_eq!(
            after("Wednesday, 21-Oct-15 07:30:00 GMT", now),
            Some(120),
            "the obsolete form of RFC 850"
        );
        assert_eq!(after("Wed, 21 Oct 2015 07:00:00 GMT", now), Some(0), "a date in the past");
        assert_eq!(after("99999999999999999999999", now), Some(24 * 60 * 60));
        for invalid in ["", "soon", "-1", "1.5", "+5"] {
            assert_eq!(after(invalid, now), None, "{invalid:?}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), now), None);
    }

    #[test]
    fn back_off_doubles_up_to_its_maximum() {
        let (min, max) = (Duration::from_secs(1), Duration::from_secs(5));
        let mut backoff = Backoff::new(min, max);
        for whole in [1, 2, 4, 5, 5] {
            let wait = backoff.next_wait().as_secs_f64();
            let whole = f64::from(whole);
            assert!((whole / 2.0..=whole).contains(&wait), "{wait} of {whole}");
        }
        backoff.reset();
        assert!(backoff.next_wait() <= min);
    }
}
