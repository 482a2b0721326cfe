//! The sender profile: what the provider's own fields mean. Its people write a draft and hand it in; the clearinghouse
//! approves it, and from then on each report carries it.

use axum::Form;
use axum::response::Response;
use domain::{
    ADDRESS_EVENTS, EventMeaning, ExtendedRetention, FrameworkAttestation, LegalContact, RetentionPurpose,
    SenderProfile,
};
use http::HeaderMap;
use maud::{Markup, html};
use pipeline::sender_profile::{self, OwnProfile, ProfileVersion};
use serde::Deserialize;
use ui::{Button, Choice, Field, Kind, Tone, Value, Weight, alert, button, definitions};

use super::session::SignedIn;
use super::shell::{self, PROFILE};

const SAVE: &str = "profile-save";
const SUBMIT: &str = "profile-submit";

const PURPOSES: [Choice<'static>; 3] = [
    Choice { value: "", label: "We do not keep longer" },
    Choice { value: RetentionPurpose::Reduce.as_str(), label: "To reduce online child sexual exploitation" },
    Choice {
        value: RetentionPurpose::Prevent.as_str(),
        label: "To prevent online child sexual exploitation",
    },
];

/// What was typed. Events come under names of their own, so everything is read by name.
type Typed = Vec<(String, String)>;

fn get<'a>(typed: &'a Typed, name: &str) -> &'a str {
    typed.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
}

/// The form that hands a draft in.
#[derive(Deserialize)]
pub(super) struct HandIn {
    csrf: String,
    version: u32,
}

/// `GET /provider/profile`.
pub(super) async fn page(who: SignedIn) -> Response {
    show(&who, None, &html! {}).await
}

/// `POST /provider/profile`: keeps the draft.
pub(super) async fn save(who: SignedIn, headers: HeaderMap, Form(typed): Form<Typed>) -> Response {
    if !who.visit.may_post(&headers, get(&typed, "csrf"), SAVE) {
        return shell::stale_form(&who);
    }
    if !who.member.is_admin() {
        return shell::not_found(&who);
    }
    let mistakes = mistakes(&typed);
    if !mistakes.is_empty() {
        let listed: Vec<(&str, &str)> = mistakes.iter().map(|(field, says)| (*field, *says)).collect();
        return show(&who, Some(&typed), &ui::mistakes(&listed)).await;
    }
    match sender_profile::save_draft(&who.portal.house, &who.viewer, profile(&typed)).await {
        Ok(version) => {
            show(&who, None, &shell::done(&format!("Kept as the draft of version {version}"))).await
        }
        Err(trouble) => shell::trouble(&who, &trouble),
    }
}

/// `POST /provider/profile/submit`: hands the draft in.
pub(super) async fn submit(who: SignedIn, headers: HeaderMap, Form(form): Form<HandIn>) -> Response {
    if !who.visit.may_post(&headers, &form.csrf, SUBMIT) {
        return shell::stale_form(&who);
    }
    if !who.member.is_admin() {
        return shell::not_found(&who);
    }
    match sender_profile::submit(&who.portal.house, &who.viewer, form.version).await {
        Ok(()) => {
            let says = "Handed in. It comes into force when the clearinghouse approves it";
            show(&who, None, &shell::done(says)).await
        }
        Err(trouble) if trouble.refusal().is_some() && !trouble.is_not_found() => {
            let words = html! { p { "Fill in what is missing, and keep the draft again." } };
            show(&who, None, &alert(Weight::Error, "It was not handed in", &words)).await
        }
        Err(trouble) => shell::trouble(&who, &trouble),
    }
}

/// What cannot be kept, each with its field.
fn mistakes(typed: &Typed) -> Vec<(&'static str, &'static str)> {
    let mut found = Vec::new();
    let (until, purpose) = (get(typed, "kept_until"), get(typed, "kept_for"));
    if !until.is_empty() && until.parse::<jiff::civil::Date>().is_err() {
        found.push(("kept_until", "Give the day as year-month-day, such as 2028-01-31."));
    }
    if until.is_empty() != purpose.is_empty() {
        found.push(("kept_for", "Keeping longer needs both a day and a purpose, or neither."));
    }
    let (version, attested) = (get(typed, "framework"), get(typed, "attested_on"));
    if !attested.is_empty() && attested.parse::<jiff::civil::Date>().is_err() {
        found.push(("attested_on", "Give the day as year-month-day, such as 2026-01-31."));
    }
    if version.is_empty() != attested.is_empty() {
        found.push(("framework", "Naming the framework needs both its version and a day, or neither."));
    }
    if let Some(says) = profile(typed).unfit() {
        found.push(("viewed", says));
    }
    found
}

fn profile(typed: &Typed) -> SenderProfile {
    let words = |name: &str| get(typed, name).replace("\r\n", "\n");
    let day = |name: &str| get(typed, name).parse::<jiff::civil::Date>().ok();
    let event = |event: &&str| {
        let means = words(&format!("event_{event}"));
        (!means.is_empty()).then(|| EventMeaning { event: (*event).to_owned(), means })
    };
    let kept = day("kept_until").zip(get(typed, "kept_for").parse::<RetentionPurpose>().ok());
    let framework = day("attested_on").filter(|_| !get(typed, "framework").is_empty());
    SenderProfile {
        viewed: words("viewed"),
        incident_time: words("incident_time"),
        events: ADDRESS_EVENTS.iter().filter_map(event).collect(),
        retention: words("retention"),
        legal_process: LegalContact {
            team: words("legal_team"),
            email: words("legal_email"),
            phone: words("legal_phone"),
            url: words("legal_url"),
        },
        known_gaps: words("known_gaps")
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect(),
        extended_retention: kept.map(|(until, purpose)| ExtendedRetention { until, purpose }),
        cybersecurity: framework
            .map(|attested_on| FrameworkAttestation { version: words("framework"), attested_on }),
    }
}

/// A profile as it would have been typed.
fn typed(profile: &SenderProfile) -> Typed {
    let LegalContact { team, email, phone, url } = &profile.legal_process;
    let kept = profile.extended_retention.as_ref();
    let framework = profile.cybersecurity.as_ref();
    let fixed = [
        ("viewed", profile.viewed.clone()),
        ("incident_time", profile.incident_time.clone()),
        ("retention", profile.retention.clone()),
        ("legal_team", team.clone()),
        ("legal_email", email.clone()),
        ("legal_phone", phone.clone()),
        ("legal_url", url.clone()),
        ("known_gaps", profile.known_gaps.join("\n")),
        ("kept_until", kept.map(|kept| kept.until.to_string()).unwrap_or_default()),
        ("kept_for", kept.map(|kept| kept.purpose.to_string()).unwrap_or_default()),
        ("framework", framework.map(|said| said.version.clone()).unwrap_or_default()),
        ("attested_on", framework.map(|said| said.attested_on.to_string()).unwrap_or_default()),
    ];
    let events = profile.events.iter().map(|event| (format!("event_{}", event.event), event.means.clone()));
    fixed.into_iter().map(|(name, value)| (name.to_owned(), value)).chain(events).collect()
}

async fn show(who: &SignedIn, given: Option<&Typed>, said: &Markup) -> Response {
    let own = match sender_profile::get(&who.portal.house, &who.viewer).await {
        Ok(own) => own,
        Err(trouble) => return shell::trouble(who, &trouble),
    };
    let newest =
        own.draft.as_ref().or(own.waiting.as_ref()).or(own.returned.as_ref()).or(own.in_force.as_ref());
    let known = newest.map(|version| typed(&version.profile)).unwrap_or_default();
    let main = main(who, &own, given.unwrap_or(&known), said);
    match given {
        Some(_) => shell::refused(who, PROFILE, "Sender profile", &main),
        None => shell::page(who, PROFILE, "Sender profile", &main),
    }
}

fn main(who: &SignedIn, own: &OwnProfile, typed: &Typed, said: &Markup) -> Markup {
    html! {
        h1 { "Sender profile" }
        (said)
        p { "Two companies mean different things by the same field. Say once what yours mean; each of your reports carries it to the investigator. It comes into force when the clearinghouse approves it." }
        @if let Some(one) = &own.returned { (sent_back(one)) }
        (standing(own))
        @if let Some(draft) = &own.draft { (hand_in(who, draft)) }
        @if who.member.is_admin() { h2 { "Edit" } (form(who, typed)) } @else { (shell::only_admins()) }
    }
}

/// The words are a person's of the clearinghouse, and are shown as they stand.
fn sent_back(one: &ProfileVersion) -> Markup {
    let Some(returned) = &one.returned else { return html! {} };
    let words = html! {
        @for line in returned.comment.lines() { p { (ui::text(line)) } }
        p { "Sent back " (web::moment(returned.at)) ". Mend it below, keep it as a draft and hand it in again; what was in force before stays in force until then." }
    };
    alert(Weight::Warning, &format!("Version {} came back to be mended", one.version), &words)
}

fn standing(own: &OwnProfile) -> Markup {
    let version = |word: &str, tone: Tone, one: &ProfileVersion| {
        let summary = format!("Version {} as investigators read it", one.version);
        html! {
            h2 { "Version " (one.version) " " (ui::chip(word, tone)) }
            p { "Saved " (web::moment(one.saved.0)) @if let Some((at, _)) = &one.approved { ", approved " (web::moment(*at)) } "." }
            (ui::details(&summary, &read(&one.profile)))
        }
    };
    html! {
        @if let Some(one) = &own.in_force { (version("in force", Tone::Plain, one)) }
        @if let Some(one) = &own.waiting { (version("waits for approval", Tone::Notice, one)) }
        @if own.in_force.is_none() && own.waiting.is_none() {
            (ui::empty("No profile is in force. Investigators have to guess what your fields mean.", None))
        }
    }
}

fn read(profile: &SenderProfile) -> Markup {
    let legal = &profile.legal_process;
    let reach = [&legal.team, &legal.email, &legal.phone, &legal.url];
    let reach: Vec<&str> = reach.into_iter().map(String::as_str).filter(|word| !word.is_empty()).collect();
    let mut facts = vec![
        ("\"Viewed\" means", Value::words(Some(&profile.viewed))),
        ("The incident time is", Value::words(Some(&profile.incident_time))),
        ("Kept for", Value::words(Some(&profile.retention))),
        ("Legal process goes to", Value::words(Some(&reach.join(", ")))),
        ("Known gaps", Value::words(Some(&profile.known_gaps.join(" ")))),
    ];
    facts.extend(profile.events.iter().map(|event| (event.event.as_str(), Value::words(Some(&event.means)))));
    definitions(&facts)
}

fn hand_in(who: &SignedIn, draft: &ProfileVersion) -> Markup {
    let missing = draft.profile.missing();
    let ask = html! {
        input type="hidden" name="version" value=(draft.version);
        (button("Hand in for approval", Button::Primary))
    };
    html! {
        h2 { "Version " (draft.version) " " (ui::chip("draft", Tone::Notice)) }
        @if missing.is_empty() {
            @if who.member.is_admin() { (ui::post("/provider/profile/submit", &who.visit.token(SUBMIT), &ask)) }
        } @else {
            p { "Before it can be handed in, it must say:" }
            ul { @for words in missing { li { (words) } } }
        }
    }
}

fn form(who: &SignedIn, typed: &Typed) -> Markup {
    let lines = |name: &'static str, label: &'static str, hint: &'static str| {
        html! { (Field::new(name, label).kind(Kind::Lines(4)).hint(hint).value(get(typed, name))) }
    };
    let line = |name: &'static str, label: &'static str, kind: Kind<'static>| {
        html! { (Field::new(name, label).kind(kind).value(get(typed, name))) }
    };
    let body = html! {
        (lines("viewed", "What \"viewed\" means", "Who viewed what, and when? Does a part count, or a match with a known hash?"))
        (lines("incident_time", "Which moment the incident time is", "The upload, the detection, the review?"))
        fieldset .usa-fieldset {
            legend .usa-legend { "What each address event means" }
            @for event in ADDRESS_EVENTS {
                @let name = format!("event_{event}");
                (Field::new(&name, event).kind(Kind::Lines(2)).value(get(typed, &name)))
            }
        }
        (lines("retention", "How long you keep what", "Logs, content, account records."))
        fieldset .usa-fieldset {
            legend .usa-legend { "Where law enforcement sends legal process" }
            (line("legal_team", "Team", Kind::Text))
            (line("legal_email", "Mailbox", Kind::Email))
            (line("legal_phone", "Telephone", Kind::Telephone))
            (line("legal_url", "Guide or portal", Kind::Text))
        }
        (lines("known_gaps", "Known gaps", "One in each line: what is missing or wrong in your reports."))
        (line("kept_until", "Reported content is kept until", Kind::Date))
        (line("kept_for", "Kept longer for", Kind::Choice(&PURPOSES)))
        (line("framework", "Version of the NIST Cybersecurity Framework that you preserve by", Kind::Text))
        (line("attested_on", "Said on", Kind::Date))
        (button("Keep as draft", Button::Primary))
    };
    html! { div .house-wide { (ui::post(PROFILE.href, &who.visit.token(SAVE), &body)) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(pairs: &[(&str, &str)]) -> Typed {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn what_is_typed_is_what_is_shown_again() {
        let words = given(&[
            ("viewed", "A reviewer saw all of it."),
            ("event_Login", "Start of a session."),
            ("known_gaps", "No ports.\nNo time zones."),
            ("kept_until", "2028-01-31"),
            ("kept_for", "prevent-online-child-sexual-exploitation"),
            ("framework", "2.0"),
            ("attested_on", "2026-01-31"),
        ]);
        let read = profile(&words);
        assert_eq!((read.known_gaps.len(), read.events.len()), (2, 1));
        assert!(mistakes(&words).is_empty());
        assert_eq!(profile(&typed(&read)), read);
    }

    #[test]
    fn half_an_answer_is_sent_back_to_its_field() {
        let fields = |pairs: &[(&str, &str)]| -> Vec<&str> {
            mistakes(&given(pairs)).iter().map(|(field, _)| *field).collect()
        };
        assert_eq!(fields(&[("kept_until", "soon")]), ["kept_until", "kept_for"]);
        assert_eq!(fields(&[("framework", "2.0")]), ["framework"]);
    }
}
