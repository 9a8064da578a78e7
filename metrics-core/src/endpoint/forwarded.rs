//! The headers in which proxies name the client.

use std::net::IpAddr;

use http::{
    HeaderMap, HeaderName,
    header::{FORWARDED, HeaderValue},
};

/// Header in which proxies name the client whose request they pass on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ForwardedHeader {
    /// `X-Forwarded-For: 192.0.2.43, 198.51.100.17`
    XForwardedFor,
    /// `Forwarded: for=192.0.2.43, for="[2001:db8::17]:4711"`
    ///
    /// <https://www.rfc-editor.org/rfc/rfc7239>
    Forwarded,
}

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

impl ForwardedHeader {
    /// Returns the addresses in the header, the nearest proxy's first. `None` stands for an element without a valid address.
    pub(super) fn addresses(self, headers: &HeaderMap) -> Vec<Option<IpAddr>> {
        let name = match self {
            Self::XForwardedFor => X_FORWARDED_FOR,
            Self::Forwarded => FORWARDED,
        };
        let mut addresses: Vec<_> =
            headers.get_all(name).iter().flat_map(|value| self.of_field(value)).collect();
        addresses.reverse();
        addresses
    }

    fn of_field(self, value: &HeaderValue) -> Vec<Option<IpAddr>> {
        let Ok(value) = value.to_str() else { return vec![None] };
        match self {
            Self::XForwardedFor => value.split(',').map(parse_node).collect(),
            Self::Forwarded => split_unquoted(value, ',').map_or_else(
                || vec![None],
                |elements| elements.into_iter().map(parse_forwarded_for).collect(),
            ),
        }
    }
}

/// Returns the address of the parameter `for` in an element of `Forwarded`.
fn parse_forwarded_for(element: &str) -> Option<IpAddr> {
    let mut pairs = split_unquoted(element, ';')?.into_iter().filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
    let value = value.trim();
    parse_node(value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value))
}

/// Splits a text at separators outside of quoted strings; returns `None` if a quoted string does not end.
///
/// A client chooses the content of some quoted strings, such as the host. Libraries for this header split inside of quotes too, so
/// that a client could claim any address.
fn split_unquoted(text: &str, separator: char) -> Option<Vec<&str>> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let parts = text.split(|character| {
        let is_literal = std::mem::take(&mut is_escaped);
        match character {
            '\\' if is_quoted => is_escaped = !is_literal,
            '"' if !is_literal => is_quoted = !is_quoted,
            _ => return character == separator && !is_quoted,
        }
        false
    });
    let parts = parts.collect();
    (!is_quoted).then_some(parts)
}

/// Parses an address with or without a port.
fn parse_node(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bracketed = text.strip_prefix('[').and_then(|text| text.split_once(']')).map(|(address, _)| address);
    let with_port = || text.rsplit_once(':').and_then(|(address, _)| address.parse().ok());
    let address: Option<IpAddr> = match bracketed {
        Some(address) => address.parse().ok(),
        None => text.parse().ok().or_else(with_port),
    };
    address.map(|address| address.to_canonical())
}
