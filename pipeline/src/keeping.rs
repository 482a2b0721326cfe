//! What must stay and what must go, as people ask for it: an agency and counsel place and release holds, an agency
//! notifies us that depictions are to be destroyed, supervisor and counsel look after both.

use dissemination::preservation;
use domain::{
    AgencyId, ApprovalId, DestructionCode, DestructionId, FileId, HoldId, Id, LetterId, Private, Purpose,
    ReportId,
};
use jiff::{SignedDuration, Timestamp};
use office::Trouble;
use office::staff::Member;
use policy::access::{self, Action, Oversight, Space};
use policy::{Clocks, Viewer};
use serde_json::json;
pub use store::destruction::vendors::Copies;
use store::destruction::{self, NewDestruction};
pub use store::destruction::{Destruction, Item, State, Whole, Words};
use store::hold::{self, NewHold};
pub use store::hold::{Hold, Owner};
pub use store::provider_destruction::Request;
use store::{Event, EventKind, House, Refusal, approval, provider_destruction, retention};

use crate::retention::{Plan, dry_run};

/// Days for which a hold may be placed before its owner decides anew.
pub const MOST_DAYS: u16 = 365;
/// Rows of a list.
const MOST_ROWS: u32 = 500;
/// Destructions of one report that are shown.
const MOST_SHOWN: u32 = 50;

/// What stands about one report, for somebody of an agency that has it.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The agency's own open holds, with their reasons.
    pub own: Vec<Hold>,
    /// Others' open holds: on which file, and until when. Whose and why is not said.
    pub others: Vec<(Option<FileId>, Timestamp)>,
    /// Destructions that name a file of it.
    pub destructions: Vec<Destruction>,
    /// What the agency asked the sender to destroy of its own.
    pub relayed: Vec<Request>,
    /// The agency's own preservation letters.
    pub letters: Vec<preservation::Letter>,
}

/// Whose officer a viewer is, when they may do this with what their agency has.
fn agency_of(viewer: &Viewer, action: Action) -> Result<AgencyId, Trouble> {
    let agency = viewer.agency.clone().ok_or(Refusal::NotFound)?;
    access::right(viewer, action, &Space::Agency(&agency))?;
    Ok(agency)
}

fn fresh<T: Id>(house: &House) -> Result<T, Trouble> {
    let bytes: [u8; 10] = seal::random::bytes(&**house.random()).map_err(|_| Trouble::Chance)?;
    T::parse(&seal::hex(&bytes)).map_err(|_| Trouble::Chance)
}

/// What stands about a report.
///
/// # Errors
/// "No such thing" for what the agency does not have.
pub async fn standing(house: &House, viewer: &Viewer, report: ReportId) -> Result<Standing, Trouble> {
    let permit = access::agency_read(viewer)?;
    let agency = viewer.agency.clone().ok_or(Refusal::NotFound)?;
    let read = house.read("keeping::standing", move |view| {
        store::delivery::get(view, &permit, report)?;
        let mine = Owner::Agency(agency.clone());
        let (own, others): (Vec<Hold>, Vec<Hold>) =
            hold::of_report(view, report)?.into_iter().partition(|hold| hold.owner == mine);
        Ok(Standing {
            own,
            others: others.into_iter().map(|hold| (hold.file, hold.review_at)).collect(),
            destructions: destruction::of_report(view, report, MOST_SHOWN)?,
            relayed: provider_destruction::of_report(view, report, &agency)?,
            letters: preservation::of_report(view, report, &agency)?,
        })
    });
    Ok(read.await?)
}

/// An agency's person or system notifies us that files are to be destroyed. They are blocked for everybody at once.
///
/// # Errors
/// [`Refusal::FileNotFound`] for a file that the agency does not have, and whatever [`destruction::ask`] refuses.
pub async fn notify(
    house: &House,
    viewer: &Viewer,
    files: Vec<(ReportId, FileId)>,
    reason: String,
) -> Result<(DestructionId, u64, State), Trouble> {
    let agency = agency_of(viewer, Action::NotifyDestruction)?;
    let id: DestructionId = fresh(house)?;
    let (basis, reason) = (DestructionCode::Notified, Private::new(reason));
    let new = NewDestruction { id: id.clone(), basis, agency: Some(agency), reason, files };
    let asked = house.act(viewer.actor.clone(), Purpose::Investigation, "keeping::notify", move |act| {
        destruction::ask(act, &new)
    });
    let (files, state) = asked.await?;
    Ok((id, files, state))
}

/// Asks the sender of a file, through us, to destroy its own copy (18 USC 2258B(c)(2), R-51). We destroy nothing by it.
///
/// # Errors
/// [`Refusal::FileNotFound`], or [`Refusal::Conflict`] when the agency asked before.
pub async fn relay(
    house: &House,
    viewer: &Viewer,
    (report, file): (ReportId, FileId),
) -> Result<(), Trouble> {
    let agency = agency_of(viewer, Action::NotifyDestruction)?;
    let id: DestructionId = fresh(house)?;
    let asked = house.act(viewer.actor.clone(), Purpose::Investigation, "keeping::relay", move |act| {
        provider_destruction::ask(act, &id, (report, &file), &agency)
    });
    Ok(asked.await?)
}

/// Records that the agency sent the provider a preservation letter about a report (18 USC 2703(f), R-49).
///
/// # Errors
/// Whatever [`preservation::record`] refuses.
pub async fn letter(
    house: &House,
    viewer: &Viewer,
    report: ReportId,
    reference: String,
) -> Result<(), Trouble> {
    let agency = agency_of(viewer, Action::KeepHolds)?;
    let (id, reference): (LetterId, _) = (fresh(house)?, Private::new(reference));
    let recorded = house.act(viewer.actor.clone(), Purpose::Investigation, "keeping::letter", move |act| {
        preservation::record(act, &id, report, &agency, &reference)
    });
    Ok(recorded.await?)
}

/// Records that the agency renewed a letter of its own, once.
///
/// # Errors
/// Whatever [`preservation::renew`] refuses.
pub async fn renew(house: &House, viewer: &Viewer, id: LetterId) -> Result<(), Trouble> {
    let agency = agency_of(viewer, Action::KeepHolds)?;
    let renewed = house.act(viewer.actor.clone(), Purpose::Investigation, "keeping::renew", move |act| {
        preservation::renew(act, &id, &agency).map(drop)
    });
    Ok(renewed.await?)
}

/// Places a hold: an agency's officer on what the agency has, counsel on anything.
///
/// # Errors
/// Whatever [`hold::place`] refuses.
pub async fn hold(
    house: &House,
    viewer: &Viewer,
    (report, file): (ReportId, Option<FileId>),
    reason: String,
    days: u16,
) -> Result<HoldId, Trouble> {
    let owner = owner_of(viewer)?;
    if days == 0 || days > MOST_DAYS {
        return Err(Refusal::Unfit { what: "review date" }.into());
    }
    let id: HoldId = fresh(house)?;
    let review_at = house.now().saturating_add(SignedDuration::from_hours(24 * i64::from(days)));
    let review_at = review_at.map_err(|_| Refusal::Unfit { what: "review date" })?;
    let new = NewHold { id: id.clone(), report, file, owner, reason: Private::new(reason), review_at };
    let placed = house
        .act(viewer.actor.clone(), Purpose::Retention, "keeping::hold", move |act| hold::place(act, &new));
    placed.await?;
    Ok(id)
}

/// Releases a hold of the viewer's own agency, or of counsel.
///
/// # Errors
/// [`Refusal::NotFound`] for another's.
pub async fn release(house: &House, viewer: &Viewer, id: HoldId) -> Result<(), Trouble> {
    let owner = owner_of(viewer)?;
    let released = house.act(viewer.actor.clone(), Purpose::Retention, "keeping::release", move |act| {
        hold::release(act, &id, &owner)
    });
    Ok(released.await?)
}

fn owner_of(viewer: &Viewer) -> Result<Owner, Trouble> {
    if viewer.agency.is_some() {
        return Ok(Owner::Agency(agency_of(viewer, Action::KeepHolds)?));
    }
    access::right(viewer, Action::KeepHolds, &Space::House)?;
    Ok(Owner::Counsel)
}

/// Every destruction, the newest first.
///
/// # Errors
/// A denial, or a fault.
pub async fn destructions(house: &House, viewer: &Viewer) -> Result<Vec<Destruction>, Trouble> {
    access::right(viewer, Action::Oversee, &Space::Oversight(Oversight::Destructions))?;
    Ok(house.read("keeping::destructions", |view| destruction::recent(view, MOST_ROWS)).await?)
}

/// One destruction with its files, whoever else holds one, and what two people were asked about it.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The destruction.
    pub job: Destruction,
    /// Its files.
    pub items: Vec<Item>,
    /// Who else holds one of them.
    pub holders: Vec<(Owner, ReportId, Option<FileId>)>,
    /// Its whole reports, when it is a purge.
    pub wholes: Vec<Whole>,
    /// Its months of words about the house's own acts, when it is a purge.
    pub months: Vec<Words>,
    /// What vendors held of it.
    pub vendors: Vec<Copies>,
    /// The open or given approval for it.
    pub approval: Option<ApprovalId>,
}

/// One destruction.
///
/// # Errors
/// "No such thing", a denial, or a fault.
pub async fn destruction(house: &House, viewer: &Viewer, id: DestructionId) -> Result<Opened, Trouble> {
    access::right(viewer, Action::Oversee, &Space::Oversight(Oversight::Destructions))?;
    let read = house.read("keeping::destruction", move |view| {
        let job = destruction::find(view, &id)?.ok_or(Refusal::NotFound)?;
        let about = |one: &approval::Approval| {
            one.subject == id.as_str()
                && matches!(one.state(view.now()), approval::State::Open | approval::State::Approved)
        };
        let approval = approval::recent(view)?.into_iter().find(about).map(|one| one.id);
        Ok(Opened {
            items: destruction::items(view, &id)?,
            holders: destruction::holders(view, &id)?,
            wholes: destruction::wholes(view, &id)?,
            months: destruction::words_of(view, &id)?,
            vendors: destruction::vendors::of(view, &id)?,
            approval,
            job,
        })
    });
    Ok(read.await?)
}

/// A copy of the certificate of a destruction leaves: that is in the ledger first, with its bytes.
///
/// # Errors
/// A denial, or a fault; then it must not leave.
pub async fn certificate_leaves(
    house: &House,
    viewer: &Viewer,
    id: DestructionId,
    bytes: u64,
) -> Result<(), Trouble> {
    access::right(viewer, Action::Oversee, &Space::Oversight(Oversight::Destructions))?;
    let left = house.act(viewer.actor.clone(), Purpose::Retention, "keeping::certificate", move |act| {
        act.note(Event::of_house(EventKind::CertificateTaken).to(id.as_str()).taking(bytes)).map(drop)
    });
    Ok(left.await?)
}

/// Asks the second person to agree to a destruction. Once they do, it begins by itself.
///
/// # Errors
/// What [`approval::ask`] refuses.
pub async fn ask_agreement(house: &House, member: &Member, id: DestructionId) -> Result<ApprovalId, Trouble> {
    let Opened { job, items, wholes, months, .. } = destruction(house, &member.viewer(house), id).await?;
    let bytes: u64 = items.iter().map(|item| item.size_bytes).sum();
    let mut details = json!({
        "ground": job.basis.as_str(), "agency": job.agency, "reason": job.reason.reveal(), "files": items.len(),
        "bytes": bytes, "asked_at": job.asked_at,
    });
    if !wholes.is_empty() {
        details["whole_reports"] = json!(wholes.len());
    }
    if !months.is_empty() {
        details["words_of_months"] = months.iter().map(|one| one.month.to_string()).collect();
    }
    office::approval::ask(house, member, destruction::agreed_by(job.basis), job.id.to_string(), details).await
}

/// Gives the files of a destruction back, which then does not happen. Counsel answers for it.
///
/// # Errors
/// [`Refusal::Conflict`] when it was decided.
pub async fn refuse(house: &House, viewer: &Viewer, id: DestructionId) -> Result<(), Trouble> {
    access::right(viewer, Action::KeepHolds, &Space::House)?;
    let refused = house.act(viewer.actor.clone(), Purpose::Retention, "keeping::refuse", move |act| {
        destruction::refuse(act, &id)
    });
    Ok(refused.await?)
}

/// What the schedule would let go now, and every open hold.
///
/// # Errors
/// A denial, or a fault.
pub async fn retention(house: &House, viewer: &Viewer) -> Result<(Plan, Vec<Hold>), Trouble> {
    access::right(viewer, Action::Oversee, &Space::Oversight(Oversight::Retention))?;
    let holds = house.read("keeping::holds", |view| hold::open(view, MOST_ROWS)).await?;
    Ok((dry_run(house).await?, holds))
}

/// Asks for the destruction of what the schedule lets go now; a second person must agree to it.
///
/// # Errors
/// A denial, or whatever [`destruction::ask`] refuses.
pub async fn purge(house: &House, member: &Member) -> Result<ApprovalId, Trouble> {
    let (plan, _) = retention(house, &member.viewer(house)).await?;
    let id: DestructionId = fresh(house)?;
    crate::retention::ask(house, member.actor(), id.clone(), plan).await?;
    ask_agreement(house, member, id).await
}

/// Reports of the viewer's agency whose sender may soon stop preserving: the report, the moment, and the days of
/// the reminder that has rung.
///
/// # Errors
/// A denial, or a fault.
pub async fn reminders(
    house: &House,
    viewer: &Viewer,
    days: &[u16],
) -> Result<Vec<(ReportId, Timestamp, u16)>, Trouble> {
    access::agency_list(viewer)?;
    let agency = viewer.agency.clone().ok_or(Refusal::NotFound)?;
    let widest = SignedDuration::from_hours(24 * i64::from(days.iter().copied().max().unwrap_or(0)));
    let found =
        house.read("keeping::reminders", move |view| retention::reminders(view, &agency, widest, MOST_ROWS));
    let now = house.now();
    let rung = |(report, until): (ReportId, Timestamp)| {
        let left = |day: &u16| until.duration_since(now) <= SignedDuration::from_hours(24 * i64::from(*day));
        let day = days.iter().copied().filter(left).min()?;
        Some((report, until, day))
    };
    Ok(found.await?.into_iter().filter_map(rung).collect())
}

/// What an agency must look at before it is too late.
#[derive(Debug, Clone)]
pub struct Reminded {
    /// Reports whose sender may soon stop preserving: until when, and the days of the reminder that has rung.
    pub preserve: Vec<(ReportId, Timestamp, u16)>,
    /// The agency's own holds whose day has come.
    pub holds: Vec<Hold>,
}

/// What the viewer's agency must look at; `days` are those of the schedule's reminders.
///
/// # Errors
/// A denial, or a fault.
pub async fn reminded(house: &House, viewer: &Viewer, days: Vec<u16>) -> Result<Reminded, Trouble> {
    let preserve = reminders(house, viewer, &days).await?;
    let owner = Owner::Agency(viewer.agency.clone().ok_or(Refusal::NotFound)?);
    let holds = house.read("keeping::due", move |view| hold::due(view, &owner, MOST_ROWS)).await?;
    Ok(Reminded { preserve, holds })
}

/// The clocks of a report, as its page shows them.
///
/// # Errors
/// "No such thing" for what the agency does not have.
pub async fn clocks(house: &House, viewer: &Viewer, report: ReportId) -> Result<Option<Clocks>, Trouble> {
    let permit = access::agency_read(viewer)?;
    Ok(house.read("keeping::clocks", move |view| retention::of_report(view, &permit, report)).await?)
}

/// How a destruction stands, in words for everybody who may know of it.
#[must_use]
pub const fn in_words(state: State) -> &'static str {
    match state {
        State::Asked => "asked for; nobody reads the files; two people of the clearinghouse have to agree",
        State::Conflict => "somebody else holds one of the files; counsel must settle that first",
        State::Refused => "it does not happen; the files may be read again",
        State::Accepted => "agreed to; the keys are being dropped",
        State::Dropped => "the keys are dropped; backups die with the epoch",
        State::Dead => "backups are dead; opening is being tried in vain",
        State::Proved => {
            "proved; the certificate is signed once every vendor that held a copy has shown that it is gone there"
        }
        State::Certified => "destroyed and certified",
    }
}

/// What a refusal means to whoever sent the form, in a sentence; nothing for what does not exist for them.
#[must_use]
pub const fn refusal_in_words(refusal: &Refusal) -> Option<&'static str> {
    Some(match refusal {
        Refusal::FileNotFound => "One of these is no file of this report. Nothing was changed.",
        Refusal::Unfit { .. } => {
            "Give a reason of at most 2,000 letters, at least one file, and between 1 and 365 days. Nothing was changed."
        }
        Refusal::Blocked => "Its destruction was asked for already, so that no new hold can be placed.",
        Refusal::Conflict => "Somebody decided this a moment ago. Load the page again.",
        _ => return None,
    })
}

/// Whose a hold is, in words.
#[must_use]
pub fn owner_in_words(owner: &Owner) -> String {
    match owner {
        Owner::Agency(agency) => format!("agency {agency}"),
        Owner::Counsel => "counsel of the clearinghouse".to_owned(),
    }
}

/// A certificate as pages for people.
///
/// # Errors
/// A fault when it is no certificate or the pages cannot be written.
pub fn certificate_pdf(certificate: &str) -> Result<Vec<u8>, formats::destruction::Fault> {
    formats::destruction::pdf(certificate)
}
