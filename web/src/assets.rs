//! Static assets, part of the binary. Their addresses stay the same; an entity tag made of their digest lets the
//! browser keep what did not change.

use std::sync::LazyLock;

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

/// Path of the design base.
pub const USWDS_CSS: &str = "/assets/vendor/uswds/css/uswds.min.css";
/// Path of the picture in the browser's tabs.
pub const ICON_SVG: &str = "/assets/icon.svg";
/// Path of our own style.
pub const HOUSE_CSS: &str = "/assets/house.css";
/// Path of the interaction script.
pub const HTMX_JS: &str = "/assets/vendor/htmx/htmx.min.js";
/// Path of what lets the interaction script work under our content policy. A page that names [`HTMX_JS`] names it next.
pub const HTMX_POLICY_JS: &str = "/assets/htmx-policy.js";

/// Path of what hands a form's question to the browser's keys: an ES module.
pub const PASSKEY_JS: &str = "/assets/passkey.js";
/// Path of what makes single keys follow the list of keys that a page prints: an ES module.
pub const KEYS_JS: &str = "/assets/keys.js";
/// Path of what tells on an open page how much is new: an ES module.
pub const NEWS_JS: &str = "/assets/news.js";
/// Path of what hides a picture when somebody looks away: an ES module.
pub const LOOK_JS: &str = "/assets/look.js";

const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const FONT: &str = "font/woff2";
const SVG: &str = "image/svg+xml";

struct Asset {
    path: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
}

macro_rules! asset {
    ($kind:ident, $name:literal) => {
        Asset {
            path: concat!("/assets/", $name),
            kind: $kind,
            bytes: include_bytes!(concat!("../assets/", $name)),
        }
    };
}

/// Everything that pages may load. What is not listed here is not served.
const ASSETS: &[Asset] = &[
    asset!(CSS, "house.css"),
    asset!(SVG, "icon.svg"),
    asset!(SCRIPT, "htmx-policy.js"),
    asset!(SCRIPT, "keys.js"),
    asset!(SCRIPT, "look.js"),
    asset!(SCRIPT, "news.js"),
    asset!(SCRIPT, "passkey.js"),
    asset!(SCRIPT, "vendor/htmx/htmx.min.js"),
    asset!(CSS, "vendor/uswds/css/uswds.min.css"),
    asset!(FONT, "vendor/uswds/fonts/roboto-mono/roboto-mono-v5-latin-regular.woff2"),
    asset!(FONT, "vendor/uswds/fonts/source-sans-pro/sourcesanspro-bold-webfont.woff2"),
    asset!(FONT, "vendor/uswds/fonts/source-sans-pro/sourcesanspro-italic-webfont.woff2"),
    asset!(FONT, "vendor/uswds/fonts/source-sans-pro/sourcesanspro-regular-webfont.woff2"),
    asset!(SVG, "vendor/uswds/img/correct8.svg"),
    asset!(SVG, "vendor/uswds/img/usa-icons/arrow_back.svg"),
    asset!(SVG, "vendor/uswds/img/usa-icons/check_circle.svg"),
    asset!(SVG, "vendor/uswds/img/usa-icons/error.svg"),
    asset!(SVG, "vendor/uswds/img/usa-icons/info.svg"),
    asset!(SVG, "vendor/uswds/img/usa-icons/navigate_before.svg"),
    asset!(SVG, "vendor/uswds/img/usa-icons/navigate_next.svg"),
    asset!(SVG, "vendor/uswds/img/usa-icons/unfold_more.svg"),
    asset!(SVG, "vendor/uswds/img/usa-icons/warning.svg"),
];

static TAGS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let digest = |asset: &Asset| seal::digest::hex(&seal::digest::sha256(asset.bytes));
    ASSETS.iter().map(|asset| format!("\"{}\"", &digest(asset)[..32])).collect()
});

/// The routes of all assets.
pub fn assets<S: Clone + Send + Sync + 'static>() -> Router<S> {
    ASSETS.iter().enumerate().fold(Router::new(), |router, (at, asset)| {
        router.route(
            asset.path,
            get(move |headers: HeaderMap| async move { serve(asset, &TAGS[at], &headers) }),
        )
    })
}

fn serve(asset: &Asset, tag: &str, headers: &HeaderMap) -> Response {
    let kept = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut response =
        if kept { StatusCode::NOT_MODIFIED.into_response() } else { asset.bytes.into_response() };
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, asset.kind);
    set(header::CACHE_CONTROL, "no-cache");
    set(header::ETAG, tag);
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use http::Request;
    use tower::ServiceExt as _;

    async fn ask(path: &str, tag: Option<&str>) -> Response {
        let mut request = Request::builder().uri(path);
        if let Some(tag) = tag {
            request = request.header(header::IF_NONE_MATCH, tag);
        }
        assets::<()>().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn what_did_not_change_is_not_sent_again() {
        for path in
            [ICON_SVG, USWDS_CSS, HOUSE_CSS, HTMX_JS, HTMX_POLICY_JS, PASSKEY_JS, KEYS_JS, LOOK_JS, NEWS_JS]
        {
            let first = ask(path, None).await;
            assert_eq!(first.status(), StatusCode::OK, "{path}");
            let tag = first.headers()[header::ETAG].to_str().unwrap().to_owned();
            assert_eq!(ask(path, Some(&tag)).await.status(), StatusCode::NOT_MODIFIED);
        }
        assert_eq!(ask("/assets/nowhere.css", None).await.status(), StatusCode::NOT_FOUND);
    }
}
