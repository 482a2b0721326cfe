//! Listeners: each an address with its own certificate, host name and surfaces.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use office::outside::Cards as _;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use web::{Limits, Tls};

use crate::config::{Config, Listener, Surface};
use crate::outcome::{Doing, Failure, Result};
use crate::shutdown::Bell;
use crate::tls;

/// Answers that begin with this path are given under every host name: whoever asks for a process's health asks for
/// its address.
const HEALTH: &str = "/health/";

/// A listener that has its port and does not accept yet.
pub(crate) struct Bound {
    name: String,
    socket: TcpListener,
    tls: Option<Tls>,
    host: Option<String>,
    limits: Limits,
    anonymous: bool,
}

impl Bound {
    /// Takes the port and reads the certificate, so that what is wrong is said before anything is served.
    pub(crate) async fn new(name: String, listener: &Listener, config: &Config) -> Result<Self> {
        fitting(&name, listener)?;
        let tls = certificate(&name, listener, config)?;
        let socket = bind(listener.address).await?;
        let limits = Limits { connections: listener.connections as usize, ..Limits::default() };
        let (host, anonymous) = (listener.host.clone(), listener.anonymous);
        Ok(Self { name, socket, tls, host, limits, anonymous })
    }

    /// A plain listener with default bounds, for the demo and for figures.
    pub(crate) async fn plain(name: &str, address: SocketAddr) -> Result<Self> {
        let socket = bind(address).await?;
        let limits = Limits::default();
        Ok(Self { name: name.to_owned(), socket, tls: None, host: None, limits, anonymous: false })
    }

    /// Where it really listens; the port may have been left to the system.
    pub(crate) fn address(&self) -> Result<SocketAddr> {
        self.socket.local_addr().doing("ask for the address of a listener")
    }

    /// Whether nobody behind it may learn who asks.
    pub(crate) const fn is_anonymous(&self) -> bool {
        self.anonymous
    }

    /// Its address as a URL for people and for the log.
    pub(crate) fn url(&self) -> Result<String> {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        let address = self.address()?;
        Ok(match &self.host {
            Some(host) => format!("{scheme}://{host}:{}", address.port()),
            None => format!("{scheme}://{address}"),
        })
    }

    /// Serves until the bell rings.
    pub(crate) async fn serve(self, router: Router, bell: Bell) -> Result<()> {
        let router = match self.host {
            Some(host) => only_for(router, host),
            None => router,
        };
        web::serve(self.socket, router, self.tls, self.limits, bell.rung())
            .await
            .doing(&format!("serve the listener {}", self.name))
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|fault| {
        Failure::new(format!("cannot listen on {address}: {fault}"))
            .hint("another process may have the port: choose another address")
    })
}

/// Refuses surfaces on a listener that cannot be there.
pub(crate) fn fitting(name: &str, listener: &Listener) -> Result<()> {
    if let Some(surface) = listener.misplaced().next() {
        return Err(Failure::new(format!(
            "listen.{name} is anonymous and serves {}, which has to know who asks",
            surface.name()
        ))
        .hint("give what everybody may ask, such as log, an anonymous listener of its own"));
    }
    if listener.surfaces.contains(&Surface::Media) && listener.surfaces.len() > 1 {
        return Err(Failure::new(format!("listen.{name} serves media beside something else"))
            .hint("give media a listener of its own: pictures have their own origin"));
    }
    Ok(())
}

/// The certificate of a listener, when it has one.
pub(crate) fn certificate(name: &str, listener: &Listener, config: &Config) -> Result<Option<Tls>> {
    match (&listener.certificate_file, &listener.key_file) {
        (None, None) => Ok(None),
        (Some(certificate), Some(key)) => {
            let (certificate, key) = (config.path(certificate), config.path(key));
            let cards = ways::of(name, listener, config)?;
            let names = cards.map(|cards| cards.trust()).transpose();
            let names = names.doing("read the authorities of cards")?;
            let anybodys: Option<&[Vec<u8>]> = listener.client_certificates.then_some(&[]);
            tls::load(&certificate, &key, names.as_ref().map(|trust| trust.hints()).or(anybodys)).map(Some)
        }
        _ => Err(Failure::new(format!(
            "listen.{name} has a certificate without its key, or a key without a certificate"
        ))
        .hint("set both certificate_file and key_file, or neither")),
    }
}

/// Refuses requests for other host names, so that a name that was made to point here opens nothing.
fn only_for(router: Router, host: String) -> Router {
    router.layer(from_fn(move |request: Request, next: Next| {
        let ours = request.uri().path().starts_with(HEALTH) || is_for(&request, &host);
        async move { if ours { next.run(request).await } else { misdirected() } }
    }))
}

fn is_for(request: &Request, host: &str) -> bool {
    let header = request.headers().get(axum::http::header::HOST).and_then(|value| value.to_str().ok());
    let asked = request.uri().host().or(header).unwrap_or_default();
    let name = match asked.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => asked,
    };
    name.eq_ignore_ascii_case(host)
}

fn misdirected() -> Response {
    web::dressed(axum::http::StatusCode::MISDIRECTED_REQUEST.into_response(), web::Surface::Machines)
}

/// Runs every listener until the bell rings and all have ended; the first that breaks is the reason to end.
pub(crate) async fn all(serving: Vec<(Bound, Router)>, bell: Bell) -> Result<()> {
    let mut tasks = JoinSet::new();
    for (bound, router) in serving {
        tasks.spawn(bound.serve(router, bell.clone()));
    }
    while let Some(ended) = tasks.join_next().await {
        ended.doing("run a listener")??;
    }
    // A process that only works has no listener at all.
    bell.rung().await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    #[test]
    fn a_request_is_ours_when_it_names_our_host_with_or_without_port() {
        let ask =
            |host: &str| Request::builder().uri("/agency").header("host", host).body(Body::empty()).unwrap();
        assert!(is_for(&ask("desk.example"), "desk.example"));
        assert!(is_for(&ask("DESK.example:8443"), "desk.example"));
        assert!(!is_for(&ask("evil.example"), "desk.example"));
        assert!(!is_for(&ask("desk.example.evil.example"), "desk.example"));
    }
}
