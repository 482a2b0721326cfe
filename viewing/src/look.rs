//! A look: somebody asks, and gets the secret of an address that serves one picture once.

use casework::exposure;
use domain::{Actor, FileId, Id as _, Purpose, ReportId};
use jiff::Timestamp;
use office::{Fresh, Trouble, sign_in, visit};
use policy::permit::ViewMedia;
use policy::{Viewer, access};
use store::media::{self, Again, Asked, Manner, Served, Shut};
use store::person::Home;
use store::{House, Refusal, View, evidence};

use crate::renderer::{NotDrawn, Renderer};
use crate::wellness;

/// What somebody asks to see.
#[derive(Debug, Clone)]
pub struct Asking {
    /// The report.
    pub report: ReportId,
    /// One file of it.
    pub file: FileId,
    /// How.
    pub manner: Manner,
    /// Why again, where it was seen before.
    pub again: Option<Again>,
    /// Whether a set that the agency seized says of which class the same bytes are.
    pub known_elsewhere: bool,
    /// Whether they go on although they have come to a soft limit.
    pub goes_on: bool,
}

/// Why no picture is shown.
#[derive(Debug, thiserror::Error)]
pub enum NotShown {
    /// The address is unknown, used up or over, or its session has ended.
    #[error("this address shows nothing, or nothing any more")]
    NoSuchAddress,
    /// What held when it was asked for does not hold any more.
    #[error(transparent)]
    Shut(#[from] Shut),
    /// There is no picture to be had of these bytes.
    #[error(transparent)]
    NotDrawn(#[from] NotDrawn),
    /// The house failed.
    #[error(transparent)]
    Trouble(Trouble),
}

impl From<Trouble> for NotShown {
    fn from(trouble: Trouble) -> Self {
        if trouble.is_not_found() { Self::NoSuchAddress } else { Self::Trouble(trouble) }
    }
}

impl From<store::Error> for NotShown {
    fn from(error: store::Error) -> Self {
        Trouble::from(error).into()
    }
}

/// Asks to see a file, in the session of this secret, whose person verified themself a moment ago. The answer is the secret of an address that serves once, within
/// a minute; or the reason why not, which is in the ledger like a yes.
///
/// # Errors
/// "No such thing" for what was not made available to the agency; a denial; a fault.
pub async fn ask(
    house: &House,
    viewer: &Viewer,
    session: (&str, &Fresh),
    asking: Asking,
) -> Result<Result<String, Shut>, Trouble> {
    let (session, fresh) = session;
    if !matches!(&viewer.actor, Actor::Person { person, .. } if person == fresh.person()) {
        return Err(Refusal::NotFresh.into());
    }
    let permit = access::permit::<ViewMedia>(viewer)?;
    let secret = sign_in::secret(house)?;
    let Asking { report, file, manner, again, known_elsewhere, goes_on } = asking;
    let (session, digest) = (house.secret_digest(session.as_bytes()), house.secret_digest(secret.as_bytes()));
    let asked = Asked { report, file, manner, again, session, secret: digest };
    let answer = house.act(viewer.actor.clone(), Purpose::Investigation, "media::ask", move |act| {
        match wellness::stops(act, &permit, (report, &asked.file), (known_elsewhere, goes_on))? {
            Some(shut) => media::refuse(act, &permit, &asked, shut).map(Err),
            None => media::ask(act, &permit, &asked),
        }
    });
    Ok(answer.await?.map(|()| secret))
}

/// Closes whatever the viewer has open: the picture is gone from the screen.
///
/// # Errors
/// A denial, or a fault.
pub async fn close(house: &House, viewer: &Viewer, report: ReportId) -> Result<(), Trouble> {
    let permit = access::permit::<ViewMedia>(viewer)?;
    let closed = house.act(viewer.actor.clone(), Purpose::Investigation, "media::close", move |act| {
        media::close(act, &permit, report)
    });
    Ok(closed.await?)
}

/// Uses an address: everything is judged anew, the opening is in the ledger, and then the picture is drawn, with who looks and
/// when across it.
///
/// # Errors
/// [`NotShown`] says why there is no picture.
pub async fn show(house: &House, renderer: &Renderer, secret: &str) -> Result<Vec<u8>, NotShown> {
    let digest = house.secret_digest(secret.as_bytes());
    let viewer = house.read("media::viewer", move |view| viewer_of(view, digest)).await?;
    let viewer = viewer.ok_or(NotShown::NoSuchAddress)?;
    let permit = access::permit::<ViewMedia>(&viewer).map_err(Trouble::from)?;
    let mark = mark(&viewer, house.now()).ok_or(NotShown::NoSuchAddress)?;
    let served = house.act(viewer.actor, Purpose::Investigation, "media::serve", move |act| {
        let Some(asked) = media::find(act, digest)? else { return Err(Refusal::NotFound.into()) };
        let served = media::serve(act, &permit, digest)?;
        if served.is_ok() {
            let file = evidence::file(act, &permit, asked.report, &asked.file)?;
            exposure::add(act, &permit, &asked.id, (asked.manner, wellness::class_of(&file)))?;
        }
        Ok(served)
    });
    let Served { open, blob, manner } = served.await??;
    let mut reader = house.vault().open(&open, &blob).await?;
    Ok(renderer.draw(&mut reader, manner, &mark).await?)
}

/// Who looks, for which agency and in which minute (UTC), in letters that the drawing process has.
fn mark(viewer: &Viewer, at: Timestamp) -> Option<String> {
    let Actor::Person { person, .. } = &viewer.actor else { return None };
    let agency = viewer.agency.as_ref().map_or("clearinghouse", |agency| agency.as_str());
    Some(format!("{} {agency} {}", person.as_str(), at.strftime("%Y-%m-%d %H:%M")))
}

/// Who asked for this address, while the session in which they asked is alive.
fn viewer_of(view: &View<'_>, digest: [u8; 32]) -> store::Result<Option<Viewer>> {
    let Some(asked) = media::find(view, digest)? else { return Ok(None) };
    let visit::Somebody { person, session } = visit::find(view, asked.session, view.now())?;
    if person.id != asked.person {
        return Err(Refusal::NotFound.into());
    }
    let banner = session.banner_acknowledged_at.is_some();
    // Whoever asked had proved a moment ago that it was still them; the address lives for a minute.
    let viewer = match person.home {
        Home::Agency(agency) => Viewer::person(person.id, agency, person.role, banner),
        Home::House => Viewer::staff(person.id, person.role, banner),
        Home::Provider(_) => return Ok(None),
    };
    Ok(Some(viewer.proved_anew(true)))
}

/// What is read where there is no picture: to somebody who cannot see it, and where it could not be drawn.
#[must_use]
pub const fn alt(manner: Manner) -> &'static str {
    match manner {
        Manner::Grey => {
            "The picture, grey and blurred. If you see these words, it could not be drawn: it is no plain picture (documents, archives, film and sound are never shown), it is damaged or too large, or its minute is over."
        }
        Manner::Clear => {
            "The picture, as it is. If you see these words, it could not be drawn, or its minute is over."
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::{AgencyId, PersonId};
    use policy::ViewerRole;

    use super::*;

    // PROVES: R-34
    #[test]
    fn a_picture_says_whose_look_it_was_at_which_agency_and_in_which_minute() {
        let at: Timestamp = "2026-11-27T15:23:59Z".parse().unwrap();
        let person = |name: &str| PersonId::parse(name).unwrap();
        let agency = AgencyId::parse(&"a".repeat(64)).unwrap();
        let officer = Viewer::person(person("p-1"), agency.clone(), ViewerRole::Investigator, true);
        assert_eq!(mark(&officer, at), Some(format!("p-1 {agency} 2026-11-27 15:23")));
        let own = Viewer::staff(person("p-2"), ViewerRole::Analyst, true);
        assert_eq!(mark(&own, at).as_deref(), Some("p-2 clearinghouse 2026-11-27 15:23"));
        // Whatever the house calls somebody can be written.
        let longest = Viewer::person(person(&"P_".repeat(32)), agency, ViewerRole::Investigator, true);
        assert!(mark(&longest, at).unwrap().parse::<rendition::Mark>().is_ok());
    }
}
