//! Static assets, part of the binary, at paths that name their content and therefore never change.

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header;

/// Path of the design base.
pub const USWDS_CSS: &str = "/assets/uswds.css";
/// Path of our own style.
pub const HOUSE_CSS: &str = "/assets/house.css";
/// Path of the interaction script.
pub const HTMX_JS: &str = "/assets/htmx.js";

struct Asset {
    path: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
}

const ASSETS: &[Asset] = &[Asset {
    path: HOUSE_CSS,
    kind: "text/css; charset=utf-8",
    bytes: include_bytes!("../assets/house.css"),
}];

/// The routes of all assets.
pub fn assets<S: Clone + Send + Sync + 'static>() -> Router<S> {
    ASSETS.iter().fold(Router::new(), |router, asset| {
        router.route(asset.path, get(move || async move { serve(asset) }))
    })
}

fn serve(asset: &'static Asset) -> Response {
    // The path does not change with the version, so the browser asks again; `no-cache` lets it keep the bytes.
    let headers = [(header::CONTENT_TYPE, asset.kind), (header::CACHE_CONTROL, "no-cache")];
    (headers, asset.bytes).into_response()
}
