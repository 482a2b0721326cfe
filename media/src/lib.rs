//! The face that serves pictures, on an origin of its own: no cookie, no page, no script, nothing but addresses that
//! each serve once. A picture is one that we drew; a stranger's bytes never leave here. Deliberately absent: who may
//! see what, which `viewing` asks for anew with every address.

use axum::Router;
use axum::extract::{Path, State};
use axum::middleware::map_response;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use viewing::{House, NotDrawn, NotShown, Renderer};

/// Nothing runs, nothing loads, nobody frames it.
const POLICY: &str = "sandbox; default-src 'none'; frame-ancestors 'none'";
/// Bytes of a secret in an address: 64 hexadecimal digits.
const SECRET_LETTERS: usize = 64;

/// What this face holds.
#[derive(Clone)]
pub struct Media {
    house: House,
    renderer: Renderer,
}

impl Media {
    /// The face of a house.
    #[must_use]
    pub const fn new(house: House, renderer: Renderer) -> Self {
        Self { house, renderer }
    }
}

/// The one route.
pub fn router(media: Media) -> Router {
    let router = Router::new().route("/media/{secret}", get(show)).with_state(media);
    web::secure(router.layer(map_response(dressed)), web::Surface::Machines)
}

/// `GET /media/{secret}`.
async fn show(State(media): State<Media>, Path(secret): Path<String>, headers: HeaderMap) -> Response {
    if !is_for_a_picture(&headers) || secret.len() != SECRET_LETTERS {
        return StatusCode::NOT_FOUND.into_response();
    }
    match viewing::show(&media.house, &media.renderer, &secret).await {
        Ok(picture) => (StatusCode::OK, [(header::CONTENT_TYPE, "image/jpeg")], picture).into_response(),
        Err(why) => refused(&media.house, &why),
    }
}

/// A browser says what it wants an answer for; only a picture on a page is served.
fn is_for_a_picture(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-dest").is_none_or(|wanted| wanted == "image")
}

fn refused(house: &House, why: &NotShown) -> Response {
    let status = match why {
        NotShown::NoSuchAddress => StatusCode::NOT_FOUND,
        NotShown::Shut(_) => StatusCode::FORBIDDEN,
        NotShown::NotDrawn(NotDrawn::Refused(_) | NotDrawn::Ended) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        NotShown::NotDrawn(_) | NotShown::Trouble(_) => {
            let incident = office::request_number(house);
            tracing::error!(incident, error = why as &dyn std::error::Error, "a picture could not be served");
            return (StatusCode::INTERNAL_SERVER_ERROR, format!("something went wrong here: {incident}\n"))
                .into_response();
        }
    };
    (status, format!("{why}\n")).into_response()
}

/// The headers of security-practice 6, on every answer, those to wrong methods and broken addresses too.
async fn dressed(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers
        .insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"item.jpg\""));
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-site"),
    );
    response
}
