//! The roles that a person or a system can have.

/// What a viewer is, as far as access depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ViewerRole {
    /// Runs an agency's accounts (`AGENCY_ADMIN`) and sees all of its reports.
    Commander,
    /// Answers for a unit of an agency: assigns its reports, sees what is late, works reports too.
    UnitSupervisor,
    /// Works reports of an agency.
    Investigator,
    /// Works cases of an agency.
    Prosecutor,
    /// Works reports at the clearinghouse.
    Analyst,
    /// Answers for analysts: grants media permission, is the second pair of eyes.
    Supervisor,
    /// Counsel of the clearinghouse (`LEGAL`): qualifies agencies, records grounds, sets the rules.
    Counsel,
    /// Keeps the lists of hashes that are shared.
    Hashkeeper,
    /// Reads the ledger and the rows about it, and nothing else.
    Auditor,
    /// Runs accounts and keys of the clearinghouse (`SECADMIN`); never an auditor too (AC-5).
    SecurityAdmin,
    /// An agency's own system, by its API token.
    AgencySystem,
    /// Files and follows reports of a provider.
    ProviderReporter,
    /// Does so too, and keeps the provider's credentials, contacts and profile.
    ProviderAdmin,
}

impl ViewerRole {
    /// Every role that a person can have; an agency's system is nobody.
    pub const OF_PEOPLE: [Self; 12] = [
        Self::Commander,
        Self::UnitSupervisor,
        Self::Investigator,
        Self::Prosecutor,
        Self::Analyst,
        Self::Supervisor,
        Self::Counsel,
        Self::Hashkeeper,
        Self::Auditor,
        Self::SecurityAdmin,
        Self::ProviderReporter,
        Self::ProviderAdmin,
    ];

    /// The role's name in policies and tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Commander => "commander",
            Self::UnitSupervisor => "unit-supervisor",
            Self::Investigator => "investigator",
            Self::Prosecutor => "prosecutor",
            Self::Analyst => "analyst",
            Self::Supervisor => "supervisor",
            Self::Counsel => "counsel",
            Self::Hashkeeper => "hashkeeper",
            Self::Auditor => "auditor",
            Self::SecurityAdmin => "security-admin",
            Self::AgencySystem => "agency-system",
            Self::ProviderReporter => "provider-reporter",
            Self::ProviderAdmin => "provider-admin",
        }
    }

    /// The role as people call it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Commander => "Commander",
            Self::UnitSupervisor => "Supervisor of a unit",
            Self::Investigator => "Investigator",
            Self::Prosecutor => "Prosecutor",
            Self::Analyst => "Analyst",
            Self::Supervisor => "Supervisor",
            Self::Counsel => "Counsel",
            Self::Hashkeeper => "Keeper of hashes",
            Self::Auditor => "Auditor",
            Self::SecurityAdmin => "Security administrator",
            Self::AgencySystem => "An agency's system",
            Self::ProviderReporter => "Reporter of a provider",
            Self::ProviderAdmin => "Administrator of a provider",
        }
    }

    /// Whether it is a role of an agency's person, who sees what was made available to that agency.
    #[must_use]
    pub const fn is_of_agency(self) -> bool {
        matches!(self, Self::Commander | Self::UnitSupervisor | Self::Investigator | Self::Prosecutor)
    }

    /// Whether it is a role of the clearinghouse's own people.
    #[must_use]
    pub const fn is_of_house(self) -> bool {
        matches!(
            self,
            Self::Analyst
                | Self::Supervisor
                | Self::Counsel
                | Self::Hashkeeper
                | Self::Auditor
                | Self::SecurityAdmin
        )
    }

    /// Whether it is a role of a provider's person, who sees nothing but what that provider sent.
    #[must_use]
    pub const fn is_of_provider(self) -> bool {
        matches!(self, Self::ProviderReporter | Self::ProviderAdmin)
    }
}
