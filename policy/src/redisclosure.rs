//! What an agency may pass on of what it received: nothing, but by one of seven exceptions, each with what must
//! be on record for it. Pure decisions, which the agencies' workspace asks before it hands a report on.

use domain::{AgencyClass, AgencyId, RedisclosureCode};
use jiff::Timestamp;

use crate::parcel::{Defence, Government, Parcel, Provider};

/// Who would get it. Every share names its recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum To<'a> {
    /// Somebody of an agency.
    Agency(&'a AgencyId),
    /// An attorney for the government.
    AttorneyForTheGovernment,
    /// Somebody else of the government.
    GovernmentPersonnel,
    /// A State or local official.
    StateOrLocalOfficial,
    /// A defendant, their lawyer or expert.
    Defence,
    /// A provider.
    Provider,
    /// Anybody else, whom a court may name.
    Other,
}

/// What an attorney for the government found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Determination<'a> {
    /// The attorney's name.
    pub attorney: &'a str,
    /// When.
    pub at: Timestamp,
}

/// The exception that is claimed, with what is on record for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exception<'a> {
    /// G2-i: for the official duties of an attorney for the government.
    Attorney,
    /// G2-ii: as the agency's investigation or records need.
    SameAgency {
        /// Why it is needed.
        need: &'a str,
    },
    /// G2-iii: an attorney for the government found it necessary to help enforce Federal criminal law.
    FoundNecessary(Option<Determination<'a>>),
    /// G2-iv: the report shows an offence of a State.
    StateOffence {
        /// The State, as `US-MN`.
        state: &'a str,
        /// The offence.
        offence: &'a str,
    },
    /// G2-v: a charge is pending.
    Defence {
        /// Court and number of the charge; `None` when none is pending.
        charge: Option<&'a str>,
    },
    /// G2-vi: to help answer legal process on that report.
    ProviderProcess {
        /// Kind and number of the process.
        process: &'a str,
    },
    /// G2-vii: a court ordered it on good cause.
    CourtOrder {
        /// Court and number.
        order: &'a str,
        /// What the court wants kept; shown to everybody who looks later.
        conditions: &'a [String],
    },
}

impl Exception<'_> {
    /// Its code.
    #[must_use]
    pub const fn code(&self) -> RedisclosureCode {
        match self {
            Self::Attorney => RedisclosureCode::Attorney,
            Self::SameAgency { .. } => RedisclosureCode::SameAgency,
            Self::FoundNecessary(_) => RedisclosureCode::FoundNecessary,
            Self::StateOffence { .. } => RedisclosureCode::StateOffence,
            Self::Defence { .. } => RedisclosureCode::Defence,
            Self::ProviderProcess { .. } => RedisclosureCode::ProviderProcess,
            Self::CourtOrder { .. } => RedisclosureCode::CourtOrder,
        }
    }
}

/// Somebody of an agency wants to pass something on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sharing<'a> {
    /// The agency that has it.
    pub from: &'a AgencyId,
    /// The person who shares is an attorney for the government.
    pub by_attorney: bool,
    /// The kind of recipient.
    pub to: To<'a>,
    /// The recipient's name.
    pub named: &'a str,
    /// The exception claimed.
    pub on: Exception<'a>,
}

/// Why it may not be passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotShared {
    /// A share without a name.
    #[error("a share names its recipient (R-34)")]
    NoName,
    /// The exception is for others.
    #[error("this exception is not for this recipient")]
    WrongRecipient,
    /// Only an attorney for the government passes on by this exception.
    #[error("only an attorney for the government may do that")]
    NotAnAttorney,
    /// What must be on record for the exception is not.
    #[error("{0} is not on record")]
    NotOnRecord(&'static str),
}

/// A share that may be made. What it can hold depends on who gets it, and is a matter of its type.
#[derive(Debug)]
pub enum Shared {
    /// To somebody of the government.
    WithGovernment(RedisclosureCode, Parcel<Government>),
    /// To the defence.
    WithDefence(RedisclosureCode, Parcel<Defence>),
    /// To a provider, or to whomever a court names outside the government.
    WithProvider(RedisclosureCode, Parcel<Provider>),
}

/// Decides, at a moment, and answers an empty parcel to be filled.
///
/// # Errors
/// [`NotShared`] says what is missing.
pub fn share(sharing: &Sharing<'_>, now: Timestamp) -> Result<Shared, NotShared> {
    said(sharing.named, NotShared::NoName)?;
    fits(sharing)?;
    on_record(&sharing.on, now)?;
    let code = sharing.on.code();
    let conditions = match &sharing.on {
        Exception::CourtOrder { conditions, .. } => conditions.to_vec(),
        _ => Vec::new(),
    };
    Ok(match sharing.to {
        To::Agency(_) | To::AttorneyForTheGovernment | To::GovernmentPersonnel | To::StateOrLocalOfficial => {
            Shared::WithGovernment(code, Parcel::new(conditions))
        }
        To::Defence => Shared::WithDefence(code, Parcel::new(conditions)),
        To::Provider | To::Other => Shared::WithProvider(code, Parcel::new(conditions)),
    })
}

/// The exceptions by which an agency of this class is given what another agency has: no foreign one helps to enforce Federal
/// or State law, and only a court may say that it gets something.
#[must_use]
pub const fn of_agencies(class: AgencyClass) -> &'static [RedisclosureCode] {
    use RedisclosureCode::{CourtOrder, FoundNecessary, StateOffence};
    match class {
        AgencyClass::State | AgencyClass::Local => &[StateOffence, FoundNecessary, CourtOrder],
        AgencyClass::Federal | AgencyClass::Tribal => &[FoundNecessary, CourtOrder],
        AgencyClass::Foreign => &[CourtOrder],
    }
}

/// Whether an agency may hand on to another one, on an exception. What a foreign agency may pass on is for the conditions of
/// its own designation to say, so it does not do so here.
///
/// # Errors
/// [`NotShared`] says what is missing.
pub fn between(
    (from, its_class): (&AgencyId, AgencyClass),
    by_attorney: bool,
    (to, class, named): (&AgencyId, AgencyClass, &str),
    on: Exception<'_>,
    now: Timestamp,
) -> Result<RedisclosureCode, NotShared> {
    let code = on.code();
    if its_class == AgencyClass::Foreign || !of_agencies(class).contains(&code) {
        return Err(NotShared::WrongRecipient);
    }
    let to = if code == RedisclosureCode::StateOffence { To::StateOrLocalOfficial } else { To::Agency(to) };
    share(&Sharing { from, by_attorney, to, named, on }, now).map(|_| code)
}

fn fits(sharing: &Sharing<'_>) -> Result<(), NotShared> {
    let fits = match (&sharing.on, &sharing.to) {
        (Exception::Attorney, To::AttorneyForTheGovernment)
        | (Exception::FoundNecessary(_), To::GovernmentPersonnel | To::Agency(_))
        | (Exception::StateOffence { .. }, To::StateOrLocalOfficial)
        | (Exception::Defence { .. }, To::Defence)
        | (Exception::ProviderProcess { .. }, To::Provider)
        | (Exception::CourtOrder { .. }, _) => true,
        (Exception::SameAgency { .. }, To::Agency(to)) => *to == sharing.from,
        _ => false,
    };
    if !fits {
        return Err(NotShared::WrongRecipient);
    }
    // Discovery and court orders are a prosecutor's to make.
    let is_theirs = matches!(sharing.on, Exception::Defence { .. } | Exception::CourtOrder { .. });
    if is_theirs && !sharing.by_attorney { Err(NotShared::NotAnAttorney) } else { Ok(()) }
}

fn on_record(on: &Exception<'_>, now: Timestamp) -> Result<(), NotShared> {
    let need = |text: &str, what| said(text, NotShared::NotOnRecord(what));
    match on {
        Exception::Attorney => Ok(()),
        Exception::SameAgency { need: why } => need(why, "the need"),
        Exception::FoundNecessary(found) => match found {
            Some(found) if found.at <= now => need(found.attorney, "the attorney"),
            _ => Err(NotShared::NotOnRecord("an attorney's determination")),
        },
        Exception::StateOffence { state, offence } => {
            let is_state = state.strip_prefix("US-").is_some_and(|code| code.len() == 2);
            if !is_state {
                return Err(NotShared::NotOnRecord("the State"));
            }
            need(offence, "the offence")
        }
        Exception::Defence { charge } => need(charge.unwrap_or_default(), "a pending charge"),
        Exception::ProviderProcess { process } => need(process, "the legal process"),
        Exception::CourtOrder { order, .. } => need(order, "the order"),
    }
}

fn said(text: &str, otherwise: NotShared) -> Result<(), NotShared> {
    if text.trim().is_empty() { Err(otherwise) } else { Ok(()) }
}
