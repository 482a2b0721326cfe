//! The list: who is there and until when, one form that attests an agency's people, who was invited, who is gone.

use axum::Form;
use axum::extract::State;
use axum::response::Response;
use domain::{Id as _, PersonId};
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use maud::{Markup, html};
use office::accounts::{self, Guard};
use office::people::{self as of, Listed};
use office::{Home, Invitation, Trouble};
use ui::{Button, Column, Link, Order, Row, Table, Tone, Weight, alert, button};

use super::People;
use super::invite::{self, Invite};
use crate::door::Admitted;
use crate::moment;

/// `GET …/people`.
pub(super) async fn page(State(people): State<People>, who: Admitted) -> Response {
    show(&people, &who, StatusCode::OK, None).await
}

/// What the list shows.
struct Shown {
    all: Vec<Listed>,
    waiting: Vec<Invitation>,
    guards: Vec<(PersonId, Guard)>,
}

/// The list, with what was done just now above it.
pub(super) async fn show(
    people: &People,
    who: &Admitted,
    status: StatusCode,
    note: Option<Markup>,
) -> Response {
    drawn(people, who, status, note, &Invite::default()).await
}

/// The list again, with why nobody was invited and what was typed.
pub(super) async fn refused(people: &People, who: &Admitted, note: Markup, said: &Invite) -> Response {
    drawn(people, who, StatusCode::UNPROCESSABLE_ENTITY, Some(note), said).await
}

async fn drawn(
    people: &People,
    who: &Admitted,
    status: StatusCode,
    note: Option<Markup>,
    said: &Invite,
) -> Response {
    let ((viewer, home), house) = (people.viewer(who), people.house());
    let found = async {
        let all = of::list(house, &viewer, home.clone()).await?;
        let guards = accounts::guards(house, &all).await?;
        let waiting = of::invitations(house, &viewer, home.clone()).await?;
        Ok::<_, Trouble>(Shown { all, waiting, guards })
    };
    match found.await {
        Ok(shown) => {
            let main = html! {
                h1 { (people.room.link.label) }
                @if let Some(note) = &note { (note) }
                (main(people, who, &home, &shown, said))
            };
            people.drawn(status, who, people.room.link.label, &main).await
        }
        Err(trouble) if trouble.is_not_found() => people.not_found(who).await,
        Err(trouble) => people.door.broken(&trouble),
    }
}

/// The list again, with why nothing was changed.
pub(super) async fn after(people: &People, who: &Admitted, trouble: &Trouble) -> Response {
    match people.refused(trouble) {
        Ok(note) => show(people, who, StatusCode::UNPROCESSABLE_ENTITY, Some(note)).await,
        Err(why) => people.elsewhere(who, trouble, why).await,
    }
}

fn main(people: &People, who: &Admitted, home: &Home, shown: &Shown, said: &Invite) -> Markup {
    let now = people.house().now();
    let (live, gone): (Vec<&Listed>, Vec<&Listed>) =
        shown.all.iter().partition(|one| one.account.gone.is_none());
    html! {
        (due(&live, now))
        h2 { (who_is_here(home)) }
        @if home.agency().is_some() {
            p { "Every 90 days you say of each person that they still work here and still need this. Whom you do not name is switched off on the day that is shown. Nobody attests for themself: for you, the clearinghouse does." }
            div .house-table-form {
                (ui::post(&people.path("/attest"), &who.visit.token("attest"), &html! {
                    (accounts_table(people, who, &live, &shown.guards))
                    (button("The people I ticked still work here", Button::Primary))
                }))
            }
        } @else {
            (accounts_table(people, who, &live, &shown.guards))
        }
        p { (Link { href: &people.path(super::due::PATH), label: "Everything that ends soon" }) }
        p { "To switch somebody off at once, give them another role, or let them in again who lost their keys, open their page." }
        h2 { "Invited, not let in yet" }
        (invite::waiting(people, &who.visit, &shown.waiting))
        h2 { (invite_whom(home)) }
        p { (invite_how(home)) }
        (ui::post(people.room.link.href, &who.visit.token("invite"), &invite::fields(home, said)))
        @if !gone.is_empty() {
            h2 { "Switched off" }
            (gone_table(&gone))
        }
    }
}

const fn who_is_here(home: &Home) -> &'static str {
    match home {
        Home::House => "The clearinghouse's own people",
        Home::Agency(_) => "Who works here",
        Home::Provider(_) => "Your company's people here",
    }
}

const fn invite_whom(home: &Home) -> &'static str {
    match home {
        Home::House => "Invite somebody to the clearinghouse",
        _ => "Invite somebody",
    }
}

const fn invite_how(home: &Home) -> &'static str {
    match home {
        Home::House => {
            "A code goes to them by mail and another one by the second channel. Then you record who saw which document, and a second person lets them in."
        }
        Home::Agency(_) => {
            "Codes go to them by two channels. Then the clearinghouse checks who they are, and two of its people let them in."
        }
        Home::Provider(_) => {
            "Codes go to them by two channels. Whoever only reports is in once both came back, and you answer for them; an administrator is checked by the clearinghouse first. At most 50 invitations are open at a time."
        }
    }
}

/// What has to be done within two weeks, and louder what has to be done within three days.
fn due(live: &[&Listed], now: Timestamp) -> Markup {
    let within = |span| live.iter().filter(|one| !one.account.ending(now, span).is_empty()).count();
    let (soon, pressing) = (within(accounts::DUE), within(accounts::PRESSING));
    html! {
        @if pressing > 0 {
            (alert(Weight::Error, "Within three days", &html! {
                p { (pressing) " of these accounts come to an end within three days, or are over their time. See the column \"Next\"." }
            }))
        } @else if soon > 0 {
            (alert(Weight::Warning, "To look after", &html! {
                p { (soon) " of these accounts come to an end within 14 days unless something is done. See the column \"Next\"." }
            }))
        }
    }
}

fn accounts_table(people: &People, who: &Admitted, live: &[&Listed], guards: &[(PersonId, Guard)]) -> Markup {
    let now = people.house().now();
    let columns = ["Who", "Role", "Last sign-in", "Next"].map(|label| Column { label, order: Order::Fixed });
    let row = |one: &&Listed| {
        let (account, own) = (&one.account, one.account.person == who.somebody.person.id);
        let (id, href) = (format!("person-{}", account.person), people.path(&format!("/{}", account.person)));
        let ticks = account.home.agency().is_some() && !own;
        Row {
            head: html! {
                @if ticks {
                    input #(id) type="checkbox" name="person" value=(account.person);
                    " " label .usa-sr-only for=(id) { "Attest " (ui::text(&one.name)) }
                }
                (Link { href: &href, label: &one.name })
                @if own { " (you)" }
            },
            cells: vec![
                html! { (account.role.title()) },
                account.entered_at.map_or_else(|| html! { "never" }, moment),
                next(one, guards, now),
            ],
        }
    };
    let rows: Vec<Row> = live.iter().map(row).collect();
    ui::table(&Table { caption: "People with an account", columns: &columns, rows: &rows, swap: None })
}

/// What comes next for an account: a lock, what is over, or the day on which something ends.
fn next(one: &Listed, guards: &[(PersonId, Guard)], now: Timestamp) -> Markup {
    let locked = guards.iter().any(|(id, guard)| *id == one.account.person && guard.locked_at.is_some());
    let ending = one.account.ending(now, accounts::DUE);
    html! {
        @if locked { (ui::chip("sign-in is locked", Tone::Strong)) " " }
        @if one.account.is_untrained(now) { (ui::chip("training is over", Tone::Strong)) " " }
        @match ending.first() {
            Some((what, end)) => {
                (ui::chip("due", Tone::Strong)) " " (what.says()) ", by " (moment(*end))
            }
            None => {
                @if let Some(end) = one.account.attestation_ends() { "attested until " (moment(end)) }
                @else { (ui::chip("live", Tone::Plain)) }
            }
        }
    }
}

fn gone_table(gone: &[&Listed]) -> Markup {
    let columns = ["Who", "When", "Why"].map(|label| Column { label, order: Order::Fixed });
    let rows: Vec<Row> = gone
        .iter()
        .filter_map(|one| one.account.gone.map(|gone| (one, gone)))
        .map(|(one, (at, because))| Row {
            head: html! { (ui::text(&one.name)) },
            cells: vec![moment(at), html! { (because.as_str()) }],
        })
        .collect();
    ui::table(&Table { caption: "People who were switched off", columns: &columns, rows: &rows, swap: None })
}

/// `POST …/people/attest`: one form for the whole list.
pub(super) async fn attest(
    State(people): State<People>,
    who: Admitted,
    headers: HeaderMap,
    Form(form): Form<Vec<(String, String)>>,
) -> Response {
    let all =
        |name: &str| form.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect();
    let tokens: Vec<String> = all("csrf");
    if !tokens.first().is_some_and(|token| who.visit.may_post(&headers, token, "attest")) {
        return people.stale(&who).await;
    }
    let named: Vec<String> = all("person");
    let named: Vec<PersonId> = named.iter().filter_map(|id| PersonId::parse(id).ok()).collect();
    let (viewer, _) = people.viewer(&who);
    match of::attest(people.house(), &viewer, named).await {
        Ok(count) => {
            let says = html! { p { (count) " people were attested for 90 days." } };
            show(&people, &who, StatusCode::OK, Some(alert(Weight::Done, "Recorded", &says))).await
        }
        Err(trouble) => after(&people, &who, &trouble).await,
    }
}
