//! From answers to the report that they make, in the words of the domain. Nothing is added: what was not answered is
//! not said.

use domain::{
    Email, GivenTime, Incident, IncidentDetail, Involved, IpEvent, Person, Phone, Private, Reporter, Role,
    Submission,
};
use jiff::civil::{Date, Time};
use pipeline::portal::Answers;

use super::answers::{get, several};
use super::questions::{MOMENT, PLACE, Question};

type Said = Option<Private<String>>;

/// The report that the answers make.
pub(super) fn submission(answers: &Answers) -> Submission {
    let mut people = Vec::new();
    people.extend(involved(answers, "personOrUserReported", Role::Reported));
    people.extend(involved(answers, "victim", Role::Victim));
    Submission {
        batched: None,
        incident: incident(answers),
        details: detail(answers).into_iter().collect(),
        law_enforcement: None,
        reporter: Reporter { person: person(answers, "reporter"), ..Reporter::default() },
        people,
        additional: said(answers, "additionalInfo").into_iter().collect(),
        unmodelled: Vec::new(),
    }
}

fn incident(answers: &Answers) -> Incident {
    Incident {
        incident_type: get(answers, "incidentType").to_owned(),
        platform: word(answers, "platform"),
        escalation: said(answers, "escalateToHighPriority"),
        annotations: several(answers, "reportAnnotations").into_iter().map(str::to_owned).collect(),
        occurred: moment(answers, "incidentDateTime").unwrap_or_else(|| given(String::new(), "")),
        occurred_means: word(answers, "incidentDateTimeDescription"),
    }
}

/// The place, where one was chosen and something was said about it.
fn detail(answers: &Answers) -> Option<IncidentDetail> {
    let chosen = get(answers, PLACE);
    let leaf = |name: &str| format!("{chosen}/{name}");
    let text = |name: &str| said(answers, &leaf(name));
    let plain = |name: &str| word(answers, &leaf(name));
    let addresses = || mail(answers, &leaf("emailAddress")).into_iter().collect();
    let additional = text("additionalInfo");
    Some(match chosen {
        "webPageIncident" => {
            let urls = get(answers, &leaf("url")).split_whitespace();
            let urls = urls.map(|url| Private::new(url.to_owned())).collect();
            IncidentDetail::WebPage { urls, third_party_hosted: None, additional }
        }
        "emailIncident" => {
            IncidentDetail::Email { addresses: addresses(), content: text("content"), additional }
        }
        "newsgroupIncident" => IncidentDetail::Newsgroup {
            name: plain("name"),
            addresses: addresses(),
            content: text("content"),
            additional,
        },
        "chatImIncident" => IncidentDetail::Chat {
            client: plain("chatClient"),
            room: text("chatRoomName"),
            content: text("content"),
            additional,
        },
        "onlineGamingIncident" => IncidentDetail::Gaming {
            game: plain("gameName"),
            console: plain("console"),
            content: text("content"),
            additional,
        },
        "cellPhoneIncident" => IncidentDetail::CellPhone {
            number: phone(answers, &leaf("phoneNumber")),
            latitude: text("latitude"),
            longitude: text("longitude"),
            additional,
        },
        "nonInternetIncident" => {
            IncidentDetail::Elsewhere { name: text("locationName"), addresses: Vec::new(), additional }
        }
        "peer2peerIncident" => IncidentDetail::PeerToPeer {
            client: plain("client"),
            ip_events: Vec::new(),
            file_names: text("fileNames"),
            additional,
        },
        _ => return None,
    })
}

/// A person with an account, if anything was said about one.
fn involved(answers: &Answers, of: &str, role: Role) -> Option<Involved> {
    let prefix = format!("{of}/");
    if !answers.keys().any(|name| name.starts_with(&prefix)) {
        return None;
    }
    let name = |leaf: &str| format!("{prefix}{leaf}");
    let some = |leaf: &str| said(answers, &name(leaf));
    Some(Involved {
        person: person(answers, &name("person")),
        screen_name: some("screenName"),
        account_id: some("espIdentifier"),
        service: word(answers, &name("espService")),
        display_names: some("displayName").into_iter().collect(),
        profile_urls: some("profileUrl").into_iter().collect(),
        ip_events: ip_event(answers, &name("ipCaptureEvent")).into_iter().collect(),
        school: some("schoolName"),
        additional: some("additionalInfo").into_iter().collect(),
        ..Involved::nobody(role)
    })
}

fn person(answers: &Answers, of: &str) -> Person {
    let name = |leaf: &str| format!("{of}/{leaf}");
    Person {
        first_name: said(answers, &name("firstName")),
        last_name: said(answers, &name("lastName")),
        emails: mail(answers, &name("email")).into_iter().collect(),
        phones: phone(answers, &name("phone")).into_iter().collect(),
        age: get(answers, &name("age")).parse().ok(),
        ..Person::default()
    }
}

fn mail(answers: &Answers, name: &str) -> Option<Email> {
    Some(Email { address: said(answers, name)?, kind: None, verified: None, verified_at: None })
}

fn phone(answers: &Answers, name: &str) -> Option<Phone> {
    let number = said(answers, name)?;
    let (kind, calling_code, extension) = (None, None, None);
    Some(Phone { number, kind, calling_code, extension, verified: None, verified_at: None })
}

fn ip_event(answers: &Answers, of: &str) -> Option<IpEvent> {
    let name = |leaf: &str| format!("{of}/{leaf}");
    Some(IpEvent {
        address: said(answers, &name("ipAddress"))?,
        event: word(answers, &name("eventName")),
        at: moment(answers, &name("dateTime")),
        possible_proxy: None,
        port: get(answers, &name("port")).parse().ok(),
    })
}

fn said(answers: &Answers, name: &str) -> Said {
    word(answers, name).map(Private::new)
}

fn word(answers: &Answers, name: &str) -> Option<String> {
    let answer = get(answers, name);
    (!answer.is_empty()).then(|| answer.to_owned())
}

/// A moment that was answered whole; one without a zone stays without one.
fn moment(answers: &Answers, name: &str) -> Option<GivenTime> {
    let [date, time, zone] = MOMENT.map(|part| get(answers, &format!("{name}.{part}")));
    let (date, time) = (date.parse::<Date>().ok()?, clock(time)?);
    Some(given(format!("{date}T{time}"), zone))
}

fn given(local: String, zone: &str) -> GivenTime {
    let text = local + zone;
    GivenTime { instant: text.parse().ok(), zone_unknown: zone.is_empty(), text }
}

/// `14:05` or `14:05:11`, with seconds.
fn clock(time: &str) -> Option<String> {
    let whole = if time.matches(':').count() == 1 { format!("{time}:00") } else { time.to_owned() };
    let parsed: Time = whole.parse().ok()?;
    Some(format!("{:02}:{:02}:{:02}", parsed.hour(), parsed.minute(), parsed.second()))
}

/// What is wrong with a moment, at the part that it is wrong with.
pub(super) fn moment_mistake(question: &Question, answers: &Answers) -> Option<(String, String)> {
    let [date, time, _] = MOMENT.map(|part| get(answers, &format!("{}.{part}", question.name)));
    let at = |part: &str, says: &str| {
        Some((format!("{}.{part}", question.name), format!("{} {says}", question.label)))
    };
    if date.is_empty() && time.is_empty() {
        return if question.is_required { at("date", "This has to be answered.") } else { None };
    }
    if date.parse::<Date>().is_err() {
        return at("date", "Write the day as year-month-day, such as 2026-02-03.");
    }
    if clock(time).is_none() {
        return at("time", "Write the time as hours and minutes, such as 14:05.");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use cybertip::{Profile, read_report, to_xml};

    fn whole() -> Answers {
        let pairs = [
            ("incidentType", "enticement"),
            ("incidentDateTime.date", "2026-02-03"),
            ("incidentDateTime.time", "14:05"),
            ("incidentDateTime.zone", "-05:00"),
            ("reportAnnotations", "sextortion\nspam"),
            (PLACE, "chatImIncident"),
            ("chatImIncident/chatClient", "Harbor"),
            ("chatImIncident/content", "dull <words> & more"),
            ("personOrUserReported/screenName", "dull_user"),
            ("personOrUserReported/person/email", "dull@mail.example"),
            ("personOrUserReported/ipCaptureEvent/ipAddress", "192.0.2.7"),
            ("personOrUserReported/ipCaptureEvent/port", "4711"),
            ("personOrUserReported/ipCaptureEvent/eventName", "Login"),
            ("victim/person/age", "12"),
            ("reporter/firstName", "Sam"),
        ];
        pairs.iter().map(|(name, value)| ((*name).to_owned(), Private::new((*value).to_owned()))).collect()
    }

    #[test]
    fn the_answers_make_a_document_that_the_language_takes_and_reads_back_alike() {
        let now = "2026-06-01T12:00:00Z".parse().unwrap();
        let made = submission(&whole());
        let read = read_report(to_xml(&made).as_bytes(), None, Profile::Current, now).unwrap();
        assert_eq!(read.value, made);
        assert_eq!(made.people.len(), 2);
        assert_eq!(made.incident.occurred.text, "2026-02-03T14:05:00-05:00");
    }

    #[test]
    fn every_place_makes_a_document_that_the_language_takes() {
        let now = "2026-06-01T12:00:00Z".parse().unwrap();
        let all = super::super::questions::element(&["internetDetails"]).unwrap();
        for place in super::super::questions::children(all) {
            let mut answers = whole();
            answers.insert(PLACE.to_owned(), Private::new(place.name.to_owned()));
            answers.insert(format!("{}/additionalInfo", place.name), Private::new("dull".to_owned()));
            let made = submission(&answers);
            let read = read_report(to_xml(&made).as_bytes(), None, Profile::Current, now);
            assert_eq!(read.map(|read| read.value.details.len()), Ok(1), "{}", place.name);
        }
    }

    #[test]
    fn only_a_kind_and_a_moment_make_a_report_already() {
        let now = "2026-06-01T12:00:00Z".parse().unwrap();
        let mut answers = whole();
        answers.retain(|name, _| name == "incidentType" || name.starts_with("incidentDateTime"));
        let made = submission(&answers);
        assert!(read_report(to_xml(&made).as_bytes(), None, Profile::Current, now).is_ok());
    }

    #[test]
    fn a_moment_without_a_zone_stays_without_one() {
        let mut answers = whole();
        answers.remove("incidentDateTime.zone");
        let made = submission(&answers);
        assert!(made.incident.occurred.zone_unknown && made.incident.occurred.instant.is_none());
    }
}
