//! Puts what goes wrong in real traffic into a report. Faults of writing, which no value can express, are in `write`.

use domain::{GivenTime, IncidentDetail, Relevance, TriState};
use jiff::{SignedDuration, Timestamp};

use super::files::{FileDraft, known_card};
use super::incident::Draft;
use super::person::{Persona, before, email, given, ip_event, said, split_state};
use crate::corpus::{self, ARCHIVES, CARDS};
use crate::fault::Fault;
use crate::places::{self, Spot};

pub(super) fn inject(draft: &mut Draft, fault: Fault) {
    match fault {
        Fault::LoginAsUpload => login_as_upload(draft),
        Fault::DetectionTime => detection_time(draft),
        Fault::HashOnly => hash_only(draft),
        Fault::ChatAsScreenshot => chat_as_screenshot(draft),
        Fault::SharedAddress => share_address(draft, true),
        Fault::PortMissing => share_address(draft, false),
        Fault::VpnExitAbroad => vpn_exit(draft),
        Fault::CountyUnknown => move_to(draft, split_state(draft.index / Fault::EVERY)),
        Fault::ContactBounced => bounce(draft),
        Fault::SecondRetractsFirst => retract(draft),
        Fault::FractionSeconds => fraction(draft),
        Fault::EmptyElements => empty_elements(draft),
        Fault::SheetFormula => formula(draft),
        Fault::FutureIncident => future(draft),
        Fault::BlankEscalation => draft.submission.incident.escalation = said("   "),
        Fault::ViewedUnset
        | Fault::MemeUnmarked
        | Fault::AiMarkOnKnownFile
        | Fault::SameFileManyUsers
        | Fault::ArchiveWithSecondPdf
        | Fault::LongFileName
        | Fault::RightToLeftName => in_file(draft, fault),
        Fault::SameUserManyReports
        | Fault::ByteOrderMark
        | Fault::BareAmpersand
        | Fault::DocumentType
        | Fault::WrongOrder => {}
    }
}

fn in_file(draft: &mut Draft, fault: Fault) {
    if draft.files.is_empty() {
        draft.files.push(FileDraft::plain(CARDS.start, "file-0001"));
    }
    if fault == Fault::ViewedUnset {
        return draft.files.iter_mut().for_each(unset);
    }
    let file = &mut draft.files[0];
    match fault {
        Fault::MemeUnmarked => {
            file.replace(known_card(0));
            file.statement.annotations.clear();
        }
        Fault::AiMarkOnKnownFile => {
            file.replace(known_card(1));
            file.annotate("generativeAi");
        }
        Fault::SameFileManyUsers => file.replace(known_card(2)),
        Fault::ArchiveWithSecondPdf => *file = FileDraft::plain(ARCHIVES.start, "documents"),
        Fault::LongFileName => file.rename(format!("{}.png", "long-name-".repeat(100).split_at(996).0)),
        // Reads as `card-txt.png` where the mark is obeyed.
        Fault::RightToLeftName => file.rename("card-\u{202e}gnp.txt".to_owned()),
        _ => {}
    }
}

fn unset(file: &mut FileDraft) {
    let statement = &mut file.statement;
    (statement.viewed, statement.exif_viewed, statement.public) =
        (TriState::Unknown, TriState::Unknown, TriState::Unknown);
}

fn login_as_upload(draft: &mut Draft) {
    let login = draft.persona.login(before(draft.happened, 7_200));
    let upload = "Upload".to_owned();
    let reported = draft.reported();
    reported.ip_events.retain(|event| event.event.as_deref() == Some("Login"));
    if reported.ip_events.is_empty() {
        reported.ip_events.push(login);
    }
    reported.ip_events.iter_mut().for_each(|event| event.event = Some(upload.clone()));
}

fn detection_time(draft: &mut Draft) {
    draft.submission.incident.occurred = given(before(draft.plan.latest, 600));
    draft.submission.incident.occurred_means =
        Some("Time of detection by our system (made-up data)".to_owned());
}

fn hash_only(draft: &mut Draft) {
    draft.files.clear();
    let md5 = seal::hex(&corpus::digests(known_card(3)).md5);
    draft.remark(&format!("The file is not retained; its MD5 is {md5}."));
}

fn chat_as_screenshot(draft: &mut Draft) {
    for detail in &mut draft.submission.details {
        if let IncidentDetail::Chat { content, .. } | IncidentDetail::Gaming { content, .. } = detail {
            *content = None;
        }
    }
    let mut picture =
        FileDraft::plain(CARDS.start + draft.persona_position(CARDS.len() / 2) * 2, "chat-screenshot");
    picture.statement.relevance = Relevance::Supplemental;
    draft.files.push(picture);
}

/// Everybody with this fault sits behind one carrier's address; only the port tells them apart.
fn share_address(draft: &mut Draft, with_port: bool) {
    let mut event = ip_event(places::carrier(7).to_string(), "Upload", draft.happened);
    event.port = with_port.then(|| 10_000 + i64::try_from(draft.index % 50_000).unwrap_or_default());
    draft.place = Spot::UnitedStates;
    draft.reported().estimated_location = None;
    draft.reported().ip_events = vec![event.clone()];
    for detail in &mut draft.submission.details {
        if let IncidentDetail::PeerToPeer { ip_events, .. } = detail {
            *ip_events = vec![event.clone()];
        }
    }
    for file in draft.files.iter_mut().filter(|file| file.statement.ip_event.is_some()) {
        file.statement.ip_event = Some(event.clone());
    }
}

fn vpn_exit(draft: &mut Draft) {
    let exit = ip_event(places::relay(draft.index).to_string(), "Upload", draft.happened);
    let login = draft.persona.login(before(draft.happened, 3_600));
    draft.reported().ip_events = vec![login, exit.clone()];
    for file in draft.files.iter_mut().filter(|file| file.statement.ip_event.is_some()) {
        file.statement.ip_event = Some(exit.clone());
    }
}

/// The same report about somebody who lives elsewhere.
fn move_to(draft: &mut Draft, place: Spot) {
    draft.persona = Persona::of(&draft.plan, draft.persona.number).at(place);
    draft.place = place;
    let upload = draft.persona.upload(draft.happened);
    let reported = draft.reported();
    reported.estimated_location = None;
    reported.person.phones.clear();
    reported.ip_events = vec![upload.clone()];
    for detail in &mut draft.submission.details {
        if let IncidentDetail::PeerToPeer { ip_events, .. } = detail {
            *ip_events = vec![upload.clone()];
        }
    }
    for file in draft.files.iter_mut().filter(|file| file.statement.ip_event.is_some()) {
        file.statement.ip_event = Some(upload.clone());
    }
}

fn bounce(draft: &mut Draft) {
    let address = format!("left-the-company@gone.{}", draft.provider().host);
    if let Some(contact) = &mut draft.submission.reporter.contact {
        contact.emails = vec![email(address, "Work")];
    }
    draft.remark("Mail to our contact bounces (made-up data).");
}

fn retract(draft: &mut Draft) {
    let first = draft.index.saturating_sub(1);
    draft.remark(&format!("Please disregard our report SYN-{first:08}: it was a mistake (made-up data)."));
}

fn fraction(draft: &mut Draft) {
    let exact = draft.happened.checked_add(SignedDuration::from_nanos(487_321_212)).unwrap_or(draft.happened);
    draft.submission.incident.occurred =
        GivenTime { text: exact.to_string(), instant: Some(exact), zone_unknown: false };
}

fn empty_elements(draft: &mut Draft) {
    let reported = draft.reported();
    (reported.screen_name, reported.profile_text) = (said(""), said(""));
    draft.submission.details.push(IncidentDetail::Chat {
        client: None,
        room: None,
        content: None,
        additional: None,
    });
}

fn formula(draft: &mut Draft) {
    draft.reported().screen_name = said(r#"=HYPERLINK("https://formula.example/","open")"#);
}

fn future(draft: &mut Draft) {
    let century = Timestamp::from_second(draft.happened.as_second() + 100 * 31_557_600);
    draft.submission.incident.occurred = given(century.unwrap_or(Timestamp::MAX));
}
