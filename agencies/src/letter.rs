//! A preservation letter of the agency's own (18 USC 2703(f)): how long the sender keeps without it, the draft filled as far
//! as the house knows, and the letter as pages or text. Nothing is sent from here: the agency sends it, and records that.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use domain::{Dossier, Person, ReportId};
use formats::preservation_letter::{self, Letter};
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use pipeline::keeping;
use pipeline::package::{self, Shape};
use ui::{Button, Choice, Choices, Field, Kind, Link, Weight, breadcrumb, button};

use crate::cases::{Fields, said};
use crate::report::clock;
use crate::report_page::{INBOX, dossier, refusal};
use crate::session::SignedIn;
use crate::{download, keeping as keeping_page, shell};

/// Letters of one answer; a longer one is no address and no name.
const MOST_LETTERS: usize = 2_000;
const SHAPES: [Choice<'static>; 2] = [
    Choice { value: "pdf", label: "Pages to sign (PDF)" },
    Choice { value: "text", label: "Text for a portal or a mail" },
];

/// `GET /agency/reports/{report}/preservation`.
pub(crate) async fn page(who: SignedIn, Path(number): Path<String>) -> Response {
    match dossier(&who, &number).await {
        Ok(dossier) => shown(&who, &dossier, &filled(&who, &dossier), None).await,
        Err(refused) => refused,
    }
}

/// `POST /agency/reports/{report}/preservation`: a copy leaves, by somebody who just showed who they are.
pub(crate) async fn take(
    who: SignedIn,
    Path(number): Path<String>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    let Ok(report) = number.parse::<ReportId>() else { return shell::not_found(&who) };
    if !who.visit.may_post(&headers, said(&fields, "csrf"), &form(report)) {
        return shell::stale_form(&who);
    }
    if !who.session.viewer.fresh {
        return who.agencies.door.verification(&clock::address(report));
    }
    let dossier = match dossier(&who, &number).await {
        Ok(dossier) => dossier,
        Err(refused) => return refused,
    };
    let letter = written(&who, &dossier, &fields);
    if fields.iter().any(|(_, words)| words.chars().count() > MOST_LETTERS) {
        let says =
            format!("No answer is longer than {MOST_LETTERS} letters. Shorten it and send the form again.");
        return shown(&who, &dossier, &letter, Some(&says)).await;
    }
    let shape = if said(&fields, "shape") == "text" { Shape::Text } else { Shape::Pages };
    let (house, viewer) = (&who.agencies.house, &who.session.viewer);
    download::taken(&who, report, package::letter(house, viewer, report, letter, shape).await)
}

/// What the house knows already.
fn filled(who: &SignedIn, dossier: &Dossier) -> Letter {
    let profile = dossier.sender_profile.as_ref().map(|stamped| &stamped.profile.legal_process);
    let at = match profile {
        Some(known) => {
            [&known.team, &known.email, &known.phone, &known.url].map(String::as_str).to_vec().join("\n")
        }
        None => dossier.submission.reporter.contact.as_ref().map(reach).unwrap_or_default(),
    };
    Letter {
        agency: who.session.agency_name.clone(),
        recipient: format!("{}, custodian of records", dossier.provider_name),
        recipient_address: at.lines().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join("\n"),
        accounts: preservation_letter::accounts(dossier),
        signer: who.session.person_name.clone(),
        ..Letter::default()
    }
}

fn reach(person: &Person) -> String {
    let mails = person.emails.iter().map(|mail| mail.address.reveal().as_str());
    let phones = person.phones.iter().map(|phone| phone.number.reveal().as_str());
    mails.chain(phones).collect::<Vec<_>>().join("\n")
}

/// What somebody wrote. An account is one of the report's reported ones or it is none.
fn written(who: &SignedIn, dossier: &Dossier, fields: &Fields) -> Letter {
    let words = |name: &str| said(fields, name).to_owned();
    let chosen: Vec<&str> =
        fields.iter().filter(|(name, _)| name == "account").map(|(_, value)| value.as_str()).collect();
    let accounts = preservation_letter::accounts(dossier).into_iter().enumerate();
    Letter {
        agency: who.session.agency_name.clone(),
        agency_address: words("agency-address"),
        recipient: words("recipient"),
        recipient_address: words("recipient-address"),
        case_number: words("case-number"),
        accounts: accounts
            .filter(|(at, _)| chosen.contains(&at.to_string().as_str()))
            .map(|(_, one)| one)
            .collect(),
        also: words("also"),
        signer: words("signer"),
        reached: words("reached"),
    }
}

fn form(report: ReportId) -> String {
    format!("preservation-{report}")
}

async fn shown(who: &SignedIn, dossier: &Dossier, letter: &Letter, refused: Option<&str>) -> Response {
    let (house, viewer, report) = (&who.agencies.house, &who.session.viewer, dossier.report);
    let standing = match keeping::standing(house, viewer, report).await {
        Ok(standing) => standing,
        Err(trouble) => return refusal(who, &trouble),
    };
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (title, above) = (format!("Preservation letter: report {report}"), format!("Report {report}"));
    let href = format!("/agency/reports/{report}");
    let trail = breadcrumb(&[INBOX, Link { href: &href, label: &above }], "Preservation letter");
    let sent = format!("{}#sender", keeping_page::address(report));
    let token = who.visit.token(&form(report));
    let main = html! {
        h1 { (title) }
        @if let Some(refused) = refused { (ui::alert(Weight::Error, "Not written", &html! { p { (refused) } })) }
        h2 { "How long it is preserved" }
        (clock::countdowns(dossier, &standing, house.now()))
        p {
            "A letter under 18 USC 2703(f) binds for 90 days and is renewed once. It covers what the report does not, and "
            "makes nobody hand anything over: that takes legal process. Have it reviewed before you send it."
        }
        h2 { "Write the letter" }
        @if pipeline::allowed(viewer).take.is_ok() {
            div .house-wide { (ui::post(&clock::address(report), &token, &asked(dossier, letter))) }
        }
        @else { p { "Your role does not take copies of a report away. Ask somebody of your agency whose role does." } }
        h2 { "How it reads so far" }
        (ui::snippet("The letter as text", &preservation_letter::to_text(dossier, letter, house.now())))
        p { "When you have sent it, " (Link { href: &sent, label: "record that you sent it" }) ": its 90 days count from then, and you are reminded." }
    };
    shell::page(status, who, &title, Some(trail), &main)
}

fn asked(dossier: &Dossier, letter: &Letter) -> Markup {
    let accounts = preservation_letter::accounts(dossier);
    let places: Vec<String> = (0..accounts.len()).map(|at| at.to_string()).collect();
    let choices: Vec<Choice<'_>> =
        places.iter().zip(&accounts).map(|(value, label)| Choice { value, label }).collect();
    let chosen: Vec<&str> = choices
        .iter()
        .filter(|one| letter.accounts.iter().any(|kept| kept == one.label))
        .map(|one| one.value)
        .collect();
    html! {
        (Field::new("recipient", "To").value(&letter.recipient))
        (Field::new("recipient-address", "Address or portal of the custodian").kind(Kind::Lines(4)).value(&letter.recipient_address))
        (Field::new("agency-address", "Address of your agency").kind(Kind::Lines(3)).value(&letter.agency_address))
        (Field::new("case-number", "Your case number").value(&letter.case_number))
        @if !choices.is_empty() {
            (Choices::any("account", "Accounts to preserve", &choices).chosen(&chosen)
                .hint("Reported accounts only. A letter does not ask a provider to treat a child as a target."))
        }
        (Field::new("also", "What else is to be preserved").kind(Kind::Lines(3)).value(&letter.also))
        (Field::new("signer", "Who signs, with title").value(&letter.signer))
        (Field::new("reached", "Telephone and e-mail of who signs").value(&letter.reached))
        (Choices::one("shape", "As", &SHAPES).chosen(&["pdf"]))
        (button("Make the letter", Button::Primary))
    }
}
