//! A new key.

use std::collections::BTreeMap;

use webauthn_rs_core::proto::{
    AttestationCaListBuilder, AttestationConveyancePreference, AttestationMetadata, COSEAlgorithm,
    Credential, CredentialID, ParsedAttestationData, RegisterPublicKeyCredential, RegistrationState,
    UserVerificationPolicy,
};

use crate::party::{Begun, Party};
use crate::wrong::{Aaguid, Wrong};

/// ECDSA on P-256 and P-384, and RSA with SHA-256: what a FIPS module verifies.
const ALGORITHMS: [(COSEAlgorithm, &str); 3] =
    [(COSEAlgorithm::ES256, "ES256"), (COSEAlgorithm::ES384, "ES384"), (COSEAlgorithm::RS256, "RS256")];

/// Whose key it will be.
#[derive(Debug, Clone, Copy)]
pub struct Newcomer<'a> {
    /// What the key will answer to say whose it is.
    pub handle: &'a [u8],
    /// What the key shows its person.
    pub name: &'a str,
    /// Keys that they have already.
    pub has: &'a [Vec<u8>],
}

/// A model of keys that is accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// Its AAGUID.
    pub aaguid: String,
    /// The certificate that its makers sign with, when it has to be proved.
    pub root_pem: Option<String>,
}

/// Which keys are taken.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rules<'a> {
    /// Also those that can be copied to other devices.
    pub syncable: bool,
    /// Only these models; any model when there is none.
    pub models: &'a [Model],
}

/// How well it is known what a key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attested {
    /// It says nothing of itself that could be checked.
    No,
    /// It carries a statement of its makers, whose root nobody recorded here.
    Stated,
    /// Its statement leads to a root that was recorded here.
    Proved,
}

impl Attested {
    /// The word in rows.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Stated => "stated",
            Self::Proved => "proved",
        }
    }
}

/// A key as it is remembered. No part of it is secret.
#[derive(Debug, Clone)]
pub struct Key {
    /// The name that the key gave itself.
    pub id: Vec<u8>,
    /// Everything that checking its signatures needs, as JSON.
    pub stored: String,
    /// How it signs.
    pub algorithm: &'static str,
    /// Its model, where its makers state one.
    pub aaguid: Option<String>,
    /// How well that is known.
    pub attested: Attested,
    /// It can be copied to other devices (BE).
    pub syncable: bool,
    /// It was copied already (BS).
    pub backed_up: bool,
    /// How often it was used.
    pub counter: u32,
}

impl Party {
    /// Asks a browser for a new key: one that verifies its person and is found without a name.
    ///
    /// # Errors
    /// [`Wrong::Broken`] for a newcomer without name or handle.
    pub fn enrol(&self, who: &Newcomer<'_>, rules: &Rules<'_>) -> Result<Begun, Wrong> {
        let asked = self.core.new_challenge_register_builder(who.handle, who.name, who.name);
        let attestation = if rules.syncable && rules.models.is_empty() {
            AttestationConveyancePreference::None
        } else {
            AttestationConveyancePreference::Direct
        };
        let has: Vec<CredentialID> = who.has.to_vec();
        let asked = asked
            .map_err(|_| Wrong::Broken)?
            .attestation(attestation)
            .user_verification_policy(UserVerificationPolicy::Required)
            .require_resident_key(true)
            .reject_synchronised_authenticators(!rules.syncable)
            .credential_algorithms(ALGORITHMS.iter().map(|(algorithm, _)| *algorithm).collect())
            .exclude_credentials(Some(has));
        let (options, state) = self.core.generate_challenge_register(asked).map_err(|_| Wrong::Broken)?;
        let text = |value| serde_json::to_string(value).map_err(|_| Wrong::Broken);
        let state = serde_json::to_string(&state).map_err(|_| Wrong::Broken)?;
        Ok(Begun { options: text(&serde_json::json!(options))?, state })
    }

    /// The key that a browser made.
    ///
    /// # Errors
    /// [`Wrong`] says why it is not taken.
    pub fn enrolled(&self, answer: &str, state: &str, rules: &Rules<'_>) -> Result<Key, Wrong> {
        let answer: RegisterPublicKeyCredential = serde_json::from_str(answer).map_err(|_| Wrong::Answer)?;
        let state: RegistrationState = serde_json::from_str(state).map_err(|_| Wrong::Broken)?;
        let made = self.core.register_credential(&answer, &state, None)?;
        if made.backup_eligible && !rules.syncable {
            return Err(Wrong::Syncable);
        }
        let aaguid = stated_model(&made);
        let attested = accepted(&made, aaguid.as_deref(), rules)?;
        let algorithm = ALGORITHMS.iter().find(|(algorithm, _)| *algorithm == made.cred.type_);
        let (_, algorithm) = algorithm.ok_or(Wrong::Algorithm)?;
        Ok(Key {
            id: made.cred_id.to_vec(),
            stored: serde_json::to_string(&made).map_err(|_| Wrong::Broken)?,
            algorithm,
            aaguid,
            attested,
            syncable: made.backup_eligible,
            backed_up: made.backup_state,
            counter: made.counter,
        })
    }
}

/// The model that a key's makers state. What a key says of itself alone is not worth writing down.
fn stated_model(made: &Credential) -> Option<String> {
    let of_makers = matches!(
        made.attestation.data,
        ParsedAttestationData::Basic(_) | ParsedAttestationData::AttCa(_) | ParsedAttestationData::AnonCa(_)
    );
    match &made.attestation.metadata {
        AttestationMetadata::Packed { aaguid } | AttestationMetadata::Tpm { aaguid, .. } if of_makers => {
            Some(aaguid.to_string())
        }
        _ => None,
    }
}

/// Whether the rules take this model, and how well it is known.
fn accepted(made: &Credential, aaguid: Option<&str>, rules: &Rules<'_>) -> Result<Attested, Wrong> {
    let stated = if aaguid.is_some() { Attested::Stated } else { Attested::No };
    let wrong = Wrong::Model(aaguid.and_then(Aaguid::parse));
    if rules.models.is_empty() {
        return Ok(stated);
    }
    let known =
        rules.models.iter().find(|model| aaguid.is_some_and(|id| id.eq_ignore_ascii_case(&model.aaguid)));
    let model = known.ok_or(wrong)?;
    let Some(root) = &model.root_pem else { return Ok(stated) };
    let mut roots = AttestationCaListBuilder::new();
    let id = model.aaguid.parse().map_err(|_| wrong)?;
    let added = roots.insert_device_pem(root.as_bytes(), id, model.aaguid.clone(), BTreeMap::new());
    added.map_err(|_| wrong)?;
    match made.verify_attestation(&roots.build()) {
        Ok(Some(_)) => Ok(Attested::Proved),
        _ => Err(wrong),
    }
}
