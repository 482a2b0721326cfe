//! What a load balancer asks: is the process alive, and can it work.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use store::House;

/// How long the database may take to answer before this process counts as not ready.
const PATIENCE: Duration = Duration::from_secs(2);

/// `/health/live` and `/health/ready`, on every listener.
pub(crate) fn router(house: House) -> Router {
    let health = Router::new()
        .route("/health/live", get(|| async { "alive\n" }))
        .route("/health/ready", get(ready))
        .with_state(house);
    web::secure(health, web::Surface::Machines)
}

async fn ready(State(house): State<House>) -> Response {
    match tokio::time::timeout(PATIENCE, house.read("health", |_| Ok(()))).await {
        Ok(Ok(())) => "ready\n".into_response(),
        Ok(Err(fault)) => {
            tracing::warn!(fault = crate::outcome::chain(&fault), "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database is slow\n").into_response(),
    }
}
