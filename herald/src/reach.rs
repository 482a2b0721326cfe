//! Where a webhook may lead. An agency names an address, and the house calls it from inside: without this guard anybody who
//! may add a webhook could make the house call its own database. So only addresses of the public internet are called, and
//! those networks besides that the operator names; what a name resolves to is judged in the moment in which it is called,
//! and the connection goes to what was judged.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// A network by its first address and the bits that its addresses share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    first: IpAddr,
    bits: u32,
}

/// Why an address is not called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// It cannot be read.
    #[error("this is no web address")]
    Unreadable,
    /// It is not https, and leads to no network that the operator named.
    #[error("an address must begin with https://")]
    Plain,
    /// It names a user or a password.
    #[error("an address must not hold a name or a password")]
    Credentials,
    /// It names an address that is not of the public internet.
    #[error("an address must be of the public internet")]
    Private,
}

/// Where this house may call.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    networks: Arc<[Network]>,
}

impl Reach {
    /// The public internet, and these networks besides.
    #[must_use]
    pub fn with(networks: Vec<Network>) -> Self {
        Self { networks: networks.into() }
    }

    /// Reads where a webhook leads.
    ///
    /// # Errors
    /// [`Wrong`] for what is never called. What a name resolves to is judged later.
    pub fn read(&self, text: &str) -> Result<Url, Wrong> {
        let url = Url::parse(text).map_err(|_| Wrong::Unreadable)?;
        match url.scheme() {
            "https" => {}
            "http" if !self.networks.is_empty() => {}
            "http" => return Err(Wrong::Plain),
            _ => return Err(Wrong::Unreadable),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Wrong::Credentials);
        }
        let named = match url.host().ok_or(Wrong::Unreadable)? {
            Host::Domain(_) => None,
            Host::Ipv4(address) => Some(IpAddr::V4(address)),
            Host::Ipv6(address) => Some(IpAddr::V6(address)),
        };
        // Without TLS only what the operator named is called; a name is judged when it is resolved.
        if named.is_some_and(|address| !self.allows(address, url.scheme() == "http")) {
            return Err(Wrong::Private);
        }
        Ok(url)
    }

    /// Whether an address may be called; without TLS only in a network that the operator named.
    fn allows(&self, address: IpAddr, plain: bool) -> bool {
        let named = self.networks.iter().any(|network| network.has(address));
        named || (!plain && is_public(address))
    }

    /// Names resolve to what may be called, and to nothing else.
    pub(crate) fn guard(&self, plain: bool) -> Arc<dyn Resolve> {
        Arc::new(Guard { reach: self.clone(), plain })
    }
}

struct Guard {
    reach: Reach,
    plain: bool,
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let (reach, plain) = (self.reach.clone(), self.plain);
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|found| reach.allows(found.ip(), plain)).collect();
            match allowed.is_empty() {
                true => Err(Box::new(Wrong::Private) as Box<dyn std::error::Error + Send + Sync>),
                false => Ok(Box::new(allowed.into_iter()) as Addrs),
            }
        })
    }
}

impl Network {
    fn has(&self, address: IpAddr) -> bool {
        let shared = |one: u128, other: u128, width: u32| {
            let rest = width.saturating_sub(self.bits);
            rest >= width || one >> rest == other >> rest
        };
        match (self.first, plain(address)) {
            (IpAddr::V4(first), IpAddr::V4(address)) => {
                shared(u32::from(first).into(), u32::from(address).into(), 32)
            }
            (IpAddr::V6(first), IpAddr::V6(address)) => shared(first.into(), address.into(), 128),
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = Wrong;

    /// `10.1.0.0/16`, `fd00::/8`, or one address.
    fn from_str(text: &str) -> Result<Self, Wrong> {
        let (first, bits) = text.split_once('/').map_or((text, None), |(first, bits)| (first, Some(bits)));
        let first: IpAddr = first.parse().map_err(|_| Wrong::Unreadable)?;
        let width = if first.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(width), |bits| bits.parse::<u32>().map_err(|_| Wrong::Unreadable))?;
        if bits > width { Err(Wrong::Unreadable) } else { Ok(Self { first, bits }) }
    }
}

/// An address of the old internet in the clothes of the new one is what it is.
fn plain(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(address) => address.to_ipv4_mapped().map_or(IpAddr::V6(address), IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}

/// Whether an address is one of the public internet (the registries of special-purpose addresses, RFC 6890).
fn is_public(address: IpAddr) -> bool {
    match plain(address) {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

const fn is_public_v4(address: Ipv4Addr) -> bool {
    let special = matches!(
        address.octets(),
        [0 | 10 | 127, ..]
            | [100, 64..=127, ..]
            | [169, 254, ..]
            | [172, 16..=31, ..]
            | [192, 0, 0 | 2, _]
            | [192, 88, 99, _]
            | [192, 168, ..]
            | [198, 18 | 19, ..]
            | [198, 51, 100, _]
            | [203, 0, 113, _]
            | [224..=255, ..]
    );
    !special
}

const fn is_public_v6(address: Ipv6Addr) -> bool {
    // What was given out for the public internet, without what leads to somewhere else from there.
    matches!(address.segments(), [0x2000..=0x3fff, ..])
        && !matches!(
            address.segments(),
            [0x2001, 0..=0x01ff, ..] | [0x2001, 0x0db8, ..] | [0x2002, ..] | [0x3fff, 0..=0x0fff, ..]
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_internet_is_called_and_what_the_operator_named() {
        let own = Reach::with(vec!["10.7.0.0/16".parse().unwrap(), "::1".parse().unwrap()]);
        let nobody = Reach::default();
        for text in [
            "127.0.0.1",
            "10.7.1.2",
            "169.254.169.254",
            "100.64.0.1",
            "192.168.1.1",
            "172.31.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "::ffff:127.0.0.1",
            "::ffff:10.7.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "ff02::1",
            "198.51.100.1",
            "203.0.113.9",
            "192.0.2.1",
        ] {
            assert!(!nobody.allows(text.parse().unwrap(), false), "{text}");
        }
        for text in ["8.8.8.8", "100.128.0.1", "172.32.0.1", "2606:4700::1", "2a00:1450::1"] {
            assert!(nobody.allows(text.parse().unwrap(), false), "{text}");
            assert!(!own.allows(text.parse().unwrap(), true), "without TLS: {text}");
        }
        for text in ["10.7.1.2", "::1", "::ffff:10.7.0.1"] {
            assert!(own.allows(text.parse().unwrap(), true), "{text}");
        }
        assert!(!own.allows("10.8.0.1".parse().unwrap(), false));
    }

    #[test]
    fn an_address_that_is_never_called_is_refused_when_it_is_named() {
        let nobody = Reach::default();
        let wrong = |text: &str| nobody.read(text).err();
        assert_eq!(wrong("https://hooks.agency.example/ch?x=1"), None);
        assert_eq!(wrong("http://hooks.agency.example/"), Some(Wrong::Plain));
        assert_eq!(wrong("https://user@hooks.agency.example/"), Some(Wrong::Credentials));
        for text in [
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://169.254.169.254/x",
        ] {
            assert_eq!(wrong(text), Some(Wrong::Private), "{text}");
        }
        for text in ["", "hooks", "file:///etc/passwd", "ftp://a.example/", "https://"] {
            assert_eq!(wrong(text), Some(Wrong::Unreadable), "{text}");
        }
    }

    #[test]
    fn a_network_has_what_shares_its_bits() {
        let has =
            |network: &str, address: &str| network.parse::<Network>().unwrap().has(address.parse().unwrap());
        assert!(has("0.0.0.0/0", "9.9.9.9") && has("10.0.0.0/8", "10.255.0.1") && has("fd00::/8", "fdff::1"));
        assert!(!has("10.0.0.0/8", "11.0.0.1") && !has("127.0.0.1", "127.0.0.2") && !has("0.0.0.0/0", "::1"));
        assert!("10.0.0.0/33".parse::<Network>().is_err() && "ten".parse::<Network>().is_err());
    }
}
