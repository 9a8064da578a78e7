//! Who may scrape, by where they come from.

use std::net::IpAddr;

use actix_web::{
    HttpRequest,
    http::header::{FORWARDED, HeaderMap, HeaderName, X_FORWARDED_FOR},
};
use ipnet::IpNet;

/// The header in which proxies say for whom they ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ForwardedHeader {
    /// `X-Forwarded-For: 192.0.2.43, 198.51.100.17`
    XForwardedFor,
    /// `Forwarded: for=192.0.2.43, for="[2001:db8::17]:4711"`
    ///
    /// <https://www.rfc-editor.org/rfc/rfc7239>
    ///
    /// ```
    /// use actix_web::{App, test};
    /// use metrics_actix::{ForwardedHeader, MetricsRoute};
    ///
    /// # #[actix_web::main]
    /// # async fn main() {
    /// let route = MetricsRoute::new("/metrics")
    ///     .allow_ips(["2001:db8::/32"])
    ///     .trust_proxies(ForwardedHeader::Forwarded, ["192.168.0.0/16"]);
    /// let app = test::init_service(App::new().service(route)).await;
    /// for (value, status) in [("for=\"[2001:db8::17]:4711\"", 200), ("for=192.0.2.43", 403), ("for=unknown", 403)] {
    ///     let request = test::TestRequest::with_uri("/metrics")
    ///         .peer_addr("192.168.0.1:4000".parse().unwrap())
    ///         .insert_header(("forwarded", value));
    ///     assert_eq!(test::call_service(&app, request.to_request()).await.status(), status);
    /// }
    /// # }
    /// ```
    Forwarded,
}

impl ForwardedHeader {
    const fn name(self) -> HeaderName {
        match self {
            Self::XForwardedFor => X_FORWARDED_FOR,
            Self::Forwarded => FORWARDED,
        }
    }

    /// The addresses in the header's fields from the last, which the nearest proxy wrote; what is none is an error.
    fn addresses(self, headers: &HeaderMap) -> Vec<Option<IpAddr>> {
        let mut addresses = Vec::new();
        for value in headers.get_all(self.name()) {
            match value.to_str().ok().and_then(|value| self.elements(value)) {
                Some(elements) => addresses.extend(elements.into_iter().map(|element| self.address(element))),
                None => addresses.push(None),
            }
        }
        addresses.reverse();
        addresses
    }

    /// The parts of a field, each of which a proxy wrote.
    fn elements(self, value: &str) -> Option<Vec<&str>> {
        match self {
            Self::XForwardedFor => Some(value.split(',').collect()),
            Self::Forwarded => split(value, ','),
        }
    }

    fn address(self, element: &str) -> Option<IpAddr> {
        if self == Self::XForwardedFor {
            return node(element.trim());
        }
        let pairs = split(element, ';')?;
        let mut pairs = pairs.into_iter().filter_map(|pair| pair.split_once('='));
        let (_, value) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
        let value = value.trim();
        node(value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value))
    }
}

/// The parts between separators that are in no quotes: what a proxy quotes may be a client's words, as the host that it asked
/// for. Nothing where a quote does not end.
fn split(text: &str, separator: char) -> Option<Vec<&str>> {
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

/// An address with or without a port.
fn node(text: &str) -> Option<IpAddr> {
    let bracketed = text.strip_prefix('[').and_then(|text| text.split_once(']')).map(|(address, _)| address);
    let with_port = || text.rsplit_once(':').and_then(|(address, _)| address.parse().ok());
    let address: Option<IpAddr> = match bracketed {
        Some(address) => address.parse().ok(),
        None => text.parse().ok().or_else(with_port),
    };
    address.map(|address| address.to_canonical())
}

/// Some networks.
#[derive(Clone, Debug, Default)]
struct Networks(Vec<IpNet>);

impl Networks {
    fn add(&mut self, text: &str) -> Result<(), String> {
        let text = text.trim();
        let network = text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        self.0.push(network.map_err(|_| format!("`{text}` is no address and no network as 10.0.0.0/8"))?);
        Ok(())
    }

    fn contain(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// The networks that scrapers may be in, where there is a list of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Origins {
    allowed: Option<Networks>,
    proxies: Networks,
    header: Option<ForwardedHeader>,
}

impl Origins {
    /// Allows a network; one that is none admits nobody.
    pub(super) fn allow(&mut self, text: &str) -> Result<(), String> {
        self.allowed.get_or_insert_default().add(text)
    }

    /// From here on whoever is not in a list is refused.
    pub(super) fn allow_none_else(&mut self) {
        self.allowed.get_or_insert_default();
    }

    pub(super) fn trust(&mut self, header: ForwardedHeader, text: &str) -> Result<(), String> {
        self.header = Some(header);
        self.proxies.add(text)
    }

    /// Whether a request comes from an allowed network.
    pub(super) fn admit(&self, request: &HttpRequest) -> bool {
        let Some(allowed) = &self.allowed else { return true };
        let peer = request.peer_addr().map(|peer| peer.ip().to_canonical());
        let client = peer.and_then(|peer| self.client(peer, request.headers()));
        client.is_some_and(|client| allowed.contain(client))
    }

    /// For whom a peer asks: the last address that is no trusted proxy's, so that what a client writes itself does not count.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
        let Some(header) = self.header.filter(|_| self.proxies.contain(peer)) else { return Some(peer) };
        let mut nearest = peer;
        for address in header.addresses(headers) {
            nearest = address?;
            if !self.proxies.contain(nearest) {
                break;
            }
        }
        Some(nearest)
    }
}
