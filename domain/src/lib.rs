//! The language of the house: what a report, a piece of evidence, an agency and a journey are, and which words name
//! them. Every other room speaks these types. Deliberately absent: storing, waiting, HTTP, XML and JSON shapes of
//! strangers (those are in `formats`), and every judgement (those are in `policy`).

mod account;
mod actor;
mod agency;
mod approval;
mod basis;
mod casework;
mod clock;
mod dossier;
mod evidence;
mod foreign;
mod id;
mod incident;
mod month;
mod named;
pub mod people;
pub mod portal;
mod preservation;
mod priority;
mod private;
mod quality;
mod selector;
mod sender_profile;
mod sign_in;
mod stage;
mod standing;
mod submission;
mod switch;
mod transfer;
mod tri_state;
mod vendor;

pub use account::{Attribute, Gone};
pub use actor::{Actor, Purpose};
pub use agency::{AgencyClass, Profile, Relationship};
pub use approval::ApprovalKind;
pub use basis::{BasisCode, DestructionCode, RedisclosureCode, ViewGround};
pub use casework::{CaseId, CustodyKind, EntryKind, MemberLevel, Outcome, ProcessKind, Settlement};
pub use clock::{Clock, FrozenClock};
pub use dossier::{Delivery, Destroyed, Dossier, DossierFile, Finding, RelatedReport};
pub use evidence::{FileStatement, MetadataGroup, MetadataPair, OriginalHash, Relevance};
pub use foreign::ForwardObstacle;
pub use id::{
    AgencyId, ApprovalId, CredentialId, DeliveryId, DestructionId, FileId, GroundId, HoldId, Id, InvalidId,
    InvitationId, LetterId, PersonId, ProviderId, ReportId, SeizedSetId, VendorId,
};
pub use incident::{IncidentType, incident_types};
pub use month::Month;
pub use named::UnknownWord;
pub use preservation::preserve_until;
pub use priority::{Priority, Reason};
pub use private::Private;
pub use quality::{Lack, Quality};
pub use selector::{Selector, SelectorKind};
pub use sender_profile::{
    ADDRESS_EVENTS, EventMeaning, ExtendedRetention, FrameworkAttestation, LegalContact,
    MOST_PROFILE_ENTRIES, MOST_PROFILE_LETTERS, ProfileState, RetentionPurpose, SenderProfile,
    StampedProfile,
};
pub use sign_in::{Assurance, Means};
pub use stage::{Ending, Stage};
pub use standing::{Status, StatusReason};
pub use submission::{
    AccountDisabled, Address, AssociatedAccount, Device, Email, EstimatedLocation, GivenTime, Incident,
    IncidentDetail, Involved, IpEvent, LawEnforcement, Person, Phone, Reporter, Role, Submission, Unmodelled,
};
pub use switch::SwitchReason;
pub use transfer::{
    CameBack, CourtOrder, DeclineReason, NotOurs, ReturnState, TransferKind, TransferReason, TransferState,
    answer_within,
};
pub use tri_state::TriState;
pub use vendor::{VendorEvidence, VendorReach};
