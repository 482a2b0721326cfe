//! What can be asked for: one line an action, under the fragment of the schema that declares it. A test holds both
//! lists against each other.

/// Where an action can be asked for; the columns of its part of the authority table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// In what an agency was given, in what a provider sent, in the house.
    Spaces,
    /// In one of the records by which others watch the house.
    Oversight,
    /// In what two people must agree on.
    Approvals,
}

macro_rules! actions {
    ($($(#[$meta:meta])* $action:ident = $name:literal, $words:literal, $reach:expr;)+) => {
        /// What is asked for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Action { $($(#[$meta])* $action,)+ }

        impl Action {
            /// Every action.
            pub const ALL: &'static [Self] = &[$(Self::$action,)+];

            /// Its name in the policies.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$action => $name,)+ }
            }

            /// The action in words, after "may".
            #[must_use]
            pub const fn words(self) -> &'static str {
                match self { $(Self::$action => $words,)+ }
            }

            /// Where it can be asked for.
            #[must_use]
            pub const fn reach(self) -> Reach {
                match self { $(Self::$action => $reach,)+ }
            }
        }
    };
}

actions! {
    // reports.cedarschema

    /// Rows without private words.
    List = "list-reports", "list reports", Reach::Spaces;
    /// The words of a report, without the bytes of its files.
    Read = "read-report", "read a report", Reach::Spaces;
    /// A copy that leaves the house.
    Take = "take-package", "take a package", Reach::Spaces;

    // gate.cedarschema

    /// A ground to open files, recorded or taken back.
    RecordGround = "record-ground", "record a ground to open files", Reach::Spaces;
    /// The second person's word for a ground.
    ConfirmGround = "confirm-ground", "be the second person of a ground", Reach::Spaces;
    /// A look at a file that a ground opens.
    ViewMedia = "view-media", "see a file that a ground opens", Reach::Spaces;
    /// Leave for somebody else to look at files.
    GrantMedia = "grant-media", "let others see files", Reach::Spaces;
    /// An appointment at which somebody outside the government looks at files.
    HoldViewing = "hold-viewing", "keep viewing appointments", Reach::Spaces;

    // oversight.cedarschema

    /// The records by which others watch the house.
    Oversee = "oversee", "see what the house has done", Reach::Oversight;

    // sealed-delivery.cedarschema

    /// The public keys to which an agency's packages are sealed: registered, revoked.
    KeepAgencyKeys = "keep-agency-keys", "keep an agency's keys", Reach::Spaces;
    /// That a key is the agency's, compared over a second channel.
    ConfirmAgencyKey = "confirm-agency-key", "confirm an agency's key", Reach::Spaces;
    /// A certificate of a report's records for a court.
    Certify = "certify-report", "have a report's records certified", Reach::Spaces;

    // approvals.cedarschema

    /// Asking for what two people must agree on.
    AskApproval = "ask-approval", "ask for what two people must agree on", Reach::Approvals;
    /// Agreeing to it, or refusing to.
    GiveApproval = "give-approval", "agree as the second person", Reach::Approvals;

    // custody.cedarschema

    /// Saying what must stay.
    KeepHolds = "keep-holds", "place and release holds", Reach::Spaces;
    /// Saying that depictions are to be destroyed.
    NotifyDestruction = "notify-destruction", "notify us that depictions are to be destroyed", Reach::Spaces;

    // work.cedarschema

    /// What an agency does with a report that it has: notice, status, priority, outcome.
    Work = "work-reports", "say how far the agency is with a report", Reach::Spaces;
    /// Who of an agency has a report.
    Assign = "assign-reports", "assign reports to others", Reach::Spaces;
    /// An agency's cases, with what is in them.
    KeepCases = "keep-cases", "keep cases", Reach::Spaces;
    /// That another agency holds related material, and what both make of it.
    Deconflict = "deconflict", "see and settle what another agency holds too", Reach::Spaces;
    /// A report that goes from one agency to another, or back to the clearinghouse.
    Transfer = "transfer-reports", "hand reports on to other agencies", Reach::Spaces;
    /// That, seen without a part in it.
    SeeTransfers = "see-transfers", "see what is handed on by and to the agency", Reach::Spaces;
    /// Where a report goes that no agency says is its own.
    Route = "route-reports", "say where a report goes that came back", Reach::Spaces;

    // portal.cedarschema

    /// The directory, the library, and requests to the clearinghouse's analysts.
    UsePortal = "use-portal", "use directory, library and requests", Reach::Spaces;
    /// Whom others call, and what stands in the library.
    KeepPortal = "keep-portal", "keep the directory and the library", Reach::Spaces;

    // people.cedarschema

    /// The accounts of people: inviting, attesting, switching off.
    KeepPeople = "keep-people", "keep people's accounts", Reach::Spaces;
    /// The register of agencies and of what qualifies them.
    KeepAgencies = "keep-agencies", "keep the register of agencies", Reach::Spaces;
    /// The register of providers: switching one off, and on again.
    KeepProviders = "keep-providers", "keep the register of providers", Reach::Spaces;
    /// The register of vendors and of what designates them.
    KeepVendors = "keep-vendors", "keep the register of vendors", Reach::Spaces;

    // seized.cedarschema

    /// What an agency seized, as digests: brought, listed, given back, removed.
    KeepSeizedSets = "keep-seized-sets", "keep an agency's seized sets", Reach::Spaces;
}

/// The records by which others watch the house: each has its readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Oversight {
    /// Every leaf with its event, but for reports' own words.
    Ledger,
    /// What was made available or taken, to whom, on which basis.
    Disclosures,
    /// Counts, with the smallest ones left out.
    Statistics,
    /// Who may see media, until when.
    MediaPermissions,
    /// Persons, their means of sign-in, their last sign-in.
    Accounts,
    /// The rules in force and those before them.
    Rules,
    /// What was destroyed, on whose word, with which proof.
    Destructions,
    /// By which schedule what is kept, and what is held.
    Retention,
}

impl Oversight {
    /// Every record.
    pub const ALL: &'static [Self] = &[
        Self::Ledger,
        Self::Disclosures,
        Self::Statistics,
        Self::MediaPermissions,
        Self::Accounts,
        Self::Rules,
        Self::Destructions,
        Self::Retention,
    ];

    /// Its name in the policies.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ledger => "ledger",
            Self::Disclosures => "disclosures",
            Self::Statistics => "statistics",
            Self::MediaPermissions => "media-permissions",
            Self::Accounts => "accounts",
            Self::Rules => "rules",
            Self::Destructions => "destructions",
            Self::Retention => "retention",
        }
    }
}
