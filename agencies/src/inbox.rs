//! The inbox: what the viewer's agency has, most urgent first unless asked otherwise; what is new to them; questions that
//! they saved; and what they say of many reports together. It works with the keyboard alone and without script.

mod assignment;
mod change;
mod events;
mod filtered;
mod filters;
mod hand_over;
mod late;
mod standing_part;
mod table;
mod together;
mod views;

use axum::Form;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::response::Response;
use axum::routing::{get, post};
use domain::ReportId;
use herald::ladder::{self, Call};
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use ui::{Button, Field, Key, Kind, Link, Weight, button};
use workspace::Trouble;
use workspace::cases::{self, Case};
use workspace::inbox::{self, Inbox, MOST_COUNTED};

use crate::cases::{Fields, said};
use crate::session::SignedIn;
use crate::{Agencies, reminders, report_page, shell, show};
use dossierpage::asked::{Asked, PATH};

pub(crate) use standing_part::section;

const FIND_FORM: &str = "inbox-find";
const LOOK_FORM: &str = "inbox-look";
const FIND: &str = "/agency/inbox/find";
const LOOKED: &str = "/agency/inbox/looked";

/// Words that are searched for.
const MOST_SOUGHT_LETTERS: usize = 2_000;

/// The keys of this page; the script reads them from the printed list.
const KEYS: [Key<'static>; 9] = [
    Key { key: "j", does: "Next report", follows: "next-row" },
    Key { key: "k", does: "Report before", follows: "previous-row" },
    Key { key: "x", does: "Choose the report", follows: "choose-row" },
    Key { key: "/", does: "Search", follows: "find" },
    Key { key: "f", does: "Filters, order and columns", follows: "filters" },
    Key { key: "c", does: "Change the chosen reports", follows: "set-status" },
    Key { key: "s", does: "I have seen these", follows: "seen-all" },
    Key { key: "n", does: "Next page", follows: "rel-next" },
    Key { key: "?", does: "This list", follows: "keys-of-the-page" },
];

/// The routes of this room.
pub(crate) fn routes() -> axum::Router<Agencies> {
    axum::Router::new()
        .route("/agency", get(home))
        .route(PATH, get(page))
        .route(FIND, post(find))
        .route(LOOKED, post(look))
        .route(views::PATH, post(views::save))
        .route("/agency/inbox/views/remove", post(views::remove))
        .route(together::PREVIEW, post(together::preview))
        .route(together::CARRY_OUT, post(together::carry_out))
        .route(together::UNDO, post(together::undo))
        .route(assignment::PATH, get(assignment::page))
        .route("/agency/inbox/assignment/add-rule", post(assignment::add_rule))
        .route("/agency/inbox/assignment/remove-rule", post(assignment::remove_rule))
        .route("/agency/inbox/assignment/take-in", post(assignment::take_in))
        .route("/agency/inbox/assignment/let-go", post(assignment::let_go))
        .route(events::PATH, get(events::watch))
        .route(late::PATH, get(late::page))
        .route(hand_over::PATH, get(hand_over::page))
        .route("/agency/reports/{report}/standing", get(standing_part::page).post(standing_part::change))
}

/// `GET /agency` leads to the inbox.
async fn home(_: SignedIn) -> Response {
    web::redirect(PATH)
}

/// `GET /agency/inbox`.
async fn page(who: SignedIn, fields: Result<Query<Fields>, QueryRejection>) -> Response {
    let Query(fields) = fields.unwrap_or_default();
    shown(&who, StatusCode::OK, &Asked::read(&fields), None).await
}

/// The page of a question, with what is to be said above it.
async fn shown(who: &SignedIn, status: StatusCode, asked: &Asked, first: Option<Markup>) -> Response {
    let (house, viewer) = (&who.agencies.house, &who.session.viewer);
    let question = asked.question(&who.session.person, house.now());
    let found = async {
        Ok::<_, Trouble>((inbox::open(house, viewer, question).await?, ladder::open(house, viewer).await?))
    };
    match found.await {
        Ok((found, calls)) => {
            let above = Above { first, calls: &calls, sought: None };
            left(who, drawn(who, status, asked, &found, &above)).await
        }
        Err(trouble) => report_page::refusal(who, &trouble),
    }
}

/// `POST /agency/inbox/find`: what somebody searches for is private, so it stands in no address.
async fn find(who: SignedIn, headers: HeaderMap, Form(fields): Form<Fields>) -> Response {
    if !who.visit.may_post(&headers, said(&fields, "csrf"), FIND_FORM) {
        return shell::stale_form(&who);
    }
    let asked = Asked::parse(said(&fields, "question"));
    let sought: String = said(&fields, "find").chars().take(MOST_SOUGHT_LETTERS).collect();
    if sought.is_empty() {
        return web::redirect(&asked.address());
    }
    let (house, viewer) = (&who.agencies.house, &who.session.viewer);
    let found = async {
        let forms = pipeline::sought(&sought, &inbox::services(house, viewer).await?);
        let mut question = asked.question(&who.session.person, house.now());
        question.naming = Some((sought.parse::<ReportId>().ok(), forms));
        let cases = cases::holding(house, viewer, sought.clone()).await?;
        Ok::<_, Trouble>((
            inbox::open(house, viewer, question).await?,
            cases,
            ladder::open(house, viewer).await?,
        ))
    };
    match found.await {
        Ok((found, cases, calls)) => {
            let sought = Some(Sought { words: &sought, cases: &cases });
            let above = Above { first: None, calls: &calls, sought };
            left(&who, drawn(&who, StatusCode::OK, &asked, &found, &above)).await
        }
        Err(trouble) => report_page::refusal(&who, &trouble),
    }
}

/// A page of what the agency has leaves once it is in the ledger that it does, and with how many bytes.
async fn left(who: &SignedIn, page: Response) -> Response {
    let bytes = web::weight(&page);
    match inbox::leave(&who.agencies.house, &who.session.viewer, "inbox", bytes).await {
        Ok(()) => page,
        Err(trouble) => report_page::refusal(who, &trouble),
    }
}

/// `POST /agency/inbox/looked`.
async fn look(who: SignedIn, headers: HeaderMap, Form(fields): Form<Fields>) -> Response {
    if !who.visit.may_post(&headers, said(&fields, "csrf"), LOOK_FORM) {
        return shell::stale_form(&who);
    }
    let at = said(&fields, "until").parse().ok().and_then(|at| jiff::Timestamp::from_microsecond(at).ok());
    let Some(at) = at else { return shell::not_found(&who) };
    match inbox::look(&who.agencies.house, &who.session.viewer, at).await {
        Ok(()) => web::redirect(&Asked::parse(said(&fields, "question")).address()),
        Err(trouble) => report_page::refusal(&who, &trouble),
    }
}

/// What stands above the list.
struct Above<'a> {
    /// What became of a form.
    first: Option<Markup>,
    /// Calls that nobody answered.
    calls: &'a [Call],
    /// What was searched for.
    sought: Option<Sought<'a>>,
}

/// What was searched for, and the cases that hold its words.
#[derive(Clone, Copy)]
struct Sought<'a> {
    words: &'a str,
    cases: &'a [Case],
}

fn drawn(who: &SignedIn, status: StatusCode, asked: &Asked, found: &Inbox, above: &Above<'_>) -> Response {
    let main = html! {
        h1 { "Inbox" }
        @if let Some(first) = &above.first { (first) }
        (called(above.calls))
        @let again = asked.address();
        // A region that is told aloud has to be there before it says something, and says nothing but what is new.
        p #news data-events={ (events::PATH) "?since=" (found.at.as_microsecond()) } {
            span role="status" {} " " span hidden { (Link { href: &again, label: "Load them" }) }
        }
        (news(who, asked, found))
        p {
            a href=(late::PATH) { "Late" } ", " a href=(hand_over::PATH) { "Hand-over" } ", "
            a href=(assignment::PATH) { "Units and assignment" } ", "
            a href=(reminders::PATH) { "Reminders" } ": senders that may soon stop preserving, and holds to look at again"
        }
        (views::section(who, asked, found))
        (search(who, asked, above.sought.map(|sought| sought.words)))
        (filters::section(asked, found))
        (filtered::section(asked, found))
        (list(who, asked, found, above.sought))
        details .house-details {
            summary #keys-of-the-page { "Keys of this page" }
            p { "They work where script runs and no field has the focus. " button .usa-button .usa-button--outline type="button" #keys-switch hidden { "Switch single keys off" } }
            (ui::keys(&KEYS))
        }
    };
    shell::page_with(status, who, "Inbox", None, &main, &[web::KEYS_JS, web::NEWS_JS])
}

/// That people are called for reports of the agency: whoever is at the list already need not wait for a message.
fn called(calls: &[Call]) -> Markup {
    let Some(newest) = calls.first() else { return html! {} };
    let says = html! {
        p {
            @if calls.len() == 1 { "Nobody has taken notice of report " (newest.report) " yet. " }
            @else { "Nobody has taken notice of " @if calls.len() == ladder::MOST_LISTED as usize { "at least " } (calls.len()) " reports yet. " }
            (Link { href: crate::notify::LINK.href, label: "See who is called, or say that you have it" })
        }
    };
    let is_called = calls.iter().any(|call| call.next_at.is_some());
    let title = if is_called { "Somebody is being called" } else { "Nobody answered the calls" };
    ui::alert(Weight::Error, title, &says)
}

/// How many reports came since the viewer last said that they had seen everything.
fn news(who: &SignedIn, asked: &Asked, found: &Inbox) -> Markup {
    let many =
        if found.new >= MOST_COUNTED { format!("{MOST_COUNTED} or more") } else { found.new.to_string() };
    let new = Asked { only_new: true, after: None, ..asked.clone() }.address();
    let all = Asked { only_new: false, after: None, ..asked.clone() }.address();
    let body = html! {
        input type="hidden" name="until" value=(found.at.as_microsecond());
        input type="hidden" name="question" value=(asked.words());
        button #seen-all .usa-button .usa-button--outline type="submit" { "I have seen these" }
    };
    html! {
        div .house-actions {
            p {
                @match found.looked {
                    Some(looked) => { strong { (many) " new" } " since " (show::moment(looked)) ". " }
                    None => { "You have not said yet what you have seen. " }
                }
                @if asked.only_new { (Link { href: &all, label: "Show all of them" }) }
                @else if found.looked.is_some() { (Link { href: &new, label: "Show only what is new" }) }
            }
            (ui::post(LOOKED, &who.visit.token(LOOK_FORM), &body))
        }
    }
}

fn search(who: &SignedIn, asked: &Asked, sought: Option<&str>) -> Markup {
    const HINT: &str = "Whole and exact: a number, account, address, telephone or file hash. Or words of your own \
        cases and notes; what reports say is sealed.";
    let body = html! {
        input type="hidden" name="question" value=(asked.words());
        (Field::new("find", "Search").kind(Kind::Search).value(sought.unwrap_or_default()).hint(HINT).autocomplete("off"))
        (button("Search", Button::Secondary))
    };
    html! { search .house-search { (ui::post(FIND, &who.visit.token(FIND_FORM), &body)) } }
}

fn list(who: &SignedIn, asked: &Asked, found: &Inbox, sought: Option<Sought<'_>>) -> Markup {
    let all = asked.address();
    html! {
        div #inbox-list {
            @if let Some(sought) = sought {
                (of_cases(sought))
                p { "Reports of your agency that name exactly \"" (ui::text(sought.words)) "\", the newest first. " (Link { href: &all, label: "Show the list again" }) }
            }
            @if found.page.rows.is_empty() && !found.page.stopped {
                @if sought.is_some() { (ui::empty("No report of your agency names exactly that.", None)) }
                @else { (ui::empty("No report matches. Reports appear here as soon as they are made available.", None)) }
                @if asked.is_narrowed() { p { (Link { href: PATH, label: "Show everything that is open" }) } }
            } @else {
                (together::form(who, asked, found, &table::rows(who, asked, found)))
            }
            @if found.page.stopped { (stopped(found)) }
            (table::pager(asked, found))
        }
    }
}

fn of_cases(sought: Sought<'_>) -> Markup {
    html! {
        @if !sought.cases.is_empty() {
            p { "Cases that you reach and that hold every one of these words:" }
            ul {
                @for case in sought.cases {
                    li { a href=(crate::cases::address(case.number)) { "Case " (case.number) ": " (ui::text(&case.words.title)) } }
                }
            }
        }
    }
}

fn stopped(found: &Inbox) -> Markup {
    let says = html! {
        p {
            @if found.page.next.is_some() {
                "So many reports were passed over that did not fit that the search stopped here. The next page goes on from there; "
                "a filter by person, unit, place or status finds rare things sooner."
            } @else { "More reports match than one page holds. Set filters beside the search." }
        }
    };
    ui::alert(Weight::Info, "There is more", &says)
}
