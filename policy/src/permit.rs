//! Permits: proof that a judgement was made. No private value leaves the store without one.

use std::marker::PhantomData;

use domain::{Actor, AgencyId, FileId, GroundId, ProviderId, ReportId, ViewGround};

use crate::access::{Action, Why};
use crate::gate::Opening;

/// What a permit reaches; the store turns it into its `WHERE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// The house's own workers, on their way with any report.
    House,
    /// What was made available to this agency, and nothing else.
    Agency(AgencyId),
    /// This provider's own reports.
    Provider(ProviderId),
}

impl Scope {
    /// The agency whose reach it is; `None` for the house and for a provider.
    #[must_use]
    pub const fn agency(&self) -> Option<&AgencyId> {
        match self {
            Self::Agency(agency) => Some(agency),
            Self::House | Self::Provider(_) => None,
        }
    }
}

/// May list: rows without private text.
#[derive(Debug, Clone, Copy)]
pub enum List {}
/// May read a report's content, but no file bytes.
#[derive(Debug, Clone, Copy)]
pub enum Read {}
/// May take a copy away.
#[derive(Debug, Clone, Copy)]
pub enum Export {}
/// May record a ground of its agency, and take one back.
#[derive(Debug, Clone, Copy)]
pub enum RecordGround {}
/// May be the second person of a ground.
#[derive(Debug, Clone, Copy)]
pub enum ConfirmGround {}
/// May ask to see a file, with media permission of its own.
#[derive(Debug, Clone, Copy)]
pub enum ViewMedia {}
/// May keep viewing appointments.
#[derive(Debug, Clone, Copy)]
pub enum HoldViewing {}
/// May grant media permission to others.
#[derive(Debug, Clone, Copy)]
pub enum GrantMedia {}
/// May say how far the agency is with a report that it has.
#[derive(Debug, Clone, Copy)]
pub enum Work {}
/// May assign such a report to others.
#[derive(Debug, Clone, Copy)]
pub enum Assign {}
/// May keep cases of the agency.
#[derive(Debug, Clone, Copy)]
pub enum KeepCases {}
/// May see that another agency holds related material, and settle it.
#[derive(Debug, Clone, Copy)]
pub enum Deconflict {}
/// May look up whom to call, read the library, and ask the clearinghouse's analysts or answer for them.
#[derive(Debug, Clone, Copy)]
pub enum UsePortal {}
/// May say whom others call, and in the house what stands in the library.
#[derive(Debug, Clone, Copy)]
pub enum KeepPortal {}
/// May hand reports on to other agencies, take theirs, and give back what is not its own.
#[derive(Debug, Clone, Copy)]
pub enum Transfer {}
/// May see what is handed on by and to the agency, without a part in it.
#[derive(Debug, Clone, Copy)]
pub enum SeeTransfers {}
/// May say where a report goes that came back, or that an agency abroad asked for.
#[derive(Debug, Clone, Copy)]
pub enum Route {}

/// A permit for one kind of thing within one scope. There is no public constructor: only this crate makes them.
///
/// ```compile_fail
/// // A permit cannot be made up.
/// let forged = policy::Permit::<policy::Read> { scope: policy::Scope::House };
/// ```
#[derive(Debug, Clone)]
pub struct Permit<Kind> {
    scope: Scope,
    actor: Actor,
    why: &'static Why,
    kind: PhantomData<Kind>,
}

impl<Kind> Permit<Kind> {
    pub(crate) const fn new(scope: Scope, actor: Actor, why: &'static Why) -> Self {
        Self { scope, actor, why, kind: PhantomData }
    }

    /// What it reaches.
    #[must_use]
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    /// For whom it was made.
    #[must_use]
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The rule that allowed it, such as `R-29`.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        &self.why.rule
    }

    /// The policy that allowed it, with its source: what a page shows to whoever holds the permit.
    #[must_use]
    pub const fn why(&self) -> &'static Why {
        self.why
    }
}

/// May do one thing that reads nothing of a report, such as looking at the ledger or answering for an account.
#[derive(Debug, Clone)]
pub struct Right {
    action: Action,
    actor: Actor,
    why: &'static Why,
}

impl Right {
    pub(crate) const fn new(action: Action, actor: Actor, why: &'static Why) -> Self {
        Self { action, actor, why }
    }

    /// What may be done.
    #[must_use]
    pub const fn action(&self) -> Action {
        self.action
    }

    /// For whom it was made.
    #[must_use]
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The policy that allowed it.
    #[must_use]
    pub const fn why(&self) -> &'static Why {
        self.why
    }
}

/// May open the bytes of exactly one file, on exactly one recorded ground (R-17, R-19).
#[derive(Debug, Clone)]
pub struct OpenFile {
    report: ReportId,
    file: FileId,
    opening: Opening,
    actor: Actor,
}

impl OpenFile {
    pub(crate) const fn new(report: ReportId, file: FileId, opening: Opening, actor: Actor) -> Self {
        Self { report, file, opening, actor }
    }

    /// The report of the file.
    #[must_use]
    pub const fn report(&self) -> ReportId {
        self.report
    }

    /// The one file.
    #[must_use]
    pub const fn file(&self) -> &FileId {
        &self.file
    }

    /// The ground that opened it.
    #[must_use]
    pub const fn ground(&self) -> ViewGround {
        self.opening.ground
    }

    /// The record of that ground; `None` where the provider's own statement opened the file.
    #[must_use]
    pub const fn record(&self) -> Option<&GroundId> {
        self.opening.record.as_ref()
    }

    /// The name of the relaxation by which it was opened; `None` where a ground opened it.
    #[must_use]
    pub fn relaxation(&self) -> Option<&str> {
        self.opening.relaxation.as_deref()
    }

    /// For whom it was opened.
    #[must_use]
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }
}
