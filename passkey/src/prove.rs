//! The use of a key.

use webauthn_rs_core::proto::{AuthenticationState, Credential, PublicKeyCredential, UserVerificationPolicy};

use crate::party::{Begun, Party};
use crate::wrong::Wrong;

/// Which key an answer says it is from. Nothing of it is proved yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The key.
    pub key: Vec<u8>,
    /// Whose it says it is.
    pub handle: Option<Vec<u8>>,
}

/// What a proved use changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// What is remembered of the key from now on.
    pub stored: String,
    /// How often it was used.
    pub counter: u32,
    /// It was copied to another device by now.
    pub backed_up: bool,
}

/// Which key an answer names.
///
/// # Errors
/// [`Wrong::Answer`] when it is none.
pub fn named(answer: &str) -> Result<Named, Wrong> {
    let answer = read(answer)?;
    Ok(Named { key: answer.raw_id, handle: answer.response.user_handle })
}

fn read(answer: &str) -> Result<PublicKeyCredential, Wrong> {
    serde_json::from_str(answer).map_err(|_| Wrong::Answer)
}

impl Party {
    /// Asks a browser for the use of one of these keys, as they are remembered; of any key of this site when there is
    /// none.
    ///
    /// # Errors
    /// [`Wrong::Broken`] when a key cannot be read.
    pub fn ask(&self, keys: &[String]) -> Result<Begun, Wrong> {
        let keys: Result<Vec<Credential>, _> = keys.iter().map(|key| serde_json::from_str(key)).collect();
        let keys = keys.map_err(|_| Wrong::Broken)?;
        let asked =
            self.core.new_challenge_authenticate_builder(keys, Some(UserVerificationPolicy::Required));
        let begun = asked.and_then(|asked| self.core.generate_challenge_authenticate(asked));
        let (options, state) = begun.map_err(|_| Wrong::Broken)?;
        let options = serde_json::to_string(&options).map_err(|_| Wrong::Broken)?;
        Ok(Begun { options, state: serde_json::to_string(&state).map_err(|_| Wrong::Broken)? })
    }

    /// Checks that an answer is this key's, to the question that was asked, with its person verified.
    ///
    /// # Errors
    /// [`Wrong`] says why it proves nothing.
    pub fn proved(&self, answer: &str, state: &str, key: &str) -> Result<Proof, Wrong> {
        let answer = read(answer)?;
        let state: AuthenticationState = serde_json::from_str(state).map_err(|_| Wrong::Broken)?;
        let mut key: Credential = serde_json::from_str(key).map_err(|_| Wrong::Broken)?;
        let used = self.core.authenticate_single_credential(&answer, &state, &key)?;
        if !used.user_verified() {
            return Err(Wrong::Unverified);
        }
        key.counter = used.counter();
        key.backup_state = used.backup_state();
        let stored = serde_json::to_string(&key).map_err(|_| Wrong::Broken)?;
        Ok(Proof { stored, counter: used.counter(), backed_up: used.backup_state() })
    }
}
