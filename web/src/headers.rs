//! Security headers (security-practice 6), one table a surface.

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use http::{HeaderName, HeaderValue, header};

use crate::broken;

/// What kind of answers a surface gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// Pages with our own small scripts.
    Pages,
    /// Pages that never run a script.
    PagesWithoutScript,
    /// Machines: XML, JSON, archives.
    Machines,
}

const SCRIPTED: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
     connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; \
     require-trusted-types-for 'script'; trusted-types htmx; report-to csp";
const UNSCRIPTED: &str = "default-src 'none'; script-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; \
     form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; report-to csp";
const MACHINE: &str = "default-src 'none'; frame-ancestors 'none'";

/// Where the browser tells of what a policy kept from a page.
const ENDPOINTS: HeaderName = HeaderName::from_static("reporting-endpoints");

const ALWAYS: [(&str, &str); 11] = [
    ("strict-transport-security", "max-age=63072000; includeSubDomains; preload"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), clipboard-read=(), \
         display-capture=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), local-fonts=(), \
         magnetometer=(), microphone=(), midi=(), payment=(), screen-wake-lock=(), serial=(), usb=()",
    ),
    ("x-dns-prefetch-control", "off"),
    ("x-frame-options", "DENY"),
    ("x-permitted-cross-domain-policies", "none"),
    ("cache-control", "no-store"),
];

/// The content policy of a page of ours that shows pictures from one other origin, and from nowhere else.
#[must_use]
pub(crate) fn pages_policy_showing(origin: &str) -> String {
    SCRIPTED.replace("img-src 'self';", &format!("img-src 'self' {origin};"))
}

/// Puts the headers of `surface` on every answer of `router`, without replacing one that a handler set.
pub fn secure<S: Clone + Send + Sync + 'static>(router: Router<S>, surface: Surface) -> Router<S> {
    router.layer(from_fn(move |request: Request, next: Next| async move {
        dressed(next.run(request).await, surface)
    }))
}

/// Puts the headers of `surface` on one answer that no router gave.
#[must_use]
pub fn dressed(mut response: Response, surface: Surface) -> Response {
    let policy = match surface {
        Surface::Pages => SCRIPTED,
        Surface::PagesWithoutScript => UNSCRIPTED,
        Surface::Machines => MACHINE,
    };
    let headers = response.headers_mut();
    if surface != Surface::Machines {
        headers.entry(ENDPOINTS).or_insert(HeaderValue::from_static(broken::ENDPOINTS));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(policy));
    for (name, value) in ALWAYS {
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::routing::get;
    use tower::ServiceExt as _;

    #[test]
    fn a_page_that_shows_pictures_of_another_origin_loads_nothing_else_from_it() {
        let policy = pages_policy_showing("https://media.example");
        assert_eq!(policy.matches("https://media.example").count(), 1);
        assert!(policy.contains("img-src 'self' https://media.example; font-src 'self'"), "{policy}");
    }

    #[tokio::test]
    async fn every_answer_of_a_surface_is_dressed_even_a_refusal() {
        let router = secure(Router::new().route("/", get(|| async { "page" })), Surface::Pages);
        for path in ["/", "/nowhere"] {
            let request = Request::builder().uri(path).body(Body::empty()).unwrap();
            let answer = router.clone().oneshot(request).await.unwrap();
            for (name, value) in ALWAYS {
                assert_eq!(answer.headers()[name], value, "{path} {name}");
            }
            let policy = answer.headers()["content-security-policy"].to_str().unwrap();
            assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        }
    }
}
