//! Where browsers tell that a page of ours wanted what its content policy forbids (W3C Reporting API, security-practice 6):
//! somebody's script got into a page, or we broke one. Anybody can send such a thing, and it names addresses and words of
//! the page: only the directive is read, out of those that there are, and only the log hears of it.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::routing::post;
use http::{HeaderMap, StatusCode, header};
use jiff::Timestamp;
use serde::Deserialize;

use crate::{Limiter, Rate};

/// Path to which they are sent.
const REPORTS: &str = "/content-policy";
/// Value of `Reporting-Endpoints` that every page carries; its policy names the endpoint.
pub(crate) const ENDPOINTS: &str = "csp=\"/content-policy\"";

/// Length of all that a browser tells at once.
const MOST_BYTES: usize = 64 << 10;
/// Told at once, and written down of them.
const MOST_TOLD: usize = 20;
/// Which reports of a browser these are, and how they come.
const KIND: &str = "csp-violation";
const MEDIA_TYPE: &str = "application/reports+json";

/// What a policy of ours can have broken: directives of it, and those into which browsers divide them.
const DIRECTIVES: [&str; 20] = [
    "base-uri",
    "connect-src",
    "default-src",
    "font-src",
    "form-action",
    "frame-ancestors",
    "frame-src",
    "img-src",
    "manifest-src",
    "media-src",
    "object-src",
    "require-trusted-types-for",
    "script-src",
    "script-src-attr",
    "script-src-elem",
    "style-src",
    "style-src-attr",
    "style-src-elem",
    "trusted-types",
    "worker-src",
];

#[derive(Deserialize)]
struct Told {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    body: Body,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Body {
    effective_directive: String,
}

/// How often one directive is written down: strangers do not fill the log.
const WRITTEN: Rate = Rate { per_minute: 1, burst: 5 };

struct Desk {
    now: Box<dyn Fn() -> Timestamp + Send + Sync>,
    written: Limiter<&'static str>,
}

/// The route to which browsers send them, by the clock of whoever serves it.
pub fn reports(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Router {
    let desk = Arc::new(Desk { now: Box::new(now), written: Limiter::new(WRITTEN) });
    Router::new().route(REPORTS, post(hear)).layer(DefaultBodyLimit::max(MOST_BYTES)).with_state(desk)
}

/// A browser does nothing with the answer: what cannot be read is refused for whoever tries it by hand.
async fn hear(State(desk): State<Arc<Desk>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    if headers.get(header::CONTENT_TYPE).is_none_or(|kind| kind.as_bytes() != MEDIA_TYPE.as_bytes()) {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE;
    }
    let Some(broken) = broken(&body) else { return StatusCode::BAD_REQUEST };
    for directive in written(&desk.written, broken, (desk.now)()) {
        tracing::warn!(directive, "a browser kept a page from what its content policy forbids");
    }
    StatusCode::NO_CONTENT
}

/// Which of them are written down now.
fn written(limit: &Limiter<&'static str>, broken: Vec<&'static str>, now: Timestamp) -> Vec<&'static str> {
    broken.into_iter().filter(|directive| limit.take(directive, now).is_ok()).collect()
}

/// The directives that are told to be broken, each once; nothing where that is not what is told.
fn broken(body: &[u8]) -> Option<Vec<&'static str>> {
    let told: Vec<Told> = serde_json::from_slice(body).ok()?;
    let known = |name: &str| DIRECTIVES.iter().copied().find(|known| *known == name);
    let of = |one: &Told| (one.kind == KIND).then(|| known(&one.body.effective_directive)).flatten();
    let mut found: Vec<_> = told.iter().take(MOST_TOLD).filter_map(of).collect();
    found.sort_unstable();
    found.dedup();
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;
    use tower::ServiceExt as _;

    async fn tell(kind: &str, body: impl Into<axum::body::Body>) -> StatusCode {
        let request = Request::post(REPORTS).header(header::CONTENT_TYPE, kind);
        reports(|| Timestamp::UNIX_EPOCH).oneshot(request.body(body.into()).unwrap()).await.unwrap().status()
    }

    #[test]
    fn of_what_a_browser_tells_only_a_known_directive_is_read() {
        let told = r#"[
            {"type":"csp-violation","url":"https://a.example/zq-canary","body":{"effectiveDirective":"script-src-elem","sample":"zq-canary"}},
            {"type":"csp-violation","body":{"effectiveDirective":"script-src-elem"}},
            {"type":"csp-violation","body":{"effectiveDirective":"zq-canary"}},
            {"type":"deprecation","body":{"effectiveDirective":"img-src"}},
            {"type":"csp-violation"}]"#;
        assert_eq!(broken(told.as_bytes()), Some(vec!["script-src-elem"]));
        let many = format!("[{}]", vec![r#"{"type":"x"}"#; 4_000].join(","));
        assert_eq!(broken(many.as_bytes()), Some(vec![]));
        for bad in ["", "{}", "[1]", "[{}]", r#"[{"type":1}]"#, "[[[[[["] {
            assert_eq!(broken(bad.as_bytes()), None, "{bad}");
        }
    }

    #[test]
    fn strangers_fill_no_log_and_keep_nothing_else_out_of_it() {
        let limit = Limiter::new(WRITTEN);
        let at = |second: i64| Timestamp::from_second(1_780_315_200 + second).unwrap();
        let many = (0..1_000).flat_map(|_| written(&limit, vec!["script-src"], at(0))).count();
        assert_eq!(many, 5, "a few at once");
        assert_eq!(
            written(&limit, vec!["img-src", "script-src"], at(0)),
            ["img-src"],
            "each is counted by itself"
        );
        let later = (1..=600).flat_map(|second| written(&limit, vec!["script-src"], at(second))).count();
        assert_eq!(later, 10, "then one a minute, however many are told");
    }

    #[tokio::test]
    async fn what_is_no_report_of_a_browser_or_too_long_is_refused() {
        assert_eq!(tell(MEDIA_TYPE, "[]").await, StatusCode::NO_CONTENT);
        assert_eq!(tell(MEDIA_TYPE, "{}").await, StatusCode::BAD_REQUEST);
        assert_eq!(tell("text/plain", "[]").await, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        assert_eq!(tell(MEDIA_TYPE, " ".repeat(MOST_BYTES + 1)).await, StatusCode::PAYLOAD_TOO_LARGE);
    }
}
