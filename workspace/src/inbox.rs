//! The inbox of an agency as one of its people sees it: a page of it, what is new to them, and the questions they saved.

use std::collections::BTreeMap;

use domain::{PersonId, ProviderId, Purpose, ReportId, SelectorKind};
use jiff::Timestamp;
use office::Trouble;
use policy::permit::Assign;
use policy::{List, Scope, Viewer, access};
use store::{House, person, provider};

pub use casework::inbox::{
    Holder, InboxPage, InboxQuery, InboxRow, Key, MOST_COUNTED, MOST_ROWS, NewView, SavedView, Sort, Which,
};

/// What somebody asks of their inbox.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// Order and filters.
    pub query: InboxQuery,
    /// Only what came since they last said that they had seen everything.
    pub only_new: bool,
    /// Only reports that name exactly this: a report's number, and normal forms of selectors.
    pub naming: Option<Naming>,
}

/// The number of a report, and the normal forms that words may stand in.
pub type Naming = (Option<ReportId>, Vec<(SelectorKind, String)>);

/// An inbox as it is shown.
#[derive(Debug, Clone)]
pub struct Inbox {
    /// The page.
    pub page: InboxPage,
    /// When it was made: saying "seen" is about everything until then.
    pub at: Timestamp,
    /// Until when its person had seen what came in.
    pub looked: Option<Timestamp>,
    /// How many reports came since, at most [`MOST_COUNTED`].
    pub new: u32,
    /// The questions that they find saved.
    pub views: Vec<SavedView>,
    /// Who is who in the agency.
    pub people: BTreeMap<PersonId, String>,
    /// Who sends reports, by name.
    pub providers: Vec<(ProviderId, String)>,
}

/// One page of the inbox of the viewer's agency. Whoever shows it says so with [`leave`] before a byte of it leaves.
///
/// # Errors
/// A denial, or a fault.
pub async fn open(house: &House, viewer: &Viewer, question: Question) -> Result<Inbox, Trouble> {
    let permit = access::permit::<List>(viewer)?;
    let at = house.now();
    let found = house.read("inbox", move |view| {
        let looked = casework::inbox::looked(view, &permit)?;
        let mut query = question.query.clone();
        if question.only_new {
            query.new_after = query.new_after.max(looked);
        }
        let page = match &question.naming {
            None => casework::inbox::page(view, &permit, &query)?,
            Some((number, forms)) => casework::inbox::search(view, &permit, &query, (*number, forms))?,
        };
        let since = looked.unwrap_or(Timestamp::UNIX_EPOCH);
        let people = match permit.scope() {
            Scope::Agency(agency) => person::of_agency(view, agency)?,
            Scope::House | Scope::Provider(_) => Vec::new(),
        };
        Ok(Inbox {
            page,
            at,
            looked,
            new: casework::inbox::count_since(view, &permit, since)?,
            views: casework::inbox::views(view, &permit)?,
            people: people.into_iter().map(|one| (one.id, one.name.into_inner())).collect(),
            providers: provider::list(view)?.into_iter().map(|one| (one.id, one.name)).collect(),
        })
    });
    Ok(found.await?)
}

/// Notes that a list of what the viewer's agency has leaves: which, and the bytes of the answer as it is sent.
///
/// # Errors
/// A denial, or a fault; then it must not leave.
pub async fn leave(house: &House, viewer: &Viewer, list: &'static str, bytes: u64) -> Result<(), Trouble> {
    access::permit::<List>(viewer)?;
    let noted = house.act(viewer.actor.clone(), Purpose::Investigation, "list", move |act| {
        casework::inbox::note(act, list, bytes)
    });
    Ok(noted.await?)
}

/// How many reports came since a moment, at most [`MOST_COUNTED`].
///
/// # Errors
/// A denial, or a fault.
pub async fn count_since(house: &House, viewer: &Viewer, since: Timestamp) -> Result<u32, Trouble> {
    let permit = access::permit::<List>(viewer)?;
    let count =
        house.read("inbox::count_since", move |view| casework::inbox::count_since(view, &permit, since));
    Ok(count.await?)
}

/// The names of those who send reports: a screen name is one of a service.
///
/// # Errors
/// A denial, or a fault.
pub async fn services(house: &House, viewer: &Viewer) -> Result<Vec<String>, Trouble> {
    let _permit = access::permit::<List>(viewer)?;
    let found = house.read("inbox::services", provider::list).await?;
    Ok(found.into_iter().map(|one| one.id.to_string()).collect())
}

/// The viewer has seen what came in until a moment.
///
/// # Errors
/// A denial; a refusal for a moment that is not over; a fault.
pub async fn look(house: &House, viewer: &Viewer, until: Timestamp) -> Result<(), Trouble> {
    let permit = access::permit::<List>(viewer)?;
    let seen = house.act(viewer.actor.clone(), Purpose::Investigation, "inbox::look", move |act| {
        casework::inbox::look(act, &permit, until)
    });
    Ok(seen.await?)
}

/// Saves a question under a name.
///
/// # Errors
/// A denial; a refusal as [`casework::inbox::save_view`]; a fault.
pub async fn save_view(house: &House, viewer: &Viewer, new: NewView) -> Result<(), Trouble> {
    let (permit, leave) = (access::permit::<List>(viewer)?, access::permit::<Assign>(viewer).ok());
    let saved = house.act(viewer.actor.clone(), Purpose::Investigation, "inbox::save_view", move |act| {
        casework::inbox::save_view(act, &permit, &new, leave.as_ref())
    });
    Ok(saved.await?)
}

/// Removes a saved question of the viewer.
///
/// # Errors
/// "No such thing" for one that is not theirs; a denial; a fault.
pub async fn remove_view(house: &House, viewer: &Viewer, id: String) -> Result<(), Trouble> {
    let permit = access::permit::<List>(viewer)?;
    let removed = house.act(viewer.actor.clone(), Purpose::Investigation, "inbox::remove_view", move |act| {
        casework::inbox::remove_view(act, &permit, &id)
    });
    Ok(removed.await?)
}
