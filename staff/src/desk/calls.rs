//! Who of the clearinghouse is called for what cannot wait at its own desk: what nobody has taken yet, one's own mailbox, the
//! ladder, which a supervisor keeps, and what was sent.

use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Form, Router};
use domain::ReportId;
use dossierpage::notify::{self, Address, Asked, Code, Known, Place, Turn, Wrong};
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use office::Trouble;
use policy::ViewerRole;
use ui::{Link, Weight};
use web::door::Token;

use crate::index::Entry;
use crate::session::SignedIn;
use crate::{Staff, shell};

const ROLES: &[ViewerRole] = &[ViewerRole::Analyst, ViewerRole::Supervisor];

const LINK: Link<'static> = Link { href: "/desk/calls", label: "Calls" };

pub(super) const ENTRY: Entry = Entry {
    link: LINK,
    says: "Who of us is called for what cannot wait here, and where you are written to.",
    roles: ROLES,
};

const PLACE: Place = Place {
    href: LINK.href,
    answers: "/desk/calls/",
    report: ("/desk/reports/", "/files"),
    waits: "waits here: an agency gave it back and nobody is left for it, or no agency that may receive has it.",
    ladder: "When a report of the highest priority comes to wait here, the first place is called by mail, then the next, until \
             somebody says that they have it or decides where it goes. Then it begins anew. Where nobody's turn is written \
             down, supervisors are called. A supervisor keeps the ladder.",
    mailbox: "At work. Leave it empty to get no message. Your colleagues see that you can be written to, not where.",
    news: "Also tell me, at most once an hour, that something new waits here",
};

pub(super) fn routes() -> Router<Staff> {
    Router::new()
        .route(LINK.href, get(page))
        .route("/desk/calls/address", post(address))
        .route("/desk/calls/confirm", post(confirm))
        .route("/desk/calls/test", post(test))
        .route("/desk/calls/steps", post(add))
        .route("/desk/calls/steps/{turn}/remove", post(remove))
        .route("/desk/calls/{report}/answer", post(answer))
}

/// What the desk's first page says of calls: who waits, and that nobody can be called.
pub(super) async fn on_top(who: &SignedIn) -> Result<Markup, Trouble> {
    if !who.member.is_one_of(ROLES) {
        return Ok(html! {});
    }
    let house = &who.staff.house;
    let open = herald::ladder::open(house, &who.viewer()).await?;
    let unreached = unreached(who).await?;
    Ok(html! { (notify::calls(&PLACE, &who.visit, &open)) (unreached) })
}

/// A warning while nobody can be called.
async fn unreached(who: &SignedIn) -> Result<Markup, Trouble> {
    if herald::ladder::desk_reaches(&who.staff.house).await? {
        return Ok(html! {});
    }
    Ok(ui::alert(
        Weight::Warning,
        "Nobody of us can be called now",
        &html! {
            p {
                "Nobody whose turn it is has a mailbox that is known to be theirs, and without a ladder no supervisor has. What cannot wait "
                "would lie here until somebody looks. " (Link { href: LINK.href, label: "Say where you are written to" }) ", and write a ladder down."
            }
        },
    ))
}

/// `GET /desk/calls`.
async fn page(who: SignedIn) -> Response {
    shown(&who, None).await
}

async fn shown(who: &SignedIn, wrong: Option<&str>) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES) {
        return *elsewhere;
    }
    let found = async {
        let known = Known::find(&who.staff.house, &who.viewer()).await?;
        Ok::<_, Trouble>((known, unreached(who).await?))
    };
    match found.await {
        Ok((known, unreached)) => {
            let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            shell::below(status, who, &[shell::DESK], LINK.label, &main(who, &known, (&unreached, wrong)))
        }
        Err(trouble) => shell::trouble(who, &trouble),
    }
}

fn main(who: &SignedIn, known: &Known, (unreached, wrong): (&Markup, Option<&str>)) -> Markup {
    let visit = &who.visit;
    html! {
        h1 { (LINK.label) }
        @if let Some(wrong) = wrong { (ui::alert(Weight::Error, "Nothing was changed", &html! { p { (wrong) } })) }
        p { "Messages say that there is something, and never what: no number, no name, no place, not how many. Whatever they lead to is here, after signing in." }
        (notify::calls(&PLACE, visit, &known.ladder.open))
        (unreached)
        (notify::own(&PLACE, visit, known.own.as_ref()))
        (notify::ladder(&PLACE, visit, &known.ladder, known.sent.is_some()))
        @if let Some(sent) = &known.sent { (notify::sent(sent, &known.ladder)) }
    }
}

/// `POST /desk/calls/address`.
async fn address(who: SignedIn, headers: HeaderMap, Form(given): Form<Address>) -> Response {
    let (token, form) = (given.csrf.clone(), notify::ADDRESS_FORM);
    done(&who, (&headers, &token, form), Asked::Address(given)).await
}

/// `POST /desk/calls/confirm`.
async fn confirm(who: SignedIn, headers: HeaderMap, Form(given): Form<Code>) -> Response {
    let (token, form) = (given.csrf.clone(), notify::CONFIRM_FORM);
    done(&who, (&headers, &token, form), Asked::Confirm(given)).await
}

/// `POST /desk/calls/test`.
async fn test(who: SignedIn, headers: HeaderMap, Form(token): Form<Token>) -> Response {
    done(&who, (&headers, &token.csrf, notify::TEST_FORM), Asked::Test).await
}

/// `POST /desk/calls/steps`.
async fn add(who: SignedIn, headers: HeaderMap, Form(given): Form<Turn>) -> Response {
    let (token, form) = (given.csrf.clone(), notify::STEP_FORM);
    done(&who, (&headers, &token, form), Asked::Add(given)).await
}

/// `POST /desk/calls/steps/{turn}/remove`.
async fn remove(
    who: SignedIn,
    Path(step): Path<String>,
    headers: HeaderMap,
    Form(token): Form<Token>,
) -> Response {
    let form = notify::removal(&step);
    done(&who, (&headers, &token.csrf, &form), Asked::Remove(step)).await
}

/// `POST /desk/calls/{report}/answer`.
async fn answer(
    who: SignedIn,
    Path(number): Path<String>,
    headers: HeaderMap,
    Form(token): Form<Token>,
) -> Response {
    let Ok(report) = number.parse::<ReportId>() else { return shell::not_found(&who) };
    let form = notify::answering(&number);
    done(&who, (&headers, &token.csrf, &form), Asked::Answer(report)).await
}

/// Does what a form of ours asks, and goes back to the page, or says on it what was wrong.
async fn done(who: &SignedIn, (headers, token, form): (&HeaderMap, &str, &str), asked: Asked) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES) {
        return *elsewhere;
    }
    if let Err(stale) = who.must_post(headers, token, form) {
        return *stale;
    }
    match notify::done(&who.staff.house, &who.viewer(), asked).await {
        Ok(()) => web::redirect(LINK.href),
        Err(Wrong::Said(says)) => shown(who, Some(&says)).await,
        Err(Wrong::Trouble(trouble)) => shell::trouble(who, &trouble),
    }
}
