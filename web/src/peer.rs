//! The other end of a connection.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use http::Extensions;

/// The address a request came from. Put into every request by the listener; forwarded-for headers are not believed.
/// The public tip surface never reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

impl Peer {
    /// The peer of a request, or the unspecified address where a test calls a router without a listener.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Self {
        let nowhere = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);
        extensions.get::<Self>().copied().unwrap_or(Self(nowhere))
    }
}

/// The certificates that the other end of a TLS connection showed, its own first, whose key it has. They are not judged:
/// what one is worth is found out when its person signs in. None where none was asked for.
#[derive(Debug, Clone, Default)]
pub struct Shown(pub Arc<[Vec<u8>]>);
