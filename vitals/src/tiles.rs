//! The public face of the ledger: checkpoint, tiles and entries (C2SP tlog-tiles), for monitors and auditors. Entries are
//! salted commitments, so nothing here speaks of anybody.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use config::outcome::chain;
use store::{Error, House, Refusal, TilePath};

const CHECKPOINT_LIVES: &str = "public, max-age=1";
/// What is served under a name never changes.
const TILE_LIVES: &str = "public, max-age=31536000, immutable";

/// `/log/checkpoint`, `/log/tile/…`.
pub fn router(house: House) -> Router {
    let router = Router::new()
        .route("/log/checkpoint", get(checkpoint))
        .route("/log/tile/{*path}", get(tile))
        .with_state(house);
    web::secure(router, web::Surface::Machines)
}

async fn checkpoint(State(house): State<House>) -> Response {
    let reader = house.clone();
    let read = house.read("log::checkpoint", move |view| reader.book().published(view)).await;
    answered(read, "text/plain; charset=utf-8", CHECKPOINT_LIVES)
}

async fn tile(State(house): State<House>, Path(path): Path<String>) -> Response {
    let Ok(name) = format!("tile/{path}").parse::<TilePath>() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let reader = house.clone();
    let read = house.read("log::tile", move |view| reader.book().tile(view, &name)).await;
    answered(read, "application/octet-stream", TILE_LIVES)
}

fn answered<T: Into<axum::body::Body>>(
    read: store::Result<T>,
    kind: &'static str,
    lives: &'static str,
) -> Response {
    match read {
        Ok(bytes) => {
            let headers: [(HeaderName, HeaderValue); 3] = [
                (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
                (header::CACHE_CONTROL, HeaderValue::from_static(lives)),
                // It is there for everybody's programs, those on pages of others too.
                (
                    HeaderName::from_static("cross-origin-resource-policy"),
                    HeaderValue::from_static("cross-origin"),
                ),
            ];
            (headers, bytes.into()).into_response()
        }
        Err(Error::Refusal(Refusal::NotFound | Refusal::NotSequenced)) => {
            StatusCode::NOT_FOUND.into_response()
        }
        Err(error) => {
            tracing::error!(fault = chain(&error), "the log could not be read");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}
