//! Vendors: what each must show, on dates that expire, and which of its people come near what.

mod copies;

use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Form, Router};
use domain::{Id as _, VendorId};
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use office::Trouble;
use office::vendors::{
    self, MOST_GRACE_DAYS, NewEvidence, NewPerson, NewVendor, Stands, Vendor, VendorEvidence, VendorReach,
};
use policy::ViewerRole;
use policy::vendor::Standing;
use serde::Deserialize;
use ui::{Button, Choice, Column, Field, Kind, Link, Order, Row, Table, Tone, Value, Weight, button};
use web::moment;

use crate::index::Entry;
use crate::session::SignedIn;
use crate::{Staff, shell};

const ROLES: &[ViewerRole] = &[ViewerRole::Counsel, ViewerRole::SecurityAdmin];
const LINK: Link<'static> = Link { href: "/admin/vendors", label: "Vendors" };
const ADD: &str = "vendors/add";

pub(crate) const ENTRY: Entry = Entry {
    link: LINK,
    says: "Who works for the house under contract, what they show, until when.",
    roles: ROLES,
};

pub(crate) fn routes() -> Router<Staff> {
    Router::new()
        .route(LINK.href, get(page).post(add))
        .route("/admin/vendors/{vendor}", get(one))
        .route("/admin/vendors/{vendor}/evidence", post(record))
        .route("/admin/vendors/{vendor}/people", post(list_person))
        .route("/admin/vendors/{vendor}/people/remove", post(remove_person))
        .route("/admin/vendors/{vendor}/end", post(end))
        .merge(copies::routes())
}

fn address(id: &VendorId) -> String {
    format!("{}/{id}", LINK.href)
}

/// `GET /admin/vendors`.
async fn page(who: SignedIn) -> Response {
    all(&who, None).await
}

async fn all(who: &SignedIn, refused: Option<&str>) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES) {
        return *elsewhere;
    }
    match vendors::list(&who.staff.house, &who.viewer()).await {
        Ok(found) => {
            let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            shell::below(status, who, &[shell::ADMIN], LINK.label, &list(who, &found, refused))
        }
        Err(trouble) => shell::trouble(who, &trouble),
    }
}

fn list(who: &SignedIn, all: &[Stands], refused: Option<&str>) -> Markup {
    let columns = ["Vendor", "For", "Standing"].map(|label| Column { label, order: Order::Fixed });
    let row = |one: &Stands| {
        let href = address(&one.vendor.id);
        Row {
            head: html! { (Link { href: &href, label: &one.vendor.name }) },
            cells: vec![ui::text(&one.vendor.services), standing(&one.standing)],
        }
    };
    let rows: Vec<Row> = all.iter().map(row).collect();
    html! {
        h1 { "Vendors" }
        @if let Some(refused) = refused { (ui::alert(Weight::Error, "Nothing was changed", &html! { p { (refused) } })) }
        p { "A vendor is given nothing before contract, designation and everything else that it must show are on record, and nothing after they end. What it stores is sealed; no vendor ever has a key." }
        @if all.is_empty() { (ui::empty("There is no vendor.", None)) }
        @else { (ui::table(&Table { caption: "The register", columns: &columns, rows: &rows, swap: None })) }
        h2 { "Put one on the register" }
        (ui::post(LINK.href, &who.visit.token(ADD), &html! {
            (Field::new("id", "Name in addresses").hint("Small letters, digits and hyphens.").required())
            (Field::new("name", "What it is called").required())
            (Field::new("services", "What it does for the house").kind(Kind::Lines(2)).required())
            (Field::new("grace", "Days of grace").hint(&format!("After what it shows is over, as counsel sets them: 0 to {MOST_GRACE_DAYS}. Contract and designation have none.")).value("0").required())
            (button("Put it on the register", Button::Primary))
        }))
    }
}

fn standing(standing: &Standing) -> Markup {
    match standing {
        Standing::Good => ui::chip("may receive", Tone::Plain),
        Standing::Grace(until, late) => html! {
            (ui::chip("in grace", Tone::Strong)) " until " (moment(*until)) ": " (late.join("; "))
        },
        Standing::Blocked(lacks) => {
            html! { (ui::chip("receives nothing", Tone::Critical)) " lacks: " (lacks.join("; ")) }
        }
        Standing::Ended => ui::chip("ended", Tone::Muted),
    }
}

/// `GET /admin/vendors/{vendor}`.
async fn one(who: SignedIn, Path(id): Path<String>) -> Response {
    shown(&who, &id, None).await
}

async fn shown(who: &SignedIn, id: &str, refused: Option<&str>) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES) {
        return *elsewhere;
    }
    let Ok(id) = VendorId::parse(id) else { return shell::not_found(who) };
    let held = vendors::copies(&who.staff.house, &who.viewer(), id.clone()).await;
    let found = vendors::get(&who.staff.house, &who.viewer(), id).await;
    match held.and_then(|held| Ok((found?, held))) {
        Ok((found, (holdings, owed))) => {
            let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            let copies = copies::part(who, &found.vendor, &holdings, &owed);
            let main = main(who, &found, refused, &copies);
            shell::below(status, who, &[shell::ADMIN, LINK], &found.vendor.name, &main)
        }
        Err(trouble) => shell::trouble(who, &trouble),
    }
}

fn main(who: &SignedIn, found: &Stands, refused: Option<&str>, copies: &Markup) -> Markup {
    let vendor = &found.vendor;
    let facts = [
        ("Standing", standing(&found.standing).into()),
        ("What it does", Value::words(Some(&vendor.services))),
        ("On the register since", moment(vendor.added_at).into()),
        ("Ended", vendor.ended_at.map_or_else(|| html! { "no" }, moment).into()),
        ("Days of grace", html! { (vendor.grace_days) }.into()),
    ];
    html! {
        h1 { (ui::text(&vendor.name)) }
        @if let Some(refused) = refused { (ui::alert(Weight::Error, "Nothing was changed", &html! { p { (refused) } })) }
        (ui::definitions(&facts))
        h2 { "What it shows" }
        @if vendor.evidence.is_empty() { (ui::empty("Nothing is on record.", None)) } @else { (evidence(who, vendor)) }
        @if vendor.ended_at.is_none() { (evidence_form(who, vendor)) }
        h2 { "Its people with access" }
        @if vendor.people.is_empty() { (ui::empty("Nobody is listed.", None)) } @else { (people(who, vendor)) }
        @if vendor.ended_at.is_none() { (person_form(who, vendor)) }
        (copies)
        @if vendor.ended_at.is_none() {
            h2 { "End it" }
            p { "Nothing is given to it from then on, for good. What it holds, it still has to destroy." }
            (ui::post(&format!("{}/end", address(&vendor.id)), &who.visit.token(&name("end", &vendor.id)), &button("End this vendor", Button::Grave)))
        }
    }
}

fn evidence(who: &SignedIn, vendor: &Vendor) -> Markup {
    let columns =
        ["Shows", "Document", "From", "Until", "State"].map(|label| Column { label, order: Order::Fixed });
    let now = who.staff.house.now();
    let rows = vendor.evidence.iter().rev().map(|one| {
        let (state, tone) = match () {
            () if now < one.shows.from => ("to come", Tone::Notice),
            () if now >= one.shows.until => ("over", Tone::Muted),
            () => ("counts", Tone::Plain),
        };
        Row {
            head: html! { (one.shows.kind.says()) },
            cells: vec![
                ui::text(&one.document),
                moment(one.shows.from),
                moment(one.shows.until),
                ui::chip(state, tone),
            ],
        }
    });
    let rows: Vec<Row> = rows.collect();
    ui::table(&Table { caption: "Documents, the newest first", columns: &columns, rows: &rows, swap: None })
}

fn evidence_form(who: &SignedIn, vendor: &Vendor) -> Markup {
    let kinds: Vec<Choice<'_>> =
        VendorEvidence::ALL.iter().map(|kind| Choice { value: kind.as_str(), label: kind.says() }).collect();
    html! {
        h3 { "Record a document" }
        (ui::post(&format!("{}/evidence", address(&vendor.id)), &who.visit.token(&name("evidence", &vendor.id)), &html! {
            (Field::new("kind", "What it shows").kind(Kind::Choice(&kinds)))
            (Field::new("document", "Where it is").required())
            (Field::new("sha256", "SHA-256 of the document").hint("64 hexadecimal digits.").required())
            (Field::new("from", "Counts from (UTC)").kind(Kind::Date).required())
            (Field::new("until", "Is over on (UTC)").kind(Kind::Date).required())
            (button("Record it", Button::Primary))
        }))
    }
}

fn people(who: &SignedIn, vendor: &Vendor) -> Markup {
    let columns = ["Person", "Comes near", "Employed by", "Cleared until", "Take off"]
        .map(|label| Column { label, order: Order::Fixed });
    let rows = vendor.people.iter().map(|one| {
        let employer = if one.subcontractor.is_empty() { &vendor.name } else { &one.subcontractor };
        let form = html! {
            input type="hidden" name="number" value=(one.number);
            (button(&format!("Take {} off the list", one.name.reveal()), Button::Secondary))
        };
        Row {
            head: ui::text(one.name.reveal()),
            cells: vec![
                html! { (one.listed.reaches.as_str()) },
                ui::text(employer),
                moment(one.listed.cleared_until),
                ui::post(
                    &format!("{}/people/remove", address(&vendor.id)),
                    &who.visit.token(&name("remove", &vendor.id)),
                    &form,
                ),
            ],
        }
    });
    let rows: Vec<Row> = rows.collect();
    ui::table(&Table { caption: "People with access", columns: &columns, rows: &rows, swap: None })
}

fn person_form(who: &SignedIn, vendor: &Vendor) -> Markup {
    let reaches: Vec<Choice<'_>> =
        VendorReach::ALL.iter().map(|one| Choice { value: one.as_str(), label: one.as_str() }).collect();
    html! {
        h3 { "List one of its people" }
        (ui::post(&format!("{}/people", address(&vendor.id)), &who.visit.token(&name("people", &vendor.id)), &html! {
            (Field::new("name", "Name").required())
            (Field::new("reaches", "Comes near").kind(Kind::Choice(&reaches)))
            (Field::new("subcontractor", "Subcontractor that employs them").hint("Nothing here for the vendor itself."))
            (Field::new("cleared", "Cleared until (UTC)").kind(Kind::Date).required())
            (button("List this person", Button::Primary))
        }))
    }
}

/// The name of one of a vendor's forms, for its token.
fn name(what: &str, id: &VendorId) -> String {
    format!("vendors/{id}/{what}")
}

#[derive(Deserialize)]
struct Adding {
    csrf: String,
    id: String,
    name: String,
    services: String,
    grace: String,
}

async fn add(who: SignedIn, headers: HeaderMap, Form(form): Form<Adding>) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES).and_then(|()| who.must_post(&headers, &form.csrf, ADD)) {
        return *elsewhere;
    }
    let (Ok(id), Ok(grace_days)) = (VendorId::parse(form.id.trim()), form.grace.trim().parse()) else {
        let wrong = "A name in addresses has small letters, digits and hyphens; days of grace are a number.";
        return all(&who, Some(wrong)).await;
    };
    let new = NewVendor { id: id.clone(), name: form.name, services: form.services, grace_days };
    match vendors::add(&who.staff.house, &who.viewer(), new).await {
        Ok(()) => web::redirect(&address(&id)),
        Err(trouble) => match in_words(&trouble) {
            Some(words) => all(&who, Some(&words)).await,
            None => shell::trouble(&who, &trouble),
        },
    }
}

#[derive(Deserialize)]
struct Recording {
    csrf: String,
    kind: String,
    document: String,
    sha256: String,
    from: String,
    until: String,
}

async fn record(
    who: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(form): Form<Recording>,
) -> Response {
    let vendor = match posted(&who, &id, &headers, &form.csrf, "evidence") {
        Ok(vendor) => vendor,
        Err(elsewhere) => return *elsewhere,
    };
    let dates = office::day(&form.from).zip(office::day(&form.until));
    let (Ok(kind), Some(sha256), Some((from, until))) =
        (form.kind.parse(), viewing::grounds::digest(form.sha256.trim()), dates)
    else {
        return shown(&who, &id, Some("Say the document's SHA-256 and both days.")).await;
    };
    let new = NewEvidence { kind, document: form.document, sha256, from, until };
    after(&who, &id, vendors::record(&who.staff.house, &who.viewer(), vendor, new).await).await
}

#[derive(Deserialize)]
struct Listing {
    csrf: String,
    name: String,
    reaches: String,
    #[serde(default)]
    subcontractor: String,
    cleared: String,
}

async fn list_person(
    who: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(form): Form<Listing>,
) -> Response {
    let vendor = match posted(&who, &id, &headers, &form.csrf, "people") {
        Ok(vendor) => vendor,
        Err(elsewhere) => return *elsewhere,
    };
    let (Ok(reaches), Some(cleared_until)) = (form.reaches.parse(), office::day(&form.cleared)) else {
        return shown(&who, &id, Some("Say what they come near, and until when they are cleared.")).await;
    };
    let (name, subcontractor) = (form.name.into(), form.subcontractor);
    let new = NewPerson { name, reaches, subcontractor, cleared_until };
    after(&who, &id, vendors::list_person(&who.staff.house, &who.viewer(), vendor, new).await).await
}

#[derive(Deserialize)]
struct Removing {
    csrf: String,
    number: u64,
}

async fn remove_person(
    who: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(form): Form<Removing>,
) -> Response {
    let vendor = match posted(&who, &id, &headers, &form.csrf, "remove") {
        Ok(vendor) => vendor,
        Err(elsewhere) => return *elsewhere,
    };
    after(&who, &id, vendors::remove_person(&who.staff.house, &who.viewer(), vendor, form.number).await).await
}

async fn end(
    who: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(form): Form<web::door::Token>,
) -> Response {
    let vendor = match posted(&who, &id, &headers, &form.csrf, "end") {
        Ok(vendor) => vendor,
        Err(elsewhere) => return *elsewhere,
    };
    after(&who, &id, vendors::end(&who.staff.house, &who.viewer(), vendor).await).await
}

/// The vendor of a form of ours, from somebody who may send it.
fn posted(
    who: &SignedIn,
    id: &str,
    headers: &HeaderMap,
    token: &str,
    what: &str,
) -> Result<VendorId, Box<Response>> {
    who.must_be(ROLES)?;
    let id = VendorId::parse(id).map_err(|_| Box::new(shell::not_found(who)))?;
    who.must_post(headers, token, &name(what, &id)).map(|()| id)
}

async fn after(who: &SignedIn, id: &str, done: Result<(), Trouble>) -> Response {
    match done {
        Ok(()) => web::redirect(&format!("{}/{id}", LINK.href)),
        Err(trouble) => match in_words(&trouble) {
            Some(words) => shown(who, id, Some(&words)).await,
            None => shell::trouble(who, &trouble),
        },
    }
}

fn in_words(trouble: &Trouble) -> Option<String> {
    let refusal = trouble.refusal().filter(|_| !trouble.is_not_found())?;
    Some(match refusal.code() {
        "conflict" => "There is a vendor of this name already.".to_owned(),
        "closed" => "This vendor was ended.".to_owned(),
        _ => format!("The house says no: {refusal}."),
    })
}
