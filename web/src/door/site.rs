//! Under which host name somebody came: keys are made for it, and open no other.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::FromRequestParts;
use http::header;
use http::request::Parts;
use office::Site;

/// The site of a request, when its address is a host name.
pub(super) struct At(pub(super) Option<Site>);

impl<S: Send + Sync> FromRequestParts<S> for At {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let header = || parts.headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let host = parts.uri.authority().map(http::uri::Authority::as_str).or_else(header);
        Ok(Self(host.and_then(site)))
    }
}

/// The site of a host. Plain HTTP is one on this machine only: elsewhere browsers have no keys without TLS. What the
/// browser really shows stands in what the key signs, and is held against these.
fn site(host: &str) -> Option<Site> {
    let host = host.to_ascii_lowercase();
    let name = host.rsplit_once(':').map_or(host.as_str(), |(name, _)| name);
    if name.is_empty() || name.starts_with('[') || name.parse::<IpAddr>().is_ok() {
        return None;
    }
    let mut origins = vec![format!("https://{host}")];
    if name == "localhost" || name.ends_with(".localhost") {
        origins.push(format!("http://{host}"));
    }
    Some(Site { name: name.to_owned(), origins })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_a_host_name_with_the_origin_that_its_browser_shows() {
        let of = |host| site(host).map(|site| (site.name, site.origins.join(" ")));
        let some = |name: &str, origins: &str| Some((name.to_owned(), origins.to_owned()));
        assert_eq!(of("Desk.example"), some("desk.example", "https://desk.example"));
        assert_eq!(of("desk.example:8443"), some("desk.example", "https://desk.example:8443"));
        assert_eq!(of("localhost:8480"), some("localhost", "https://localhost:8480 http://localhost:8480"));
        for bare in ["127.0.0.1:8480", "[::1]:8480", "", ":80"] {
            assert_eq!(of(bare), None, "{bare}");
        }
    }
}
