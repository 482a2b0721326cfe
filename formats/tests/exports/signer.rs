//! Signs packages in tests, here and in those of `exports`.

use ledger::{NoteSigner, VerifierKey};

/// A key that is always the same.
pub struct Signer(seal::SigningKey, VerifierKey);

impl NoteSigner for Signer {
    fn key(&self) -> &VerifierKey {
        &self.1
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], ledger::Fault> {
        Ok(self.0.sign(message).unwrap())
    }
}

pub fn signer() -> Signer {
    let key = seal::SigningKey::from_seed([7; 32]).unwrap();
    let vkey = VerifierKey::new("clearinghouse.example/packages", key.public()).unwrap();
    Signer(key, vkey)
}
