//! Who is behind the secret of a session: what every page of every face asks first.

use jiff::Timestamp;
use policy::Viewer;
use store::person::{self, Home, Person};
use store::session::{self, Fresh, Session};
use store::{House, Refusal, View, agency, provider};

use crate::Trouble;

/// A person with a session that is neither over nor locked.
#[derive(Debug, Clone)]
pub struct Somebody {
    /// The person.
    pub person: Person,
    /// The session that they are in.
    pub session: Session,
}

impl Somebody {
    /// The person, when they verified themself within the last five minutes.
    ///
    /// # Errors
    /// [`Refusal::NotFresh`] when that is longer ago.
    pub fn fresh(&self, house: &House) -> Result<Fresh, Trouble> {
        Ok(self.session.fresh(house.now())?)
    }

    /// As access sees them.
    #[must_use]
    pub fn viewer(&self, house: &House) -> Viewer {
        let (id, role) = (self.person.id.clone(), self.person.role);
        let banner = self.session.banner_acknowledged_at.is_some();
        let viewer = match &self.person.home {
            Home::House => Viewer::staff(id, role, banner),
            Home::Agency(agency) => Viewer::person(id, agency.clone(), role, banner),
            Home::Provider(provider) => Viewer::of_provider(id, provider.clone(), role, banner),
        };
        viewer.proved_anew(self.fresh(house).is_ok())
    }
}

/// What a home is called.
///
/// # Errors
/// A fault.
pub async fn named(house: &House, home: &Home) -> Result<String, Trouble> {
    let home = home.clone();
    Ok(house.read("visit::named", move |view| home_name(view, &home)).await?)
}

/// Whose session has this digest, from the caller's snapshot.
///
/// # Errors
/// [`Refusal::NotFound`] when there is none; [`Refusal::Locked`] when its person has to verify themself again.
pub fn find(view: &View<'_>, digest: [u8; 32], now: Timestamp) -> store::Result<Somebody> {
    let session = session::find(view, digest, now)?.ok_or(Refusal::NotFound)?;
    let person = person::find(view, &session.person)?.ok_or(Refusal::NotFound)?;
    Ok(Somebody { person, session })
}

/// What somebody's home is called.
pub(crate) fn home_name(view: &View<'_>, home: &Home) -> store::Result<String> {
    match home {
        Home::House => Ok("the clearinghouse".to_owned()),
        Home::Agency(agency) => Ok(agency::get(view, agency)?.name),
        Home::Provider(provider) => Ok(provider::get(view, provider)?.name),
    }
}

/// Keeps a session that is in use alive.
///
/// # Errors
/// A fault of the database.
pub async fn mark(house: &House, digest: [u8; 32], session: &Session) -> Result<(), Trouble> {
    if session.is_stale(house.now()) {
        session::touch(house, digest).await?;
    }
    Ok(())
}

/// Somebody behind a secret, whose session is in use.
///
/// # Errors
/// As [`find`].
pub async fn somebody(house: &House, secret: &str) -> Result<Somebody, Trouble> {
    let (digest, now) = (house.secret_digest(secret.as_bytes()), house.now());
    let found = house.read("visit::somebody", move |view| find(view, digest, now)).await?;
    mark(house, digest, &found.session).await?;
    Ok(found)
}
