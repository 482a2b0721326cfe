//! What an agency may pass on of what it received: nothing, but by one of seven exceptions, each with what must
//! be on record for it. Pure decisions; the agencies' workspace that asks them comes with a later change.

use domain::{AgencyId, RedisclosureCode};
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

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Id as _;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn agency(name: &str) -> AgencyId {
        AgencyId::parse(name).unwrap()
    }

    fn shared(to: To<'_>, on: Exception<'_>) -> Result<Shared, NotShared> {
        let from = agency("own");
        share(&Sharing { from: &from, by_attorney: true, to, named: "Dull Person", on }, NOW)
    }

    fn recipients<'a>(own: &'a AgencyId, other: &'a AgencyId) -> [To<'a>; 8] {
        [
            To::Agency(own),
            To::Agency(other),
            To::AttorneyForTheGovernment,
            To::GovernmentPersonnel,
            To::StateOrLocalOfficial,
            To::Defence,
            To::Provider,
            To::Other,
        ]
    }

    /// The recipients of [`recipients`] that each exception is for, in the statute's order.
    fn exceptions() -> [(Exception<'static>, &'static [usize]); 7] {
        let found = Determination { attorney: "Dull Attorney", at: NOW };
        [
            (Exception::Attorney, &[2]),
            (Exception::SameAgency { need: "the night shift goes on with it" }, &[0]),
            (Exception::FoundNecessary(Some(found)), &[0, 1, 3]),
            (Exception::StateOffence { state: "US-MN", offence: "617.247" }, &[4]),
            (Exception::Defence { charge: Some("D. Minn. 26-1") }, &[5]),
            (Exception::ProviderProcess { process: "subpoena 7" }, &[6]),
            (Exception::CourtOrder { order: "D. Minn. 26-2", conditions: &[] }, &[0, 1, 2, 3, 4, 5, 6, 7]),
        ]
    }

    // PROVES: R-34 R-35 R-36 R-38 R-39 R-40 R-41
    #[test]
    fn each_exception_is_for_its_own_recipients_and_for_no_other() {
        let (own, other) = (agency("own"), agency("other"));
        for (on, meant) in exceptions() {
            for (place, to) in recipients(&own, &other).into_iter().enumerate() {
                let answer = shared(to.clone(), on.clone());
                assert_eq!(answer.is_ok(), meant.contains(&place), "{on:?} {to:?}");
            }
        }
    }

    // PROVES: R-34 R-36 R-37 R-38 R-39 R-40 R-41
    #[test]
    fn without_what_must_be_on_record_nothing_is_passed_on() {
        let own = agency("own");
        let later = Determination { attorney: "Dull Attorney", at: NOW + jiff::SignedDuration::from_secs(1) };
        let nobody = Determination { attorney: " ", at: NOW };
        let table = [
            (To::Agency(&own), Exception::SameAgency { need: " " }, "the need"),
            (To::GovernmentPersonnel, Exception::FoundNecessary(None), "an attorney's determination"),
            (To::GovernmentPersonnel, Exception::FoundNecessary(Some(later)), "an attorney's determination"),
            (To::GovernmentPersonnel, Exception::FoundNecessary(Some(nobody)), "the attorney"),
            (
                To::StateOrLocalOfficial,
                Exception::StateOffence { state: "MN", offence: "617.247" },
                "the State",
            ),
            (
                To::StateOrLocalOfficial,
                Exception::StateOffence { state: "US-MN", offence: "" },
                "the offence",
            ),
            (To::Defence, Exception::Defence { charge: None }, "a pending charge"),
            (To::Provider, Exception::ProviderProcess { process: "" }, "the legal process"),
            (To::Other, Exception::CourtOrder { order: "", conditions: &[] }, "the order"),
        ];
        for (to, on, what) in table {
            assert_eq!(shared(to, on).unwrap_err(), NotShared::NotOnRecord(what));
        }
        let nameless = Sharing {
            from: &own,
            by_attorney: true,
            to: To::AttorneyForTheGovernment,
            named: "",
            on: Exception::Attorney,
        };
        assert_eq!(share(&nameless, NOW).unwrap_err(), NotShared::NoName);
    }

    // PROVES: R-39 R-41
    #[test]
    fn discovery_and_court_orders_are_a_prosecutors_to_make() {
        let own = agency("own");
        for (to, on) in [
            (To::Defence, Exception::Defence { charge: Some("D. Minn. 26-1") }),
            (To::Other, Exception::CourtOrder { order: "D. Minn. 26-2", conditions: &[] }),
        ] {
            let sharing = Sharing { from: &own, by_attorney: false, to, named: "Dull Person", on };
            assert_eq!(share(&sharing, NOW).unwrap_err(), NotShared::NotAnAttorney);
        }
    }

    // PROVES: R-39 R-40 R-41
    #[test]
    fn what_goes_outside_the_government_has_no_place_for_a_depiction_and_carries_the_courts_conditions() {
        let conditions = ["not to be copied".to_owned()];
        let on = || Exception::CourtOrder { order: "D. Minn. 26-2", conditions: &conditions };
        let Shared::WithProvider(RedisclosureCode::CourtOrder, parcel) = shared(To::Other, on()).unwrap()
        else {
            panic!("somebody outside the government");
        };
        assert_eq!(parcel.conditions(), conditions);
        assert!(matches!(shared(To::Defence, on()).unwrap(), Shared::WithDefence(..)));
        let own = agency("own");
        assert!(matches!(shared(To::Agency(&own), on()).unwrap(), Shared::WithGovernment(..)));
    }
}
