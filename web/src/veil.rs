//! The veil of an anonymous surface: whoever asks there leaves nothing behind, because nothing of them gets as far as a
//! handler (security-practice 7). They are counted before, as one of a crowd.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use jiff::Timestamp;
use office::House;

use crate::crowd::Crowd;
use crate::headers::{Surface, dressed};
use crate::limit::Rate;
use crate::peer::Peer;

/// Requests of one network: a monitor that catches up takes many tiles at once, and nobody needs more.
const PACE: Rate = Rate { per_minute: 6_000, burst: 3_000 };

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
pub fn veiled<S: Clone + Send + Sync + 'static>(router: Router<S>, house: &House) -> Router<S> {
    let (crowd, house) = (Crowd::new(PACE, Arc::clone(house.random())), house.clone());
    behind(router, crowd, move || house.now())
}

fn behind<S, C>(router: Router<S>, crowd: Crowd, now: C) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    C: Fn() -> Timestamp + Clone + Send + Sync + 'static,
{
    let crowd = Arc::new(crowd);
    router.layer(from_fn(move |mut request: Request, next: Next| {
        // Behind another veil nobody is counted again.
        let peer = request.extensions_mut().remove::<Peer>();
        let taken = peer.map_or(Ok(()), |peer| crowd.take(peer.0.ip(), now()));
        forget(request.headers_mut());
        async move {
            match taken {
                Ok(()) => next.run(request).await,
                Err(wait) => slower(wait.as_secs().max(1)),
            }
        }
    }))
}

fn slower(seconds: u64) -> Response {
    let mut response = StatusCode::TOO_MANY_REQUESTS.into_response();
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    dressed(response, Surface::Machines)
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
    use seal::SeededRandom;
    use tower::ServiceExt as _;

    use super::*;

    const NOON: Timestamp = Timestamp::constant(1_780_315_200, 0);

    /// Tells everything that a handler can learn of whoever asks.
    async fn told(request: Request) -> String {
        format!("{:?} {:?} {:?}", Peer::of(request.extensions()), request.headers(), request.uri())
    }

    fn asked(last: u8) -> Request {
        let mut request = Request::builder().uri("/").header("host", "log.example");
        for name in TELLING.iter().chain(&["x-forwarded-for", "x-forwarded-proto", "sec-ch-ua-platform"]) {
            request = request.header(*name, "canary");
        }
        let mut request = request.body(Body::empty()).unwrap();
        request.extensions_mut().insert(Peer(SocketAddr::from(([203, 0, 113, last], 4321))));
        request
    }

    #[tokio::test]
    async fn nothing_behind_the_veil_learns_who_asks() {
        let crowd = Crowd::new(Rate { per_minute: 1, burst: 1 }, Arc::new(SeededRandom::from_seed(7)));
        let router = behind(Router::new().route("/", get(told)), crowd, || NOON);
        let answer = router.clone().oneshot(asked(77)).await.unwrap();
        let answer = answer.into_body().collect().await.unwrap().to_bytes();
        let told = String::from_utf8_lossy(&answer);
        assert!(told.contains("log.example"), "{told}");
        assert!(!told.contains("canary") && !told.contains("203.0.113.77"), "{told}");
        // Whoever hurries is slowed all the same, and nobody else is.
        let again = router.clone().oneshot(asked(77)).await.unwrap();
        assert_eq!(again.status(), StatusCode::TOO_MANY_REQUESTS);
        assert!(
            again.headers().contains_key("retry-after")
                && again.headers().contains_key("content-security-policy")
        );
        assert_eq!(router.oneshot(asked(78)).await.unwrap().status(), StatusCode::OK);
    }
}
