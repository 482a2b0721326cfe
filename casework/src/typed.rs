//! What people of an agency write down in a case: mail addresses, telephone numbers and names at a service are asked
//! about as those of reports are. Whoever else holds or wrote the same is told that there is something, and so is the writer's
//! agency. Deliberately absent: parts of words, names of people, and what many share; nobody is matched by those.

use std::collections::{BTreeMap, BTreeSet};

use database::bind;
use domain::{AgencyId, CaseId, Id};
use spelling::written as named_in;
use store::selector;

use crate::filing::Digest;
use crate::related::{self, Held, MOST_SHARING, Other, Shared, Writing};
use crate::{Act, Result, View, column, turn};

const INSERT: &str = "-- typed::insert
    INSERT INTO case_typed (digest, agency_id, number, entry_id, typed_at)
    VALUES (:digest, :agency, :number, :entry, :now) ON CONFLICT DO NOTHING";

const OF_ENTRY: &str = "-- typed::of_entry
    SELECT digest FROM case_typed WHERE number = :number AND entry_id = :entry ORDER BY digest LIMIT :most";

const FORGET: &str = "-- typed::forget
    DELETE FROM case_typed
    WHERE digest = :digest AND agency_id = :agency AND number = :number AND entry_id = :entry";

const DAY: &str = "-- typed::day
    INSERT INTO case_typed_day (written_by, day, asked) VALUES (:by, :day, 0) ON CONFLICT DO NOTHING";

const ASKED: &str = "-- typed::asked
    SELECT asked FROM case_typed_day WHERE written_by = :by AND day = :day {for_update}";

const COUNT: &str = "-- typed::count
    UPDATE case_typed_day SET asked = asked + :new WHERE written_by = :by AND day = :day";

const HOLDING: &str = "-- typed::holding
    SELECT sharing.report_id, delivery.agency_id FROM (
        SELECT report_id FROM selector WHERE digest = :digest ORDER BY digest DESC, report_id DESC LIMIT :most
    ) AS sharing LEFT JOIN delivery ON delivery.report_id = sharing.report_id
    ORDER BY sharing.report_id, delivery.agency_id";

const WRITING: &str = "-- typed::writing
    SELECT DISTINCT agency_id, number FROM case_typed WHERE digest = :digest AND agency_id <> :agency
    ORDER BY agency_id, number LIMIT :most";

/// Selectors of one text that are asked about.
const MOST_TYPED: usize = 200;
/// New selectors of one person on one day (UTC) that are asked about, so that nobody asks for everybody.
const MOST_TYPED_A_DAY: usize = 1_000;
const DAY_S: i64 = 86_400;

/// Asks about what a text of a case says now, in the place of what it said before. Answers how many selectors were kept out,
/// because the text has too many or its writer wrote too many today.
pub(crate) fn written(
    act: &Act<'_>,
    (number, entry): (CaseId, &str),
    agency: &AgencyId,
    texts: &[&str],
) -> Result<usize> {
    let found: BTreeSet<_> = texts.iter().flat_map(|text| named_in(text)).collect();
    let said: BTreeSet<Digest> =
        found.iter().take(MOST_TYPED).map(|(kind, normal)| selector::digest_of(act, *kind, normal)).collect();
    let asked = bind! { number: number.get(), entry, most: MOST_TYPED as u64 };
    let had: BTreeSet<Digest> = act.tx().rows(OF_ENTRY, &asked)?.into_iter().collect();
    let row = |digest: &Digest| bind! { digest, agency: agency.as_str(), number: number.get(), entry };
    act.tx().many(FORGET, &had.difference(&said).map(row).collect::<Vec<_>>())?;
    let new: Vec<Digest> = said.difference(&had).copied().collect();
    let new = &new[..allowed(act, new.len())?];
    let kept: BTreeSet<Digest> = said.intersection(&had).chain(new).copied().collect();
    // Whoever writes the same at this moment, or is given a report that says it, is seen by the second of both.
    turn::alone(act, &kept)?;
    let now = column::micros(act.now());
    act.tx().many(INSERT, &new.iter().map(|digest| row(digest).with("now", now)).collect::<Vec<_>>())?;
    let own = Held::Case(number);
    let others = others(act, agency, &kept)?;
    others.iter().try_for_each(|(other, shared)| related::tell(act, own, (agency, other), shared))?;
    Ok(found.len() - kept.len())
}

/// How many of so many new ones the writer may still ask about today; those are counted.
fn allowed(act: &Act<'_>, new: usize) -> Result<usize> {
    if new == 0 {
        return Ok(0);
    }
    let asked = bind! { by: act.actor().text(), day: act.now().as_second().div_euclid(DAY_S) };
    act.tx().execute(DAY, &asked)?;
    let so_far: u64 = act.tx().get(ASKED, &asked)?;
    let left = MOST_TYPED_A_DAY.saturating_sub(usize::try_from(so_far).unwrap_or(usize::MAX));
    let allowed = new.min(left);
    act.tx().execute(COUNT, &asked.with("new", allowed as u64))?;
    Ok(allowed)
}

/// Who else holds or wrote the same. Whoever has a report of it together with the writer's agency is on its list of
/// recipients, which both can read: they are told nothing.
fn others(
    view: &View<'_>,
    agency: &AgencyId,
    digests: &BTreeSet<Digest>,
) -> Result<BTreeMap<AgencyId, Shared>> {
    let most = MOST_SHARING + 1;
    let holding: Vec<_> = digests.iter().map(|digest| (HOLDING, bind! { digest, most })).collect();
    let writing = |digest: &Digest| (WRITING, bind! { digest, agency: agency.as_str(), most });
    let writing: Vec<_> = digests.iter().map(writing).collect();
    let holding = view.tx().rows_all::<Other>(&holding)?;
    let writing = view.tx().rows_all::<Writing>(&writing)?;
    let mut shared: BTreeMap<AgencyId, Shared> = BTreeMap::new();
    for ((digest, holding), writing) in digests.iter().zip(holding).zip(writing) {
        if related::is_common(&holding, &writing) {
            continue;
        }
        let beside = related::beside(&holding, agency);
        let reports = holding.into_iter().filter_map(|one| Some((one.agency?, Held::Report(one.report))));
        let cases = writing.into_iter().map(|one| (one.agency, Held::Case(one.number)));
        for (other, held) in
            reports.chain(cases).filter(|(other, _)| other != agency && !beside.contains(other))
        {
            shared.entry(other).or_default().add(*digest, held);
        }
    }
    Ok(shared)
}
