//! Units and the rules by which reports that come are given to them: a page of the commander and the supervisors, which everybody may read.

use axum::Form;
use axum::response::Response;
use domain::{Id as _, IncidentType, PersonId, Priority, incident_types};
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use ui::{Button, Choice, Choices, Column, Field, Kind, Order, Row, Table, Weight, breadcrumb, button};
use workspace::assignment::{self, Member, Plan, Rule, Step, Terms};
use workspace::standing;

use super::change;
use crate::cases::{Fields, said};
use crate::session::SignedIn;
use crate::shell::INBOX;
use crate::{report_page, shell};

pub(super) const PATH: &str = "/agency/inbox/assignment";
const TITLE: &str = "Units and assignment";

/// `GET /agency/inbox/assignment`.
pub(super) async fn page(who: SignedIn) -> Response {
    drawn(&who, StatusCode::OK, None).await
}

async fn drawn(who: &SignedIn, status: StatusCode, says: Option<&str>) -> Response {
    match assignment::plan(&who.agencies.house, &who.session.viewer).await {
        Ok(plan) => {
            shell::page(status, who, TITLE, Some(breadcrumb(&[INBOX], TITLE)), &main(who, &plan, says))
        }
        Err(trouble) => report_page::refusal(who, &trouble),
    }
}

/// `POST /agency/inbox/assignment/add-rule`.
pub(super) async fn add_rule(who: SignedIn, headers: HeaderMap, Form(fields): Form<Fields>) -> Response {
    taken(&who, "add-rule", &headers, &fields).await
}

/// `POST /agency/inbox/assignment/remove-rule`.
pub(super) async fn remove_rule(who: SignedIn, headers: HeaderMap, Form(fields): Form<Fields>) -> Response {
    taken(&who, "remove-rule", &headers, &fields).await
}

/// `POST /agency/inbox/assignment/take-in`.
pub(super) async fn take_in(who: SignedIn, headers: HeaderMap, Form(fields): Form<Fields>) -> Response {
    taken(&who, "take-in", &headers, &fields).await
}

/// `POST /agency/inbox/assignment/let-go`.
pub(super) async fn let_go(who: SignedIn, headers: HeaderMap, Form(fields): Form<Fields>) -> Response {
    taken(&who, "let-go", &headers, &fields).await
}

async fn taken(who: &SignedIn, step: &str, headers: &HeaderMap, fields: &Fields) -> Response {
    if !who.visit.may_post(headers, said(fields, "csrf"), &token(step)) {
        return shell::stale_form(who);
    }
    let read = match read(step, fields) {
        Ok(read) => read,
        Err(says) => return drawn(who, StatusCode::UNPROCESSABLE_ENTITY, Some(says)).await,
    };
    match assignment::step(&who.agencies.house, &who.session.viewer, read).await {
        Ok(()) => web::redirect(PATH),
        Err(trouble) if trouble.refusal().is_some_and(|refused| refused.code() == "unfit") => {
            let says = "A unit has a name of at most 64 letters, a place one of at most 120, and there are at most 100 rules.";
            drawn(who, StatusCode::UNPROCESSABLE_ENTITY, Some(says)).await
        }
        Err(trouble) => report_page::refusal(who, &trouble),
    }
}

fn token(step: &str) -> String {
    format!("assignment-{step}")
}

fn read(step: &str, fields: &Fields) -> Result<Step, &'static str> {
    let word = |name: &str| (!said(fields, name).is_empty()).then(|| said(fields, name).to_owned());
    let member = || {
        let person = PersonId::parse(said(fields, "person")).map_err(|_| "Choose a person.")?;
        Ok::<_, &'static str>(Member { unit: said(fields, "unit").to_owned(), person })
    };
    Ok(match step {
        "add-rule" => Step::AddRule(Terms {
            incident_type: IncidentType::find(said(fields, "type")).map(|kind| kind.key.clone()),
            place: word("place"),
            least: said(fields, "priority").parse().ok(),
            unit: word("unit").ok_or("Name the unit that gets it.")?,
            in_turn: said(fields, "in-turn") == "yes",
        }),
        "remove-rule" => {
            Step::RemoveRule(said(fields, "position").parse().map_err(|_| "There is no such rule.")?)
        }
        "take-in" => Step::TakeIn(member()?),
        "let-go" => Step::LetGo(member()?),
        _ => return Err("There is no such step."),
    })
}

fn main(who: &SignedIn, plan: &Plan, says: Option<&str>) -> Markup {
    let may_assign = standing::may_assign(&who.session.viewer);
    html! {
        h1 { (TITLE) }
        @if let Some(says) = says { (ui::alert(Weight::Error, "Nothing was changed", &html! { p { (says) } })) }
        p {
            "A report that comes is asked of the rules from the first to the last; the first that fits gives it to its unit, and where "
            "it says so to one of the unit's people, whoever got something longest ago. What nobody's rule fits stays unassigned. What a "
            "rule gave can be changed and taken back like anything else."
        }
        h2 { "Rules" }
        @if plan.rules.is_empty() { (ui::empty("There is no rule: everything that comes is unassigned.", None)) }
        @else { (rules(who, plan, may_assign)) }
        @if may_assign { (ui::details("Add a rule", &form(who, "add-rule", &rule_fields(plan)))) }
        h2 { "Units" }
        @if plan.members.is_empty() { (ui::empty("Nobody is in a unit yet.", None)) }
        @else { (members(who, plan, may_assign)) }
        @if may_assign { (ui::details("Take somebody into a unit", &form(who, "take-in", &member_fields(plan)))) }
        @else { p { "Your commander and your supervisors change units and rules." } }
    }
}

fn form(who: &SignedIn, step: &str, body: &Markup) -> Markup {
    ui::post(&format!("{PATH}/{step}"), &who.visit.token(&token(step)), body)
}

fn rules(who: &SignedIn, plan: &Plan, may_assign: bool) -> Markup {
    let labels: &[&str] = if may_assign {
        &["Rule", "Incident type", "Place", "At least", "Unit", "In it", "Remove"]
    } else {
        &["Rule", "Incident type", "Place", "At least", "Unit", "In it"]
    };
    let columns: Vec<Column<'_>> = labels.iter().map(|label| Column { label, order: Order::Fixed }).collect();
    let row = |rule: &Rule| {
        let terms = &rule.terms;
        let kind = terms.incident_type.as_deref().and_then(IncidentType::find);
        let mut cells = vec![
            ui::text(kind.map_or("any", |kind| kind.title.as_str())),
            ui::text(terms.place.as_deref().unwrap_or("any")),
            ui::text(terms.least.map_or("any priority", Priority::as_str)),
            ui::text(&terms.unit),
            html! { @if terms.in_turn { "one person, in turn" } @else { "nobody yet" } },
        ];
        if may_assign {
            let body = html! {
                input type="hidden" name="position" value=(rule.position);
                (button(&format!("Remove rule {}", rule.position), Button::Secondary))
            };
            cells.push(form(who, "remove-rule", &body));
        }
        Row { head: html! { (rule.position) }, cells }
    };
    let rows: Vec<Row> = plan.rules.iter().map(row).collect();
    ui::table(&Table { caption: "Asked in this order", columns: &columns, rows: &rows, swap: None })
}

fn members(who: &SignedIn, plan: &Plan, may_assign: bool) -> Markup {
    let labels: &[&str] = if may_assign { &["Person", "Unit", "Take out"] } else { &["Person", "Unit"] };
    let columns: Vec<Column<'_>> = labels.iter().map(|label| Column { label, order: Order::Fixed }).collect();
    let row = |member: &Member| {
        let name = change::name(&member.person, &plan.people);
        let mut cells = vec![ui::text(&member.unit)];
        if may_assign {
            let body = html! {
                input type="hidden" name="person" value=(member.person.as_str());
                input type="hidden" name="unit" value=(member.unit);
                (button(&format!("Take {name} out of {}", member.unit), Button::Secondary))
            };
            cells.push(form(who, "let-go", &body));
        }
        Row { head: ui::text(&name), cells }
    };
    let rows: Vec<Row> = plan.members.iter().map(row).collect();
    ui::table(&Table { caption: "Who is in which unit", columns: &columns, rows: &rows, swap: None })
}

fn rule_fields(plan: &Plan) -> Markup {
    let any = Choice { value: "", label: "Any" };
    let kind = |kind: &'static IncidentType| Choice { value: &kind.key, label: &kind.title };
    let kinds: Vec<Choice<'_>> = [any].into_iter().chain(incident_types().iter().map(kind)).collect();
    let priority = |one: &Priority| Choice { value: one.as_str(), label: one.as_str() };
    let priorities: Vec<Choice<'_>> = [any].into_iter().chain(Priority::ALL.iter().map(priority)).collect();
    let units: std::collections::BTreeSet<&str> =
        plan.members.iter().map(|member| member.unit.as_str()).collect();
    let known = units.into_iter().collect::<Vec<_>>().join(", ");
    let hint =
        if known.is_empty() { "Take people into it below".to_owned() } else { format!("There are: {known}") };
    let turn = [Choice { value: "yes", label: "One of its people gets it, in turn" }];
    html! {
        (Field::new("type", "Incident type").kind(Kind::Choice(&kinds)))
        (Field::new("place", "Place").hint("As the inbox writes it, such as Cook County, IL; empty for any"))
        (Field::new("priority", "This priority or a more urgent one").kind(Kind::Choice(&priorities)))
        (Field::new("rule-unit", "Unit that gets it").named("unit").required().hint(&hint))
        (Choices::any("in-turn", "In the unit", &turn))
        (button("Add the rule", Button::Primary))
    }
}

fn member_fields(plan: &Plan) -> Markup {
    let people: Vec<Choice<'_>> =
        plan.people.iter().map(|(id, name)| Choice { value: id.as_str(), label: name }).collect();
    html! {
        (Field::new("member-person", "Who").named("person").kind(Kind::Choice(&people)))
        (Field::new("member-unit", "Unit").named("unit").required())
        (button("Take them in", Button::Secondary))
    }
}
