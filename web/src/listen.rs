//! Listeners with bounds: a stranger may open many connections, send headers slowly, or never end; the house stays up.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use http::{StatusCode, Version, header};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tower::ServiceExt as _;

use crate::headers::{Surface, dressed};
use crate::peer::{Peer, Shown};

/// HTTP/2 uploads crawl with the default windows.
const STREAM_WINDOW_BYTES: u32 = 4 << 20;
const CONNECTION_WINDOW_BYTES: u32 = 16 << 20;
/// How long a listener without file descriptors waits for one of its own to come free. Others of the process free them
/// too, unheard, so it looks again after this.
const LONGEST_WANT: Duration = Duration::from_millis(250);
const BUSY: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// The bounds of one listener.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections served at once; one more is told to come back.
    pub connections: usize,
    /// How long the head of a request may take, and a TLS handshake.
    pub head: Duration,
    /// How long the listener waits for open requests when it ends.
    pub farewell: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connections: 16_384, head: Duration::from_secs(15), farewell: Duration::from_secs(10) }
    }
}

/// Certificate and key of a TLS listener, ready to accept.
#[derive(Clone)]
pub struct Tls(pub Arc<ServerConfig>);

/// A listener that could not go on.
#[derive(Debug, thiserror::Error)]
pub enum ListenFault {
    /// Accepting failed for good.
    #[error("cannot accept connections")]
    Accept(#[source] io::Error),
}

/// Serves `app` until `shutdown` completes, then lets open requests finish within the farewell.
///
/// # Errors
/// [`ListenFault`] when the listener itself breaks; a broken connection ends only itself.
pub async fn serve(
    listener: TcpListener,
    app: Router,
    tls: Option<Tls>,
    limits: Limits,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), ListenFault> {
    let app = app.layer(from_fn(for_one_host));
    let room = Arc::new(Semaphore::new(limits.connections));
    let freed = Arc::new(Notify::new());
    let ending = GracefulShutdown::new();
    let acceptor = tls.map(|t| TlsAcceptor::from(t.0));
    let mut shutdown = pin!(shutdown);
    loop {
        let (stream, peer) = tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => match accepted {
                Ok(found) => found,
                Err(fault) if is_want(&fault) => {
                    tracing::error!("no file descriptors left: raise the limit on open files");
                    tokio::select! {
                        () = &mut shutdown => break,
                        _ = tokio::time::timeout(LONGEST_WANT, freed.notified()) => continue,
                    }
                }
                Err(fault) if is_passing(&fault) => continue,
                Err(fault) => return Err(ListenFault::Accept(fault)),
            },
        };
        let Ok(permit) = Arc::clone(&room).try_acquire_owned() else {
            tokio::spawn(turn_away(stream));
            continue;
        };
        let place = Place { _permit: permit, freed: Arc::clone(&freed) };
        let call = Call { app: app.clone(), peer, limits, place };
        tokio::spawn(call.take(stream, acceptor.clone(), ending.watcher()));
    }
    drop(listener);
    if tokio::time::timeout(limits.farewell, ending.shutdown()).await.is_err() {
        tracing::warn!("some requests were still open when the listener ended");
    }
    Ok(())
}

/// A request of HTTP/1.1 names its host once (RFC 9112, 3.2): two readers of one that names two might each believe another.
async fn for_one_host(request: Request, next: Next) -> Response {
    let named = request.headers().get_all(header::HOST).iter().count();
    if request.version() == Version::HTTP_11 && named != 1 {
        return dressed(StatusCode::BAD_REQUEST.into_response(), Surface::Machines);
    }
    next.run(request).await
}

/// No file descriptors, or no memory for one: the connection stays in the system's queue, and asking again at once would
/// only spin.
fn is_want(fault: &io::Error) -> bool {
    const ENOMEM: i32 = 12;
    const ENFILE: i32 = 23;
    const EMFILE: i32 = 24;
    const ENOBUFS: i32 = 105;
    fault.raw_os_error().is_some_and(|code| [ENOMEM, ENFILE, EMFILE, ENOBUFS].contains(&code))
}

/// Errors of one connection attempt: the next accept may work.
fn is_passing(fault: &io::Error) -> bool {
    matches!(
        fault.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::Interrupted
    )
}

/// Says 503 to a connection for which there is no room.
async fn turn_away(mut stream: TcpStream) {
    let said = tokio::time::timeout(Duration::from_secs(2), stream.write_all(BUSY)).await;
    if !matches!(said, Ok(Ok(()))) {
        tracing::debug!("a connection over the bound left before it was told so");
    }
}

struct Call {
    app: Router,
    peer: SocketAddr,
    limits: Limits,
    place: Place,
}

/// One connection's place among those that are served at once. Its end is heard by a listener that wants for room.
struct Place {
    _permit: OwnedSemaphorePermit,
    freed: Arc<Notify>,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.freed.notify_one();
    }
}

impl Call {
    async fn take(self, stream: TcpStream, tls: Option<TlsAcceptor>, watcher: Watcher) {
        if stream.set_nodelay(true).is_err() {
            return;
        }
        match tls {
            None => self.converse(stream, Shown::default(), watcher).await,
            Some(acceptor) => {
                let handshake = tokio::time::timeout(self.limits.head, acceptor.accept(stream)).await;
                if let Ok(Ok(stream)) = handshake {
                    let shown = stream.get_ref().1.peer_certificates().unwrap_or_default();
                    let shown = Shown(shown.iter().map(|one| one.to_vec()).collect());
                    self.converse(stream, shown, watcher).await;
                }
            }
        }
    }

    async fn converse<S>(self, stream: S, shown: Shown, watcher: Watcher)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let peer = Peer(self.peer);
        let service = self.app.map_request(move |mut request: http::Request<hyper::body::Incoming>| {
            request.extensions_mut().insert(peer);
            request.extensions_mut().insert(shown.clone());
            request.map(axum::body::Body::new)
        });
        let mut builder = Builder::new(TokioExecutor::new());
        builder.http1().timer(TokioTimer::new()).header_read_timeout(self.limits.head);
        builder
            .http2()
            .timer(TokioTimer::new())
            .initial_stream_window_size(STREAM_WINDOW_BYTES)
            .initial_connection_window_size(CONNECTION_WINDOW_BYTES);
        let connection = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
        if let Err(fault) = watcher.watch(connection.into_owned()).await {
            tracing::debug!(%fault, "a connection ended early");
        }
        drop(self.place);
    }
}
