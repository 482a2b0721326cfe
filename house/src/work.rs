//! The work queue: one row per report that the pipeline owes a step.
//!
//! A worker leases work for a while. If it comes back, the work is done or waits for another try, longer each time;
//! if it does not, the lease runs out and another worker has it. What failed twelve times is dead: it waits for a
//! person, and everybody can see it. What a passing trouble stops, such as a vault that is away, waits it out.

use std::time::Duration;

use database::{FromRow, Row, bind};
use domain::ReportId;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;

use crate::{Act, Error, Event, EventKind, House, Refusal, Result, View, column, pause};

/// The least urgent rank; the most urgent is 0.
pub const LOWEST_RANK: u8 = 9;
/// Tries before work is given up.
pub const MOST_ATTEMPTS: u32 = 12;
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(1);
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(10);
/// How long work waits for a passing trouble to pass: not long, because a child may wait too.
const PASSING_PAUSE: SignedDuration = SignedDuration::from_secs(5);
/// Dead work that is listed.
const MOST_DEAD: u32 = 1_000;
/// Characters of an error that are kept.
const LONGEST_ERROR: usize = 500;

/// What is asked for while a worker holds the row is done after it: `asked` tells `done` of it.
const ENQUEUE: &str = "-- work::enqueue
    INSERT INTO work (report_id, rank, due_at, attempts, asked) VALUES (:report_id, :rank, :due_at, 0, 1)
    ON CONFLICT (report_id) DO UPDATE SET
        rank = CASE WHEN excluded.rank < work.rank THEN excluded.rank ELSE work.rank END,
        due_at = CASE WHEN work.owner IS NULL AND excluded.due_at < work.due_at
            THEN excluded.due_at ELSE work.due_at END,
        attempts = CASE WHEN work.owner IS NULL THEN 0 ELSE work.attempts END,
        asked = work.asked + 1, dead_at = NULL, last_error = NULL";

const FIND_DUE: &str = "-- work::find_due
    SELECT 1 FROM work WHERE dead_at IS NULL AND due_at <= :now LIMIT 1";

const CLAIM: &str = "-- work::claim
    WITH due AS (
        SELECT report_id AS due_report FROM work WHERE dead_at IS NULL AND due_at <= :now
        ORDER BY rank, due_at LIMIT :most {for_update_skip_locked}
    )
    UPDATE work SET owner = :owner, attempts = attempts + 1, due_at = :until
    FROM due WHERE report_id = due.due_report
    RETURNING report_id, rank, attempts, asked";

const DONE: &str = "-- work::done
    DELETE FROM work
    WHERE report_id = :report_id AND owner = :owner AND attempts = :attempts AND asked = :asked";

const RELEASE: &str = "-- work::release
    UPDATE work SET owner = NULL, attempts = 0, due_at = :now
    WHERE report_id = :report_id AND owner = :owner AND attempts = :attempts";

const RENEW: &str = "-- work::renew
    UPDATE work SET due_at = :until WHERE report_id = :report_id AND owner = :owner AND attempts = :attempts";

const FAIL: &str = "-- work::fail
    UPDATE work SET owner = NULL, due_at = :due_at, dead_at = :dead_at, last_error = :error
    WHERE report_id = :report_id AND owner = :owner AND attempts = :attempts";

/// The try is not counted. While it is held the count is above that of every earlier hold, so that it still tells them
/// apart.
const POSTPONE: &str = "-- work::postpone
    UPDATE work SET owner = NULL, attempts = attempts - 1, due_at = :due_at, last_error = :error
    WHERE report_id = :report_id AND owner = :owner AND attempts = :attempts";

const DEAD: &str = "-- work::dead
    SELECT report_id, dead_at, last_error FROM work WHERE dead_at IS NOT NULL ORDER BY dead_at LIMIT :most";

const REVIVE: &str = "-- work::revive
    UPDATE work SET owner = NULL, attempts = 0, due_at = :now, dead_at = NULL
    WHERE report_id = :report_id AND dead_at IS NOT NULL";

/// The name of a piece of work: that of its report, since no report is owed two at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct WorkId(ReportId);

impl WorkId {
    /// The work of a report.
    #[must_use]
    pub const fn of(report: ReportId) -> Self {
        Self(report)
    }
}

/// A worker's hold on a piece of work, until a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The work.
    pub work: WorkId,
    /// Its report.
    pub report: ReportId,
    /// How many times it has been tried, this one included.
    pub attempt: u32,
    /// When the hold ends.
    pub until: Timestamp,
    owner: String,
    asked: i64,
}

/// Work that was given up and waits for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadWork {
    /// The work.
    pub work: WorkId,
    /// Its report.
    pub report: ReportId,
    /// When it was given up.
    pub dead_at: Timestamp,
    /// What was said last.
    pub error: String,
}

impl FromRow for DeadWork {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let report = column::report(row, "report_id")?;
        let error: Option<String> = row.get("last_error")?;
        Ok(Self {
            work: WorkId(report),
            report,
            dead_at: column::moment(row, "dead_at")?,
            error: error.unwrap_or_default(),
        })
    }
}

struct Claimed {
    report: ReportId,
    rank: u8,
    attempts: u32,
    asked: i64,
}

impl FromRow for Claimed {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            report: column::report(row, "report_id")?,
            rank: row.get("rank")?,
            attempts: row.get("attempts")?,
            asked: row.get("asked")?,
        })
    }
}

/// Owes a report a step, due at a moment. Owing it twice is owing it once; the more urgent rank, the earlier moment
/// hold. What is asked for while a worker is at it is done again after it.
///
/// # Errors
/// A fault of the database.
pub fn enqueue(act: &Act<'_>, report: ReportId, rank: u8, due_at: Timestamp) -> Result<()> {
    let (rank, due_at) = (rank.min(LOWEST_RANK), due_at.as_microsecond());
    act.tx().put(ENQUEUE, &bind! { report_id: report.get(), rank, due_at })?;
    act.wake_workers();
    Ok(())
}

/// Ends a piece of work, in the act that does the last of it. The act is refused with [`Refusal::LeaseLost`] when another
/// worker has it by now.
///
/// # Errors
/// A fault of the database.
pub fn done(act: &Act<'_>, lease: &Lease) -> Result<()> {
    let Lease { report, attempt, owner, asked, .. } = lease;
    let hold = bind! { report_id: report.get(), owner, attempts: *attempt, asked };
    let done = act.tx().soon(DONE, &hold)?;
    let hold = bind! { report_id: report.get(), owner, attempts: *attempt, now: act.now().as_microsecond() };
    act.before_it_is_kept(move |act| {
        if done.count(act.tx())? == 1 {
            return Ok(());
        }
        // It was asked for again meanwhile.
        act.wake_workers();
        held(act.tx().execute(RELEASE, &hold)?)
    });
    Ok(())
}

/// Holds on to a piece of work for longer, in the act that does a part of it. The act is refused with
/// [`Refusal::LeaseLost`] when another worker has it by now.
///
/// # Errors
/// A fault of the database.
pub fn renew(act: &Act<'_>, lease: &Lease, another: SignedDuration) -> Result<Lease> {
    let until = later(act.now(), another);
    let Lease { report, attempt, owner, .. } = lease;
    let hold = bind! { report_id: report.get(), owner, attempts: *attempt, until: until.as_microsecond() };
    let renewed = act.tx().soon(RENEW, &hold)?;
    act.before_it_is_kept(move |act| held(renewed.count(act.tx())?));
    Ok(Lease { until, ..lease.clone() })
}

/// Work that was given up, the oldest first.
///
/// # Errors
/// A fault of the database.
pub fn dead(view: &View<'_>) -> Result<Vec<DeadWork>> {
    Ok(view.tx().rows(DEAD, &bind! { most: MOST_DEAD })?)
}

/// Takes up dead work again, and notes it.
///
/// # Errors
/// [`Refusal::NotFound`] when it is not dead.
pub fn revive(act: &Act<'_>, work: WorkId) -> Result<()> {
    let row = bind! { report_id: work.0.get(), now: act.now().as_microsecond() };
    if act.tx().execute(REVIVE, &row)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    act.note(Event::of_report(EventKind::WorkRevived, work.0))?;
    act.wake_workers();
    Ok(())
}

impl House {
    /// Leases due work, the most urgent first, at most `limit` pieces. `owner` names the worker among all processes.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn claim(&self, owner: &str, limit: u32, lease: SignedDuration) -> Result<Vec<Lease>> {
        let database = &self.inner().database;
        let (now, until) = (self.now(), later(self.now(), lease));
        let due = database.read::<Option<i64>, Error, _>("work::due", move |tx| {
            Ok(tx.find(FIND_DUE, &bind! { now: now.as_microsecond() })?)
        });
        if due.await?.is_none() {
            return Ok(Vec::new());
        }
        let owner = owner.to_owned();
        let claimed = database.write::<_, Error, _>("work::claim", move |tx| {
            let (from, to) = (now.as_microsecond(), until.as_microsecond());
            let row = bind! { now: from, most: limit, owner: &owner, until: to };
            let mut claimed: Vec<Claimed> = tx.rows(CLAIM, &row)?;
            claimed.sort_by_key(|work| (work.rank, work.report));
            let mut leases = Vec::with_capacity(claimed.len());
            for Claimed { report, attempts, asked, .. } in claimed {
                let work = WorkId(report);
                let lease = Lease { work, report, attempt: attempts, until, owner: owner.clone(), asked };
                // Whoever held it the twelfth time did not even live to say that it failed.
                if attempts > MOST_ATTEMPTS {
                    fail(tx, &lease, now, "the worker did not come back")?;
                } else {
                    leases.push(lease);
                }
            }
            Ok(leases)
        });
        claimed.await
    }

    /// Gives work back after a failure: it waits a second, twice as long each time, and is dead after the twelfth.
    /// The error is shown to operators and holds nothing private.
    ///
    /// # Errors
    /// [`Refusal::LeaseLost`] when another worker has it by now.
    pub async fn fail(&self, lease: &Lease, error: &str) -> Result<()> {
        let now = self.now();
        let (lease, error) = (lease.clone(), error.chars().take(LONGEST_ERROR).collect::<String>());
        let database = &self.inner().database;
        database.write::<_, Error, _>("work::fail", move |tx| fail(tx, &lease, now, &error)).await
    }

    /// Gives work back because of a trouble that passes and is not its own, such as a vault that is away: it is tried
    /// again every five seconds and is never given up. The error is shown to operators and holds nothing private.
    ///
    /// # Errors
    /// [`Refusal::LeaseLost`] when another worker has it by now.
    pub async fn postpone(&self, lease: &Lease, error: &str) -> Result<()> {
        let due_at = later(self.now(), PASSING_PAUSE).as_microsecond();
        let (lease, error) = (lease.clone(), error.chars().take(LONGEST_ERROR).collect::<String>());
        let postponed = self.inner().database.write::<_, Error, _>("work::postpone", move |tx| {
            let Lease { report, attempt, owner, .. } = &lease;
            let row = bind! { report_id: report.get(), owner, attempts: *attempt, due_at, error: &error };
            held(tx.execute(POSTPONE, &row)?)
        });
        postponed.await
    }

    /// Wakes workers of this process when an act enqueued something.
    #[must_use]
    pub fn work_signal(&self) -> &WorkSignal {
        &self.inner().signal
    }
}

fn fail(tx: &database::Tx<'_>, lease: &Lease, now: Timestamp, error: &str) -> Result<()> {
    let Lease { report, attempt, owner, .. } = lease;
    let dead_at = (*attempt >= MOST_ATTEMPTS).then(|| now.as_microsecond());
    let due_at = later(now, pause::doubling(*attempt, FIRST_PAUSE, LONGEST_PAUSE)).as_microsecond();
    let row = bind! { report_id: report.get(), owner, attempts: *attempt, due_at, dead_at, error };
    held(tx.execute(FAIL, &row)?)
}

fn later(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.checked_add(by).unwrap_or(Timestamp::MAX)
}

fn held(rows: u64) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(Refusal::LeaseLost.into()) }
}

/// Tells waiting workers that there is something to claim. Other processes' acts are not heard here, so every wait
/// has a bound.
#[derive(Debug, Default)]
pub struct WorkSignal(Notify);

impl WorkSignal {
    /// Waits for the next act that enqueues, or for `bound`.
    pub async fn wait(&self, bound: Duration) {
        if tokio::time::timeout(bound, self.0.notified()).await.is_err() {
            tracing::trace!("no work was announced");
        }
    }

    pub(crate) fn wake(&self) {
        self.0.notify_one();
    }
}
