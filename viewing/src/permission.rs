//! Media permission: given by the commander to a person, for a time, with a reason; counted.

use domain::{AgencyId, Id as _, PersonId, Private, Purpose};
use formats::media_statement::{
    Fault as Unwritten, Looked, MediaStatement, Permitted as Stated, SignedStatement,
};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use policy::permit::{GrantMedia, ViewMedia};
use policy::{Viewer, access};
use serde_json::json;
use store::{Event, EventKind, House, Refusal, View, agency, media, person, session};

use office::Trouble;

pub use store::media::Permission;
pub use store::person::Person;

/// The clearinghouse in a statement, which names an agency.
const OURSELVES: &str = "clearinghouse";

/// Everybody who may see media now, and everybody of the agency.
#[derive(Debug, Clone)]
pub struct Permitted {
    /// The permissions that hold.
    pub permissions: Vec<Permission>,
    /// The people of the agency.
    pub people: Vec<Person>,
}

/// Who of the viewer's agency may see media.
///
/// # Errors
/// A denial for whoever may not grant it; a fault.
pub async fn list(house: &House, viewer: &Viewer) -> Result<Permitted, Trouble> {
    let permit = access::permit::<GrantMedia>(viewer)?;
    let home = viewer.agency.clone();
    let listed = house.read("media_permissions", move |view| {
        let permissions = media::permissions(view, &permit)?;
        let people = match &home {
            Some(agency) => person::of_agency(view, agency)?,
            None => person::of_house(view)?,
        };
        Ok(Permitted { permissions, people })
    });
    Ok(listed.await?)
}

/// Lets a person see media until a moment.
///
/// # Errors
/// A denial; a refusal for oneself, without a reason, and for a moment that is past or too far; a fault.
pub async fn grant(
    house: &House,
    viewer: &Viewer,
    person: PersonId,
    until: Timestamp,
    reason: Private<String>,
) -> Result<(), Trouble> {
    let permit = access::permit::<GrantMedia>(viewer)?;
    let granted = house.act(viewer.actor.clone(), Purpose::Administration, "media::grant", move |act| {
        media::grant(act, &permit, &person, until, &reason)?;
        session::lock_all_of(act, &person).map(drop)
    });
    Ok(granted.await?)
}

/// Takes a person's media permission back.
///
/// # Errors
/// A denial; "no such thing" where there is none; a fault.
pub async fn revoke(house: &House, viewer: &Viewer, person: PersonId) -> Result<(), Trouble> {
    let permit = access::permit::<GrantMedia>(viewer)?;
    let revoked = house.act(viewer.actor.clone(), Purpose::Administration, "media::revoke", move |act| {
        media::revoke(act, &permit, &person)?;
        session::lock_all_of(act, &person).map(drop)
    });
    Ok(revoked.await?)
}

/// Whether the viewer may let others see media.
#[must_use]
pub fn may_grant(viewer: &Viewer) -> bool {
    access::permit::<GrantMedia>(viewer).is_ok()
}

/// Whether the viewer's role looks at media at all, once somebody gives them leave.
#[must_use]
pub fn may_look(viewer: &Viewer) -> bool {
    access::permit::<ViewMedia>(viewer).is_ok()
}

/// When the viewer's own permission ends; `None` without one.
///
/// # Errors
/// A fault.
pub async fn of(house: &House, viewer: &Viewer) -> Result<Option<Timestamp>, Trouble> {
    let (home, domain::Actor::Person { person, .. }) = (viewer.agency.clone(), viewer.actor.clone()) else {
        return Ok(None);
    };
    let live = house.read("media_permission", move |view| media::live(view, home.as_ref(), &person));
    Ok(live.await?.map(|permission| permission.until))
}

/// Why there is no statement.
#[derive(Debug, thiserror::Error)]
pub enum NoStatement {
    /// The viewer may not have it, or the house failed.
    #[error(transparent)]
    Trouble(#[from] Trouble),
    /// It could not be made as promised.
    #[error(transparent)]
    Unwritten(#[from] Unwritten),
}

/// The signed statement of a month of the viewer's agency, given by its first day. A month that is not over changes.
///
/// # Errors
/// [`NoStatement`]; "no such thing" for a month that has not begun.
pub async fn statement(house: &House, viewer: &Viewer, month: Date) -> Result<SignedStatement, NoStatement> {
    let permit = access::permit::<GrantMedia>(viewer).map_err(Trouble::from)?;
    let home = viewer.agency.clone();
    let (from, to) =
        span(month).filter(|(from, _)| *from <= house.now()).ok_or(Trouble::from(Refusal::NotFound))?;
    let told = house.read("media_statement", move |view| {
        let (agency, agency_name) = match &home {
            Some(agency) => agency::get(view, agency).map(|agency| (agency.id, agency.name))?,
            None => {
                (AgencyId::parse(OURSELVES).map_err(|_| Refusal::NotFound)?, "The clearinghouse".to_owned())
            }
        };
        Ok(MediaStatement {
            agency,
            agency_name,
            month,
            permissions: media::history(view, &permit, from, to)?.into_iter().map(stated).collect(),
            looks: looks(view, &permit, from, to)?,
        })
    });
    Ok(told.await.map_err(Trouble::from)?.sign(house.receipts())?)
}

/// Notes that a copy of a statement leaves, and how many bytes it has.
///
/// # Errors
/// A denial, or a fault; then it must not leave.
pub async fn leave(house: &House, viewer: &Viewer, bytes: u64) -> Result<(), Trouble> {
    access::permit::<GrantMedia>(viewer)?;
    let details = json!({ "list": "media-statement" });
    let noted = house.act(viewer.actor.clone(), Purpose::Administration, "media::statement", move |act| {
        act.note(Event::of_house(EventKind::ListRead).taking(bytes).with(details.clone())).map(drop)
    });
    Ok(noted.await?)
}

/// The first moment of a month, and that of the next.
fn span(month: Date) -> Option<(Timestamp, Timestamp)> {
    let first = month.first_of_month();
    let next = first.checked_add(Span::new().months(1)).ok()?;
    let moment = |day: Date| Some(day.to_zoned_datetime(TimeZone::UTC).ok()?.timestamp());
    Some((moment(first)?, moment(next)?))
}

fn stated(one: Permission) -> Stated {
    let Permission { person, granted_by, granted_at, until, revoked_at, .. } = one;
    Stated { person, granted_by, granted_at, until, revoked_at }
}

fn looks(
    view: &View<'_>,
    permit: &policy::Permit<GrantMedia>,
    from: Timestamp,
    to: Timestamp,
) -> store::Result<Vec<Looked>> {
    let mut looked: Vec<Looked> = Vec::new();
    for (person, manner, times) in media::served_between(view, permit, from, to)? {
        if looked.last().is_none_or(|last| last.person != person) {
            looked.push(Looked { person, grey: 0, clear: 0 });
        }
        let Some(last) = looked.last_mut() else { continue };
        match manner {
            media::Manner::Grey => last.grey = times,
            media::Manner::Clear => last.clear = times,
        }
    }
    Ok(looked)
}
