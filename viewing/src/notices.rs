//! What managers must be told in writing: each look on exigent circumstances, until one of them has read it.

use domain::Purpose;
use office::Trouble;
use policy::permit::ConfirmGround;
use policy::{Viewer, access};
use store::media::notice;
use store::{House, person};

pub use store::Refusal;
pub use store::media::notice::Notice;

/// A notice with the name of whoever looked.
#[derive(Debug, Clone)]
pub struct Told {
    /// The notice.
    pub notice: Notice,
    /// Who looked.
    pub looker: String,
}

/// What the managers of the viewer's agency were told, what nobody has read yet first.
///
/// # Errors
/// A denial for whoever is no manager; a fault.
pub async fn list(house: &House, viewer: &Viewer) -> Result<Vec<Told>, Trouble> {
    let permit = access::permit::<ConfirmGround>(viewer)?;
    let told = house.read("notices::list", move |view| {
        let named = |notice: Notice| {
            let known = person::find(view, &notice.person)?;
            let looker = known.map_or_else(|| notice.person.to_string(), |known| known.name.into_inner());
            Ok(Told { notice, looker })
        };
        notice::list(view, &permit)?.into_iter().map(named).collect()
    });
    Ok(told.await?)
}

/// Says that the viewer has read one.
///
/// # Errors
/// A denial; "no such thing"; a refusal for the one who looked, and once somebody had.
pub async fn acknowledge(house: &House, viewer: &Viewer, id: String) -> Result<(), Trouble> {
    let permit = access::permit::<ConfirmGround>(viewer)?;
    let done = house.act(viewer.actor.clone(), Purpose::Investigation, "notices::acknowledge", move |act| {
        notice::acknowledge(act, &permit, &id)
    });
    Ok(done.await?)
}
