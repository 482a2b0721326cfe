//! The shapes of the lists in `datasets/`. Columns that routing does not need are passed over.

use domain::{AgencyClass, AgencyId, Relationship};
use jiff::civil::Date;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Area, Directory, Federal, Point, Recipient};
use crate::rules::{Cause, Effective, RuleFault, parse};

const TASK_FORCES: &str = "datasets/task-forces.toml";
const FEDERAL: &str = "datasets/federal-recipients.toml";
const FOREIGN: &str = "datasets/foreign-points.toml";
const TRIBAL: &str = "datasets/tribal-agencies.toml";

#[derive(Deserialize)]
struct TaskForces {
    task_force: Vec<TaskForceRow>,
    #[serde(default)]
    state_default: Vec<StateDefault>,
}

#[derive(Deserialize)]
struct TaskForceRow {
    id: AgencyId,
    name: String,
    state: String,
    /// Most lead agencies are agencies of a State; a row may say otherwise.
    #[serde(default = "state_class")]
    class: AgencyClass,
    valid_from: Option<Date>,
    valid_to: Option<Date>,
    covers_states: Vec<String>,
    covers_counties: Vec<String>,
}

const fn state_class() -> AgencyClass {
    AgencyClass::State
}

#[derive(Deserialize)]
struct StateDefault {
    state: String,
    task_force: AgencyId,
}

#[derive(Deserialize)]
struct FederalList {
    nature: Vec<Nature>,
    recipient: Vec<FederalRow>,
    default: Vec<DefaultRow>,
}

#[derive(Deserialize)]
struct Nature {
    key: String,
}

#[derive(Deserialize)]
struct FederalRow {
    id: AgencyId,
    name: String,
    valid_from: Option<Date>,
    valid_to: Option<Date>,
    nature: Vec<Nature>,
}

#[derive(Deserialize)]
struct DefaultRow {
    when: String,
    recipients: Vec<AgencyId>,
}

#[derive(Deserialize)]
struct Points {
    point: Vec<PointRow>,
}

#[derive(Deserialize)]
struct PointRow {
    id: AgencyId,
    name: String,
    rung: u8,
    countries: Vec<String>,
    every_country: bool,
    through: Option<AgencyId>,
    valid_from: Option<Date>,
    valid_to: Option<Date>,
    /// What qualifies it where nothing else is said: every national point works with INTERPOL.
    #[serde(default = "interpol")]
    relationship: Relationship,
}

const fn interpol() -> Relationship {
    Relationship::Interpol
}

#[derive(Deserialize, Default)]
struct TribalList {
    agency: Vec<TribalRow>,
}

#[derive(Deserialize)]
struct TribalRow {
    id: AgencyId,
    name: String,
    valid_from: Option<Date>,
    valid_to: Option<Date>,
    covers_counties: Vec<String>,
}

pub(super) fn read(files: &[(&str, &str)]) -> Result<Directory, RuleFault> {
    let forces: TaskForces = required(files, TASK_FORCES)?;
    let federal: FederalList = required(files, FEDERAL)?;
    let points: Points = required(files, FOREIGN)?;
    let tribal: TribalList =
        find(files, TRIBAL).map_or_else(|| Ok(TribalList::default()), |text| parse(TRIBAL, text))?;
    Ok(Directory {
        task_forces: forces.task_force.into_iter().map(task_force).collect(),
        tribal: tribal.agency.into_iter().map(tribal_agency).collect(),
        state_defaults: forces.state_default.into_iter().map(|d| (d.state, d.task_force)).collect(),
        natures: federal.nature.into_iter().map(|nature| nature.key).collect(),
        federal: federal.recipient.into_iter().map(federal_agency).collect(),
        defaults: federal.default.into_iter().map(|d| (d.when, d.recipients)).collect(),
        points: points.point.into_iter().map(point).collect(),
    })
}

fn find<'a>(files: &[(&str, &'a str)], wanted: &str) -> Option<&'a str> {
    files.iter().find(|(name, _)| *name == wanted).map(|(_, text)| *text)
}

fn required<T: DeserializeOwned>(files: &[(&str, &str)], name: &str) -> Result<T, RuleFault> {
    let text =
        find(files, name).ok_or_else(|| RuleFault::new(name, Cause::Directory("is missing".to_owned())))?;
    parse(name, text)
}

fn task_force(row: TaskForceRow) -> Area {
    let effective = Effective { from: row.valid_from, to: row.valid_to };
    let state = Some(row.state);
    let recipient =
        Recipient { id: row.id, name: row.name, class: row.class, relationship: None, state, effective };
    Area { recipient, states: row.covers_states, counties: row.covers_counties }
}

fn tribal_agency(row: TribalRow) -> Area {
    let effective = Effective { from: row.valid_from, to: row.valid_to };
    let class = AgencyClass::Tribal;
    let recipient =
        Recipient { id: row.id, name: row.name, class, relationship: None, state: None, effective };
    Area { recipient, states: Vec::new(), counties: row.covers_counties }
}

fn federal_agency(row: FederalRow) -> Federal {
    let effective = Effective { from: row.valid_from, to: row.valid_to };
    let class = AgencyClass::Federal;
    let recipient =
        Recipient { id: row.id, name: row.name, class, relationship: None, state: None, effective };
    Federal { recipient, natures: row.nature.into_iter().map(|nature| nature.key).collect() }
}

fn point(row: PointRow) -> Point {
    let effective = Effective { from: row.valid_from, to: row.valid_to };
    let relationship = Some(row.relationship);
    let class = AgencyClass::Foreign;
    let PointRow { id, name, rung, countries, every_country, through, .. } = row;
    let recipient = Recipient { id, name, class, relationship, state: None, effective };
    Point { recipient, rung, countries, every_country, through }
}
