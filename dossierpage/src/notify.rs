//! How people are called: what nobody has taken yet, one's own mailbox, the on-call ladder, what was sent. Agencies have it for
//! their reports, the clearinghouse for its own desk.

use domain::{Id as _, PersonId, Private, ReportId};
use herald::ladder::{self, Call, Ladder, MOST_MINUTES, MOST_PLACES, NewStep, Step};
use herald::messages::{self, Sent, Wish};
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};
use office::{House, Trouble};
use policy::Viewer;
use serde::Deserialize;
use ui::{Button, Choice, Choices, Column, Field, Kind, Order, Row, Table, Tone, Weight, button};
use web::{Visit, moment};

/// Names of the forms.
pub const ADDRESS_FORM: &str = "notify-address";
/// The code of a mailbox.
pub const CONFIRM_FORM: &str = "notify-confirm";
/// A test.
pub const TEST_FORM: &str = "notify-test";
/// A step of the ladder.
pub const STEP_FORM: &str = "notify-step";
const NEW: &str = "new";

/// Where these parts stand, and how they speak to whose people.
#[derive(Debug)]
pub struct Place {
    /// The page; forms are sent below it.
    pub href: &'static str,
    /// Where "I have it" is sent, before the number of the report.
    pub answers: &'static str,
    /// What stands before and behind the number of a report in the address at which it is found.
    pub report: (&'static str, &'static str),
    /// What a report that nobody has waits for, behind "came … and".
    pub waits: &'static str,
    /// How the ladder works here.
    pub ladder: &'static str,
    /// Whose mailbox is to be named.
    pub mailbox: &'static str,
    /// What a mailbox may hear of besides calls.
    pub news: &'static str,
}

/// What the parts are drawn from.
pub struct Known {
    /// Where the reader is written to.
    pub own: Option<Wish>,
    /// The ladder, with the calls that nobody answered.
    pub ladder: Ladder,
    /// What was sent, for whoever keeps the ladder.
    pub sent: Option<Vec<Sent>>,
}

impl Known {
    /// Finds it for a viewer.
    ///
    /// # Errors
    /// A denial, or a fault.
    pub async fn find(house: &House, viewer: &Viewer) -> Result<Self, Trouble> {
        Ok(Self {
            own: messages::own(house, viewer).await?,
            ladder: ladder::find(house, viewer).await?,
            sent: if ladder::keeps(viewer) { Some(messages::sent(house, viewer).await?) } else { None },
        })
    }
}

/// Reports for which somebody is being called, on top of everything else.
pub fn calls(place: &Place, visit: &Visit, open: &[Call]) -> Markup {
    html! {
        @for call in open {
            @let title = if call.next_at.is_some() { "Somebody is being called" } else { "Nobody answered the calls" };
            @let number = call.report.to_string();
            (ui::alert(Weight::Error, title, &html! {
                p {
                    a href={ (place.report.0) (number) (place.report.1) } { "Report " (number) }
                    " came " (moment(call.raised_at)) " and " (place.waits) " "
                    @if let Some(next) = call.next_at { "The next one is called " (moment(next)) "." }
                    @else { "Nobody is called any more." }
                }
                (ui::post(&format!("{}{number}/answer", place.answers), &visit.token(&answering(&number)), &button("I have it", Button::Primary)))
            }))
        }
    }
}

/// The reader's own mailbox.
pub fn own(place: &Place, visit: &Visit, own: Option<&Wish>) -> Markup {
    let shown = own.map_or("", |wish| wish.address.reveal().as_str());
    let options = [Choice { value: NEW, label: place.news }];
    let chosen: &[&str] = if own.is_some_and(|wish| wish.wants_new) { &[NEW] } else { &[] };
    html! {
        h2 #you { "You" }
        (ui::post(&format!("{}/address", place.href), &visit.token(ADDRESS_FORM), &html! {
            input type="hidden" name="version" value=(own.map_or(0, |wish| wish.version));
            (Field::new("address", "Your mailbox").kind(Kind::Email).value(shown).hint(place.mailbox).autocomplete("email"))
            (Choices::any("about", "What for", &options).chosen(chosen).hint("You are always written to when it is your turn on the ladder."))
            (button("Save", Button::Primary))
        }))
        @match own {
            None => {}
            Some(wish) if wish.confirmed_at.is_some() => { (test(place, visit, "Send me a test")) }
            Some(_) => { (unconfirmed(place, visit)) }
        }
    }
}

/// A mailbox that nothing is sent to yet.
fn unconfirmed(place: &Place, visit: &Visit) -> Markup {
    html! {
        (ui::alert(Weight::Warning, "Nothing is sent to this mailbox yet", &html! {
            p { "A code is on its way there. Type it below, and it is known that the mailbox is yours. The code serves for a day." }
        }))
        (ui::post(&format!("{}/confirm", place.href), &visit.token(CONFIRM_FORM), &html! {
            (Field::new("code", "The code from the message").required().hint("Eight letters").autocomplete("one-time-code"))
            (button("Confirm", Button::Primary))
        }))
        (test(place, visit, "Send me another code"))
    }
}

fn test(place: &Place, visit: &Visit, label: &str) -> Markup {
    ui::post(&format!("{}/test", place.href), &visit.token(TEST_FORM), &button(label, Button::Secondary))
}

/// The steps, and the form of another one for whoever keeps them.
pub fn ladder(place: &Place, visit: &Visit, ladder: &Ladder, keeps: bool) -> Markup {
    html! {
        h2 #ladder { "On-call ladder" }
        p { (place.ladder) }
        @if ladder.steps.is_empty() { (ui::empty("Nobody's turn is written down.", None)) } @else { (table(ladder)) }
        @if keeps {
            @for step in &ladder.steps { (removing(place, visit, ladder, step)) }
            h3 { "Write a turn down" }
            (ui::post(&format!("{}/steps", place.href), &visit.token(STEP_FORM), &form(ladder)))
        }
    }
}

fn table(ladder: &Ladder) -> Markup {
    let columns = ["Place", "Who", "Has", "From", "Until"].map(|label| Column { label, order: Order::Fixed });
    let row = |step: &Step| Row {
        head: html! { (step.place) },
        cells: vec![
            html! {
                (ui::text(name(ladder, &step.person)))
                @if !ladder.known.contains(&step.person) { " " (ui::chip("has no mailbox here", Tone::Critical)) }
            },
            html! { (step.minutes) " minutes" },
            moment(step.from_at),
            step.until_at.map_or_else(|| html! { "for good" }, moment),
        ],
    };
    let rows: Vec<Row> = ladder.steps.iter().map(row).collect();
    ui::table(&Table { caption: "Who is called, and when", columns: &columns, rows: &rows, swap: None })
}

/// A person by their name.
fn name<'a>(ladder: &'a Ladder, id: &'a PersonId) -> &'a str {
    let known = ladder.people.iter().find(|(one, _)| one == id);
    known.map_or_else(|| id.as_str(), |(_, name): &(_, Private<String>)| name.reveal().as_str())
}

fn removing(place: &Place, visit: &Visit, ladder: &Ladder, step: &Step) -> Markup {
    let from = step.from_at.strftime("%Y-%m-%d");
    let label = format!("Take {} off place {} from {from}", name(ladder, &step.person), step.place);
    let action = format!("{}/steps/{}/remove", place.href, step.id);
    ui::post(&action, &visit.token(&removal(&step.id)), &button(&label, Button::Secondary))
}

fn form(ladder: &Ladder) -> Markup {
    let people: Vec<Choice<'_>> = ladder
        .people
        .iter()
        .map(|(id, name)| Choice { value: id.as_str(), label: name.reveal().as_str() })
        .collect();
    html! {
        (Field::new("place", "Place").value("1").required().hint("1 is called first"))
        (Field::new("person", "Who").kind(Kind::Choice(&people)).required())
        (Field::new("minutes", "Minutes before the next one is called").value("10").required())
        (Field::new("from", "From").kind(Kind::Date).hint("From now on where nothing is said. Days are UTC."))
        (Field::new("until", "Up to and including").kind(Kind::Date).hint("For good where nothing is said"))
        (button("Write it down", Button::Secondary))
    }
}

/// What was sent to the ladder's people last.
pub fn sent(sent: &[Sent], ladder: &Ladder) -> Markup {
    let columns = ["To", "About", "Made", "State"].map(|label| Column { label, order: Order::Fixed });
    let row = |one: &Sent| Row {
        head: ui::text(name(ladder, &one.person)),
        cells: vec![
            html! { (about(one)) },
            moment(one.made_at),
            match (one.sent_at, one.given_up_at) {
                (Some(at), _) => html! { "taken by the mail server " (moment(at)) },
                (None, Some(at)) => html! { "given up " (moment(at)) },
                (None, None) => html! { "waits, tried " (one.attempts) " times" },
            },
        ],
    };
    let rows: Vec<Row> = sent.iter().map(row).collect();
    let caption = "The last messages to your people";
    html! {
        h2 #sent { "Messages" }
        @if rows.is_empty() { (ui::empty("No message was sent yet.", None)) }
        @else { (ui::table(&Table { caption, columns: &columns, rows: &rows, swap: None })) }
    }
}

fn about(one: &Sent) -> &'static str {
    match one.kind.as_str() {
        "immediate" => "their turn on the ladder",
        "new" => "something new",
        "confirm" => "a code for their mailbox",
        _ => "a test",
    }
}

/// The form that takes a step away.
#[must_use]
pub fn removal(id: &str) -> String {
    format!("notify-step-{id}")
}

/// The form that says "I have it".
#[must_use]
pub fn answering(report: &str) -> String {
    format!("notify-call-{report}")
}

/// The form of one's own address.
#[derive(Deserialize)]
pub struct Address {
    /// The form's token.
    pub csrf: String,
    #[serde(default)]
    version: u32,
    #[serde(default)]
    address: String,
    #[serde(default)]
    about: String,
}

/// The form of the code.
#[derive(Deserialize)]
pub struct Code {
    /// The form's token.
    pub csrf: String,
    #[serde(default)]
    code: String,
}

/// The form of a step.
#[derive(Deserialize)]
pub struct Turn {
    /// The form's token.
    pub csrf: String,
    #[serde(default)]
    place: String,
    #[serde(default)]
    person: String,
    #[serde(default)]
    minutes: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    until: String,
}

impl Turn {
    fn read(&self, now: Timestamp) -> Option<NewStep> {
        let day = |text: &str| if text.is_empty() { Some(None) } else { office::day(text).map(Some) };
        let end = day(&self.until)?.map(|day| day.checked_add(SignedDuration::from_hours(24)));
        Some(NewStep {
            place: self.place.trim().parse().ok()?,
            person: PersonId::parse(&self.person).ok()?,
            minutes: self.minutes.trim().parse().ok()?,
            from_at: day(&self.from)?.unwrap_or(now),
            until_at: end.transpose().ok()?,
        })
    }
}

/// What somebody does here.
pub enum Asked {
    /// They say where they are written to.
    Address(Address),
    /// They type a code.
    Confirm(Code),
    /// They want to see whether messages arrive.
    Test,
    /// They write a turn down.
    Add(Turn),
    /// They take one away.
    Remove(String),
    /// They have a report.
    Answer(ReportId),
}

/// Why it was not done.
pub enum Wrong {
    /// The page says so, on top.
    Said(String),
    /// A denial, or a fault.
    Trouble(Trouble),
}

/// Does it.
///
/// # Errors
/// [`Wrong`].
pub async fn done(house: &House, viewer: &Viewer, asked: Asked) -> Result<(), Wrong> {
    let (mut unfit, answers) = (String::new(), matches!(asked, Asked::Answer(_)));
    let done = match asked {
        Asked::Address(given) => {
            NO_ADDRESS.clone_into(&mut unfit);
            let address = Some(given.address.trim().to_owned()).filter(|address| !address.is_empty());
            messages::put(house, viewer, given.version, address, given.about == NEW).await
        }
        Asked::Confirm(given) => return confirmed(messages::confirm(house, viewer, given.code).await),
        Asked::Test => messages::test(house, viewer).await,
        Asked::Add(given) => {
            unfit = format!(
                "A place from 1 to {MOST_PLACES}, one of your people, 1 to {MOST_MINUTES} minutes, and days that are not over."
            );
            match given.read(house.now()) {
                Some(new) => ladder::add(house, viewer, new).await,
                None => return Err(Wrong::Said(unfit)),
            }
        }
        Asked::Remove(step) => ladder::remove(house, viewer, step).await,
        Asked::Answer(report) => ladder::answer(house, viewer, report).await,
    };
    done.map_err(|trouble| match trouble.refusal().map(|refused| refused.code()) {
        Some("not-found") if answers => Wrong::Said(ANSWERED.to_owned()),
        _ => Wrong::of(trouble, &unfit),
    })
}

impl Wrong {
    /// What the page says of a refusal; `unfit` of what cannot be.
    #[must_use]
    pub fn of(trouble: Trouble, unfit: &str) -> Self {
        match trouble.refusal().map(|refused| refused.code()) {
            Some("unfit") => Self::Said(unfit.to_owned()),
            Some("conflict") => Self::Said(MEANWHILE.to_owned()),
            _ => Self::Trouble(trouble),
        }
    }
}

fn confirmed(done: Result<bool, Trouble>) -> Result<(), Wrong> {
    match done {
        Ok(true) => Ok(()),
        Ok(false) => Err(Wrong::Said("This is not the code that was sent last.".to_owned())),
        Err(trouble) if trouble.refusal().is_some_and(|refused| refused.code() == "conflict") => {
            Err(Wrong::Said(NO_CODE.to_owned()))
        }
        Err(trouble) => Err(Wrong::Trouble(trouble)),
    }
}

const NO_ADDRESS: &str = "This is no mail address. Write one address, such as night.desk@agency.example.";
const NO_CODE: &str = "No code waits for you: it was used, a day has passed, or too many wrong ones were typed. Ask for another one.";
const ANSWERED: &str = "Somebody has it already, or it waits no more.";
const MEANWHILE: &str = "It was changed meanwhile, or there are as many as may be, or you asked less than a minute ago. This is how it stands now.";
