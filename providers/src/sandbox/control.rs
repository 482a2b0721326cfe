//! Orders to a sandbox: what was asked so far as JSON, a reset, a step of the clock. Programs give them with the
//! sender's own credentials; the page's buttons give them with the page's token.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use pipeline::intake;
use serde::Deserialize;
use serde_json::json;
use web::{Problem, ProblemKind};

use super::journal::Entry;
use super::layer::{advance, now};
use super::page::{form_name, redirect_to_list};
use super::room::Tenant;
use super::{Desk, Sandbox};

/// Requests in one answer when nobody says how many, and at most.
const SOME: usize = 100;
const MOST: usize = 1_000;

/// Which requests are asked for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    after: u64,
    #[serde(default)]
    sender: Option<String>,
    #[serde(default)]
    limit: Option<usize>,
}

/// `GET /sandbox/requests?after=NUMBER`: what was answered after that one, oldest first; `next` continues it.
pub(super) async fn requests(
    State(sandbox): State<Sandbox>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Response {
    let Ok(Query(asked)) = asked else {
        return invalid("after and limit are whole numbers").into_response();
    };
    let desk = &sandbox.desk;
    let sender = match asked.sender.as_deref().map(|word| desk.sender_called(word)) {
        Some(None) => {
            return Problem::new(ProblemKind::NotFound).detail("there is no such sender").into_response();
        }
        Some(found) => found,
        None => None,
    };
    let most = asked.limit.unwrap_or(SOME).clamp(1, MOST);
    let found: Vec<Arc<Entry>> = desk.journal.after(asked.after, sender, most);
    let next = found.last().map_or(asked.after, |entry| entry.number);
    let entries: Vec<&Entry> = found.iter().map(Arc::as_ref).collect();
    Json(json!({ "requests": entries, "next": next })).into_response()
}

/// What a form of the page, or a program, sends.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Order {
    #[serde(default)]
    sender: String,
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    by: String,
}

/// `POST /sandbox/reset`: a new house for the sender. Reports, files and requests of before are gone.
pub(super) async fn reset(
    State(sandbox): State<Sandbox>,
    headers: HeaderMap,
    order: Result<Form<Order>, FormRejection>,
) -> Response {
    let order = order.map(|Form(order)| order).unwrap_or_default();
    let desk = &sandbox.desk;
    let given = match Giver::of(desk, &headers, &order, "reset").await {
        Err(problem) => return problem.into_response(),
        Ok(given) => given,
    };
    let Some(tenant) = desk.tenants.get(given.sender) else { return not_known().into_response() };
    // A client that leaves in the middle must not leave half a reset behind.
    let resetting = tokio::spawn({
        let sandbox = sandbox.clone();
        async move { sandbox.reset(given.sender).await }
    });
    match resetting.await.unwrap_or_else(|_| Err("the reset ended early".to_owned())) {
        Ok(()) if given.at_page => redirect_to_list(),
        Ok(()) => Json(json!({ "reset": tenant.sender.word() })).into_response(),
        Err(fault) => {
            tracing::error!(fault, "a sandbox could not be reset");
            Problem::new(ProblemKind::Internal).detail(fault).into_response()
        }
    }
}

/// `POST /sandbox/clock` with `by=+25h`: moves the sender's clock on, and expires what is due.
pub(super) async fn clock(
    State(sandbox): State<Sandbox>,
    headers: HeaderMap,
    order: Result<Form<Order>, FormRejection>,
) -> Response {
    let order = order.map(|Form(order)| order).unwrap_or_default();
    let desk = &sandbox.desk;
    let given = match Giver::of(desk, &headers, &order, "clock").await {
        Err(problem) => return problem.into_response(),
        Ok(given) => given,
    };
    let Some(tenant) = desk.tenants.get(given.sender) else { return not_known().into_response() };
    let room = tenant.room();
    let _busy = room.enter().await;
    let moved = match order.by.parse() {
        Ok(step) => advance(&room, step).await,
        Err(says) => Err(str::to_owned(says)),
    };
    match moved {
        Err(says) => invalid(&says).into_response(),
        Ok(_) if given.at_page => redirect_to_list(),
        Ok(expired) => {
            let ahead = room.clock.ahead().as_secs();
            Json(json!({ "now": now(&room), "aheadSeconds": ahead, "expired": expired })).into_response()
        }
    }
}

/// Who gives an order, and where.
struct Giver {
    sender: usize,
    at_page: bool,
}

impl Giver {
    /// By credentials, or by the page's own form.
    async fn of(desk: &Desk, headers: &HeaderMap, order: &Order, form: &str) -> Result<Self, Problem> {
        if let Some(given) = web::basic_credentials(headers) {
            let sender = desk.sender_of(&given.username).ok_or_else(not_known)?;
            let tenant: &Tenant = desk.tenants.get(sender).ok_or_else(not_known)?;
            let login = intake::authenticate(&tenant.room().house, &given.username, &given.secret).await;
            return login.map(|_| Self { sender, at_page: false }).map_err(|_| not_known());
        }
        let sender = desk.sender_called(&order.sender).ok_or_else(not_known)?;
        let ours =
            web::same_origin(headers) && desk.forms.accepts(&order.csrf, &order.sender, &form_name(form));
        if ours { Ok(Self { sender, at_page: true }) } else { Err(not_known()) }
    }
}

fn not_known() -> Problem {
    Problem::new(ProblemKind::Unauthenticated)
        .detail("send a user name and password of this sandbox as HTTP Basic, or use the buttons of its page")
}

fn invalid(says: &str) -> Problem {
    Problem::new(ProblemKind::InvalidRequest).detail(says)
}
