//! What people of an agency write down in a case: mail addresses, telephone numbers and names at a service are asked
//! about as those of reports are. Whoever else holds or wrote the same is told that there is something, and so is the writer's
//! agency. Deliberately absent: parts of words, names of people, and what many share; nobody is matched by those.

use std::collections::{BTreeMap, BTreeSet};

use database::{FromRow, Row, bind};
use domain::{AgencyId, CaseId, Id, ReportId, SelectorKind};
use spelling::{mine, normal};
use store::{provider, selector};

use crate::filing::Digest;
use crate::related::{self, Held, Shared};
use crate::{Act, Result, View, column};

const INSERT: &str = "-- typed::insert
    INSERT INTO case_typed (digest, agency_id, number, typed_at) VALUES (:digest, :agency, :number, :now)
    ON CONFLICT (digest, agency_id, number) DO NOTHING";

/// What the writer's agency has too tells it nothing: both stand in the list of its recipients.
const HOLDING: &str = "-- typed::holding
    SELECT delivery.agency_id, sharing.report_id AS number, delivery.urgency FROM (
        SELECT report_id FROM selector WHERE digest = :digest ORDER BY digest DESC, report_id DESC LIMIT :most
    ) AS sharing JOIN delivery ON delivery.report_id = sharing.report_id
    WHERE delivery.agency_id <> :agency AND NOT EXISTS (SELECT 1 FROM delivery AS own
        WHERE own.report_id = sharing.report_id AND own.agency_id = :agency)
    ORDER BY delivery.agency_id, sharing.report_id";

const WRITING: &str = "-- typed::writing
    SELECT agency_id, number FROM case_typed WHERE digest = :digest AND agency_id <> :agency
    ORDER BY agency_id, number LIMIT :most";

/// Selectors of one text that are asked about.
const MOST_TYPED: usize = 200;
/// Reports, or cases, that one selector leads to: what everybody shares tells nothing.
const MOST_SHARING: u32 = 100;

/// Asks about what was written into a case.
pub(crate) fn written(act: &Act<'_>, number: CaseId, agency: &AgencyId, texts: &[&str]) -> Result<()> {
    let services: Vec<String> = provider::list(act)?.into_iter().map(|one| one.id.to_string()).collect();
    let found: BTreeSet<_> = texts.iter().flat_map(|text| selectors(text, &services)).collect();
    let digests = found.iter().take(MOST_TYPED).map(|(kind, normal)| selector::digest_of(act, *kind, normal));
    let mut shared: BTreeMap<AgencyId, Shared> = BTreeMap::new();
    for digest in digests {
        let row =
            bind! { digest, agency: agency.as_str(), number: number.get(), now: column::micros(act.now()) };
        if act.tx().execute(INSERT, &row)? > 0 {
            others(act, agency, digest, &mut shared)?;
        }
    }
    let own = Held::Case(number);
    shared.iter().try_for_each(|(other, shared)| related::tell(act, own, (agency, other), shared))
}

/// Who else holds or wrote the same.
fn others(
    view: &View<'_>,
    agency: &AgencyId,
    digest: Digest,
    shared: &mut BTreeMap<AgencyId, Shared>,
) -> Result<()> {
    let asked = bind! { digest, agency: agency.as_str(), most: MOST_SHARING };
    let holding: Vec<Holding> = view.tx().rows(HOLDING, &asked)?;
    for Holding { agency, report, urgency } in holding {
        let one = shared.entry(agency).or_default();
        one.urgency = one.urgency.max(urgency);
        one.add(digest, Held::Report(report));
    }
    for Writing { agency, number } in view.tx().rows::<Writing>(WRITING, &asked)? {
        shared.entry(agency).or_default().add(digest, Held::Case(number));
    }
    Ok(())
}

/// What names somebody in a text, in its normal form. A name counts with its service: `service:name`, or one that says which.
fn selectors(text: &str, services: &[String]) -> BTreeSet<(SelectorKind, String)> {
    let mined = mine::mine(text).into_iter().filter_map(|one| {
        let given = &text[one.start..one.end];
        let normal = match one.kind {
            SelectorKind::Email => normal::email(given),
            SelectorKind::Phone => normal::phone(given, None),
            SelectorKind::ScreenName => one.service.and_then(|service| normal::screen_name(service, given)),
            _ => None,
        };
        Some((one.kind, normal?))
    });
    let named = text.split_whitespace().filter_map(|word| word.split_once(':'));
    let named = named.filter_map(|(service, name)| {
        let service = services.iter().find(|known| known.eq_ignore_ascii_case(service))?;
        Some((service, name.trim_end_matches(['.', ',', ';', ')'])))
    });
    let named = named.flat_map(|(service, name)| {
        let account = normal::account(service, name).map(|normal| (SelectorKind::Account, normal));
        let screen = normal::screen_name(service, name).map(|normal| (SelectorKind::ScreenName, normal));
        account.into_iter().chain(screen)
    });
    mined.chain(named).collect()
}

/// A report of another agency.
struct Holding {
    agency: AgencyId,
    report: ReportId,
    urgency: u8,
}

impl FromRow for Holding {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let (agency, report) = (column::parsed(row, "agency_id")?, column::report(row, "number")?);
        Ok(Self { agency, report, urgency: row.get("urgency")? })
    }
}

/// A case in which somebody wrote something.
pub(crate) struct Writing {
    pub agency: AgencyId,
    pub number: CaseId,
}

impl FromRow for Writing {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let number = CaseId::from(column::report(row, "number")?);
        Ok(Self { agency: column::parsed(row, "agency_id")?, number })
    }
}
