//! The veil of an anonymous surface: whoever asks there leaves nothing behind, because nothing of them gets as far as a
//! handler (security-practice 7).

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use http::HeaderMap;

use crate::peer::Peer;

/// Headers that tell who asks, from where, or with what. Client hints go by their prefix.
const TELLING: [&str; 18] = [
    "cf-connecting-ip",
    "client-ip",
    "cookie",
    "device-memory",
    "dnt",
    "downlink",
    "ect",
    "fastly-client-ip",
    "forwarded",
    "from",
    "referer",
    "rtt",
    "true-client-ip",
    "user-agent",
    "via",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-real-ip",
];
const TELLING_PREFIXES: [&str; 2] = ["x-forwarded", "sec-ch-"];

/// Puts the veil before all routes of `router`: address, forwarded addresses, cookies, client hints and what the browser
/// calls itself are gone before anything else sees the request.
pub fn veiled<S: Clone + Send + Sync + 'static>(router: Router<S>) -> Router<S> {
    router.layer(from_fn(|mut request: Request, next: Next| async move {
        request.extensions_mut().remove::<Peer>();
        forget(request.headers_mut());
        next.run(request).await
    }))
}

fn forget(headers: &mut HeaderMap) {
    let is_telling = |name: &str| {
        TELLING.contains(&name) || TELLING_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
    };
    let telling: Vec<_> = headers.keys().filter(|name| is_telling(name.as_str())).cloned().collect();
    for name in telling {
        headers.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use axum::body::Body;
    use axum::routing::get;
    use http_body_util::BodyExt as _;
    use tower::ServiceExt as _;

    use super::*;

    /// Tells everything that a handler can learn of whoever asks.
    async fn told(request: Request) -> String {
        format!("{:?} {:?} {:?}", Peer::of(request.extensions()), request.headers(), request.uri())
    }

    #[tokio::test]
    async fn nothing_behind_the_veil_learns_who_asks() {
        let router = veiled(Router::new().route("/", get(told)));
        let mut request = Request::builder().uri("/").header("host", "log.example");
        for name in TELLING.iter().chain(&["x-forwarded-for", "x-forwarded-proto", "sec-ch-ua-platform"]) {
            request = request.header(*name, "canary");
        }
        let mut request = request.body(Body::empty()).unwrap();
        request.extensions_mut().insert(Peer(SocketAddr::from(([203, 0, 113, 77], 4321))));
        let answer = router.oneshot(request).await.unwrap().into_body().collect().await.unwrap().to_bytes();
        let told = String::from_utf8_lossy(&answer);
        assert!(told.contains("log.example"), "{told}");
        assert!(!told.contains("canary") && !told.contains("203.0.113.77"), "{told}");
    }
}
