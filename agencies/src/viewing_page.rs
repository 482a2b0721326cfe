//! Viewing appointments of a report, for prosecutors: the defence and victims look at a government place,
//! and copy nothing.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use domain::{Dossier, DossierFile, FileId, Id as _, PersonId};
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use ui::{Button, Choice, Field, Kind as Input, Link, Value, Weight, alert, breadcrumb, button, definitions};
use viewing::Trouble;
use viewing::sessions::{self, Kept, Kind, NewSession, ViewingSession, Words};

use crate::cases::{People, named};
use crate::report_page::{INBOX, dossier, refusal};
use crate::session::SignedIn;
use crate::{shell, show};

/// The fields of a form, in order; a name may come twice.
type Fields = Vec<(String, String)>;

struct Seen {
    dossier: Dossier,
    kept: Kept,
    /// Who is who in the agency.
    people: People,
}

impl Seen {
    fn path(&self) -> String {
        format!("/agency/reports/{}/viewings", self.dossier.report)
    }

    fn form(&self, what: &str) -> String {
        format!("{what}-{}", self.dossier.report)
    }
}

/// `GET /agency/reports/{report}/viewings`.
pub(crate) async fn page(who: SignedIn, Path(report): Path<String>) -> Response {
    match gather(&who, &report).await {
        Ok(seen) => drawn(&who, &seen, StatusCode::OK, None),
        Err(refused) => refused,
    }
}

async fn gather(who: &SignedIn, report: &str) -> Result<Seen, Response> {
    let dossier = dossier(who, report).await?;
    let (house, viewer) = (&who.agencies.house, &who.session.viewer);
    let kept = sessions::of_report(house, viewer, dossier.report).await;
    let kept = kept.map_err(|trouble| refusal(who, &trouble))?;
    let people = workspace::cases::people(house, viewer).await.map_err(|trouble| refusal(who, &trouble))?;
    Ok(Seen { dossier, kept, people })
}

fn drawn(who: &SignedIn, seen: &Seen, status: StatusCode, wrong: Option<&str>) -> Response {
    let title = format!("Viewing appointments, report {}", seen.dossier.report);
    let (report, label) =
        (format!("/agency/reports/{}", seen.dossier.report), format!("Report {}", seen.dossier.report));
    let trail = breadcrumb(&[INBOX, Link { href: &report, label: &label }], &title);
    let main = html! {
        h1 { (title) }
        @if let Some(wrong) = wrong { (alert(Weight::Error, "It was not done", &html! { p { (wrong) } })) }
        p { "Depictions stay with the government or the court (18 U.S.C. 3509(m)). The defence and victims look at them here, by appointment; no export of this system hands them a copy." }
        @if seen.kept.sessions.is_empty() { (ui::empty("No appointment is on record.", None)) }
        @for one in &seen.kept.sessions { (appointment(seen, one)) }
        div .house-wide { (record_form(who, seen)) (mark_form(who, seen)) }
    };
    shell::page(status, who, &title, Some(trail), &main)
}

fn appointment(seen: &Seen, one: &ViewingSession) -> Markup {
    let kind = match one.kind {
        Kind::Defence => "For the defence",
        Kind::Victim => "For a victim",
    };
    let place = |file: &FileId| seen.dossier.files.iter().find(|known| known.file == *file);
    let files: Vec<String> =
        one.items.iter().filter_map(place).map(|file| file.position.to_string()).collect();
    html! {
        article .house-involved {
            (definitions(&[
                ("Kind", Value::words(Some(kind))),
                ("Place", Value::words(Some(&one.words.place))),
                ("From", show::moment(one.starts_at).into()),
                ("Until", show::moment(one.ends_at).into()),
                ("Present", Value::words(Some(&one.words.people.join("; ")))),
                ("Supervised by", Value::words(Some(named(&one.supervised_by, &seen.people)))),
                ("Mark of the victim", Value::words(one.words.victim.as_deref())),
                ("Files", Value::words(Some(&files.join(", ")))),
                ("Recorded", html! { (show::moment(one.recorded_at)) " by " (ui::text(named(&one.recorded_by, &seen.people))) }.into()),
            ]))
        }
    }
}

fn record_form(who: &SignedIn, seen: &Seen) -> Markup {
    let kinds = [
        Choice { value: Kind::Defence.as_str(), label: "The defence" },
        Choice { value: Kind::Victim.as_str(), label: "A victim" },
    ];
    let people: Vec<Choice<'_>> =
        seen.people.iter().map(|(id, name)| Choice { value: id.as_str(), label: name }).collect();
    let body = html! {
        (Field::new("kind", "For whom").kind(Input::Choice(&kinds)).value(Kind::Defence.as_str()))
        (Field::new("victim", "Mark of the victim").hint("For a victim's appointment: only files with this mark"))
        (Field::new("place", "Government place or court").required())
        (Field::new("day", "Day").kind(Input::Date).required())
        (Field::new("from", "From").hint("As 09:30, UTC").required())
        (Field::new("until", "Until").hint("As 11:00, UTC").required())
        (Field::new("people", "Everybody present, one a line, each with their part").kind(Input::Lines(4)).required())
        (Field::new("supervisor", "Supervised by").kind(Input::Choice(&people)).value(who.session.person.as_str())
            .hint("Whoever of your agency is there all the time").required())
        (files(seen, "file"))
        (button("Record the appointment", Button::Primary))
    };
    html! {
        h2 { "Record an appointment" }
        (ui::post(&seen.path(), &who.visit.token(&seen.form("viewing")), &body))
    }
}

fn mark_form(who: &SignedIn, seen: &Seen) -> Markup {
    let body = html! {
        (Field::new("mark", "Mark").hint("Such as V-1: letters, digits and hyphens, never a name").required())
        (files(seen, "depicts"))
        (button("Mark these files", Button::Secondary))
    };
    html! {
        h2 { "Mark files that depict one victim" }
        (ui::post(&format!("{}/marks", seen.path()), &who.visit.token(&seen.form("mark")), &body))
    }
}

fn files(seen: &Seen, form: &str) -> Markup {
    let marks = |file: &DossierFile| {
        let carried = seen.kept.marks.iter().filter(|(known, _)| *known == file.file);
        carried.map(|(_, mark)| format!(" ({mark})")).collect::<String>()
    };
    html! {
        fieldset .usa-fieldset .usa-form-group {
            legend .usa-legend { "Files" }
            @for file in &seen.dossier.files {
                @let id = format!("{form}-{}", file.position);
                div .house-choice {
                    input #(id) type="checkbox" name="file" value=(file.position);
                    label for=(id) { "File " (file.position) (marks(file)) }
                }
            }
        }
    }
}

/// `POST /agency/reports/{report}/viewings`.
pub(crate) async fn record(
    who: SignedIn,
    Path(report): Path<String>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    let seen = match posted(&who, &report, &headers, &fields, "viewing").await {
        Ok(seen) => seen,
        Err(refused) => return refused,
    };
    let new = match read(&seen, &fields) {
        Ok(new) => new,
        Err(wrong) => return drawn(&who, &seen, StatusCode::UNPROCESSABLE_ENTITY, Some(wrong)),
    };
    answer(&who, &seen, sessions::record(&who.agencies.house, &who.session.viewer, new).await)
}

/// `POST /agency/reports/{report}/viewings/marks`.
pub(crate) async fn mark(
    who: SignedIn,
    Path(report): Path<String>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    let seen = match posted(&who, &report, &headers, &fields, "mark").await {
        Ok(seen) => seen,
        Err(refused) => return refused,
    };
    let (house, viewer) = (&who.agencies.house, &who.session.viewer);
    let (files, mark) = (chosen(&seen, &fields), said(&fields, "mark").trim().to_owned());
    if files.is_empty() {
        return drawn(
            &who,
            &seen,
            StatusCode::UNPROCESSABLE_ENTITY,
            Some("Choose the files that carry the mark."),
        );
    }
    answer(&who, &seen, sessions::mark(house, viewer, seen.dossier.report, files, mark).await)
}

async fn posted(
    who: &SignedIn,
    report: &str,
    headers: &HeaderMap,
    fields: &Fields,
    what: &str,
) -> Result<Seen, Response> {
    let seen = gather(who, report).await?;
    if who.visit.may_post(headers, said(fields, "csrf"), &seen.form(what)) {
        Ok(seen)
    } else {
        Err(shell::stale_form(who))
    }
}

fn read(seen: &Seen, fields: &Fields) -> Result<NewSession, &'static str> {
    let word = |name| said(fields, name).trim().to_owned();
    let kind = if word("kind") == Kind::Victim.as_str() { Kind::Victim } else { Kind::Defence };
    let moment = |time: &str| -> Option<Timestamp> {
        let day: jiff::civil::Date = word("day").parse().ok()?;
        let time: jiff::civil::Time = time.parse().ok()?;
        Some(day.to_datetime(time).to_zoned_datetime(TimeZone::UTC).ok()?.timestamp())
    };
    let times = moment(&word("from")).zip(moment(&word("until")));
    let (starts_at, ends_at) = times.ok_or("Write the day as 2026-03-31 and the times as 09:30.")?;
    let people = word("people");
    let people = people.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let supervised_by =
        PersonId::parse(&word("supervisor")).map_err(|_| "Say who of your agency is there all the time.")?;
    let victim = Some(word("victim")).filter(|mark| !mark.is_empty());
    let words = Words { place: word("place"), people, victim };
    Ok(NewSession {
        report: seen.dossier.report,
        kind,
        starts_at,
        ends_at,
        supervised_by,
        words,
        items: chosen(seen, fields),
    })
}

fn chosen(seen: &Seen, fields: &Fields) -> Vec<FileId> {
    let places: Vec<u32> = fields
        .iter()
        .filter(|(name, _)| name == "file")
        .filter_map(|(_, place)| place.parse().ok())
        .collect();
    let files = seen.dossier.files.iter().filter(|file| places.contains(&file.position));
    files.map(|file| file.file.clone()).collect()
}

fn said<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
}

fn answer<T>(who: &SignedIn, seen: &Seen, done: Result<T, Trouble>) -> Response {
    let Err(trouble) = done else { return web::redirect(&seen.path()) };
    match trouble.refusal() {
        Some(refused) if !trouble.is_not_found() => drawn(
            who,
            seen,
            StatusCode::UNPROCESSABLE_ENTITY,
            Some(&format!("The house says no: {refused}.")),
        ),
        _ => refusal(who, &trouble),
    }
}
