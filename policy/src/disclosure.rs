//! Who may get what, outside the house: one function that every way out asks. Default: nothing. The book's page
//! `docs/disclosure.md` has the same as tables, and a test that reads them judges against this on everything there is.

use domain::{AgencyClass, BasisCode, RedisclosureCode, Relationship, ViewGround};

/// Whom it would go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recipient {
    /// An agency of this class; a foreign one qualifies by its relationship.
    Agency(AgencyClass, Option<Relationship>),
    /// An attorney for the government who got it from an agency.
    Prosecutor,
    /// A defendant, their lawyer or expert.
    Defence,
    /// A victim, their lawyer or expert, in a case.
    Victim,
    /// A provider, whoever reported.
    Provider,
    /// A vendor that the clearinghouse designated.
    Vendor,
    /// A researcher, the press, anybody.
    Public,
    /// The member of the public who told.
    Tipster,
}

/// What it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DataClass {
    /// What a report says.
    Words,
    /// The bytes of its files.
    Depictions,
    /// Hashes, addresses and other identifiers in the sense of 18 USC 2258C.
    Elements,
    /// Who told, when it was a member of the public.
    TipsterIdentity,
    /// What another provider reported.
    OtherProviders,
}

/// What the recipient would do with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// Have a copy.
    Hold,
    /// Look at it.
    View,
}

/// Why it may go, as section 3 of the rules lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// A disclosure by the clearinghouse.
    House(BasisCode),
    /// A redisclosure by an agency.
    Agency(RedisclosureCode),
}

/// What is known at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// What makes the recipient what it is, is in force: the qualifying fact, the chain, the charge, the agreement.
    pub in_force: bool,
    /// It is the recipient's own: its own report, its own tip, depictions of that victim.
    pub own: bool,
    /// What counsel decided on this case, when asked.
    pub counsel: Option<bool>,
    /// An agency gave notice that it has to be destroyed.
    pub to_be_destroyed: bool,
}

/// The question that every way out asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    /// Whom it would go to.
    pub recipient: Recipient,
    /// What it is.
    pub data: DataClass,
    /// What for.
    pub manner: Manner,
    /// The basis on record.
    pub basis: Option<Basis>,
    /// The ground on record for the file.
    pub ground: Option<ViewGround>,
    /// What is known.
    pub state: State,
}

/// In which form it may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// As it is.
    Whole,
    /// As it is, with the conditions of the designation on it.
    OnConditions,
    /// On premises of the government.
    AtPremises,
    /// In a supervised viewing session.
    Session,
    /// How the recipient's own report or tip stands, and nothing else.
    OwnState,
    /// Sealed, without a key.
    Ciphertext,
    /// Figures, the small ones left out.
    Figures,
}

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refused {
    /// Never to this recipient.
    #[error("this recipient never gets it ({0})")]
    Never(&'static str),
    /// What would make it lawful is not on record or not in force.
    #[error("the recipient's standing is not in force ({0})")]
    NotInForce(&'static str),
    /// No basis, or one of somebody else.
    #[error("no basis of this recipient is on record (R-24)")]
    NoBasis,
    /// Counsel has to decide.
    #[error("counsel has to decide this case")]
    Counsel,
    /// The file has no ground.
    #[error("no ground opens this file (R-17)")]
    NoGround,
}

/// In which form it may go, by which rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ruling {
    /// The form.
    pub form: Form,
    /// The rule that allows it.
    pub rule: &'static str,
}

/// Decides. The gravest reason against is answered.
///
/// # Errors
/// [`Refused`] says what stands against it.
pub fn may(question: &Question) -> Result<Ruling, Refused> {
    match question.data {
        DataClass::Words => words(question),
        DataClass::Depictions => depictions(question),
        DataClass::Elements => elements(question),
        DataClass::TipsterIdentity => tipster(question),
        DataClass::OtherProviders => other_providers(question),
    }
}

fn words(question: &Question) -> Result<Ruling, Refused> {
    match question.recipient {
        Recipient::Agency(class, _) => {
            qualified(question)?;
            based(question)?;
            match class {
                AgencyClass::Foreign => allowed(Form::OnConditions, "R-78"),
                AgencyClass::Tribal => allowed(Form::Whole, "R-21a"),
                _ => allowed(Form::Whole, "R-29"),
            }
        }
        Recipient::Prosecutor => {
            in_force(question, "R-35")?;
            based(question)?;
            allowed(Form::Whole, "R-35")
        }
        Recipient::Defence => by_counsel(question, "R-39"),
        Recipient::Victim => by_counsel(question, "R-74"),
        Recipient::Provider => {
            own(question, "R-32")?;
            if question.basis.is_some() {
                based(question)?;
            }
            allowed(Form::OwnState, "R-33")
        }
        Recipient::Vendor => sealed(question),
        Recipient::Public => unbased(question, Form::Figures, "R-30"),
        Recipient::Tipster => {
            own(question, "R-30")?;
            unbased(question, Form::OwnState, "R-30")
        }
    }
}

fn depictions(question: &Question) -> Result<Ruling, Refused> {
    if question.state.to_be_destroyed {
        return Err(Refused::Never("R-52"));
    }
    match question.recipient {
        Recipient::Agency(class, _) => {
            qualified(question)?;
            if class == AgencyClass::Foreign && question.state.counsel == Some(false) {
                return Err(Refused::Never("R-78"));
            }
            based(question)?;
            if question.manner == Manner::View {
                grounded(question)?;
            }
            allowed(Form::Whole, "R-22")
        }
        Recipient::Prosecutor => {
            in_force(question, "R-35")?;
            based(question)?;
            grounded(question)?;
            allowed(Form::AtPremises, "R-73")
        }
        Recipient::Defence => session(question, "R-73"),
        Recipient::Victim => {
            own(question, "R-74")?;
            session(question, "R-74")
        }
        Recipient::Vendor => sealed(question),
        Recipient::Provider => Err(Refused::Never("R-32")),
        Recipient::Public | Recipient::Tipster => Err(Refused::Never("R-30")),
    }
}

fn elements(question: &Question) -> Result<Ruling, Refused> {
    match question.recipient {
        Recipient::Agency(AgencyClass::Tribal, _) => {
            qualified(question)?;
            by_counsel(question, "R-62")
        }
        Recipient::Agency(..) => {
            qualified(question)?;
            based(question)?;
            allowed(Form::Whole, "R-61")
        }
        Recipient::Prosecutor => {
            in_force(question, "R-35")?;
            based(question)?;
            allowed(Form::Whole, "R-35")
        }
        Recipient::Defence => by_counsel(question, "R-39"),
        Recipient::Provider => {
            in_force(question, "R-57")?;
            based(question)?;
            allowed(Form::Whole, "R-57")
        }
        Recipient::Vendor => {
            in_force(question, "R-63")?;
            unbased(question, Form::Whole, "R-63")
        }
        Recipient::Victim | Recipient::Public | Recipient::Tipster => Err(Refused::Never("R-62")),
    }
}

fn tipster(question: &Question) -> Result<Ruling, Refused> {
    match question.recipient {
        Recipient::Agency(AgencyClass::Foreign, _) => {
            qualified(question)?;
            by_counsel(question, "R-78")
        }
        Recipient::Tipster => {
            own(question, "R-30")?;
            unbased(question, Form::Whole, "R-30")
        }
        _ => other_providers(question),
    }
}

/// Whole to those of the government who may have the report, and to nobody else.
fn other_providers(question: &Question) -> Result<Ruling, Refused> {
    match question.recipient {
        Recipient::Agency(..) => {
            qualified(question)?;
            based(question)?;
            allowed(Form::Whole, "R-29")
        }
        Recipient::Prosecutor => {
            in_force(question, "R-35")?;
            based(question)?;
            allowed(Form::Whole, "R-35")
        }
        Recipient::Provider => Err(Refused::Never("R-32")),
        _ => Err(Refused::Never("R-30")),
    }
}

const fn allowed(form: Form, rule: &'static str) -> Result<Ruling, Refused> {
    Ok(Ruling { form, rule })
}

/// An agency with a live fact; a foreign one has a relationship too.
fn qualified(question: &Question) -> Result<(), Refused> {
    match question.recipient {
        Recipient::Agency(AgencyClass::Foreign, None) => Err(Refused::Never("R-21")),
        _ => in_force(question, "R-21"),
    }
}

const fn in_force(question: &Question, rule: &'static str) -> Result<(), Refused> {
    if question.state.in_force { Ok(()) } else { Err(Refused::NotInForce(rule)) }
}

const fn own(question: &Question, rule: &'static str) -> Result<(), Refused> {
    if question.state.own { Ok(()) } else { Err(Refused::Never(rule)) }
}

const fn grounded(question: &Question) -> Result<(), Refused> {
    if question.ground.is_some() { Ok(()) } else { Err(Refused::NoGround) }
}

fn by_counsel(question: &Question, rule: &'static str) -> Result<Ruling, Refused> {
    in_force(question, rule)?;
    if question.state.counsel == Some(false) {
        return Err(Refused::Never(rule));
    }
    based(question)?;
    if question.state.counsel.is_none() {
        return Err(Refused::Counsel);
    }
    allowed(Form::Whole, rule)
}

/// Depictions for somebody who is not of the government: looked at, never had.
fn session(question: &Question, rule: &'static str) -> Result<Ruling, Refused> {
    if question.manner == Manner::Hold {
        return Err(Refused::Never(rule));
    }
    in_force(question, rule)?;
    based(question)?;
    grounded(question)?;
    allowed(Form::Session, rule)
}

fn sealed(question: &Question) -> Result<Ruling, Refused> {
    in_force(question, "R-63")?;
    unbased(question, Form::Ciphertext, "R-64")
}

/// What discloses nothing of a report needs no basis, and a basis that stands beside it is a mistake.
const fn unbased(question: &Question, form: Form, rule: &'static str) -> Result<Ruling, Refused> {
    if question.basis.is_some() { Err(Refused::NoBasis) } else { allowed(form, rule) }
}

fn based(question: &Question) -> Result<(), Refused> {
    match question.basis {
        Some(basis) if fits(basis, question.recipient, question.data) => Ok(()),
        _ => Err(Refused::NoBasis),
    }
}

/// Whether a basis is one of this recipient for this data.
fn fits(basis: Basis, recipient: Recipient, data: DataClass) -> bool {
    let of_elements = data == DataClass::Elements;
    match basis {
        Basis::Agency(code) => match code {
            RedisclosureCode::Attorney => recipient == Recipient::Prosecutor,
            RedisclosureCode::Defence => recipient == Recipient::Defence,
            RedisclosureCode::CourtOrder => recipient == Recipient::Victim && !of_elements,
            _ => false,
        },
        Basis::House(code) => match code {
            BasisCode::C2258dLe => matches!(recipient, Recipient::Agency(..)) && of_elements,
            BasisCode::G3d2258c => recipient == Recipient::Provider && of_elements,
            BasisCode::D5Notice | BasisCode::D5Inability => recipient == Recipient::Provider && !of_elements,
            BasisCode::G3eProcess => match recipient {
                Recipient::Agency(..) | Recipient::Victim => !of_elements,
                Recipient::Defence => true,
                _ => false,
            },
            code => !of_elements && is_of_class(code, recipient),
        },
    }
}

/// The codes that are the same as a class of agencies.
fn is_of_class(code: BasisCode, recipient: Recipient) -> bool {
    let Recipient::Agency(class, relationship) = recipient else { return false };
    let of = match code {
        BasisCode::C1Fed | BasisCode::G3aDesig | BasisCode::G3aInvolved => (AgencyClass::Federal, None),
        BasisCode::C2State | BasisCode::G3bState => (AgencyClass::State, None),
        BasisCode::C2Local | BasisCode::G3bLocal => (AgencyClass::Local, None),
        BasisCode::G3bTribal => (AgencyClass::Tribal, None),
        BasisCode::C3ForDesig | BasisCode::G3cForDesig => {
            (AgencyClass::Foreign, Some(Relationship::Designated))
        }
        BasisCode::C3ForFbi | BasisCode::G3cForFbi => (AgencyClass::Foreign, Some(Relationship::Fbi)),
        BasisCode::C3ForIce | BasisCode::G3cForIce => (AgencyClass::Foreign, Some(Relationship::Ice)),
        BasisCode::C3ForInterpol | BasisCode::G3cForInterpol => {
            (AgencyClass::Foreign, Some(Relationship::Interpol))
        }
        _ => return false,
    };
    class == of.0 && (of.1.is_none() || relationship == of.1)
}
