//! The steps of a case, read from their forms.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use domain::{CaseId, EntryKind, Id as _, PersonId, ProcessKind, ReportId};
use http::{HeaderMap, StatusCode};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use workspace::cases::{
    self, CaseWords, EntryWords, NewEntry, NewProcess, ProcessWords, Range, Step, Terms, Words,
};

use super::page::{drawn, not_done, token};
use super::{Fields, address, said, why};
use crate::report_page::refusal;
use crate::session::SignedIn;
use crate::shell;

/// Files of a process are named on at most so many lines, with so many ranges each.
const MOST_RANGES: usize = 1_000;

/// `POST /agency/cases/{case}/{step}`.
pub(super) async fn take(
    who: SignedIn,
    Path((number, what)): Path<(String, String)>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    // A slash that came in another spelling would lead past the fresh check of the other route.
    if what.contains('/') {
        return shell::not_found(&who);
    }
    taken(&who, (&number, &what), &headers, &fields).await
}

/// `POST /agency/cases/{case}/process/{step}`: what opens files takes somebody who just showed who they are.
pub(super) async fn take_process(
    who: SignedIn,
    Path((number, step)): Path<(String, String)>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    taken(&who, (&number, &format!("process/{step}")), &headers, &fields).await
}

async fn taken(
    who: &SignedIn,
    (number, what): (&str, &str),
    headers: &HeaderMap,
    fields: &Fields,
) -> Response {
    let Ok(case) = number.parse::<CaseId>() else { return shell::not_found(who) };
    if !who.visit.may_post(headers, said(fields, "csrf"), &token(case, what)) {
        let first = not_done("The page was open for too long. Please send it again.", said(fields, "text"));
        return drawn(who, case, StatusCode::FORBIDDEN, &first).await;
    }
    let step = match read(who, what, fields) {
        Ok(step) => step,
        Err(says) => {
            let first = not_done(&says, said(fields, "text"));
            return drawn(who, case, StatusCode::UNPROCESSABLE_ENTITY, &first).await;
        }
    };
    match cases::step(&who.agencies.house, &who.session.viewer, case, step).await {
        Ok(()) => web::redirect(&format!("{}{}", address(case), anchor(what))),
        Err(trouble) => match why(&trouble) {
            Some((status, says)) => {
                let wrote = [said(fields, "title"), said(fields, "text")].join("\n");
                drawn(who, case, status, &not_done(&says, wrote.trim())).await
            }
            None => refusal(who, &trouble),
        },
    }
}

/// Where on the page the result stands.
fn anchor(what: &str) -> &'static str {
    match what {
        "file" | "unfile" => "#reports",
        "leave" => "#met",
        "outcome" => "#conclusion",
        "task" => "#tasks",
        "note" => "#notes",
        "subject" => "#subjects",
        "exhibit" | "custody" => "#exhibits",
        "process/record" | "process/confirm" | "process/revoke" => "#process",
        "member" | "let-go" | "share" => "#members",
        "close" | "reopen" => "#ending",
        _ => "",
    }
}

/// What a form asks for, or what is wrong with it.
fn read(who: &SignedIn, what: &str, fields: &Fields) -> Result<Step, String> {
    let word = |name: &str| said(fields, name).to_owned();
    Ok(match what {
        "words" => {
            let version = version(fields)?;
            Step::Rewrite(version, CaseWords { title: word("title"), summary: word("text") })
        }
        "share" => Step::Share(said(fields, "everybody") == "yes"),
        "close" => Step::Close(chosen(fields, "reason")?),
        "reopen" => Step::Reopen,
        "member" => Step::TakeIn(person(fields)?, chosen(fields, "level")?, word("text")),
        "let-go" => Step::LetGo(person(fields)?),
        "file" => Step::File(report(said(fields, "report"))?),
        "unfile" => Step::Unfile(report(said(fields, "report"))?),
        "leave" => Step::Leave(report(said(fields, "report"))?),
        "outcome" => Step::Conclude(chosen(fields, "outcome")?),
        "custody" => {
            let at = moment(said(fields, "at"), who.agencies.house.now())?;
            Step::Handle(word("entry"), chosen(fields, "kind")?, at, word("text"))
        }
        "process/record" => process(who, fields)?,
        "process/confirm" => Step::Confirm(word("process")),
        "process/revoke" => Step::Revoke(word("process")),
        other => {
            let kind: EntryKind = other.parse().map_err(|_| "There is no such step.".to_owned())?;
            let (words, terms) = entry(fields)?;
            let file = match said(fields, "file") {
                "" => None,
                named => Some(one_file(named)?),
            };
            Step::Write(NewEntry { kind, words, terms, file: None }, file)
        }
    })
}

/// The words of an entry and what is set beside them.
pub(super) fn entry(fields: &Fields) -> Result<(EntryWords, Terms), String> {
    let words = EntryWords { title: said(fields, "title").to_owned(), text: said(fields, "text").to_owned() };
    let person = match said(fields, "person") {
        "" => None,
        _ => Some(person(fields)?),
    };
    let terms = Terms {
        person,
        due_at: ends(said(fields, "due"))?,
        done: said(fields, "done") == "yes",
        cji: said(fields, "cji") == "yes",
    };
    Ok((words, terms))
}

/// The version that a form was made from.
pub(super) fn version(fields: &Fields) -> Result<u32, String> {
    said(fields, "version").parse().map_err(|_| "Load the page again and send the form once more.".to_owned())
}

fn process(who: &SignedIn, fields: &Fields) -> Result<Step, String> {
    let (now, word) = (who.agencies.house.now(), |name: &str| said(fields, name).to_owned());
    let kind: ProcessKind = chosen(fields, "kind")?;
    let (mut from, mut until) = (now, ends(said(fields, "ends"))?);
    let words = match kind {
        ProcessKind::Warrant => {
            opens(Words::Warrant { court: word("court"), number: word("number"), scope: word("text") })
        }
        ProcessKind::Consent => {
            from = day(said(fields, "given"))?.ok_or("Say on which day the consent was given.")?;
            opens(Words::Consent { who: word("who"), what: word("text") })
        }
        ProcessKind::Exigent => {
            let hours: i64 = said(fields, "hours").parse().map_err(|_| "Say for how many hours.")?;
            until = now.checked_add(SignedDuration::from_hours(hours.clamp(1, 48))).ok();
            opens(Words::Exigent { supervisor: word("supervisor"), reason: word("text") })
        }
        ProcessKind::Subpoena => {
            ProcessWords::Subpoena { issuer: word("court"), number: word("number"), scope: word("text") }
        }
    };
    if until.is_some_and(|until| until <= now) {
        return Err("Its last day is over already.".to_owned());
    }
    let document_sha256 = match said(fields, "document") {
        "" => None,
        text => Some(
            viewing::grounds::digest(text).ok_or("The SHA-256 of the document has 64 hexadecimal digits.")?,
        ),
    };
    let named = if kind.opens_files() { ranges(said(fields, "files"))? } else { Vec::new() };
    Ok(Step::Record(NewProcess { words, from, until, document_sha256, files: Vec::new() }, named))
}

fn opens(ground: Words) -> ProcessWords {
    ProcessWords::Opens { ground }
}

/// Reads `1234: 1, 4-9`, a report a line.
fn ranges(text: &str) -> Result<Vec<Range>, String> {
    let wrong =
        |part: &str| format!("{part:?} names no files. Write a report and positions, such as 1234: 1, 4-9.");
    let mut ranges = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let (number, positions) = line.split_once(':').ok_or_else(|| wrong(line))?;
        let report = report(number)?;
        for part in positions.split(',') {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let position = |text: &str| text.trim().parse::<u32>().map_err(|_| wrong(part));
            let (first, last) = (position(first)?, position(last)?);
            if first > last || ranges.len() == MOST_RANGES {
                return Err(wrong(part));
            }
            ranges.push(Range { report, first, last });
        }
    }
    if ranges.is_empty() { Err("Name the files.".to_owned()) } else { Ok(ranges) }
}

/// Reads `1234: 2`: an exhibit is one file.
fn one_file(text: &str) -> Result<Range, String> {
    match ranges(text)?.as_slice() {
        [one] if one.first == one.last => Ok(*one),
        _ => Err("An exhibit is one file: write its report and position, such as 1234: 2.".to_owned()),
    }
}

fn report(text: &str) -> Result<ReportId, String> {
    text.trim().parse().map_err(|_| format!("{:?} is no number of a report.", text.trim()))
}

fn person(fields: &Fields) -> Result<PersonId, String> {
    PersonId::parse(said(fields, "person")).map_err(|_| "Choose a person.".to_owned())
}

fn chosen<T: std::str::FromStr>(fields: &Fields, name: &str) -> Result<T, String> {
    said(fields, name).parse().map_err(|_| "Choose one of the answers.".to_owned())
}

/// The first moment of a day.
fn day(text: &str) -> Result<Option<Timestamp>, String> {
    match text {
        "" => Ok(None),
        text => match office::day(text) {
            Some(at) => Ok(Some(at)),
            None => Err(format!("{text:?} is no day of the calendar, written as 2026-03-31.")),
        },
    }
}

/// The moment after a day.
fn ends(text: &str) -> Result<Option<Timestamp>, String> {
    Ok(day(text)?.and_then(|day| day.checked_add(SignedDuration::from_hours(24)).ok()))
}

/// A moment in UTC; nothing is now.
fn moment(text: &str, now: Timestamp) -> Result<Timestamp, String> {
    if text.is_empty() {
        return Ok(now);
    }
    let read = text.trim_end_matches('Z').parse::<DateTime>().ok();
    let read = read.and_then(|at| TimeZone::UTC.to_timestamp(at).ok());
    read.ok_or_else(|| format!("{text:?} is no time, written as 2026-03-31T14:05."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_by_report_and_position() {
        let read = ranges("17: 1, 4-9\n\n18:2").unwrap();
        let told: Vec<_> = read.iter().map(|one| (one.report.get(), one.first, one.last)).collect();
        assert_eq!(told, [(17, 1, 1), (17, 4, 9), (18, 2, 2)]);
        for wrong in ["", "17", "17: x", "17: 9-4", "x: 1", "17: -1"] {
            assert!(ranges(wrong).is_err(), "{wrong}");
        }
        assert!(one_file("17: 4").is_ok());
        for wrong in ["17: 4, 5", "17: 4-5", "17: 4\n18: 4"] {
            assert!(one_file(wrong).is_err(), "{wrong} is more than one file");
        }
    }

    #[test]
    fn a_time_without_a_zone_is_read_as_the_form_says() {
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(moment("2026-03-31T14:05", now).unwrap().to_string(), "2026-03-31T14:05:00Z");
        assert_eq!(moment("", now), Ok(now));
        assert!(moment("yesterday", now).is_err());
    }
}
