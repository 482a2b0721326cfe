//! Viewing appointments, as a prosecutor keeps them.

use domain::{FileId, Purpose, ReportId};
use office::Trouble;
use policy::permit::HoldViewing;
use policy::{Viewer, access};
use store::{House, viewing_session};

pub use store::viewing_session::{Kind, NewSession, ViewingSession, Words};

/// The appointments of a report, and the marks of victims that its files carry.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The appointments, the earliest first.
    pub sessions: Vec<ViewingSession>,
    /// A file and the mark that it carries.
    pub marks: Vec<(FileId, String)>,
}

/// What the viewer's agency keeps for a report.
///
/// # Errors
/// "No such thing" for what was not made available to the agency; a denial for whoever is no prosecutor; a fault.
pub async fn of_report(house: &House, viewer: &Viewer, report: ReportId) -> Result<Kept, Trouble> {
    let permit = access::permit::<HoldViewing>(viewer)?;
    let kept = house.read("viewing_sessions", move |view| {
        let sessions = viewing_session::of_report(view, &permit, report)?;
        Ok(Kept { sessions, marks: viewing_session::marks(view, &permit, report)? })
    });
    Ok(kept.await?)
}

/// Records an appointment.
///
/// # Errors
/// As [`of_report`]; a refusal for what is incomplete.
pub async fn record(house: &House, viewer: &Viewer, new: NewSession) -> Result<String, Trouble> {
    let permit = access::permit::<HoldViewing>(viewer)?;
    let recorded =
        house.act(viewer.actor.clone(), Purpose::Investigation, "viewing_session::record", move |act| {
            viewing_session::record(act, &permit, &new)
        });
    Ok(recorded.await?)
}

/// Marks files as depictions of one victim.
///
/// # Errors
/// As [`record`].
pub async fn mark(
    house: &House,
    viewer: &Viewer,
    report: ReportId,
    files: Vec<FileId>,
    mark: String,
) -> Result<(), Trouble> {
    let permit = access::permit::<HoldViewing>(viewer)?;
    let marked =
        house.act(viewer.actor.clone(), Purpose::Investigation, "viewing_session::mark", move |act| {
            files.iter().try_for_each(|file| viewing_session::mark(act, &permit, report, file, &mark))
        });
    Ok(marked.await?)
}

/// Whether the viewer keeps appointments.
#[must_use]
pub fn may_hold(viewer: &Viewer) -> bool {
    access::permit::<HoldViewing>(viewer).is_ok()
}
