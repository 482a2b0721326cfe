//! The layer around the routes for providers: it finds the sender's house, obeys orders to misbehave, lets the house
//! answer, and remembers what was asked and said.

use axum::body::{self, Body};
use axum::extract::{Request, State};
use axum::response::Response;
use cybertip::response::ResponseCode;
use domain::{Clock as _, ReportId};
use futures_util::StreamExt as _;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use pipeline::intake;
use tower::ServiceExt as _;

use super::answer::{self, Place};
use super::clock::Step;
use super::excerpt::{self, Onlooker};
use super::fault::{self, FAULT_HEADER, Fault};
use super::room::Room;
use super::witness::Witness;
use super::{Desk, Sandbox};

/// The header that moves the sender's clock before its request is handled.
pub(super) const CLOCK_HEADER: &str = "sandbox-clock";
const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");
/// Answers of the reporting API are far smaller; what is larger is passed on without being looked at.
const MOST_ANSWER_BYTES: usize = 1 << 20;
/// How much of a body is read that nobody wants, so that the client gets its answer.
const MOST_DRAINED_BYTES: usize = 256 << 20;

/// Handles one request for the house.
pub(super) async fn pass(State(sandbox): State<Sandbox>, request: Request) -> Response {
    let desk = &*sandbox.desk;
    let username = web::basic_credentials(request.headers()).map(|given| given.username);
    let sender = username.as_deref().and_then(|name| desk.sender_of(name));
    let generation = desk.journal.generation(sender);
    // Nobody is turned away by the house itself: any will do.
    let Some(tenant) = desk.tenants.get(sender.unwrap_or_default()) else { return answer::lost() };
    let room = tenant.room();
    let onlooker = Onlooker::default();
    let mut witness = Witness::of(&request, &sandbox, sender, generation, &room, onlooker.clone());
    witness.entry.username = username;
    let request = request.map(|body| onlooker.over(body));

    let orders = Orders::read(desk, &room, request.headers(), &endpoint(request.uri().path())).await;
    let answered = match orders {
        Err(says) => in_its_place(desk, &room, request, &onlooker, Refused::Order(says)).await,
        Ok(faults) => {
            witness.entry.faults = faults.iter().map(ToString::to_string).collect();
            obey(desk, &room, request, &onlooker, &mut witness, &faults).await
        }
    };
    let answered = witness.saw(answered).await;
    let lost = finally(&room, &mut witness).await;
    witness.close(lost.then_some("lost on purpose"));
    if lost { answer::lost() } else { answered }
}

/// What is to be done with a request besides what it asks for.
struct Orders;

impl Orders {
    /// The faults for a request, after its clock was moved; or what is wrong with its orders.
    async fn read(
        desk: &Desk,
        room: &Room,
        headers: &HeaderMap,
        endpoint: &str,
    ) -> Result<Vec<Fault>, String> {
        if let Some(step) = text(headers, CLOCK_HEADER) {
            let step = step.parse().map_err(|says| format!("{CLOCK_HEADER}: {says}"))?;
            move_clock(room, headers, step).await?;
        }
        match text(headers, FAULT_HEADER) {
            Some(faults) => fault::of_header(faults).map_err(|says| format!("{FAULT_HEADER}: {says}")),
            None => Ok(desk.rules.iter().filter_map(|rule| rule.strikes(endpoint)).collect()),
        }
    }
}

/// Moves the clock for somebody who is the sender; others get their 401 from the house.
async fn move_clock(room: &Room, headers: &HeaderMap, step: Step) -> Result<(), String> {
    let Some(given) = web::basic_credentials(headers) else { return Ok(()) };
    if intake::authenticate(&room.house, &given.username, &given.secret).await.is_err() {
        return Ok(());
    }
    advance(room, step).await.map(drop)
}

/// Moves the clock of a house and expires what is due. Answers how many reports expired.
pub(super) async fn advance(room: &Room, step: Step) -> Result<usize, String> {
    if !room.clock.advance(step) {
        return Err("the clock cannot be ten years ahead; a reset sets it back".to_owned());
    }
    pipeline::sandbox::sweep(&room.house).await.map_err(|fault| {
        tracing::error!(error = &fault as &dyn std::error::Error, "the sandbox could not expire reports");
        "the expired reports could not be destroyed; try again".to_owned()
    })
}

/// Waits, answers in the house's place, or lets the house answer, as the faults say.
async fn obey(
    desk: &Desk,
    room: &Room,
    request: Request,
    onlooker: &Onlooker,
    witness: &mut Witness,
    faults: &[Fault],
) -> Response {
    witness.loses_answer = faults.contains(&Fault::LostAnswer);
    witness.expires_report = faults.contains(&Fault::ExpireNow);
    for fault in faults {
        if let Fault::Slow(wait) = fault {
            slowly(*wait).await;
        }
    }
    let own = |fault: &&Fault| !matches!(fault, Fault::Slow(_) | Fault::LostAnswer | Fault::ExpireNow);
    match faults.iter().find(own) {
        Some(fault) => in_its_place(desk, room, request, onlooker, Refused::Fault(*fault)).await,
        None => {
            let _busy = room.enter().await;
            let Ok(answered) = room.router.clone().oneshot(request).await;
            answered
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "to be late is what was asked for, within a bound")]
async fn slowly(wait: std::time::Duration) {
    tokio::time::sleep(wait).await;
}

/// Why the house is not asked.
enum Refused {
    Fault(Fault),
    Order(String),
}

/// Answers without asking the house, once the client has sent everything.
async fn in_its_place(
    desk: &Desk,
    room: &Room,
    request: Request,
    onlooker: &Onlooker,
    why: Refused,
) -> Response {
    let finishes = request.method() == Method::POST && endpoint(request.uri().path()) == "finish";
    let content_type = text(request.headers(), "content-type").unwrap_or_default().to_owned();
    drain(request.into_body()).await;
    let (head, _) = onlooker.excerpt(&content_type);
    let finish_of = finishes.then(|| excerpt::report_named(&head)).flatten();
    let place = Place { settings: desk.settings, finish_of };
    let mut answered = match why {
        Refused::Order(says) => {
            place.refusal(ResponseCode::InvalidRequest, &format!("Invalid request: {says}"))
        }
        Refused::Fault(fault) => place.answer(fault).unwrap_or_else(answer::lost),
    };
    if let Ok(number) = HeaderValue::from_str(&pipeline::request_number(&room.house)) {
        answered.headers_mut().insert(REQUEST_ID, number);
    }
    answered
}

async fn drain(body: Body) {
    let mut stream = body.into_data_stream();
    let mut seen = 0;
    while let Some(Ok(frame)) = stream.next().await {
        seen += frame.len();
        if seen > MOST_DRAINED_BYTES {
            return;
        }
    }
}

/// What was asked for after the answer; true when the answer is to be lost.
async fn finally(room: &Room, witness: &mut Witness) -> bool {
    let named = witness.entry.report.and_then(|number| ReportId::try_from(number).ok());
    if let (true, Some(report)) = (witness.expires_report, named) {
        match pipeline::sandbox::expire(&room.house, &room.provider, report).await {
            Ok(expired) => tracing::debug!(report.id = report.get(), expired, "expired on purpose"),
            Err(fault) => {
                tracing::error!(
                    error = &fault as &dyn std::error::Error,
                    "the sandbox could not expire a report"
                );
            }
        }
    }
    witness.loses_answer
}

/// Reads an answer that may be looked at, and answers it again whole.
pub(super) async fn looked_at(answered: Response) -> (Response, String) {
    let is_text = text(answered.headers(), header::CONTENT_TYPE.as_str())
        .is_some_and(|kind| ["xml", "json", "text/"].iter().any(|part| kind.contains(part)));
    let bound = body::HttpBody::size_hint(answered.body()).upper();
    if !is_text || bound.is_none_or(|bytes| bytes > MOST_ANSWER_BYTES as u64) {
        return (answered, String::new());
    }
    let (parts, body) = answered.into_parts();
    match body::to_bytes(body, MOST_ANSWER_BYTES).await {
        Ok(bytes) => {
            let seen = String::from_utf8_lossy(&bytes).into_owned();
            (Response::from_parts(parts, Body::from(bytes)), seen)
        }
        Err(_) => (answer::lost(), String::new()),
    }
}

/// The last word of a path of the reporting API; empty for another path.
pub(super) fn endpoint(path: &str) -> String {
    path.strip_prefix("/ispws/").unwrap_or_default().trim_end_matches('/').to_owned()
}

/// A header as text.
pub(super) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// The present moment of a house, for entries and answers.
pub(super) fn now(room: &Room) -> jiff::Timestamp {
    room.clock.now()
}
