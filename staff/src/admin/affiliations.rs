//! Task forces and their affiliates: which is whose, from when until when, and the form with which a second person is asked
//! to agree.

use axum::extract::Query;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Form, Router};
use domain::{AgencyId, Id as _};
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use office::affiliations::{self, Claim, Named};
use office::{Agency, Trouble, agencies, people};
use policy::ViewerRole;
use serde::Deserialize;
use ui::{Button, Choice, Column, Field, Kind, Link, Order, Row, Table, Tone, Weight, button};
use web::moment;

use crate::index::Entry;
use crate::session::SignedIn;
use crate::{Staff, shell};

const ROLES: &[ViewerRole] = &[ViewerRole::Supervisor, ViewerRole::Counsel];

const LINK: Link<'static> = Link { href: "/admin/affiliations", label: "Task forces and affiliates" };
const END: &str = "/admin/affiliations/end";

pub(crate) const ENTRY: Entry = Entry {
    link: LINK,
    says: "Which agency is an affiliate of which task force, and until when.",
    roles: ROLES,
};

pub(crate) fn routes() -> Router<Staff> {
    Router::new().route(LINK.href, get(page).post(ask)).route(END, post(end))
}

/// What the form says. Its words can stand in the address.
#[derive(Deserialize, Default)]
struct Said {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    task_force: String,
    #[serde(default)]
    affiliate: String,
    #[serde(default)]
    agreement: String,
    #[serde(default)]
    sha256: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    until: String,
}

/// `GET /admin/affiliations`.
async fn page(who: SignedIn, Query(said): Query<Said>) -> Response {
    shown(&who, &said, None).await
}

async fn shown(who: &SignedIn, said: &Said, refused: Option<&'static str>) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES) {
        return *elsewhere;
    }
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let found = async {
        let all = affiliations::list(&who.staff.house, &who.member).await?;
        Ok::<_, Trouble>((all, agencies::list(&who.staff.house, &who.member).await?))
    };
    match found.await {
        Ok((all, agencies)) => {
            let main = main(who, &all, &agencies, said, refused);
            shell::below(status, who, &[shell::ADMIN], LINK.label, &main)
        }
        Err(trouble) => shell::trouble(who, &trouble),
    }
}

fn main(who: &SignedIn, all: &[Named], agencies: &[Agency], said: &Said, refused: Option<&str>) -> Markup {
    // Nobody is chosen before somebody chooses.
    let mut named = vec![Choice { value: "", label: "Choose an agency" }];
    named.extend(agencies.iter().map(|one| Choice { value: one.id.as_str(), label: &one.name }));
    html! {
        h1 { (LINK.label) }
        @if let Some(refused) = refused { (ui::alert(Weight::Error, "Nothing was changed", &html! { p { (refused) } })) }
        p { "A task force and its affiliates find each other first when one hands a report on to the other. Being an affiliate qualifies nobody to receive: each needs its own fact." }
        @if all.is_empty() { (ui::empty("No affiliate is recorded yet.", None)) } @else { (table(who, all)) }
        h2 { "Ask a second person to record an affiliate" }
        p { "A supervisor and counsel decide this together: whichever of you asks, the other one agrees." }
        (ui::post(LINK.href, &who.visit.token("affiliate"), &html! {
            (Field::new("task_force", "Task force").kind(Kind::Choice(&named)).value(&said.task_force).required())
            (Field::new("affiliate", "Affiliate").kind(Kind::Choice(&named)).value(&said.affiliate).required())
            (Field::new("agreement", "Where the agreement of both is").value(&said.agreement).required())
            (Field::new("sha256", "SHA-256 of the agreement").hint("64 hexadecimal digits.").value(&said.sha256).required())
            (Field::new("from", "From").kind(Kind::Date).value(&said.from).required())
            (Field::new("until", "Until").kind(Kind::Date).value(&said.until).required())
            (button("Ask", Button::Primary))
        }))
    }
}

fn table(who: &SignedIn, all: &[Named]) -> Markup {
    let now = who.staff.house.now();
    let columns = ["Affiliate", "Task force", "From", "Until", "Agreed by", "State", "End it"]
        .map(|label| Column { label, order: Order::Fixed });
    let row = |named: &Named| {
        let claim = &named.one.claim;
        let (state, tone) = match (named.one.holds(now), named.one.ended_at) {
            (true, _) => ("holds", Tone::Plain),
            (false, Some(_)) => ("ended", Tone::Muted),
            (false, None) if now < claim.from => ("to come", Tone::Notice),
            (false, None) => ("over", Tone::Muted),
        };
        let open = named.one.ended_at.is_none() && now < claim.until;
        let label = format!("End {} with {}", named.affiliate, named.task_force);
        Row {
            head: ui::text(&named.affiliate),
            cells: vec![
                ui::text(&named.task_force),
                moment(claim.from),
                moment(named.one.ended_at.unwrap_or(claim.until)),
                ui::text(&named.one.agreed_by),
                ui::chip(state, tone),
                html! {
                    @if open {
                        (ui::post(END, &who.visit.token("affiliate-end"), &html! {
                            input type="hidden" name="task_force" value=(claim.task_force);
                            input type="hidden" name="affiliate" value=(claim.affiliate);
                            (button(&label, Button::Grave))
                        }))
                    }
                },
            ],
        }
    };
    let rows: Vec<Row> = all.iter().map(row).collect();
    ui::table(&Table { caption: "Affiliates on record", columns: &columns, rows: &rows, swap: None })
}

const UNFIT: &str = "Choose two different agencies, and say where the agreement is, its SHA-256, and two days of which the later is to come.";

/// `POST /admin/affiliations`.
async fn ask(who: SignedIn, headers: HeaderMap, Form(said): Form<Said>) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES) {
        return *elsewhere;
    }
    if let Err(stale) = who.must_post(&headers, &said.csrf, "affiliate") {
        return *stale;
    }
    let Some(claim) = claimed(&said) else { return shown(&who, &said, Some(UNFIT)).await };
    match affiliations::ask(&who.staff.house, &who.member, claim).await {
        Ok(approval) => web::redirect(&format!("/admin/approvals/{approval}")),
        Err(trouble) => match trouble.refusal() {
            Some(refusal) => {
                let unfit = matches!(refusal.code(), "unfit" | "not-found");
                shown(&who, &said, Some(if unfit { UNFIT } else { people::in_words(refusal) })).await
            }
            None => shell::trouble(&who, &trouble),
        },
    }
}

fn claimed(said: &Said) -> Option<Claim> {
    Some(Claim {
        task_force: AgencyId::parse(&said.task_force).ok()?,
        affiliate: AgencyId::parse(&said.affiliate).ok()?,
        agreement: said.agreement.clone(),
        agreement_sha256: said.sha256.clone(),
        from: office::day(&said.from)?,
        until: office::day(&said.until)?,
    })
}

/// `POST /admin/affiliations/end`.
async fn end(who: SignedIn, headers: HeaderMap, Form(said): Form<Said>) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES) {
        return *elsewhere;
    }
    if let Err(stale) = who.must_post(&headers, &said.csrf, "affiliate-end") {
        return *stale;
    }
    let (Ok(task_force), Ok(affiliate)) =
        (AgencyId::parse(&said.task_force), AgencyId::parse(&said.affiliate))
    else {
        return shell::not_found(&who);
    };
    match affiliations::end(&who.staff.house, &who.member, (task_force, affiliate)).await {
        Ok(()) => web::redirect(LINK.href),
        Err(trouble) => shell::trouble(&who, &trouble),
    }
}
