//! What looking does to whoever looks, before they look: what they were shown lately, where a pause is offered, what they chose
//! not to be shown, and what is known already and need not be seen by anybody. Nothing here claims to protect: words come
//! before media, and fewer looks are fewer.

use casework::{exposure, known_media, look_limit};
use domain::portal::{MediaClass, Spared};
use domain::{FileId, Purpose, ReportId};
use office::Trouble;
use policy::permit::{GrantMedia, ViewMedia};
use policy::{Permit, Viewer, access};
use serde::Deserialize;
use store::evidence::{self, File};
use store::media::Shut;
use store::{House, View, spared};

pub use casework::exposure::{Count, Exposure};
pub use casework::known_media::Known;
pub use casework::look_limit::{Limit, MOST};

/// The limits that hold where nobody set others.
const SHIPPED: &str = include_str!("wellness/limits.toml");

/// What somebody sees before they look.
#[derive(Debug, Clone)]
pub struct Before {
    /// What they were shown lately.
    pub exposure: Exposure,
    /// The class that the sender gave to the file.
    pub class: MediaClass,
    /// What their home knows of the same bytes.
    pub known: Option<Known>,
    /// Whether they were shown these bytes clear, and can say what they are.
    pub saw: bool,
    /// What of that which they chose to be spared the file is.
    pub spared: Vec<Spared>,
    /// The limits that they have come to.
    pub reached: Vec<Limit>,
}

/// A person's own page.
#[derive(Debug, Clone)]
pub struct Own {
    /// What they were shown lately.
    pub exposure: Exposure,
    /// What they chose to be spared.
    pub spared: Vec<Spared>,
    /// The limits of everybody at home.
    pub home: Vec<Limit>,
    /// Their own.
    pub own: Vec<Limit>,
    /// Those that they have come to.
    pub reached: Vec<Limit>,
    /// Whether they may set those of everybody at home.
    pub sets_for_home: bool,
}

/// What somebody sees before they look at a file; `None` for whoever looks at no media at all.
///
/// # Errors
/// "No such thing" out of reach; a fault.
pub async fn before(
    house: &House,
    viewer: &Viewer,
    report: ReportId,
    file: FileId,
) -> Result<Option<Before>, Trouble> {
    let Ok(permit) = access::permit::<ViewMedia>(viewer) else { return Ok(None) };
    let found = house.read("wellness::before", move |view| {
        let file = evidence::file(view, &permit, report, &file)?;
        let (exposure, class) = (exposure::of(view, &permit)?, class_of(&file));
        let limits = in_force(view, &permit)?;
        Ok(Before {
            known: known_media::find(view, &permit, file.sha256)?,
            saw: known_media::saw(view, &permit, file.sha256)?,
            spared: spared_by(&spared::of(view, &permit)?, class, &file),
            reached: reached(&exposure, &limits.all(), Some(class)),
            exposure,
            class,
        })
    });
    Ok(Some(found.await?))
}

/// A person's own page.
///
/// # Errors
/// A denial for whoever looks at no media; a fault.
pub async fn own(house: &House, viewer: &Viewer) -> Result<Own, Trouble> {
    let permit = access::permit::<ViewMedia>(viewer)?;
    let sets_for_home = access::permit::<GrantMedia>(viewer).is_ok();
    let found = house.read("wellness::own", move |view| {
        let (exposure, limits) = (exposure::of(view, &permit)?, in_force(view, &permit)?);
        Ok(Own {
            spared: spared::of(view, &permit)?,
            reached: reached(&exposure, &limits.all(), None),
            home: limits.home,
            own: limits.own,
            exposure,
            sets_for_home,
        })
    });
    Ok(found.await?)
}

/// The viewer chooses what to be spared. Nobody asks why.
///
/// # Errors
/// As [`own`].
pub async fn choose(house: &House, viewer: &Viewer, categories: Vec<Spared>) -> Result<(), Trouble> {
    let permit = access::permit::<ViewMedia>(viewer)?;
    let chosen = house.act(viewer.actor.clone(), Purpose::Administration, "wellness::choose", move |act| {
        spared::choose(act, &permit, &categories)
    });
    Ok(chosen.await?)
}

/// The viewer sets limits of their own.
///
/// # Errors
/// As [`own`]; a refusal for what is no limit.
pub async fn limit_own(house: &House, viewer: &Viewer, limits: Vec<Limit>) -> Result<(), Trouble> {
    let permit = access::permit::<ViewMedia>(viewer)?;
    let set = house.act(viewer.actor.clone(), Purpose::Administration, "wellness::limit_own", move |act| {
        look_limit::set_own(act, &permit, &limits)
    });
    Ok(set.await?)
}

/// Sets the limits of everybody at the viewer's home.
///
/// # Errors
/// A denial for whoever grants no media permission; a refusal for what is no limit; a fault.
pub async fn limit_home(house: &House, viewer: &Viewer, limits: Vec<Limit>) -> Result<(), Trouble> {
    let permit = access::permit::<GrantMedia>(viewer)?;
    let set = house.act(viewer.actor.clone(), Purpose::Administration, "wellness::limit_home", move |act| {
        look_limit::set_for_home(act, &permit, &limits)
    });
    Ok(set.await?)
}

/// Whoever was shown a file clear says of which class it is: nobody of their home is shown the same bytes again. `None`
/// takes that back.
///
/// # Errors
/// A denial; "no such thing" out of reach; a refusal for whoever was not shown it; a fault.
pub async fn say(
    house: &House,
    viewer: &Viewer,
    report: ReportId,
    file: FileId,
    class: Option<MediaClass>,
) -> Result<(), Trouble> {
    let permit = access::permit::<ViewMedia>(viewer)?;
    let said = house.act(viewer.actor.clone(), Purpose::Investigation, "wellness::say", move |act| {
        let sha256 = evidence::file(act, &permit, report, &file)?.sha256;
        match class {
            Some(class) => known_media::say(act, &permit, (report, &file), sha256, class),
            None => known_media::take_back(act, &permit, (report, &file), sha256),
        }
    });
    Ok(said.await?)
}

/// Why somebody is not shown a file, as far as it is theirs or their home's to say.
pub(crate) fn stops(
    view: &View<'_>,
    permit: &Permit<ViewMedia>,
    (report, file): (ReportId, &FileId),
    (known_elsewhere, goes_on): (bool, bool),
) -> store::Result<Option<Shut>> {
    let file = evidence::file(view, permit, report, file)?;
    if known_elsewhere || known_media::find(view, permit, file.sha256)?.is_some() {
        return Ok(Some(Shut::Known));
    }
    let class = class_of(&file);
    if !spared_by(&spared::of(view, permit)?, class, &file).is_empty() {
        return Ok(Some(Shut::Spared));
    }
    if goes_on {
        return Ok(None);
    }
    let (exposure, limits) = (exposure::of(view, permit)?, in_force(view, permit)?);
    Ok((!reached(&exposure, &limits.all(), Some(class)).is_empty()).then_some(Shut::Limit))
}

/// The class that its sender gave to a file.
pub(crate) fn class_of(file: &File) -> MediaClass {
    MediaClass::said(file.statement.as_ref().and_then(|said| said.classification.as_deref()))
}

fn spared_by(chosen: &[Spared], class: MediaClass, file: &File) -> Vec<Spared> {
    let marks = file.statement.as_ref().map_or(&[][..], |said| &said.annotations);
    chosen.iter().copied().filter(|one| one.holds(class, marks)).collect()
}

/// Limits as they hold for somebody.
struct InForce {
    home: Vec<Limit>,
    own: Vec<Limit>,
}

impl InForce {
    fn all(&self) -> Vec<Limit> {
        [&self.home[..], &self.own].concat()
    }
}

fn in_force(view: &View<'_>, permit: &Permit<ViewMedia>) -> store::Result<InForce> {
    let look_limit::Limits { home, own } = look_limit::of(view, permit)?;
    Ok(InForce { home: if home.is_empty() { shipped() } else { home }, own })
}

/// The limits that somebody has come to: all of them, or those that a file of this class falls under.
fn reached(exposure: &Exposure, limits: &[Limit], class: Option<MediaClass>) -> Vec<Limit> {
    let is_asked = |limit: &Limit| class.is_none() || limit.class.is_none() || limit.class == class;
    let is_reached = |limit: &Limit| {
        exposure.day(limit.class) >= u64::from(limit.per_day)
            || exposure.week(limit.class) >= u64::from(limit.per_week)
    };
    limits.iter().filter(|limit| is_asked(limit) && is_reached(limit)).copied().collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    limit: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    class: Option<MediaClass>,
    per_day: u32,
    per_week: u32,
}

/// The limits of the data that this program is shipped with.
fn shipped() -> Vec<Limit> {
    // INVARIANT: the file is part of the program, and a test reads it.
    let data: Data = toml::from_str(SHIPPED).expect("the shipped limits are read");
    let limit = |line: Line| Limit { class: line.class, per_day: line.per_day, per_week: line.per_week };
    data.limit.into_iter().map(limit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(class: MediaClass, clear_day: u64, clear_week: u64) -> Exposure {
        let count = Count { class, clear_day, clear_week, grey_day: 500, grey_week: 500 };
        Exposure { counts: vec![count], last_at: None }
    }

    #[test]
    fn the_shipped_limits_are_read_and_hold_for_any_class_at_least() {
        let all = shipped();
        assert!(all.iter().any(|limit| limit.class.is_none()), "{all:?}");
        assert!(all.iter().all(|limit| limit.per_day > 0 && limit.per_week >= limit.per_day), "{all:?}");
    }

    #[test]
    fn a_limit_is_come_to_by_clear_looks_of_its_class_in_a_day_or_in_a_week() {
        let limits = [
            Limit { class: None, per_day: 10, per_week: 30 },
            Limit { class: Some(MediaClass::A1), per_day: 2, per_week: 5 },
        ];
        let of = |exposure, class| reached(&exposure, &limits, class).len();
        assert_eq!(of(shown(MediaClass::A1, 1, 4), Some(MediaClass::A1)), 0);
        assert_eq!(of(shown(MediaClass::A1, 2, 2), Some(MediaClass::A1)), 1);
        assert_eq!(of(shown(MediaClass::A1, 0, 5), Some(MediaClass::A1)), 1);
        // What was seen of one class leaves the limit of another one alone, but not the limit of all.
        assert_eq!(of(shown(MediaClass::A1, 2, 2), Some(MediaClass::B2)), 0);
        assert_eq!(of(shown(MediaClass::A1, 10, 10), Some(MediaClass::B2)), 1);
        assert_eq!(of(shown(MediaClass::A1, 10, 10), None), 2);
    }
}
