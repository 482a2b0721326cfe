//! Relaxations of the view gate: which there are, and the form with which counsel asks for one, or for its end.

use std::collections::BTreeSet;

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use domain::{AgencyId, Id as _};
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use policy::ViewerRole;
use rulebook::{NotProposed, PROCESSORS, Relaxation, Standing, Which};
use serde::Deserialize;
use ui::{Button, Choice, Column, Field, Kind, Link, Order, Row, Table, Tone, Weight, button};
use web::moment;

use super::one::{failed, in_words};
use super::{LINK as RULES, ROLES};
use crate::session::SignedIn;
use crate::shell;

pub(super) const LINK: Link<'static> =
    Link { href: "/admin/rules/relaxations", label: "Relaxations of the view gate" };
const ASK: &[ViewerRole] = &[ViewerRole::Counsel];
const FORM: &str = "relaxations";

const FILES: [Choice<'static>; 2] = [
    Choice { value: "hash-matched", label: "Files that their sender classified and gave a hash of" },
    Choice { value: "unanswered", label: "Files of which their sender did not say whether it viewed them" },
];
const WHAT: [Choice<'static>; 3] = [
    Choice { value: "rendition", label: "A look" },
    Choice { value: "package-files", label: "A copy in a package" },
    Choice { value: "both", label: "A look, and a copy in a package" },
];

/// `GET /admin/rules/relaxations`.
pub(super) async fn page(who: SignedIn) -> Response {
    shown(&who, None).await
}

async fn shown(who: &SignedIn, refused: Option<&str>) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES) {
        return *elsewhere;
    }
    match rulebook::standing(&who.staff.house, &who.member).await {
        Ok(standing) => {
            let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            let main = main(who, &standing, refused);
            shell::below(status, who, &[shell::ADMIN, RULES], LINK.label, &main)
        }
        Err(trouble) => shell::trouble(who, &trouble),
    }
}

fn main(who: &SignedIn, standing: &Standing, refused: Option<&str>) -> Markup {
    html! {
        h1 { (LINK.label) }
        @if let Some(refused) = refused { (ui::alert(Weight::Error, "Nothing was asked for", &html! { p { (refused) } })) }
        p { "By the strictest reading a file stays shut unless its sender viewed it, it was public, or a ground is on record. Counsel can relax that for named agencies, for one kind of file, for a time. Every look and every package says by which relaxation it was opened." }
        @if standing.relaxations.is_empty() {
            (ui::empty("There is none: the strictest reading holds everywhere.", None))
        } @else {
            (table(standing))
        }
        @if who.member.is_one_of(ASK) {
            @for one in &standing.relaxations { @if standing.now < one.until { (end_form(who, one)) } }
            (form(who))
        }
    }
}

fn table(standing: &Standing) -> Markup {
    let columns = ["Name", "State", "Lets happen", "Which files", "For", "From", "Until"]
        .map(|label| Column { label, order: Order::Fixed });
    let row = |one: &Relaxation| {
        let (state, tone) = if one.holds(standing.now) {
            ("holds", Tone::Strong)
        } else if standing.now < one.from {
            ("to come", Tone::Notice)
        } else {
            ("over", Tone::Muted)
        };
        let whom: Vec<&str> = one
            .agencies
            .iter()
            .map(AgencyId::as_str)
            .chain(one.house.then_some("the clearinghouse"))
            .collect();
        let what: Vec<&str> = one.processors.iter().map(String::as_str).collect();
        Row {
            head: html! { (ui::text(&one.name)) },
            cells: vec![
                ui::chip(state, tone),
                html! { (ui::text(&one.says)) " (" (what.join(", ")) "; " (ui::text(&one.source)) ")" },
                html! { (match one.files { Which::HashMatched => "matched by a hash", Which::Unanswered => "not answered" }) },
                html! { (whom.join(", ")) },
                moment(one.from),
                moment(one.until),
            ],
        }
    };
    let rows: Vec<Row> = standing.relaxations.iter().map(row).collect();
    ui::table(&Table {
        caption: "Relaxations in the rules in force",
        columns: &columns,
        rows: &rows,
        swap: None,
    })
}

fn end_form(who: &SignedIn, one: &Relaxation) -> Markup {
    let action = format!("{}/{}/end", LINK.href, one.name);
    let reason = format!("reason-{}", one.name);
    html! {
        h2 { "End " (ui::text(&one.name)) " before its time" }
        (ui::post(&action, &who.visit.token(&end_name(&one.name)), &html! {
            (Field::new(&reason, "Why").named("reason").required())
            (button("Ask a second person to end it", Button::Secondary))
        }))
    }
}

fn form(who: &SignedIn) -> Markup {
    html! {
        h2 { "Ask for a relaxation" }
        p { "Another counsel or a supervisor agrees. It becomes part of the rules half a minute later." }
        (ui::post(LINK.href, &who.visit.token(FORM), &html! {
            (Field::new("name", "Name").hint("Small letters, digits and hyphens, such as fifth-circuit-hash-matched.").required())
            (Field::new("says", "What it lets happen, in a sentence").kind(Kind::Lines(2)).required())
            (Field::new("source", "Memorandum of counsel").hint("Its number and day.").required())
            (Field::new("files", "Which files").kind(Kind::Choice(&FILES)))
            (Field::new("what", "What may be done with them").kind(Kind::Choice(&WHAT)))
            (Field::new("agencies", "Agencies").hint("Their ids, one a line. The word clearinghouse stands for our own people.").kind(Kind::Lines(3)).required())
            (Field::new("from", "First day (UTC)").kind(Kind::Date).required())
            (Field::new("until", "First day on which it is over (UTC)").hint("A year later at most.").kind(Kind::Date).required())
            (Field::new("reason", "Why it is asked for").kind(Kind::Lines(2)).required())
            (button("Ask", Button::Primary))
        }))
    }
}

#[derive(Deserialize)]
pub(super) struct Asked {
    csrf: String,
    name: String,
    says: String,
    source: String,
    files: String,
    what: String,
    agencies: String,
    from: String,
    until: String,
    reason: String,
}

impl Asked {
    fn relaxation(&self) -> Result<Relaxation, &'static str> {
        let name = self.name.trim();
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if !(1..=60).contains(&name.len()) || !name.bytes().all(is_plain) {
            return Err("A name has small letters, digits and hyphens, at most 60.");
        }
        let words: BTreeSet<&str> =
            self.agencies.split([' ', ',', '\n', '\r']).filter(|word| !word.is_empty()).collect();
        let (house, agencies): (Vec<&str>, Vec<&str>) =
            words.into_iter().partition(|word| *word == "clearinghouse");
        let agencies: Result<_, _> = agencies.into_iter().map(AgencyId::parse).collect();
        let processors = PROCESSORS.into_iter().filter(|known| self.what == "both" || self.what == *known);
        let day = |text: &str| office::day(text).ok_or("Say the first day and the day on which it is over.");
        Ok(Relaxation {
            name: name.to_owned(),
            says: self.says.trim().to_owned(),
            source: self.source.trim().to_owned(),
            files: if self.files == FILES[0].value { Which::HashMatched } else { Which::Unanswered },
            processors: processors.map(str::to_owned).collect(),
            agencies: agencies.map_err(|_| "One of the agencies is no id of an agency.")?,
            house: !house.is_empty(),
            from: day(&self.from)?,
            until: day(&self.until)?,
        })
    }
}

/// `POST /admin/rules/relaxations`.
pub(super) async fn ask(who: SignedIn, headers: HeaderMap, Form(form): Form<Asked>) -> Response {
    if let Err(elsewhere) = who.must_be(ASK).and_then(|()| who.must_post(&headers, &form.csrf, FORM)) {
        return *elsewhere;
    }
    let relaxation = match form.relaxation() {
        Ok(relaxation) => relaxation,
        Err(wrong) => return shown(&who, Some(wrong)).await,
    };
    if relaxation.until <= who.staff.house.now() {
        return shown(&who, Some("Its end has passed.")).await;
    }
    let asked = rulebook::relax(&who.staff.house, &who.member, &relaxation, form.reason).await;
    answered(&who, asked).await
}

#[derive(Deserialize)]
pub(super) struct Ended {
    csrf: String,
    reason: String,
}

/// `POST /admin/rules/relaxations/{name}/end`.
pub(super) async fn end(
    who: SignedIn,
    Path(name): Path<String>,
    headers: HeaderMap,
    Form(form): Form<Ended>,
) -> Response {
    if let Err(elsewhere) =
        who.must_be(ASK).and_then(|()| who.must_post(&headers, &form.csrf, &end_name(&name)))
    {
        return *elsewhere;
    }
    let asked = rulebook::end_relaxation(&who.staff.house, &who.member, &name, form.reason).await;
    answered(&who, asked).await
}

fn end_name(name: &str) -> String {
    format!("relaxations/{name}/end")
}

async fn answered(who: &SignedIn, asked: Result<domain::ApprovalId, NotProposed>) -> Response {
    match asked {
        Ok(approval) => web::redirect(&format!("/admin/approvals/{approval}")),
        Err(not) => match in_words(&not) {
            Some(words) => shown(who, Some(&words)).await,
            None => failed(who, &not),
        },
    }
}
