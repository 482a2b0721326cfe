//! The register of vendors, as counsel and a security administrator keep it, and the one question that
//! everything asks before it gives a vendor anything.

use domain::{DestructionId, Purpose, VendorId};
use policy::Viewer;
use policy::access::{self, Action, Space};
use policy::disclosure::{DataClass, Refused, Ruling};
use policy::permit::Right;
use policy::vendor::{self as judge, Standing};
use store::destruction::vendors as owed;
use store::{Act, House, vendor};

use crate::fault::Trouble;

pub use domain::{VendorEvidence, VendorReach};
pub use policy::vendor::MOST_GRACE_DAYS;
pub use store::destruction::vendors::{Confirmed, Copies};
pub use store::vendor::{
    Evidence, Holding, MOST_PEOPLE, NewEvidence, NewHolding, NewPerson, NewVendor, Of, Person, Vendor,
};

/// Destructions of one vendor that are listed.
const MOST_OWED: u32 = 500;

/// A vendor, and how it stands.
#[derive(Debug, Clone)]
pub struct Stands {
    /// Everything on record.
    pub vendor: Vendor,
    /// Whether anything may be given to it.
    pub standing: Standing,
}

fn right(viewer: &Viewer) -> Result<Right, Trouble> {
    Ok(access::right(viewer, Action::KeepVendors, &Space::House)?)
}

/// Every vendor, with how each stands.
///
/// # Errors
/// A denial, or a fault.
pub async fn list(house: &House, viewer: &Viewer) -> Result<Vec<Stands>, Trouble> {
    right(viewer)?;
    let now = house.now();
    let all = house.read("vendors::list", vendor::list).await?;
    Ok(all.into_iter().map(|one| stands(one, now)).collect())
}

/// One vendor.
///
/// # Errors
/// "No such thing", a denial, or a fault.
pub async fn get(house: &House, viewer: &Viewer, id: VendorId) -> Result<Stands, Trouble> {
    right(viewer)?;
    let now = house.now();
    Ok(stands(house.read("vendors::get", move |view| vendor::get(view, &id)).await?, now))
}

fn stands(vendor: Vendor, now: jiff::Timestamp) -> Stands {
    Stands { standing: judge::standing(&vendor.facts(), now), vendor }
}

/// Puts a vendor on the register.
///
/// # Errors
/// A denial; a refusal for what is missing or there already.
pub async fn add(house: &House, viewer: &Viewer, new: NewVendor) -> Result<(), Trouble> {
    keep(house, viewer, "vendors::add", move |act, right| vendor::add(act, right, &new)).await
}

/// Records what shows that it may.
///
/// # Errors
/// As [`add`].
pub async fn record(house: &House, viewer: &Viewer, id: VendorId, new: NewEvidence) -> Result<(), Trouble> {
    keep(house, viewer, "vendors::record", move |act, right| vendor::record(act, right, &id, &new)).await
}

/// Lists one of its people with access.
///
/// # Errors
/// As [`add`].
pub async fn list_person(
    house: &House,
    viewer: &Viewer,
    id: VendorId,
    new: NewPerson,
) -> Result<(), Trouble> {
    keep(house, viewer, "vendors::list_person", move |act, right| {
        vendor::list_person(act, right, &id, &new).map(drop)
    })
    .await
}

/// Takes one of its people off the list.
///
/// # Errors
/// As [`add`]; "no such thing" for nobody on it.
pub async fn remove_person(house: &House, viewer: &Viewer, id: VendorId, number: u64) -> Result<(), Trouble> {
    let work = move |act: &Act<'_>, right: &Right| vendor::remove_person(act, right, &id, number);
    keep(house, viewer, "vendors::remove_person", work).await
}

/// Ends a vendor, for good.
///
/// # Errors
/// As [`add`]; "no such thing" for one that was ended.
pub async fn end(house: &House, viewer: &Viewer, id: VendorId) -> Result<(), Trouble> {
    keep(house, viewer, "vendors::end", move |act, right| vendor::end(act, right, &id)).await
}

/// What a vendor holds, and what it was asked to destroy, the newest first.
///
/// # Errors
/// "No such thing", a denial, or a fault.
pub async fn copies(
    house: &House,
    viewer: &Viewer,
    id: VendorId,
) -> Result<(Vec<Holding>, Vec<Copies>), Trouble> {
    right(viewer)?;
    let read = house.read("vendors::copies", move |view| {
        vendor::get(view, &id)?;
        Ok((vendor::holdings(view, &id)?, owed::owed(view, &id, MOST_OWED)?))
    });
    Ok(read.await?)
}

/// Records that a vendor holds copies. Answers which holding that is, and whether the vendor may have them at all.
///
/// # Errors
/// As [`add`]; "no such thing" for an unknown report or file.
pub async fn holds(
    house: &House,
    viewer: &Viewer,
    id: VendorId,
    new: NewHolding,
) -> Result<(u64, bool), Trouble> {
    keep(house, viewer, "vendors::holds", move |act, right| vendor::hold(act, right, &id, &new)).await
}

/// Records what shows that nothing of a holding is left with a vendor.
///
/// # Errors
/// As [`add`]; "no such thing" for a holding that is unknown or was emptied.
pub async fn emptied(
    house: &House,
    viewer: &Viewer,
    (id, number): (VendorId, u64),
    (document, sha256): (String, [u8; 32]),
) -> Result<(), Trouble> {
    let work =
        move |act: &Act<'_>, right: &Right| vendor::empty(act, right, (&id, number), (&document, sha256));
    keep(house, viewer, "vendors::emptied", work).await
}

/// Records what shows that a vendor destroyed what it held of a destruction, which waits for that.
///
/// # Errors
/// As [`add`]; "no such thing" where the vendor owes nothing.
pub async fn destroyed(
    house: &House,
    viewer: &Viewer,
    (id, destruction): (VendorId, DestructionId),
    (document, sha256): (String, [u8; 32]),
) -> Result<(), Trouble> {
    let work = move |act: &Act<'_>, right: &Right| {
        owed::confirm(act, right, (&destruction, &id), (&document, sha256))
    };
    keep(house, viewer, "vendors::destroyed", work).await
}

async fn keep<T: Send + 'static>(
    house: &House,
    viewer: &Viewer,
    name: &'static str,
    mut work: impl FnMut(&Act<'_>, &Right) -> store::Result<T> + Send + 'static,
) -> Result<T, Trouble> {
    let right = right(viewer)?;
    let kept = house.act(viewer.actor.clone(), Purpose::Administration, name, move |act| work(act, &right));
    Ok(kept.await?)
}

/// Whether a vendor may be given something now, and in which form. Question and answer are in the ledger, a refusal too.
///
/// # Errors
/// A denial; "no such thing" for an unknown vendor; a fault. That it may not is in the answer.
pub async fn may_give(
    house: &House,
    viewer: &Viewer,
    id: VendorId,
    data: DataClass,
) -> Result<Result<Ruling, Refused>, Trouble> {
    right(viewer)?;
    let answered =
        house.act(viewer.actor.clone(), Purpose::Administration, "vendors::may_give", move |act| {
            let found = vendor::get(act, &id)?;
            let answer = judge::may_have(&found.facts(), data, act.now());
            let told = answer.as_ref().map(|ruling| ruling.rule).map_err(|_| "vendor-may-not");
            vendor::asked(act, &id, word(data), told)?;
            Ok(answer)
        });
    Ok(answered.await?)
}

/// A class of data as the ledger and the command line have it.
#[must_use]
pub const fn word(data: DataClass) -> &'static str {
    match data {
        DataClass::Words => "words",
        DataClass::Depictions => "depictions",
        DataClass::Elements => "elements",
        DataClass::TipsterIdentity => "tipster",
        DataClass::OtherProviders => "other-providers",
    }
}

/// Every class of data.
pub const CLASSES: [DataClass; 5] = [
    DataClass::Words,
    DataClass::Depictions,
    DataClass::Elements,
    DataClass::TipsterIdentity,
    DataClass::OtherProviders,
];
