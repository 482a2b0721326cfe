//! The closed list of things that the ledger can say happened.

use std::fmt;
use std::str::FromStr;

use domain::UnknownWord;

macro_rules! kinds {
    ($($(#[$meta:meta])* $kind:ident = $code:literal $text:literal,)+) => {
        /// What happened. Word and code are part of the stored format: neither is ever changed or used again.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum EventKind { $($(#[$meta])* $kind,)+ }

        impl EventKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$kind,)+];

            /// The word, as rows and pages show it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$kind => $text,)+ }
            }

            /// The number in a leaf's header.
            #[must_use]
            pub const fn code(self) -> u16 {
                match self { $(Self::$kind => $code,)+ }
            }
        }

        impl FromStr for EventKind {
            type Err = UnknownWord;
            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                match word {
                    $($text => Ok(Self::$kind),)+
                    _ => Err(UnknownWord { list: "event kind", word: word.to_owned() }),
                }
            }
        }
    };
}

kinds! {
    /// A provider opened a report.
    ReportOpened = 1 "report-opened",
    /// Bytes of a file arrived.
    FileReceived = 2 "file-received",
    /// A provider stated something about a file.
    FileDescribed = 3 "file-described",
    /// A provider finished a report.
    ReportFinished = 4 "report-finished",
    /// A provider withdrew a report before finishing it.
    ReportRetracted = 5 "report-retracted",
    /// A report was never finished, and its keys were destroyed.
    ReportExpired = 6 "report-expired",
    /// All of a report is known to lie in the vault.
    ReportSealed = 7 "report-sealed",
    /// Addresses and numbers were looked up.
    ReportEnriched = 8 "report-enriched",
    /// Selectors were recorded and earlier reports linked.
    ReportCorrelated = 9 "report-correlated",
    /// A priority was given.
    ReportTriaged = 10 "report-triaged",
    /// Recipients were found.
    ReportRouted = 11 "report-routed",
    /// A report was made available to one agency.
    ReportDelivered = 12 "report-delivered",
    /// All of a report's clocks run.
    ReportRetained = 13 "report-retained",
    /// A report's keys were destroyed by rule.
    ReportDestroyed = 14 "report-destroyed",
    /// Somebody read a report.
    ReportRead = 15 "report-read",
    /// The bytes of a file were opened.
    FileOpened = 16 "file-opened",
    /// A copy left the house.
    PackageExported = 17 "package-exported",
    /// A person signed in.
    SignedIn = 18 "signed-in",
    /// A person signed out.
    SignedOut = 19 "signed-out",
    /// Somebody tried to sign in and was refused.
    SignInRefused = 20 "sign-in-refused",
    /// A person acknowledged the use banner.
    BannerAcknowledged = 21 "banner-acknowledged",
    /// A dated table was added.
    DatasetAdded = 22 "dataset-added",
    /// A provider was added.
    ProviderAdded = 23 "provider-added",
    /// A provider's credential was added.
    CredentialAdded = 24 "credential-added",
    /// A credential was switched off.
    CredentialDisabled = 25 "credential-disabled",
    /// An agency was added.
    AgencyAdded = 26 "agency-added",
    /// What is known of an agency was changed.
    AgencyChanged = 27 "agency-changed",
    /// An agency's own system got a token.
    ClientAdded = 28 "client-added",
    /// A person was added.
    PersonAdded = 29 "person-added",
    /// A person got a link to sign in with.
    LinkIssued = 30 "link-issued",
    /// A person was switched off.
    PersonDisabled = 31 "person-disabled",
    /// A setting was recorded or changed.
    SettingPut = 32 "setting-put",
    /// Work that had been given up was taken up again.
    WorkRevived = 33 "work-revived",
    /// A list or feed was read.
    ListRead = 34 "list-read",
    /// A provider began a file that arrives in several requests.
    TransferBegun = 40 "transfer-begun",
    /// More bytes of such a file were kept.
    TransferGrew = 41 "transfer-grew",
    /// A provider dropped such a file before it was whole.
    TransferDropped = 42 "transfer-dropped",
    /// Files that were never whole were erased with their reports, and whole ones need no more resuming.
    TransfersForgotten = 43 "transfers-forgotten",
    /// Keys of requests that may be repeated were forgotten.
    RequestsForgotten = 44 "requests-forgotten",
    /// A provider wrote a draft of how it reports.
    SenderProfileSaved = 50 "sender-profile-saved",
    /// A provider handed a draft in.
    SenderProfileSubmitted = 51 "sender-profile-submitted",
    /// The clearinghouse approved it.
    SenderProfileApproved = 52 "sender-profile-approved",
    /// A provider's contact fields were recorded or confirmed.
    ContactRecorded = 60 "contact-recorded",
    /// The moment at which a credential stops working was set.
    CredentialEndSet = 61 "credential-end-set",
    /// A person of a provider began a report form.
    FormStarted = 62 "form-started",
    /// The answers of a form were kept.
    FormSaved = 63 "form-saved",
    /// A report was opened with the answers of a form, or taken back to change them.
    FormSubmitted = 64 "form-submitted",
    /// A form was destroyed with its key.
    FormDestroyed = 65 "form-destroyed",
    /// Somebody asked for what they may not have, or what is not there for them.
    AccessRefused = 70 "access-refused",
    /// Refusals beyond those that have a leaf of their own: so many of each kind.
    RefusalsCounted = 71 "refusals-counted",
    /// The ledger itself was read: proved, checked or exported.
    LedgerRead = 72 "ledger-read",
    /// The rows of the ledger were found to be changed, lost or added.
    LedgerBroken = 73 "ledger-broken",
    /// A witness knows a tree that is not the beginning or the end of ours.
    WitnessDisagreed = 74 "witness-disagreed",
    /// An agency registered a public key.
    AgencyKeyRegistered = 80 "agency-key-registered",
    /// The clearinghouse compared a key's fingerprint with its agency.
    AgencyKeyConfirmed = 81 "agency-key-confirmed",
    /// A key was revoked.
    AgencyKeyRevoked = 82 "agency-key-revoked",
    /// Records of a report were certified for a court.
    ReportCertified = 83 "report-certified",
    /// No key is left under an epoch.
    EpochRetired = 90 "epoch-retired",
    /// An epoch's key was destroyed in custody.
    EpochDestroyed = 91 "epoch-destroyed",
    /// The keys of a file and of every copy made from it were dropped.
    FileDestroyed = 92 "file-destroyed",
    /// Somebody asked for the destruction of files; nobody reads them from then on.
    DestructionAsked = 93 "destruction-asked",
    /// Somebody else holds one of the files.
    DestructionDisputed = 94 "destruction-disputed",
    /// Nobody else holds one any more.
    DestructionSettled = 95 "destruction-settled",
    /// Two people agreed to a destruction.
    DestructionAccepted = 96 "destruction-accepted",
    /// Two people refused it.
    DestructionRefused = 97 "destruction-refused",
    /// Every key of a destruction was dropped in the live store.
    DestructionDropped = 98 "destruction-dropped",
    /// The epoch of those keys is dead, and every backup with it.
    DestructionDead = 99 "destruction-dead",
    /// Every attempt to open what was destroyed failed.
    DestructionProved = 100 "destruction-proved",
    /// The certificate of a destruction was signed.
    DestructionCertified = 101 "destruction-certified",
    /// Somebody placed a hold.
    HoldPlaced = 102 "hold-placed",
    /// Its owner released a hold.
    HoldReleased = 103 "hold-released",
    /// An agency recorded a preservation letter of its own.
    LetterRecorded = 104 "letter-recorded",
    /// An agency renewed one, once.
    LetterRenewed = 105 "letter-renewed",
    /// An agency asked a provider to destroy a depiction.
    ProviderDestructionAsked = 106 "provider-destruction-asked",
    /// The provider acknowledged it.
    ProviderDestructionAcknowledged = 107 "provider-destruction-acknowledged",
    /// A ground to open files was recorded.
    GroundRecorded = 110 "ground-recorded",
    /// A second person confirmed a ground.
    GroundSeconded = 111 "ground-seconded",
    /// A ground was taken back.
    GroundRevoked = 112 "ground-revoked",
    /// A person got media permission.
    MediaGranted = 113 "media-granted",
    /// A media permission was taken back.
    MediaRevoked = 114 "media-revoked",
    /// Somebody asked to see a file and got a capability to see it once.
    ViewAsked = 115 "view-asked",
    /// Somebody asked to see a file and was refused.
    ViewRefused = 116 "view-refused",
    /// Somebody closed what they saw.
    ViewClosed = 117 "view-closed",
    /// A viewing appointment was recorded.
    ViewingRecorded = 118 "viewing-recorded",
    /// A file was marked as a depiction of one victim.
    VictimMarked = 119 "victim-marked",
    /// A person asked for what two people must agree on.
    ApprovalAsked = 120 "approval-asked",
    /// A second person agreed.
    ApprovalGiven = 121 "approval-given",
    /// A second person refused.
    ApprovalRefused = 122 "approval-refused",
    /// Whoever had asked took it back.
    ApprovalWithdrawn = 123 "approval-withdrawn",
    /// What two people agreed on was done.
    ApprovalSpent = 124 "approval-spent",
    /// What qualifies an agency was recorded, on the word of two people.
    AgencyQualified = 125 "agency-qualified",
    /// Somebody was invited.
    PersonInvited = 126 "person-invited",
    /// Codes for both channels of an invitation were drawn.
    CodesIssued = 127 "codes-issued",
    /// Both codes of an invitation came back right.
    InvitationConfirmed = 128 "invitation-confirmed",
    /// A code of an invitation came back wrong.
    CodeRefused = 129 "code-refused",
    /// It was recorded who saw what shows that an invited person is who they say.
    IdentityProofed = 130 "identity-proofed",
    /// An invited person became one of the house, an agency or a provider.
    PersonAdmitted = 131 "person-admitted",
    /// An invitation was taken back.
    InvitationWithdrawn = 132 "invitation-withdrawn",
    /// An agency's administrator attested that a person still works there.
    PersonAttested = 133 "person-attested",
    /// It was recorded until when a person is trained.
    TrainingRecorded = 134 "training-recorded",
    /// An attribute of a person was recorded.
    AttributeRecorded = 135 "attribute-recorded",
    /// A person got a ticket to enrol a key with.
    EnrolmentIssued = 150 "enrolment-issued",
    /// A person verified themself again within a session, which got a new secret.
    PersonVerified = 151 "person-verified",
    /// A person locked a session of theirs.
    SessionLocked = 152 "session-locked",
    /// A person enrolled a key.
    PasskeyAdded = 153 "passkey-added",
    /// A key was removed, or all of a person's keys.
    PasskeyRemoved = 154 "passkey-removed",
    /// A key was offered and not taken.
    PasskeyRefused = 155 "passkey-refused",
    /// A key's counter did not go forward: there may be two of it.
    PasskeyAlarm = 156 "passkey-alarm",
    /// Wrong answers locked a person's sign-in until an administrator releases it.
    SignInLocked = 157 "sign-in-locked",
    /// An administrator released it.
    SignInReleased = 158 "sign-in-released",
    /// A home takes a model of keys.
    KeyModelAccepted = 159 "key-model-accepted",
    /// A home takes it no longer.
    KeyModelDropped = 160 "key-model-dropped",
    /// A person is from now on known by a card, or by the word of another organisation.
    BindingAdded = 165 "binding-added",
    /// They are known by it no longer.
    BindingRemoved = 166 "binding-removed",
    /// A card or another organisation said who somebody is.
    PersonVouchedFor = 167 "person-vouched-for",
    /// Another organisation said that sessions which it had opened are over.
    SignedOutOutside = 168 "signed-out-outside",
    /// The clearinghouse sent a sender's profile back with a comment.
    SenderProfileReturned = 190 "sender-profile-returned",
    /// The house began to decide by rules that it keeps.
    RulesFounded = 195 "rules-founded",
    /// Rules were kept that nobody has agreed to: they decide nothing.
    RulesOffered = 196 "rules-offered",
    /// Rules got the day on which they start, on the word of two people; in a synthetic demo, on its own.
    RulesAgreed = 197 "rules-agreed",
    /// A vendor was put on the register.
    VendorAdded = 198 "vendor-added",
    /// Something that shows that a vendor may was recorded.
    VendorEvidenceRecorded = 199 "vendor-evidence-recorded",
    /// One of a vendor's people was put on its list, or taken off it.
    VendorPersonListed = 200 "vendor-person-listed",
    /// A vendor was ended: nothing is given to it any more.
    VendorEnded = 201 "vendor-ended",
    /// Somebody asked whether something may be given to a vendor, and was refused or not.
    VendorAsked = 202 "vendor-asked",
    /// A manager has read what managers must be told in writing.
    NoticeAcknowledged = 203 "notice-acknowledged",
    /// The fact that qualified an agency is over: its people and systems were put out.
    AgencyLapsed = 205 "agency-lapsed",
    /// A person got another role, on the word of two people.
    RoleChanged = 206 "role-changed",
    /// The sessions of a person lock until they verify themself, because what they may changed.
    SessionsLocked = 207 "sessions-locked",
    /// A session got a new secret, because the keys of its person changed.
    SessionRotated = 208 "session-rotated",
    /// A person who lost every key was proofed anew, and two people let them in again.
    PersonRecovered = 209 "person-recovered",
    /// An account was reviewed.
    AccountReviewed = 210 "account-reviewed",
    /// A package was written to something that is carried away, with a custody record of its own.
    OfflineExported = 230 "offline-exported",
    /// A set of what an agency seized is being read.
    SeizedSetGrew = 231 "seized-set-grew",
    /// It was read to its end, and counts from now on.
    SeizedSetTaken = 232 "seized-set-taken",
    /// It was removed with everything in it.
    SeizedSetRemoved = 233 "seized-set-removed",
    /// A copy of it left for its agency.
    SeizedSetGiven = 234 "seized-set-given",
    /// An agency took notice of a report, assigned it, or said how far it is with it.
    StandingChanged = 235 "standing-changed",
    /// An agency took such a change back.
    StandingUndone = 236 "standing-undone",
    /// A person of an agency opened a case.
    CaseOpened = 237 "case-opened",
    /// The words of a case, or whom it is shared with, changed.
    CaseChanged = 238 "case-changed",
    /// A case was closed.
    CaseClosed = 239 "case-closed",
    /// A case was opened again, by hand or by a report that its standing query met.
    CaseReopened = 240 "case-reopened",
    /// Somebody read a case.
    CaseRead = 241 "case-read",
    /// A report was taken into a case or out of it.
    CaseFiled = 242 "case-filed",
    /// A note, task, subject or exhibit was written or changed.
    CaseEntryWritten = 243 "case-entry-written",
    /// Something happened to an exhibit.
    CustodyRecorded = 244 "custody-recorded",
    /// Legal process was recorded in a case.
    ProcessRecorded = 245 "process-recorded",
    /// It was taken back.
    ProcessRevoked = 246 "process-revoked",
    /// A later report met the standing query of a case.
    CaseMet = 247 "case-met",
    /// An agency said by a code what came of a report.
    OutcomeRecorded = 248 "outcome-recorded",
    /// Two agencies were told that the other one holds related material.
    RelatedTold = 249 "related-told",
    /// A side took it up, proposed how to settle it, or agreed.
    RelatedWorked = 250 "related-worked",
    /// It was settled.
    RelatedSettled = 251 "related-settled",
    /// An agency said whom another one calls.
    DeskContactPut = 252 "desk-contact-put",
    /// Somebody said until when they have seen what came into their agency's inbox.
    InboxLooked = 260 "inbox-looked",
    /// A question to the inbox was saved under a name.
    ViewSaved = 261 "view-saved",
    /// It was removed.
    ViewRemoved = 262 "view-removed",
    /// A rule by which reports go to a unit was added or removed.
    AssignRuleChanged = 263 "assign-rule-changed",
    /// Somebody was taken into a unit of an agency or out of it.
    UnitChanged = 264 "unit-changed",
    /// An agency named an address where its system is told that there is something new.
    WebhookAdded = 275 "webhook-added",
    /// A webhook got another secret.
    WebhookRotated = 276 "webhook-rotated",
    /// A webhook was taken away, by its agency or because its receiver said that it is gone.
    WebhookRemoved = 277 "webhook-removed",
    /// A webhook is being called.
    WebhookCalled = 278 "webhook-called",
    /// Its receiver took the call, or did not.
    WebhookAnswered = 279 "webhook-answered",
    /// An agency asked about hashes.
    HashesChecked = 280 "hashes-checked",
    /// An agency asked for a call of its webhook.
    WebhookAsked = 281 "webhook-asked",
    /// A person said where they are written to.
    MessageWished = 282 "message-wished",
    /// A message was made that says that there is something, and not what.
    MessageMade = 283 "message-made",
    /// A message is being sent.
    MessageTried = 284 "message-tried",
    /// A mail server took it, or did not.
    MessageAnswered = 285 "message-answered",
    /// A step of an on-call ladder was written down or taken away.
    LadderChanged = 286 "ladder-changed",
    /// Somebody was called for a report of the highest priority.
    CallMade = 287 "call-made",
    /// Somebody has it, and nobody else is called.
    CallAnswered = 288 "call-answered",
    /// A token was bound to the certificate of its system.
    ClientBound = 289 "client-bound",
    /// Somebody said whom others call, or changed it.
    DirectoryPut = 295 "directory-put",
    /// Somebody said that it still holds.
    DirectoryConfirmed = 296 "directory-confirmed",
    /// It was taken out of the directory.
    DirectoryRemoved = 297 "directory-removed",
    /// A version of a document was put into the library.
    LibraryGrew = 298 "library-grew",
    /// A document was taken out of the library.
    LibraryWithdrawn = 299 "library-withdrawn",
    /// Somebody took a copy of a document.
    LibraryRead = 300 "library-read",
    /// An agency asked the clearinghouse's analysts for something.
    RequestOpened = 301 "request-opened",
    /// A side wrote, took it up or closed it.
    RequestWorked = 302 "request-worked",
    /// Somebody read a request with what was written in it.
    RequestRead = 303 "request-read",
    /// A person chose what not to be shown, or limits of their own. What they chose is not said.
    WellnessChosen = 304 "wellness-chosen",
    /// The soft limits of a home's people were set.
    LookLimitsSet = 305 "look-limits-set",
    /// Whoever looked said of which class a file is: its bytes are not shown again.
    MediaClassed = 306 "media-classed",
    /// That was taken back.
    MediaClassTaken = 307 "media-class-taken",
    /// An agency was recorded as an affiliate of a task force, on the word of two people.
    AffiliationMade = 310 "affiliation-made",
    /// It is one no longer.
    AffiliationEnded = 311 "affiliation-ended",
    /// An agency offered a report to another one.
    AgencyTransferOffered = 312 "agency-transfer-offered",
    /// The other agency took it.
    AgencyTransferAccepted = 313 "agency-transfer-accepted",
    /// The other agency said no.
    AgencyTransferDeclined = 314 "agency-transfer-declined",
    /// The offer was taken back.
    AgencyTransferWithdrawn = 315 "agency-transfer-withdrawn",
    /// Nobody answered it in time.
    AgencyTransferLapsed = 316 "agency-transfer-lapsed",
    /// An agency had a report made available to another one too.
    ReportReferred = 317 "report-referred",
    /// An agency said that a report is not its own.
    ReportReturned = 318 "report-returned",
    /// The clearinghouse said where such a report goes.
    ReturnDecided = 319 "return-decided",
    /// A package broke off because its agency is let in no longer.
    DownloadCut = 320 "download-cut",
    /// It was recorded that a vendor holds copies: of everything, of a report, of a file.
    VendorHolds = 325 "vendor-holds",
    /// It was recorded what shows that a vendor holds nothing of that any more.
    VendorEmptied = 326 "vendor-emptied",
    /// A vendor that holds something of a destruction must destroy it, too.
    VendorDestructionAsked = 327 "vendor-destruction-asked",
    /// It was recorded what shows that a vendor did.
    VendorDestructionConfirmed = 328 "vendor-destruction-confirmed",
    /// Words of a month about the house's own acts were let go, by rule: their key was destroyed.
    WordsDestroyed = 330 "words-destroyed",
    /// Somebody took a copy of the certificate of a destruction.
    CertificateTaken = 331 "certificate-taken",
    /// Somebody typed the code that was sent to their mailbox, or another one.
    MailboxConfirmed = 335 "mailbox-confirmed",
    /// Messages that came to their end were forgotten in time.
    MessagesForgotten = 336 "messages-forgotten",
    /// A provider was switched off: nothing of it is taken, and nobody of it is let in.
    ProviderDisabled = 340 "provider-disabled",
    /// A provider was switched on again.
    ProviderRestored = 341 "provider-restored",
    /// An agency asked to hear again what its webhook was called with.
    WebhookReplayed = 345 "webhook-replayed",
    /// No agency may receive a report that cannot wait, so the clearinghouse's own people are called.
    ReportStranded = 346 "report-stranded",
    /// A report that its provider made for an agency abroad owes its provider an answer.
    ForeignRequestOpened = 350 "foreign-request-opened",
    /// It was forwarded to an agency abroad; its provider is told, or somebody decided that it is not.
    ForeignRequestForwarded = 351 "foreign-request-forwarded",
    /// It could not be forwarded, and its provider is told.
    ForeignRequestUnable = 352 "foreign-request-unable",
    /// An entry of a case was labelled as criminal justice information, for good.
    CjiLabelled = 354 "cji-labelled",
    /// Such an entry was passed on.
    CjiPassedOn = 355 "cji-passed-on",
    /// It was not: whoever was to get it is no validated requester.
    CjiRefused = 356 "cji-refused",
}

impl EventKind {
    /// Whether the event must be readable without its report's key: it ends what that key opens, or says who held it.
    #[must_use]
    pub const fn outlives_report(self) -> bool {
        matches!(
            self,
            Self::ReportRetracted
                | Self::ReportExpired
                | Self::ReportDestroyed
                | Self::HoldPlaced
                | Self::HoldReleased
        )
    }

    /// Whether feeds may tell of it: the steps of transfers and returns.
    pub(crate) const fn is_fed(self) -> bool {
        matches!(self.code(), 312..=319)
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_code_and_no_word_names_two_kinds() {
        let codes: BTreeSet<u16> = EventKind::ALL.iter().map(|kind| kind.code()).collect();
        let words: BTreeSet<&str> = EventKind::ALL.iter().map(|kind| kind.as_str()).collect();
        assert_eq!((codes.len(), words.len()), (EventKind::ALL.len(), EventKind::ALL.len()));
        assert!(EventKind::ALL.iter().all(|kind| kind.as_str().parse() == Ok(*kind)));
    }
}
