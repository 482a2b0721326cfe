//! Which credentials were used today, as this process knows it: so that a use costs no write but the first.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::CredentialId;

/// The day on which this process last wrote down a use, for each credential: requests write but the first of a day.
#[derive(Default)]
pub struct Uses(Mutex<HashMap<CredentialId, i64>>);

impl Uses {
    /// True once a day for each credential.
    #[must_use]
    pub fn is_first(&self, credential: &CredentialId, day: i64) -> bool {
        let mut days = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match days.get_mut(credential) {
            Some(known) if *known >= day => false,
            Some(known) => {
                *known = day;
                true
            }
            None => {
                days.insert(credential.clone(), day);
                true
            }
        }
    }

    /// Takes a use back that could not be written down.
    pub fn forget(&self, credential: &CredentialId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(credential);
    }
}
