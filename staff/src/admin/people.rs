//! People: everybody of the clearinghouse, whoever was invited anywhere, and one page a person to switch them off.

use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Form, Router};
use domain::{Gone, Id as _, InvitationId, PersonId};
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use office::people::{self, Listed};
use office::{Home, Invitation, NewInvitation, Proof, Trouble, Words};
use policy::ViewerRole;
use serde::Deserialize;
use ui::{Button, Choice, Column, Field, Kind, Link, Order, Row, Table, Tone, Value, Weight, button};
use web::moment;

use crate::index::Entry;
use crate::session::SignedIn;
use crate::{Staff, shell};

const ROLES: &[ViewerRole] = &[ViewerRole::Supervisor, ViewerRole::Counsel, ViewerRole::SecurityAdmin];

const LINK: Link<'static> = Link { href: "/admin/people", label: "People" };

pub(crate) const ENTRY: Entry = Entry {
    link: LINK,
    says: "Everybody of the clearinghouse, and whoever was invited anywhere and waits.",
    roles: ROLES,
};

pub(crate) fn routes() -> Router<Staff> {
    Router::new()
        .route(LINK.href, get(page).post(invite))
        .route("/admin/people/{person}", get(one))
        .route("/admin/people/{person}/disable", post(disable))
        .route("/admin/people/{person}/attest", post(attest))
        .route("/admin/invitations/{invitation}", get(invited).post(prove))
        .route("/admin/invitations/{invitation}/codes", post(codes))
}

/// `GET /admin/people`.
async fn page(who: SignedIn) -> Response {
    drawn(&who, StatusCode::OK, None).await
}

async fn drawn(who: &SignedIn, status: StatusCode, note: Option<Markup>) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES) {
        return *elsewhere;
    }
    let (house, viewer) = (&who.staff.house, who.viewer());
    let found = async {
        let all = people::list(house, &viewer, Home::House).await?;
        Ok::<_, Trouble>((all, people::invitations(house, &viewer, Home::House).await?))
    };
    match found.await {
        Ok((all, waiting)) => {
            let main = main(who, &all, &waiting, note.as_ref());
            shell::below(status, who, &[shell::ADMIN], LINK.label, &main)
        }
        Err(trouble) => shell::trouble(who, &trouble),
    }
}

fn main(who: &SignedIn, all: &[Listed], waiting: &[Invitation], note: Option<&Markup>) -> Markup {
    let now = who.staff.house.now();
    html! {
        h1 { "People" }
        @if let Some(note) = note { (note) }
        h2 { "Invited, not let in yet" }
        @if waiting.is_empty() { (ui::empty("Nobody waits.", None)) } @else { (invitations(waiting)) }
        h2 { "The clearinghouse's own people" }
        (accounts(all, now))
        h2 { "Invite somebody to the clearinghouse" }
        p { "A code goes to them by mail and another one by the second channel. Then you record who saw which document, and a second person lets them in." }
        (ui::post(LINK.href, &who.visit.token("invite"), &invite_fields()))
    }
}

fn invite_fields() -> Markup {
    let roles: Vec<Choice<'_>> = ViewerRole::OF_PEOPLE
        .iter()
        .filter(|role| role.is_of_house())
        .map(|role| Choice { value: role.as_str(), label: role.title() })
        .collect();
    html! {
        (Field::new("name", "Name").required())
        (Field::new("mail", "Mail address at work").kind(Kind::Email).required())
        (Field::new("second", "Second channel").hint("Another way to reach them, such as the telephone of their office.").required())
        (Field::new("role", "Role").kind(Kind::Choice(&roles)).required())
        (button("Invite", Button::Primary))
    }
}

fn invitations(waiting: &[Invitation]) -> Markup {
    let columns =
        ["Who", "Where", "Role", "Invited", "Waits for"].map(|label| Column { label, order: Order::Fixed });
    let row = |one: &Invitation| {
        let (href, label) = (format!("/admin/invitations/{}", one.id), one.words.name.reveal());
        Row {
            head: html! { (Link { href: &href, label }) },
            cells: vec![
                html! { (place(&one.home)) },
                html! { (one.role.title()) },
                moment(one.invited_at),
                ui::chip(one.waits_for(), Tone::Notice),
            ],
        }
    };
    let rows: Vec<Row> = waiting.iter().map(row).collect();
    ui::table(&Table { caption: "Invitations", columns: &columns, rows: &rows, swap: None })
}

fn place(home: &Home) -> String {
    match home {
        Home::House => "the clearinghouse".to_owned(),
        Home::Agency(agency) => agency.to_string(),
        Home::Provider(provider) => provider.to_string(),
    }
}

fn accounts(all: &[Listed], now: jiff::Timestamp) -> Markup {
    let columns = ["Who", "Role", "Last sign-in", "State"].map(|label| Column { label, order: Order::Fixed });
    let row = |one: &Listed| {
        let href = format!("{}/{}", LINK.href, one.account.person);
        Row {
            head: html! { (Link { href: &href, label: &one.name }) },
            cells: vec![
                html! { (one.account.role.title()) },
                one.account.entered_at.map_or_else(|| html! { "never" }, moment),
                state(one, now),
            ],
        }
    };
    let rows: Vec<Row> = all.iter().map(row).collect();
    ui::table(&Table { caption: "Accounts", columns: &columns, rows: &rows, swap: None })
}

fn state(one: &Listed, now: jiff::Timestamp) -> Markup {
    match one.account.gone {
        Some((at, because)) => {
            html! { (ui::chip("switched off", Tone::Muted)) " " (because.as_str()) ", " (moment(at)) }
        }
        None if one.account.is_untrained(now) => ui::chip("training is over", Tone::Strong),
        None if one.account.awaits_review(now) => ui::chip("yearly review is due", Tone::Notice),
        None => ui::chip("live", Tone::Plain),
    }
}

#[derive(Deserialize)]
struct Invite {
    csrf: String,
    name: String,
    mail: String,
    second: String,
    role: String,
}

/// `POST /admin/people`.
async fn invite(who: SignedIn, headers: HeaderMap, Form(form): Form<Invite>) -> Response {
    if let Err(stale) = who.must_post(&headers, &form.csrf, "invite") {
        return *stale;
    }
    let Some(role) = ViewerRole::OF_PEOPLE.into_iter().find(|role| role.as_str() == form.role) else {
        return shell::not_found(&who);
    };
    let words = Words { name: form.name.into(), mail: form.mail.into(), second_channel: form.second.into() };
    let new = NewInvitation { home: Home::House, role, words, temporary: false };
    match people::invite(&who.staff.house, &who.viewer(), new).await {
        Ok(made) => {
            let address = format!("/agency/join/{}", made.token);
            let says =
                html! { p { "Give them this address, which is shown this once: " code { (address) } } };
            drawn(&who, StatusCode::OK, Some(ui::alert(Weight::Done, "Invited", &says))).await
        }
        Err(trouble) => refused(&who, &trouble).await,
    }
}

/// What was refused stands above the list; what broke has a number.
async fn refused(who: &SignedIn, trouble: &Trouble) -> Response {
    if trouble.is_not_found() {
        return shell::not_found(who);
    }
    let Some(refusal) = trouble.refusal() else { return shell::trouble(who, trouble) };
    let says = html! { p { (people::in_words(refusal)) } };
    drawn(who, StatusCode::UNPROCESSABLE_ENTITY, Some(ui::alert(Weight::Error, "Nothing was changed", &says)))
        .await
}

/// `GET /admin/people/{person}`.
async fn one(who: SignedIn, Path(id): Path<String>) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES) {
        return *elsewhere;
    }
    let Ok(id) = PersonId::parse(&id) else { return shell::not_found(&who) };
    match people::get(&who.staff.house, &who.viewer(), id).await {
        Ok(found) => {
            let main = person(&who, &found);
            shell::below(StatusCode::OK, &who, &[shell::ADMIN, LINK], &found.name, &main)
        }
        Err(trouble) => shell::trouble(&who, &trouble),
    }
}

fn person(who: &SignedIn, found: &Listed) -> Markup {
    let (account, now) = (&found.account, who.staff.house.now());
    let at = |at: Option<jiff::Timestamp>| at.map_or(Value::Unknown, |at| moment(at).into());
    let home = place(&account.home);
    let facts = [
        ("State", state(found, now).into()),
        ("Where", Value::words(Some(&home))),
        ("Role", Value::words(Some(account.role.title()))),
        ("Added", moment(account.added_at).into()),
        ("Last sign-in", at(account.entered_at)),
        ("Attested until", at(account.attestation_ends())),
        ("Trained until", at(account.trained_until)),
        ("Temporary until", at(account.temporary_until)),
    ];
    let address = format!("{}/{}", LINK.href, account.person);
    let reasons =
        [Gone::ByHand, Gone::Terminated].map(|gone| Choice { value: gone.as_str(), label: words(gone) });
    html! {
        h1 { (ui::text(&found.name)) }
        (ui::definitions(&facts))
        @if account.gone.is_none() {
            @if account.home.agency().is_some() {
                h2 { "Attest" }
                p { "For an agency's own administrator, whom nobody there can attest." }
                (ui::post(&format!("{address}/attest"), &who.visit.token(&format!("attest/{}", account.person)),
                    &button("They still work there", Button::Secondary)))
            }
            h2 { "Disable everywhere now" }
            p { "Every session of theirs ends at once, in every process. It cannot be taken back: they would have to be let in anew." }
            (ui::post(&format!("{address}/disable"), &who.visit.token(&format!("disable/{}", account.person)), &html! {
                (Field::new("because", "Why").kind(Kind::Choice(&reasons)))
                (button("Disable everywhere now", Button::Grave))
            }))
        }
    }
}

const fn words(gone: Gone) -> &'static str {
    match gone {
        Gone::Terminated => "They left",
        _ => "Another reason",
    }
}

#[derive(Deserialize)]
struct Disable {
    csrf: String,
    #[serde(default)]
    because: String,
}

async fn disable(
    who: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(form): Form<Disable>,
) -> Response {
    let Ok(id) = PersonId::parse(&id) else { return shell::not_found(&who) };
    if let Err(stale) = who.must_post(&headers, &form.csrf, &format!("disable/{id}")) {
        return *stale;
    }
    let because = form.because.parse().unwrap_or(Gone::ByHand);
    let to = format!("{}/{id}", LINK.href);
    match people::disable(&who.staff.house, &who.viewer(), id, because).await {
        Ok(()) => web::redirect(&to),
        Err(trouble) => shell::trouble(&who, &trouble),
    }
}

async fn attest(
    who: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(form): Form<web::door::Token>,
) -> Response {
    let Ok(id) = PersonId::parse(&id) else { return shell::not_found(&who) };
    if let Err(stale) = who.must_post(&headers, &form.csrf, &format!("attest/{id}")) {
        return *stale;
    }
    let to = format!("{}/{id}", LINK.href);
    match people::attest_for(&who.staff.house, &who.viewer(), id).await {
        Ok(()) => web::redirect(&to),
        Err(trouble) => shell::trouble(&who, &trouble),
    }
}

/// `GET /admin/invitations/{invitation}`.
async fn invited(who: SignedIn, Path(id): Path<String>) -> Response {
    invitation(&who, &id, StatusCode::OK, None).await
}

async fn invitation(who: &SignedIn, id: &str, status: StatusCode, note: Option<Markup>) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES) {
        return *elsewhere;
    }
    let Ok(id) = InvitationId::parse(id) else { return shell::not_found(who) };
    match people::invitation(&who.staff.house, &who.viewer(), id).await {
        Ok(found) => {
            let main = invitation_main(who, &found, note.as_ref());
            shell::below(status, who, &[shell::ADMIN, LINK], "Invitation", &main)
        }
        Err(trouble) => shell::trouble(who, &trouble),
    }
}

fn invitation_main(who: &SignedIn, found: &Invitation, note: Option<&Markup>) -> Markup {
    let address = format!("/admin/invitations/{}", found.id);
    let home = place(&found.home);
    let facts = [
        ("Where", Value::words(Some(&home))),
        ("Role", Value::words(Some(found.role.title()))),
        ("Mail", Value::words(Some(found.words.mail.reveal()))),
        ("Second channel", Value::words(Some(found.words.second_channel.reveal()))),
        ("Invited by", Value::words(Some(&found.invited_by))),
        ("Open until", moment(found.ends_at).into()),
        ("Waits for", Value::words(Some(found.waits_for()))),
    ];
    html! {
        h1 { "Invitation: " (ui::text(found.words.name.reveal())) }
        @if let Some(note) = note { (note) }
        (ui::definitions(&facts))
        @if found.confirmed_at.is_none() {
            h2 { "Codes" }
            (ui::post(&format!("{address}/codes"), &who.visit.token(&format!("codes/{}", found.id)),
                &button("Draw both codes", Button::Primary)))
        } @else if found.proof.is_none() {
            h2 { "Proof of identity" }
            p { "Record what was seen and who saw it. Never keep a copy of the document here." }
            (ui::post(&address, &who.visit.token(&format!("prove/{}", found.id)), &html! {
                (Field::new("document", "Kind of document").hint("Such as: passport, seen in person.").required())
                (Field::new("seen_by", "Who saw it").required())
                (Field::new("sha256", "SHA-256 of the record that the agency keeps").hint("64 hexadecimal digits.").required())
                (Field::new("trained_on", "Day of the last training").kind(Kind::Date).required())
                (button("Record, and ask a second person", Button::Primary))
            }))
        } @else {
            p { "A second person decides on the page of approvals." }
        }
    }
}

async fn codes(
    who: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(form): Form<web::door::Token>,
) -> Response {
    let Ok(own) = InvitationId::parse(&id) else { return shell::not_found(&who) };
    if let Err(stale) = who.must_post(&headers, &form.csrf, &format!("codes/{own}")) {
        return *stale;
    }
    match people::send_codes(&who.staff.house, &who.viewer(), &*who.staff.courier, own).await {
        Ok(codes) => {
            let shown = who.staff.house.profile().has_demo_links().then_some(&codes);
            invitation(
                &who,
                &id,
                StatusCode::OK,
                Some(web::people::codes_drawn(
                    codes.ends_at,
                    shown.map(|codes| (codes.mail.reveal().as_str(), codes.second.reveal().as_str())),
                )),
            )
            .await
        }
        Err(trouble) => after_refusal(&who, &id, &trouble).await,
    }
}

#[derive(Deserialize)]
struct Proved {
    csrf: String,
    document: String,
    seen_by: String,
    sha256: String,
    trained_on: String,
}

async fn prove(
    who: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(form): Form<Proved>,
) -> Response {
    let Ok(own) = InvitationId::parse(&id) else { return shell::not_found(&who) };
    if let Err(stale) = who.must_post(&headers, &form.csrf, &format!("prove/{own}")) {
        return *stale;
    }
    let Some(trained_at) = office::day(&form.trained_on) else {
        let says = html! { p { "Give the day of the training." } };
        let note = ui::alert(Weight::Error, "Nothing was changed", &says);
        return invitation(&who, &id, StatusCode::UNPROCESSABLE_ENTITY, Some(note)).await;
    };
    let proof = Proof {
        document: form.document.into(),
        seen_by: form.seen_by.into(),
        sha256: form.sha256.trim().to_ascii_lowercase(),
        trained_at,
    };
    match people::prove(&who.staff.house, &who.member, own, proof).await {
        Ok(approval) => web::redirect(&format!("/admin/approvals/{approval}")),
        Err(trouble) => after_refusal(&who, &id, &trouble).await,
    }
}

async fn after_refusal(who: &SignedIn, id: &str, trouble: &Trouble) -> Response {
    match trouble.refusal() {
        Some(refusal) if !trouble.is_not_found() => {
            let says = html! { p { (people::in_words(refusal)) } };
            let note = ui::alert(Weight::Error, "Nothing was changed", &says);
            invitation(who, id, StatusCode::UNPROCESSABLE_ENTITY, Some(note)).await
        }
        _ => shell::trouble(who, trouble),
    }
}
