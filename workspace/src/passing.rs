//! Passing on what an agency labelled as criminal justice information: who may get it, what was passed on before, and
//! the sheet that leaves. No sheet is given out before its record is kept.

mod sheet;

use dissemination::passing::{judge, of_entry, receivers, record};
use domain::{CaseId, Purpose};
use office::Trouble;
use policy::Viewer;
use store::{House, Refusal, agency, person};

pub use dissemination::passing::{MOST_LETTERS, MOST_LISTED, NewPassing, Passing, Words};

use crate::cases::keeper;

/// A validated requester: an agency whose qualifying fact holds now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requester {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it is the viewer's own, whose prosecutor may ask, too.
    pub own: bool,
}

/// What leaves.
#[derive(Debug)]
pub struct Sheet {
    /// Under which name.
    pub name: String,
    /// Its pages.
    pub pdf: Vec<u8>,
}

/// Why nothing was passed on.
#[derive(Debug, thiserror::Error)]
pub enum NotPassedOn {
    /// The house refused or failed.
    #[error(transparent)]
    Trouble(#[from] Trouble),
    /// The sheet could not be drawn.
    #[error("a sheet could not be drawn")]
    Sheet(#[from] print::Fault),
}

/// Each time that an entry was passed on, the last one first, with the names of the agencies that got it.
///
/// # Errors
/// "No such thing" out of reach; a denial; a fault.
pub async fn earlier(
    house: &House,
    viewer: &Viewer,
    (case, entry): (CaseId, String),
) -> Result<Vec<(Passing, String)>, Trouble> {
    let keeper = keeper(viewer)?;
    let found = house.read("passings", move |view| {
        let named = |passing: Passing| {
            let name = agency::get(view, &passing.receiver)?.name;
            Ok((passing, name))
        };
        of_entry(view, &keeper, (case, &entry))?.into_iter().map(named).collect()
    });
    Ok(found.await?)
}

/// The validated requesters, the viewer's own agency first, then by name.
///
/// # Errors
/// A denial, or a fault.
pub async fn requesters(house: &House, viewer: &Viewer) -> Result<Vec<Requester>, Trouble> {
    let own = keeper(viewer)?.agency()?.clone();
    let all = house.read("passing::requesters", receivers).await?;
    let one = |agency: agency::Agency| Requester {
        own: agency.id == own,
        id: agency.id.to_string(),
        name: agency.name,
    };
    let mut all: Vec<Requester> = all.into_iter().map(one).collect();
    all.sort_by(|one, other| (!one.own, &one.name).cmp(&(!other.own, &other.name)));
    Ok(all)
}

/// Passes an entry on: draws its sheet, keeps the record, and only then gives the sheet out. That a requester was refused is
/// kept, too.
///
/// # Errors
/// A refusal as [`judge`]; a denial; a fault.
pub async fn pass_on(house: &House, viewer: &Viewer, new: NewPassing) -> Result<Sheet, NotPassedOn> {
    let passed = passed_on(house, viewer, new.clone()).await;
    if let Err(NotPassedOn::Trouble(trouble)) = &passed
        && trouble.refusal() == Some(&Refusal::NotQualified)
    {
        let (keeper, code) = (keeper(viewer)?, Refusal::NotQualified.code());
        let noted = house.act(viewer.actor.clone(), Purpose::Disclosure, "passing::refused", move |act| {
            dissemination::passing::refused(act, &keeper, &new, code)
        });
        noted.await.map_err(Trouble::from)?;
    }
    passed
}

async fn passed_on(house: &House, viewer: &Viewer, new: NewPassing) -> Result<Sheet, NotPassedOn> {
    let keeper = keeper(viewer)?;
    let asked = (keeper.clone(), new.clone());
    let found = house.read("passing::judge", move |view| {
        let (keeper, new) = &asked;
        let (entry, receiver) = judge(view, keeper, new)?;
        let custody = casework::entry::custody(view, keeper, new.case)?;
        let custody = custody.into_iter().filter(|event| event.entry == entry.id).collect();
        let from = agency::get(view, keeper.agency()?)?;
        let people = person::of_agency(view, &from.id)?;
        let people = people.into_iter().map(|one| (one.id.to_string(), one.name.into_inner())).collect();
        Ok(sheet::Parts { entry, custody, from, receiver, people })
    });
    let parts = found.await.map_err(Trouble::from)?;
    let by = viewer.actor.text();
    let (pdf, case) = (sheet::drawn(&parts, &new, &by, house.now())?, new.case);
    let bytes = pdf.len() as u64;
    let kept = house.act(viewer.actor.clone(), Purpose::Disclosure, "passing::record", move |act| {
        record(act, &keeper, &new, bytes)
    });
    let id = kept.await.map_err(Trouble::from)?;
    Ok(Sheet { name: format!("case-{case}-CJI-{id}.pdf"), pdf })
}
