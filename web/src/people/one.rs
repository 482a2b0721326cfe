//! One person: what is known of their account, and what can be done about it. What two people must agree on is asked for
//! here and decided elsewhere.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::{ApprovalId, Gone, Id as _, PersonId};
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use maud::{Markup, html};
use office::accounts::{self, Guard, Proofed};
use office::people::{self as of, Listed};
use office::{Home, Trouble};
use serde::Deserialize;
use ui::{Button, Choice, Field, Kind, Tone, Value, Weight, alert, button};

use super::{People, invite};
use crate::door::Admitted;
use crate::moment;

/// What can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    /// The house says of an agency's administrator that they still work there.
    Attest,
    /// The account is still needed.
    Review,
    /// Their newest training.
    Train,
    /// Wrong answers locked their sign-in.
    Release,
    /// Another role.
    Role,
    /// Every key is lost.
    Recover,
    /// Off, everywhere, now.
    Disable,
}

impl Act {
    pub(super) const ALL: [Self; 7] =
        [Self::Attest, Self::Review, Self::Train, Self::Release, Self::Role, Self::Recover, Self::Disable];

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Attest => "attest",
            Self::Review => "review",
            Self::Train => "train",
            Self::Release => "release",
            Self::Role => "role",
            Self::Recover => "recover",
            Self::Disable => "disable",
        }
    }

    fn form(self, id: &PersonId) -> String {
        format!("{}/{id}", self.as_str())
    }
}

/// `GET …/people/{person}`.
pub(super) async fn page(State(people): State<People>, who: Admitted, Path(id): Path<String>) -> Response {
    match PersonId::parse(&id) {
        Ok(id) => show(&people, &who, id, StatusCode::OK, After::default()).await,
        Err(_) => people.not_found(&who).await,
    }
}

/// What a page says after a form was sent, and what the form had said: nobody types anything twice.
#[derive(Default)]
struct After {
    note: Option<Markup>,
    said: Asked,
}

async fn show(people: &People, who: &Admitted, id: PersonId, status: StatusCode, after: After) -> Response {
    let ((viewer, _), house) = (people.viewer(who), people.house());
    let found = async {
        let found = of::get(house, &viewer, id).await?;
        let guards = accounts::guards(house, std::slice::from_ref(&found)).await?;
        Ok::<_, Trouble>((found, guards.into_iter().next().map(|(_, guard)| guard)))
    };
    match found.await {
        Ok((found, guard)) => {
            let main = main(people, who, &found, guard.as_ref(), &after);
            people.drawn(status, who, &found.name, &main).await
        }
        Err(trouble) if trouble.is_not_found() => people.not_found(who).await,
        Err(trouble) => people.door.broken(&trouble),
    }
}

fn main(people: &People, who: &Admitted, found: &Listed, guard: Option<&Guard>, after: &After) -> Markup {
    let account = &found.account;
    let is_own = account.person == who.somebody.person.id;
    html! {
        h1 { (ui::text(&found.name)) }
        @if let Some(note) = &after.note { (note) }
        (ui::definitions(&facts(found, guard, people.house().now())))
        @if is_own {
            p { "This is you. What is to be done about your own account, another person does." }
        } @else if account.gone.is_none() {
            (acts(people, who, found, guard, &after.said))
        }
    }
}

fn facts(found: &Listed, guard: Option<&Guard>, now: Timestamp) -> Vec<(&'static str, Value)> {
    let account = &found.account;
    let at = |at: Option<Timestamp>| at.map_or(Value::Unknown, |at| moment(at).into());
    let mut facts = vec![
        ("State", state(found, now).into()),
        ("Where", Value::words(Some(&home_word(&account.home)))),
        ("Role", Value::words(Some(account.role.title()))),
        ("Added", moment(account.added_at).into()),
        ("Last sign-in", at(account.entered_at)),
    ];
    if account.home.agency().is_some() {
        facts.push(("Attested until", at(account.attestation_ends())));
    } else {
        facts.push(("Reviewed", at(account.reviewed_at)));
        facts.push(("Next review", at(account.review_ends())));
    }
    facts.push(("Trained until", at(account.trained_until)));
    if account.temporary_until.is_some() {
        facts.push(("Temporary until", at(account.temporary_until)));
    }
    if let Some(guard) = guard {
        facts.push((
            "Wrong answers in a row",
            html! { (guard.wrong) ", the last one " (moment(guard.wrong_at)) }.into(),
        ));
    }
    facts
}

fn state(one: &Listed, now: Timestamp) -> Markup {
    match one.account.gone {
        Some((at, because)) => {
            html! { (ui::chip("switched off", Tone::Muted)) " " (because.as_str()) ", " (moment(at)) }
        }
        None if one.account.is_untrained(now) => ui::chip("training is over", Tone::Strong),
        None if one.account.awaits_review(now) => ui::chip("yearly review is due", Tone::Notice),
        None => ui::chip("live", Tone::Plain),
    }
}

/// A home in words.
pub(super) fn home_word(home: &Home) -> String {
    of::in_text(home)
}

fn acts(people: &People, who: &Admitted, found: &Listed, guard: Option<&Guard>, said: &Asked) -> Markup {
    let account = &found.account;
    let form = |act: Act, body: &Markup| {
        let path = people.path(&format!("/{}/{}", account.person, act.as_str()));
        ui::post(&path, &who.visit.token(&act.form(&account.person)), body)
    };
    let roles = invite::roles(|role| account.home.has(role) && role != account.role);
    let reasons = [
        Choice { value: Gone::Terminated.as_str(), label: "They left" },
        Choice { value: Gone::ByHand.as_str(), label: "Another reason" },
    ];
    let of_house = people.room.house.is_some();
    html! {
        @if let Some(guard) = guard {
            h2 { "Sign-in" }
            @if guard.locked_at.is_some() {
                p { "Twenty wrong answers in a row locked their sign-in. Ask them first, over a channel that you knew before, whether it was them." }
            } @else {
                p { "Wrong answers slow their sign-in down. It opens by itself within a quarter of an hour." }
            }
            (form(Act::Release, &button("Let them try again", Button::Secondary)))
        }
        @if of_house && account.home.agency().is_some() {
            h2 { "Attest" }
            p { "For an agency's own administrator, whom nobody there can attest." }
            (form(Act::Attest, &button("They still work there", Button::Secondary)))
        }
        @if account.home.agency().is_none() {
            h2 { "Review" }
            p { "Once a year somebody looks whether an account is still needed, in this role." }
            (form(Act::Review, &button("Still needed", Button::Secondary)))
        }
        h2 { "Training" }
        (form(Act::Train, &html! {
            (Field::new("on", "Day of the newest training").kind(Kind::Date).value(&said.on).required())
            (button("Record it", Button::Secondary))
        }))
        h2 { "Another role" }
        p { "You ask, and a second person of the clearinghouse agrees. All their sessions end with it." }
        (form(Act::Role, &html! {
            (Field::new("role", "New role").kind(Kind::Choice(&roles)).value(&said.role).required())
            (button("Ask for it", Button::Secondary))
        }))
        (recovery(&form, said))
        @if of_house {
            h2 { "Cards and other organisations" }
            p { (ui::Link { href: &people.path(&format!("/{}/known-by", account.person)), label: "By what they are known besides their keys" }) }
        }
        h2 { "Disable everywhere now" }
        p { "Every session of theirs ends at once, in every process. It cannot be taken back: they would have to be let in anew." }
        (form(Act::Disable, &html! {
            (Field::new("because", "Why").kind(Kind::Choice(&reasons)))
            (button("Disable everywhere now", Button::Grave))
        }))
    }
}

fn recovery(form: &dyn Fn(Act, &Markup) -> Markup, said: &Asked) -> Markup {
    html! {
        h2 { "Every key is lost" }
        p { "See who they are anew, as when they were let in: nobody comes back on a telephone call or a mail. You ask, and a second person of the clearinghouse agrees. The keys that they had open nothing from then on." }
        (form(Act::Recover, &html! {
            (Field::new("document", "Kind of document").hint("Such as: passport, seen in person.").value(&said.document).required())
            (Field::new("seen_by", "Who saw it").value(&said.seen_by).required())
            (Field::new("sha256", "SHA-256 of the record that is kept of it").hint("64 hexadecimal digits.").value(&said.sha256).required())
            (Field::new("seen", "Day on which it was seen").kind(Kind::Date).value(&said.seen).required())
            (button("Ask to let them in again", Button::Secondary))
        }))
    }
}

/// Every word that one of the forms may say.
#[derive(Default, Deserialize)]
pub(super) struct Asked {
    csrf: String,
    #[serde(default)]
    because: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    on: String,
    #[serde(default)]
    document: String,
    #[serde(default)]
    seen_by: String,
    #[serde(default)]
    sha256: String,
    #[serde(default)]
    seen: String,
}

/// What came of it.
enum Done {
    Recorded,
    Asked(ApprovalId),
    NoDay,
}

/// `POST …/people/{person}/{act}`.
pub(super) async fn done(
    act: Act,
    State(people): State<People>,
    who: Admitted,
    Path(id): Path<String>,
    (headers, Form(form)): (HeaderMap, Form<Asked>),
) -> Response {
    let Ok(id) = PersonId::parse(&id) else { return people.not_found(&who).await };
    if !who.visit.may_post(&headers, &form.csrf, &act.form(&id)) {
        return people.stale(&who).await;
    }
    let said = |weight, title, words: &str| Some(alert(weight, title, &html! { p { (words) } }));
    let (status, note) = match acted(&people, &who, act, id.clone(), &form).await {
        Ok(Done::Recorded) => (StatusCode::OK, said(Weight::Done, "Recorded", "It holds from now on.")),
        Ok(Done::Asked(approval)) => match people.room.house {
            Some(house) => return crate::redirect(&format!("{}/{approval}", house.approvals)),
            None => {
                let words = "A second person, of the clearinghouse, agrees or refuses. You are told by them.";
                (StatusCode::OK, said(Weight::Done, "Asked", words))
            }
        },
        Ok(Done::NoDay) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            Some(super::nothing_changed("Give the day, such as 2026-02-03.")),
        ),
        Err(trouble) => match people.refused(&trouble) {
            Ok(_) if act == Act::Recover && is_unfit(&trouble) => {
                (StatusCode::UNPROCESSABLE_ENTITY, Some(super::nothing_changed(NOT_SEEN)))
            }
            Ok(note) => (StatusCode::UNPROCESSABLE_ENTITY, Some(note)),
            Err(why) => return people.elsewhere(&who, &trouble, why).await,
        },
    };
    // What was taken is not asked for again.
    let said = if status.is_success() { Asked::default() } else { form };
    show(&people, &who, id, status, After { note, said }).await
}

const NOT_SEEN: &str = "Say the kind of document, who saw it, the SHA-256 of the record that is kept of it, in 64 \
    hexadecimal digits, and the day on which it was seen, which is none to come.";

fn is_unfit(trouble: &Trouble) -> bool {
    trouble.refusal().is_some_and(|refused| refused.code() == "unfit")
}

async fn acted(
    people: &People,
    who: &Admitted,
    act: Act,
    id: PersonId,
    form: &Asked,
) -> Result<Done, Trouble> {
    let ((viewer, _), house) = (people.viewer(who), people.house());
    match act {
        Act::Attest => of::attest_for(house, &viewer, id).await?,
        Act::Review => accounts::review(house, &viewer, id).await?,
        Act::Release => accounts::release(house, &viewer, id).await?,
        Act::Train => match office::day(&form.on) {
            Some(day) => accounts::train(house, &viewer, id, day).await?,
            None => return Ok(Done::NoDay),
        },
        Act::Disable => {
            let because = form.because.parse().unwrap_or(Gone::ByHand);
            of::disable(house, &viewer, id, because).await?;
        }
        Act::Role => {
            return Ok(Done::Asked(accounts::ask_role(house, &viewer, id, form.role.clone()).await?));
        }
        Act::Recover => {
            let Some(seen_at) = office::day(&form.seen) else { return Ok(Done::NoDay) };
            let (document, seen_by) = (form.document.clone().into(), form.seen_by.clone().into());
            let proof = Proofed { document, seen_by, sha256: form.sha256.clone(), seen_at };
            return Ok(Done::Asked(accounts::ask_recovery(house, &viewer, id, proof).await?));
        }
    }
    Ok(Done::Recorded)
}
