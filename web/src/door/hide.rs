//! Pages that hide themselves, and the way back to them.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderValue, Method, StatusCode, header};

use crate::session_cookie;

/// Longer addresses are not led back to.
const MOST_ADDRESS_CHARS: usize = 1000;
/// As long as a session may sit idle before it locks, and a second more, so that it is locked when the browser asks.
const AFTER_SECONDS: i64 = office::LOCK.as_secs() + 1;

/// A page that was shown to somebody who is signed in leads to the lock when its minutes are over.
pub(super) async fn after_minutes(prefix: &'static str, request: Request, next: Next) -> Response {
    let signed_in = request.method() == Method::GET && session_cookie(request.headers()).is_some();
    let path = request.uri().path_and_query().map(|path| path.as_str().to_owned());
    let mut response = next.run(request).await;
    let shown = response.status() == StatusCode::OK && is_page(&response);
    if let Some(path) = path.filter(|_| signed_in && shown) {
        after_a_while(&mut response, prefix, &path);
    }
    response
}

/// Lets a page lead to the lock, and then on to `to`, when the minutes of the lock are over.
pub(super) fn after_a_while(response: &mut Response, prefix: &str, to: &str) {
    let after = format!("{AFTER_SECONDS}; url={}", verify_address(prefix, to));
    if let Ok(after) = HeaderValue::from_str(&after) {
        response.headers_mut().entry(header::REFRESH).or_insert(after);
    }
}

fn is_page(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html"))
}

/// Where somebody shows again who they are, and is then led on to `to`.
pub(super) fn verify_address(prefix: &str, to: &str) -> String {
    led_on(&format!("{prefix}/verify"), to)
}

/// Where somebody comes in, and is then led on to `to`.
pub(super) fn way_in(prefix: &str, to: &str) -> String {
    led_on(&format!("{prefix}/sign-in"), to)
}

fn led_on(door: &str, to: &str) -> String {
    let to: String = url::form_urlencoded::byte_serialize(to.as_bytes()).collect();
    format!("{door}?to={to}")
}

/// Whether an address is a page of this face: a path, and not one that a browser takes for another host.
pub(super) fn is_of_face(rooms: &[&str], to: &str) -> bool {
    let ends = |rest: &str| rest.is_empty() || rest.starts_with('/') || rest.starts_with('?');
    let below = rooms.iter().any(|room| to.strip_prefix(room).is_some_and(ends));
    below
        && to.len() <= MOST_ADDRESS_CHARS
        && !to.contains(|letter: char| letter.is_control() || letter == '\\' || !letter.is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_leads_to_a_page_of_the_same_face_only() {
        for good in ["/agency", "/agency/inbox?sort=newest&after=3", "/agency?x=1"] {
            assert!(is_of_face(&["/agency"], good), "{good}");
        }
        for bad in [
            "",
            "/",
            "//evil.example",
            "/agencyevil",
            "https://evil.example",
            "/agency\r\nx",
            "/provider",
            "/agency/\\",
        ] {
            assert!(!is_of_face(&["/agency"], bad), "{bad}");
        }
        assert_eq!(
            verify_address("/agency", "/agency/inbox?a=b&c"),
            "/agency/verify?to=%2Fagency%2Finbox%3Fa%3Db%26c"
        );
        assert_eq!(way_in("/agency", "/agency/notify"), "/agency/sign-in?to=%2Fagency%2Fnotify");
    }
}
