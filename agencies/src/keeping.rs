//! What must stay of a report and what must go: the agency's holds, and its word that depictions are to be destroyed.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use domain::{Dossier, FileId, HoldId, Id, LetterId, ReportId};
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use pipeline::Trouble;
use pipeline::keeping::{self, Standing};
use ui::{Button, Choice, Choices, Column, Field, Kind, Link, Order, Row, Table, Weight, breadcrumb, button};
use web::moment;

use crate::session::SignedIn;
use crate::{report_page, shell};

const INBOX: Link<'static> = Link { href: "/agency/inbox", label: "Inbox" };
/// Days after which a hold is looked at again, when nothing else is said.
const DAYS: &str = "90";

/// Where the page of a report is.
pub(crate) fn address(report: ReportId) -> String {
    format!("/agency/reports/{report}/keeping")
}

/// `GET /agency/reports/{report}/keeping`.
pub(crate) async fn page(who: SignedIn, Path(number): Path<String>) -> Response {
    shown(&who, &number, None).await
}

async fn shown(who: &SignedIn, number: &str, refused: Option<&'static str>) -> Response {
    let dossier = match report_page::dossier(who, number).await {
        Ok(dossier) => dossier,
        Err(refused) => return refused,
    };
    let standing = keeping::standing(&who.agencies.house, &who.session.viewer, dossier.report).await;
    let standing = match standing {
        Ok(standing) => standing,
        Err(trouble) => return report_page::refusal(who, &trouble),
    };
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let above = format!("Report {}", dossier.report);
    let href = format!("/agency/reports/{}", dossier.report);
    let trail = breadcrumb(&[INBOX, Link { href: &href, label: &above }], "Keep or destroy");
    shell::page(status, who, "Keep or destroy", Some(trail), &main(who, &dossier, &standing, refused))
}

fn main(who: &SignedIn, dossier: &Dossier, standing: &Standing, refused: Option<&str>) -> Markup {
    html! {
        h1 { "Keep or destroy: report " (dossier.report) }
        @if let Some(refused) = refused { (ui::alert(Weight::Error, "Refused", &html! { p { (refused) } })) }
        h2 #holds { "Holds" }
        p { "While a hold is open, nothing that it names is destroyed, whoever asks." }
        (own_holds(who, dossier.report, standing))
        @if !standing.others.is_empty() {
            p { "Others hold " (standing.others.len()) " of this report's files or the whole of it. Whose and why is theirs to say." }
        }
        h3 { "Place a hold" }
        (ui::post(&format!("{}/hold", address(dossier.report)), &token(who, dossier.report, "hold"), &hold_form(dossier)))
        (sender(who, dossier, standing))
        h2 #destructions { "Destruction" }
        (destructions(standing))
        h3 { "Notify us that files are to be destroyed" }
        p {
            "By law the clearinghouse must see that a depiction is permanently destroyed when a law enforcement agency says so "
            "(18 USC 2258D(d)(2)). From the moment you send this, nobody reads the files any more, you included; copies of "
            "the same bytes in other reports go with them. Two people of the clearinghouse agree before anything is "
            "destroyed. Hashes, words and the record of custody remain."
        }
        @if dossier.files.is_empty() {
            (ui::empty("This report has no files.", None))
        } @else {
            (ui::post(&format!("{}/destroy", address(dossier.report)), &token(who, dossier.report, "destroy"), &destroy_form(dossier)))
        }
    }
}

/// What is asked of the sender: to preserve longer, by a letter of the agency's own; to destroy its own copy.
fn sender(who: &SignedIn, dossier: &Dossier, standing: &Standing) -> Markup {
    let (report, at) = (dossier.report, address(dossier.report));
    let files = file_choices(dossier);
    let choices: Vec<Choice<'_>> = files.iter().map(|(value, label)| Choice { value, label }).collect();
    html! {
        h2 #sender { "The sender" }
        h3 { "Preservation letters" }
        p { "Your own letter under 18 USC 2703(f) binds for 90 days and can be renewed once. It is separate from the year that the report itself asks for." }
        @for letter in &standing.letters {
            p {
                (ui::text(letter.reference.reveal())) ": sent " (moment(letter.sent_at)) ", binds until " (moment(letter.until_at))
                @if letter.renewed_at.is_some() { ", renewed" }
            }
            @if letter.renewed_at.is_none() {
                (ui::post(&format!("{at}/renew/{}", letter.id), &token(who, report, "renew"), &button("Record its renewal", Button::Secondary)))
            }
        }
        (ui::post(&format!("{at}/letter"), &token(who, report, "letter"), &html! {
            (Field::new("letter-reference", "Reference of the letter that you sent").named("reference").required())
            (button("Record the letter", Button::Secondary))
        }))
        @if !files.is_empty() {
            h3 { "Ask the sender to destroy its own copy" }
            p { "We carry your request to the sender (18 USC 2258B(c)(2)) and show you here when it acknowledges. Nothing is destroyed here by it." }
            @for one in &standing.relayed {
                p { "File " (one.file) ": asked " (moment(one.asked_at)) ", "
                    @match one.acknowledged_at { Some(at) => { "acknowledged " (moment(at)) }, None => "not acknowledged yet" } }
            }
            (ui::post(&format!("{at}/relay"), &token(who, report, "relay"), &html! {
                (Field::new("relay-file", "Which file").named("file").kind(Kind::Choice(&choices)))
                (button("Ask the sender", Button::Secondary))
            }))
        }
    }
}

fn own_holds(who: &SignedIn, report: ReportId, standing: &Standing) -> Markup {
    if standing.own.is_empty() {
        return ui::empty("Your agency holds nothing of this report.", None);
    }
    let columns =
        ["What", "Why", "Placed", "Look at it again"].map(|label| Column { label, order: Order::Fixed });
    let rows: Vec<Row> = standing
        .own
        .iter()
        .map(|hold| Row {
            head: html! { @match &hold.file { Some(file) => { "File " (file) }, None => "The whole report" } },
            cells: vec![html! { (ui::text(hold.reason.reveal())) }, moment(hold.placed_at), moment(hold.review_at)],
        })
        .collect();
    let caption = "Your agency's open holds";
    html! {
        (ui::table(&Table { caption, columns: &columns, rows: &rows, swap: None }))
        @for hold in &standing.own {
            @let what = hold.file.as_ref().map_or_else(|| "the whole report".to_owned(), |file| format!("file {file}"));
            (ui::post(&format!("{}/release/{}", address(report), hold.id), &token(who, report, "release"),
                &button(&format!("Release the hold on {what}"), Button::Secondary)))
        }
    }
}

fn file_choices(dossier: &Dossier) -> Vec<(String, String)> {
    let label = |file: &domain::DossierFile| format!("File {} ({})", file.position, file.file);
    dossier.files.iter().map(|file| (file.file.to_string(), label(file))).collect()
}

fn hold_form(dossier: &Dossier) -> Markup {
    let files = file_choices(dossier);
    let whole = Choice { value: "", label: "The whole report" };
    let each = files.iter().map(|(value, label)| Choice { value, label });
    let what: Vec<Choice<'_>> = std::iter::once(whole).chain(each).collect();
    html! {
        (Field::new("hold-file", "What must stay").named("file").kind(Kind::Choice(&what)))
        (Field::new("hold-reason", "Why").named("reason").kind(Kind::Lines(3)).required())
        (Field::new("hold-days", "Look at it again after so many days").named("days").value(DAYS)
            .hint("At most 365. You are reminded then; the hold stays until you release it.").required())
        (button("Place the hold", Button::Primary))
    }
}

fn destroy_form(dossier: &Dossier) -> Markup {
    let files = file_choices(dossier);
    let choices: Vec<Choice<'_>> = files.iter().map(|(value, label)| Choice { value, label }).collect();
    html! {
        (Choices::any("file", "Which files", &choices).hint("Each file is named on its own."))
        (Field::new("destroy-reason", "Why").named("reason").kind(Kind::Lines(3)).required())
        (button("Notify the clearinghouse", Button::Secondary))
    }
}

fn destructions(standing: &Standing) -> Markup {
    if standing.destructions.is_empty() {
        return ui::empty("Nobody has asked that anything of this report be destroyed.", None);
    }
    let columns = ["Destruction", "Asked", "State"].map(|label| Column { label, order: Order::Fixed });
    let rows: Vec<Row> = standing
        .destructions
        .iter()
        .map(|job| Row {
            head: html! { (job.id) },
            cells: vec![moment(job.asked_at), html! { (keeping::in_words(job.state())) }],
        })
        .collect();
    ui::table(&Table {
        caption: "Destructions that name a file of this report",
        columns: &columns,
        rows: &rows,
        swap: None,
    })
}

fn token(who: &SignedIn, report: ReportId, form: &str) -> String {
    who.visit.token(&format!("keeping-{report}-{form}"))
}

/// The fields of a form, of which one may come several times.
type Fields = Form<Vec<(String, String)>>;

fn field<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
}

/// The report of a form that is ours, or the answer to any other.
fn posted(
    who: &SignedIn,
    number: &str,
    headers: &HeaderMap,
    fields: &Fields,
    form: &str,
) -> Result<ReportId, Box<Response>> {
    let report: ReportId = number.parse().map_err(|_| Box::new(shell::not_found(who)))?;
    let name = format!("keeping-{report}-{form}");
    if who.visit.may_post(headers, field(fields, "csrf"), &name) {
        Ok(report)
    } else {
        Err(Box::new(shell::stale_form(who)))
    }
}

/// `POST /agency/reports/{report}/keeping/hold`.
pub(crate) async fn hold(
    who: SignedIn,
    Path(number): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Response {
    let report = match posted(&who, &number, &headers, &fields, "hold") {
        Ok(report) => report,
        Err(refused) => return *refused,
    };
    let file = match field(&fields, "file") {
        "" => None,
        file => match file.parse::<FileId>() {
            Ok(file) => Some(file),
            Err(_) => return shown(&who, &number, Some("Choose a file of this report.")).await,
        },
    };
    let days = field(&fields, "days").trim().parse().unwrap_or(0);
    let (viewer, reason) = (&who.session.viewer, field(&fields, "reason").to_owned());
    let placed = keeping::hold(&who.agencies.house, viewer, (report, file), reason, days).await;
    after(&who, &number, placed.map(drop)).await
}

/// `POST /agency/reports/{report}/keeping/release/{hold}`.
pub(crate) async fn release(
    who: SignedIn,
    Path((number, hold)): Path<(String, String)>,
    headers: HeaderMap,
    fields: Fields,
) -> Response {
    if let Err(refused) = posted(&who, &number, &headers, &fields, "release") {
        return *refused;
    }
    let Ok(hold) = HoldId::parse(&hold) else { return shell::not_found(&who) };
    let released = keeping::release(&who.agencies.house, &who.session.viewer, hold).await;
    after(&who, &number, released).await
}

/// `POST /agency/reports/{report}/keeping/destroy`.
pub(crate) async fn destroy(
    who: SignedIn,
    Path(number): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Response {
    let report = match posted(&who, &number, &headers, &fields, "destroy") {
        Ok(report) => report,
        Err(refused) => return *refused,
    };
    let named = fields.0.iter().filter(|(name, _)| name == "file").map(|(_, file)| file.parse::<FileId>());
    let Ok(files) = named.map(|file| file.map(|file| (report, file))).collect::<Result<Vec<_>, _>>() else {
        return shown(&who, &number, Some("Choose files of this report.")).await;
    };
    let reason = field(&fields, "reason").to_owned();
    let notified = keeping::notify(&who.agencies.house, &who.session.viewer, files, reason).await;
    after(&who, &number, notified.map(drop)).await
}

/// `POST /agency/reports/{report}/keeping/relay`.
pub(crate) async fn relay(
    who: SignedIn,
    Path(number): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Response {
    let report = match posted(&who, &number, &headers, &fields, "relay") {
        Ok(report) => report,
        Err(refused) => return *refused,
    };
    let Ok(file) = field(&fields, "file").parse::<FileId>() else {
        return shown(&who, &number, Some("Choose a file of this report.")).await;
    };
    let asked = keeping::relay(&who.agencies.house, &who.session.viewer, (report, file)).await;
    after(&who, &number, asked).await
}

/// `POST /agency/reports/{report}/keeping/letter`.
pub(crate) async fn letter(
    who: SignedIn,
    Path(number): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Response {
    let report = match posted(&who, &number, &headers, &fields, "letter") {
        Ok(report) => report,
        Err(refused) => return *refused,
    };
    let reference = field(&fields, "reference").to_owned();
    let recorded = keeping::letter(&who.agencies.house, &who.session.viewer, report, reference).await;
    after(&who, &number, recorded).await
}

/// `POST /agency/reports/{report}/keeping/renew/{letter}`.
pub(crate) async fn renew(
    who: SignedIn,
    Path((number, letter)): Path<(String, String)>,
    headers: HeaderMap,
    fields: Fields,
) -> Response {
    if let Err(refused) = posted(&who, &number, &headers, &fields, "renew") {
        return *refused;
    }
    let Ok(letter) = LetterId::parse(&letter) else { return shell::not_found(&who) };
    let renewed = keeping::renew(&who.agencies.house, &who.session.viewer, letter).await;
    after(&who, &number, renewed).await
}

async fn after(who: &SignedIn, number: &str, done: Result<(), Trouble>) -> Response {
    match done {
        Ok(()) => web::redirect(&format!("/agency/reports/{number}/keeping")),
        Err(trouble) => match trouble.refusal().and_then(keeping::refusal_in_words) {
            Some(words) => shown(who, number, Some(words)).await,
            None => report_page::refusal(who, &trouble),
        },
    }
}
