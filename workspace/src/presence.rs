//! Whether somebody is still let in while something long is on its way to them.

use domain::{Actor, Purpose, ReportId};
use jiff::{SignedDuration, Timestamp};
use policy::Viewer;
use serde_json::json;
use store::{Event, EventKind, House, View, agency, person};

/// So many bytes, or so much time, go by before it is asked again.
const BYTES_BETWEEN: usize = 8 << 20;
const TIME_BETWEEN: SignedDuration = SignedDuration::from_secs(1);

/// Somebody to whom a copy of a report is on its way.
pub struct Watch {
    house: House,
    viewer: Viewer,
    report: ReportId,
    asked_at: Timestamp,
    bytes: usize,
}

/// Why it broke off.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// Whoever it was for is let in no longer. A leaf says so.
    #[error("whoever it was for is let in no longer")]
    Gone,
    /// It could not be made.
    #[error(transparent)]
    Failed(Box<dyn std::error::Error + Send + Sync>),
}

impl Watch {
    /// A copy of a report begins to leave for somebody.
    #[must_use]
    pub fn over(house: &House, viewer: &Viewer, report: ReportId) -> Self {
        let (house, viewer, asked_at) = (house.clone(), viewer.clone(), house.now());
        Self { house, viewer, report, asked_at, bytes: 0 }
    }

    /// The next piece, for whoever is still let in.
    ///
    /// # Errors
    /// [`Broken`]; what was sent is not whole then.
    pub async fn next<Piece: AsRef<[u8]>, Fault: std::error::Error + Send + Sync + 'static>(
        &mut self,
        made: impl Future<Output = Result<Option<Piece>, Fault>>,
    ) -> Result<Option<Piece>, Broken> {
        self.still().await?;
        let piece = made.await.map_err(|fault| Broken::Failed(Box::new(fault)))?;
        self.bytes += piece.as_ref().map_or(0, |piece| piece.as_ref().len());
        Ok(piece)
    }

    async fn still(&mut self) -> Result<(), Broken> {
        let now = self.house.now();
        if self.bytes < BYTES_BETWEEN && now.duration_since(self.asked_at) < TIME_BETWEEN {
            return Ok(());
        }
        (self.bytes, self.asked_at) = (0, now);
        // Whoever cannot be known to be let in is not.
        if self.is_let_in().await.map_err(|fault| Broken::Failed(Box::new(fault)))? {
            return Ok(());
        }
        let of = self.viewer.agency.clone();
        let report = self.report;
        let noted =
            self.house.act(self.viewer.actor.clone(), Purpose::Disclosure, "presence::cut", move |act| {
                act.note(Event::of_report(EventKind::DownloadCut, report).with(json!({ "agency": of })))
                    .map(drop)
            });
        noted.await.map_err(|fault| Broken::Failed(Box::new(fault)))?;
        Err(Broken::Gone)
    }

    /// Whether the viewer's agency may still receive, and the viewer is still one of its people or a token that opens.
    async fn is_let_in(&self) -> store::Result<bool> {
        let (actor, own) = (self.viewer.actor.clone(), self.viewer.agency.clone());
        let found = self.house.read("presence::is_let_in", move |view| {
            let lives = own.as_ref().map_or(Ok(false), |own| agency::is_live(view, own))?;
            Ok(lives && is_there(view, &actor)?)
        });
        found.await
    }
}

fn is_there(view: &View<'_>, actor: &Actor) -> store::Result<bool> {
    match actor {
        Actor::Person { person, .. } => Ok(person::find(view, person)?.is_some()),
        Actor::AgencyClient { credential, .. } => Ok(agency::client(view, credential)?.is_some()),
        // Nobody else takes a copy out.
        Actor::House | Actor::Provider { .. } | Actor::Operator | Actor::Stranger => Ok(false),
    }
}
