//! Access by address.

use std::net::IpAddr;

use http::HeaderMap;
use ipnet::{IpNet, Ipv4Net};

use super::forwarded::ForwardedHeader;

/// Length of the prefix of IPv4-mapped IPv6 addresses, which IPv4 connections to an IPv6 socket have.
const MAPPED_BITS: u8 = 96;

/// A list of networks.
#[derive(Clone, Debug, Default)]
struct Networks(Vec<IpNet>);

impl Networks {
    fn add(&mut self, text: &str) -> Result<(), String> {
        let text = text.trim();
        let network = text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        let network = network
            .map_err(|_| format!("`{text}` is neither an address nor a network such as `10.0.0.0/8`"))?;
        self.0.push(canonical(network));
        Ok(())
    }

    fn contain(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// Converts a network of IPv4-mapped addresses into one of IPv4, as the addresses to look up are converted too.
fn canonical(network: IpNet) -> IpNet {
    match network {
        IpNet::V6(v6) if v6.prefix_len() >= MAPPED_BITS => v6
            .addr()
            .to_ipv4_mapped()
            .and_then(|address| Ipv4Net::new(address, v6.prefix_len() - MAPPED_BITS).ok())
            .map_or(network, IpNet::V4),
        IpNet::V4(_) | IpNet::V6(_) => network,
    }
}

/// Networks of allowed scrapers and of trusted proxies.
#[derive(Clone, Debug, Default)]
pub(super) struct NetworkAccess {
    /// `None` allows all addresses.
    allowed: Option<Networks>,
    allows_unix_sockets: bool,
    proxies: Networks,
    header: Option<ForwardedHeader>,
}

impl NetworkAccess {
    /// Adds a network to the list of allowed ones.
    pub(super) fn allow(&mut self, text: &str) -> Result<(), String> {
        self.allowed.get_or_insert_default().add(text)
    }

    /// Refuses all addresses that are not in the list, which may be empty.
    pub(super) fn restrict(&mut self) {
        self.allowed.get_or_insert_default();
    }

    /// Allows connections without an address, such as those over Unix sockets.
    pub(super) const fn allow_unix_sockets(&mut self) {
        self.allows_unix_sockets = true;
    }

    /// Trusts the header of proxies in a network.
    pub(super) fn trust(&mut self, header: ForwardedHeader, text: &str) -> Result<(), String> {
        self.header = Some(header);
        self.proxies.add(text)
    }

    /// Returns whether a request comes from an allowed network.
    pub(super) fn admits(&self, peer: Option<IpAddr>, headers: &HeaderMap) -> bool {
        let Some(allowed) = &self.allowed else { return true };
        match (peer, self.header) {
            (None, _) if !self.allows_unix_sockets => false,
            (None, None) => true,
            // With the header, the peer behind the socket is a proxy, and the client must be allowed.
            (None, Some(header)) => match header.addresses(headers).as_slice() {
                [] => true,
                addresses => self.client(addresses).is_some_and(|client| allowed.contain(client)),
            },
            (Some(peer), header) => {
                let mut addresses = vec![Some(peer.to_canonical())];
                addresses.extend(header.into_iter().flat_map(|header| header.addresses(headers)));
                self.client(&addresses).is_some_and(|client| allowed.contain(client))
            }
        }
    }

    /// Returns the address of the client: the nearest one that is not a trusted proxy. Addresses behind it may be forged.
    fn client(&self, addresses: &[Option<IpAddr>]) -> Option<IpAddr> {
        let mut client = None;
        for address in addresses {
            let address = (*address)?;
            client = Some(address);
            if !self.proxies.contain(address) {
                break;
            }
        }
        client
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn access(networks: &[&str]) -> NetworkAccess {
        let mut access = NetworkAccess::default();
        for network in networks {
            access.allow(network).expect("it is a network");
        }
        access
    }

    fn admits(access: &NetworkAccess, address: &str, headers: &HeaderMap) -> bool {
        access.admits(Some(address.parse().expect("it is an address")), headers)
    }

    #[test]
    fn mapped_networks_are_those_of_ipv4() {
        for (network, inside, outside) in [
            ("::ffff:127.0.0.1", "127.0.0.1", "127.0.0.2"),
            ("::ffff:10.0.0.0/104", "10.1.2.3", "11.0.0.0"),
            ("::FFFF:a00:0/104", "::ffff:10.1.2.3", "::10.1.2.3"),
            ("::ffff:0:0/96", "1.2.3.4", "::1"),
            ("127.0.0.1", "::ffff:127.0.0.1", "::ffff:127.0.0.2"),
            ("2001:db8::/32", "2001:db8::1", "1.2.3.4"),
        ] {
            let access = access(&[network]);
            let headers = HeaderMap::new();
            assert!(admits(&access, inside, &headers), "{inside} is in {network}");
            assert!(!admits(&access, outside, &headers), "{outside} is not in {network}");
        }
    }

    #[test]
    fn a_mapped_proxy_is_trusted() {
        let mut access = access(&["10.0.0.0/8"]);
        access.trust(ForwardedHeader::XForwardedFor, "::ffff:192.168.0.1").expect("it is an address");
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static("10.0.0.1"));
        assert!(admits(&access, "192.168.0.1", &headers));
        assert!(!admits(&access, "192.168.0.2", &headers));
    }

    #[test]
    fn unix_sockets_are_refused_unless_allowed() {
        let mut access = access(&["10.0.0.0/8"]);
        let mut headers = HeaderMap::new();
        assert!(!access.admits(None, &headers));
        access.allow_unix_sockets();
        headers.insert("x-forwarded-for", HeaderValue::from_static("11.0.0.1"));
        assert!(access.admits(None, &headers), "the header means nothing unless proxies are trusted");
        access.trust(ForwardedHeader::XForwardedFor, "192.168.0.0/16").expect("it is a network");
        for (clients, is_allowed) in
            [("10.0.0.1", true), ("10.0.0.1, 192.168.0.1", true), ("11.0.0.1", false)]
        {
            headers.insert("x-forwarded-for", HeaderValue::from_static(clients));
            assert_eq!(access.admits(None, &headers), is_allowed, "{clients}");
        }
        headers.clear();
        assert!(access.admits(None, &headers));
    }
}
