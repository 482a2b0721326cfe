//! One report as its sender sees it: how far it is, what was received, and what would have made it more useful.

use axum::extract::Path;
use axum::response::Response;
use domain::{Lack, Quality, ReportId, TriState};
use http::StatusCode;
use maud::{Markup, html};
use pipeline::Trouble;
use pipeline::portal::{self, Stamp};
use pipeline::provider::{self, Notice, OwnEvent, OwnFile, OwnReport, OwnState};
use ui::{Column, Link, Moment, Order, Reason, Row, Table, Tone, Tri, Value, Weight, definitions};

use super::session::SignedIn;
use super::shell::{self, REPORTS};

/// Files that the page shows; a report may have thousands, and the receipt has them all.
const MOST_FILES: usize = 200;
/// Receptions of files that the timeline names one by one.
const MOST_RECEPTIONS: usize = 20;

struct Found {
    report: OwnReport,
    quality: Option<Quality>,
    contact: Option<Stamp>,
    form: Option<ReportId>,
}

/// `GET /provider/reports/{report}`.
pub(super) async fn page(who: SignedIn, Path(number): Path<String>) -> Response {
    let Ok(number) = number.parse::<ReportId>() else { return shell::not_found(&who) };
    match found(&who, number).await {
        Ok(found) => {
            let title = format!("Report {number}");
            shell::below(StatusCode::OK, &who, &[REPORTS], &title, &main(&found))
        }
        Err(trouble) => shell::trouble(&who, &trouble),
    }
}

async fn found(who: &SignedIn, number: ReportId) -> Result<Found, Trouble> {
    let house = &who.portal.house;
    let report = provider::report(house, &who.viewer, number).await?;
    let judged = report.row.state.is_kept();
    let quality =
        if judged { Some(pipeline::quality::of_report(house, &who.viewer, number).await?) } else { None };
    let contact = portal::contact_of_report(house, &who.member, number).await?;
    let form = portal::form_of_report(house, &who.member, number).await?;
    Ok(Found { report, quality, contact, form })
}

fn main(found: &Found) -> Markup {
    let OwnReport { row, submission_sha256, files, timeline, notice, .. } = &found.report;
    html! {
        h1 { "Report " (row.report) " " (super::reports::chip(row.state)) }
        p { (row.state.says()) }
        @if let Some(form) = found.form {
            @let href = format!("/provider/forms/{form}");
            @if row.state == OwnState::Open { p { (Link { href: &href, label: "Go on with this report" }) } }
        }
        (definitions(&[
            ("Incident", ui::text(super::reports::incident(&row.incident_type)).into()),
            ("Opened", web::moment(row.opened_at).into()),
            ("Expires", row.expires_at.map_or(html! { "It does not expire." }, web::moment).into()),
            ("Finished", row.finished_at.map_or(Value::Unknown, |at| web::moment(at).into())),
            ("You must preserve it until", row.preserve_until.map_or(Value::Unknown, |at| web::moment(at).into())),
            ("SHA-256 of all that was submitted", submission_sha256.as_ref().map_or(Value::Unknown, |hex| html! { code { (hex) } }.into())),
            ("Contact fields in force", contact(found.contact.as_ref())),
        ]))
        @if row.state.is_finished() { (receipts(row.report)) }
        @if let Some(notice) = notice { (abroad(notice)) }
        h2 { "What happened" }
        (happened(timeline, files.len()))
        (files_table(files))
        (documents(&found.report))
        @if let Some(quality) = &found.quality { (judged(quality)) }
    }
}

fn contact(stamp: Option<&Stamp>) -> Value {
    let Some(stamp) = stamp else { return html! { (ui::chip("none on record", Tone::Notice)) }.into() };
    html! {
        "Version " (stamp.version.version) " of " (web::moment(stamp.version.recorded_at))
        @if stamp.was_stale { " " (ui::chip("stale", Tone::Notice)) }
    }
    .into()
}

/// What the law lets or has us tell of the agency abroad that asked for the report.
fn abroad(notice: &Notice) -> Markup {
    html! {
        h2 { "The agency abroad that asked for it" }
        p {
            @match notice {
                Notice::Awaited { until } => { "We look for a way to forward it. If there is none, you are told so here; that is due by " (web::moment(*until)) "." }
                Notice::Forwarded { agency, at } => { "Forwarded to " (ui::text(agency)) ", " (web::moment(*at)) "." }
                Notice::NotForwarded { at } => { "We could not forward it to that agency or its country. Told to you " (web::moment(*at)) ", as 18 USC 2258A(d)(5)(C) has it." }
                Notice::Nothing => { "There is nothing that we can tell you of it." }
            }
        }
    }
}

fn receipts(report: ReportId) -> Markup {
    let link = |kind: &str, label: &str| {
        let href = format!("/provider/reports/{report}/receipt.{kind}");
        html! { li { (Link { href: &href, label }) } }
    };
    html! {
        h2 { "Receipt" }
        p { "It is signed, and can be checked without us. All three say the same." }
        ul { (link("pdf", "Receipt as PDF")) (link("json", "Receipt as JSON")) (link("xml", "Receipt as XML")) }
    }
}

fn happened(timeline: &[provider::OwnMoment], files: usize) -> Markup {
    let mut receptions = 0;
    let told: Vec<(String, String, String)> = timeline
        .iter()
        .filter(|moment| {
            receptions += usize::from(matches!(moment.what, OwnEvent::FileReceived(_)));
            receptions <= MOST_RECEPTIONS || !matches!(moment.what, OwnEvent::FileReceived(_))
        })
        .map(|moment| (moment.at.to_string(), web::time(moment.at), what(&moment.what)))
        .collect();
    let moments: Vec<Moment<'_>> =
        told.iter().map(|(at, at_shown, what)| Moment { at, at_shown, what, by: None }).collect();
    html! {
        (ui::timeline(&moments))
        @if files > MOST_RECEPTIONS { p { "Only the first " (MOST_RECEPTIONS) " of " (files) " files are named here." } }
    }
}

fn what(event: &OwnEvent) -> String {
    let words = match event {
        OwnEvent::Opened => "Opened.",
        OwnEvent::FileReceived(file) => return format!("File {file} received."),
        OwnEvent::Finished => "Finished: it is complete and cannot be changed.",
        OwnEvent::Sealed => "Found whole in the vault.",
        OwnEvent::MadeAvailable => "Made available to law enforcement.",
        OwnEvent::Retracted => "Taken back by you.",
        OwnEvent::Expired => "Expired before it was finished.",
        OwnEvent::Destroyed => "Destroyed by rule.",
    };
    words.to_owned()
}

fn files_table(files: &[OwnFile]) -> Markup {
    let fixed = |label| Column { label, order: Order::Fixed };
    let columns = ["File", "Name", "Size", "SHA-256 and MD5", "Viewed", "EXIF viewed", "Public"].map(fixed);
    let rows: Vec<Row> = files.iter().take(MOST_FILES).map(file_row).collect();
    html! {
        @if !files.is_empty() {
            h2 { "Files" }
            (ui::table(&Table { caption: "Files of this report", columns: &columns, rows: &rows, swap: None }))
            @if files.len() > MOST_FILES {
                p { "The first " (MOST_FILES) " of " (files.len()) " files. The receipt names all." }
            }
        }
    }
}

fn file_row(file: &OwnFile) -> Row {
    let tri = |answer: TriState| html! { (Tri::from(Option::<bool>::from(answer))) };
    Row {
        head: html! { code { (file.file) } },
        cells: vec![
            html! { @if let Some(name) = &file.name { (ui::text(name.reveal())) } },
            html! { (web::size(file.size_bytes)) },
            html! { code { (file.sha256) } br; code { (file.md5) } },
            tri(file.viewed),
            tri(file.exif_viewed),
            tri(file.public),
        ],
    }
}

/// Every document that came; what a later one replaced stays and is marked.
fn documents(report: &OwnReport) -> Markup {
    let fixed = |label| Column { label, order: Order::Fixed };
    let columns = ["Document", "About", "Received", "SHA-256", "Replaced"].map(fixed);
    let rows: Vec<Row> = report
        .documents
        .iter()
        .take(MOST_FILES)
        .map(|one| Row {
            head: html! { (one.position) },
            cells: vec![
                html! { @if let Some(file) = &one.file { "File " code { (file) } } @else { "The report" } },
                web::moment(one.received_at),
                html! { code { (hex(&one.sha256)) } },
                html! { @if let Some(at) = one.superseded_at { (web::moment(at)) } @else { "No" } },
            ],
        })
        .collect();
    html! {
        @if !rows.is_empty() {
            h2 { "Documents" }
            (ui::table(&Table { caption: "Documents as they came", columns: &columns, rows: &rows, swap: None }))
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn judged(quality: &Quality) -> Markup {
    let says = format!("{} of 100", quality.score);
    html! {
        h2 { "What would help an investigator more" }
        p { "How complete and useful it is: " (ui::chip(&says, Tone::Plain)) ". This is advice. No report is refused or delayed for it." }
        @if quality.lacks.is_empty() {
            (ui::alert(Weight::Done, "Nothing that our rules ask for is missing", &html! {}))
        } @else {
            (lacks(&quality.lacks))
        }
    }
}

fn lacks(lacks: &[Lack]) -> Markup {
    let facts: Vec<[(&str, &str); 3]> = lacks
        .iter()
        .map(|lack| [("Field", &*lack.field), ("Why", &*lack.why), ("Fix", &*lack.fix)])
        .collect();
    let reason = |(lack, facts)| -> Reason<'_> {
        let (lack, facts): (&Lack, &[(&str, &str); 3]) = (lack, facts);
        Reason { because: &lack.says, rule: &lack.rule, facts }
    };
    ui::reasons(&lacks.iter().zip(&facts).map(reason).collect::<Vec<_>>())
}
