//! Custody in a hardware security module, over PKCS#11. Keys are made in the module, marked as sensitive and not to be
//! extracted; sealing and opening happen inside. The vendor's library is loaded at run time and never linked.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use cryptoki::context::{CInitializeArgs, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::mechanism::aead::GcmParams;
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::types::AuthPin;
use seal::{Custody, CustodyFault, Random};
use zeroize::Zeroizing;

use crate::name::checked;
use crate::{gone, refused};

const NONCE_BYTES: usize = 12;
const TAG_BITS: u64 = 128;
const KEY_BYTES: u64 = 32;
const OPENING: &str = "opening the token";

/// Libraries that are loaded. One process initializes each once, however many houses it opens.
static LOADED: LazyLock<Mutex<HashMap<PathBuf, Pkcs11>>> = LazyLock::new(Mutex::default);

/// A token that is logged in to.
pub struct Token {
    library: Pkcs11,
    label: String,
    pin: Zeroizing<String>,
    random: Arc<dyn Random>,
    /// One call at a time; `None` after a fault, so that the next call begins anew.
    session: Mutex<Option<Session>>,
}

impl Token {
    /// Loads the library and logs in to the token of that label.
    ///
    /// # Errors
    /// [`CustodyFault::Silent`] when the library cannot be loaded or the token is not there.
    pub fn open(
        library: &Path,
        label: &str,
        pin: &Zeroizing<String>,
        random: Arc<dyn Random>,
    ) -> Result<Self, CustodyFault> {
        let token = Self {
            library: loaded(library)?,
            label: label.to_owned(),
            pin: pin.clone(),
            random,
            session: Mutex::default(),
        };
        token.with(OPENING, |_| Ok(()))?;
        Ok(token)
    }

    /// Runs one call in the session; once more in a new one when the module has forgotten the old.
    fn with<T>(
        &self,
        doing: &'static str,
        mut call: impl FnMut(&Session) -> Result<T, Error>,
    ) -> Result<T, CustodyFault> {
        let mut guard = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(session) = guard.as_ref() {
            match call(session) {
                Ok(answer) => return Ok(answer),
                Err(fault) if !is_of_the_session(&fault) => return Err(silent(doing)(fault)),
                Err(_) => *guard = None,
            }
        }
        let session = self.begun(&mut guard)?;
        call(session).map_err(silent(doing))
    }

    fn begun<'a>(&self, guard: &'a mut MutexGuard<'_, Option<Session>>) -> Result<&'a Session, CustodyFault> {
        let slots = self.library.get_slots_with_initialized_token().map_err(silent(OPENING))?;
        let is_ours = |slot: &cryptoki::slot::Slot| {
            self.library.get_token_info(*slot).is_ok_and(|token| token.label() == self.label)
        };
        let slot = slots
            .into_iter()
            .find(is_ours)
            .ok_or_else(|| refused(OPENING, format!("there is no token {:?}", self.label)))?;
        let session = self.library.open_rw_session(slot).map_err(silent(OPENING))?;
        match session.login(UserType::User, Some(&AuthPin::new(self.pin.as_str().to_owned()))) {
            Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => {}
            Err(fault @ Error::Pkcs11(RvError::PinIncorrect | RvError::PinLocked, _)) => {
                return Err(refused(OPENING, fault.to_string()));
            }
            Err(fault) => return Err(silent(OPENING)(fault)),
        }
        Ok(guard.insert(session))
    }

    fn find(&self, name: &str) -> Result<Option<ObjectHandle>, CustodyFault> {
        let template = [Attribute::Class(ObjectClass::SECRET_KEY), Attribute::Label(checked(name)?.into())];
        Ok(self.with("finding a key", |session| session.find_objects(&template))?.into_iter().next())
    }

    fn get(&self, name: &str) -> Result<ObjectHandle, CustodyFault> {
        self.find(name)?.ok_or_else(|| gone(name))
    }
}

impl Custody for Token {
    fn create(&self, name: &str) -> Result<(), CustodyFault> {
        let template = [
            Attribute::Class(ObjectClass::SECRET_KEY),
            Attribute::KeyType(KeyType::AES),
            Attribute::Token(true),
            Attribute::Private(true),
            Attribute::Sensitive(true),
            Attribute::Extractable(false),
            Attribute::Encrypt(true),
            Attribute::Decrypt(true),
            Attribute::ValueLen(KEY_BYTES.into()),
            Attribute::Label(checked(name)?.into()),
            Attribute::Id(name.into()),
        ];
        if self.find(name)?.is_some() {
            return Err(refused("making a key", format!("there is already a key {name}")));
        }
        self.with("making a key", |session| session.generate_key(&Mechanism::AesKeyGen, &template)).map(drop)
    }

    fn wrap(&self, name: &str, secret: &[u8; 32]) -> Result<Vec<u8>, CustodyFault> {
        let key = self.get(name)?;
        let nonce: [u8; NONCE_BYTES] = seal::random::bytes(&*self.random)?;
        let sealed = self.with("sealing a secret", |session| {
            let mut nonce = nonce;
            let parameters = GcmParams::new(&mut nonce, name.as_bytes(), TAG_BITS.into())?;
            session.encrypt(&Mechanism::AesGcm(parameters), key, secret)
        })?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    fn unwrap(&self, name: &str, wrapped: &[u8]) -> Result<[u8; 32], CustodyFault> {
        const WHAT: &str = "secret wrapped by the token";
        let key = self.get(name)?;
        let (nonce, sealed) =
            wrapped.split_first_chunk::<NONCE_BYTES>().ok_or(seal::Fault::Malformed { what: WHAT })?;
        let opened = self.with("opening a secret", |session| {
            let mut nonce = *nonce;
            let parameters = GcmParams::new(&mut nonce, name.as_bytes(), TAG_BITS.into())?;
            match session.decrypt(&Mechanism::AesGcm(parameters), key, sealed) {
                Ok(plain) => Ok(Some(Zeroizing::new(plain))),
                Err(fault) if is_of_the_session(&fault) => Err(fault),
                // Modules say it in different words: the bytes were changed, or belong to another key.
                Err(_) => Ok(None),
            }
        })?;
        let opened = opened.ok_or(seal::Fault::NotAuthentic { what: WHAT })?;
        Ok(opened.as_slice().try_into().map_err(|_| seal::Fault::Malformed { what: WHAT })?)
    }

    fn destroy(&self, name: &str) -> Result<(), CustodyFault> {
        // Two processes may destroy at once: not there any more is as good as destroyed.
        while let Some(key) = self.find(name)? {
            self.with("destroying a key", |session| match session.destroy_object(key) {
                Err(Error::Pkcs11(RvError::ObjectHandleInvalid, _)) => Ok(()),
                answer => answer,
            })?;
        }
        Ok(())
    }

    fn names(&self) -> Result<Vec<String>, CustodyFault> {
        let template = [Attribute::Class(ObjectClass::SECRET_KEY), Attribute::KeyType(KeyType::AES)];
        let mut names = self.with("listing the keys", |session| {
            let mut names = Vec::new();
            for key in session.find_objects(&template)? {
                for attribute in session.get_attributes(key, &[AttributeType::Label])? {
                    if let Attribute::Label(label) = attribute {
                        names.extend(String::from_utf8(label));
                    }
                }
            }
            Ok(names)
        })?;
        names.sort_unstable();
        Ok(names)
    }
}

fn loaded(path: &Path) -> Result<Pkcs11, CustodyFault> {
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(library) = loaded.get(path) {
        return Ok(library.clone());
    }
    let library = Pkcs11::new(path).map_err(silent(OPENING))?;
    library.initialize(CInitializeArgs::OsThreads).map_err(silent(OPENING))?;
    loaded.insert(path.to_owned(), library.clone());
    Ok(library)
}

/// Whether the module has forgotten our session, as after it was taken out or restarted.
fn is_of_the_session(fault: &Error) -> bool {
    matches!(
        fault,
        Error::Pkcs11(
            RvError::SessionHandleInvalid
                | RvError::SessionClosed
                | RvError::UserNotLoggedIn
                | RvError::DeviceRemoved
                | RvError::TokenNotPresent
                | RvError::DeviceError,
            _
        )
    )
}

fn silent(doing: &'static str) -> impl FnOnce(Error) -> CustodyFault {
    move |source| CustodyFault::Silent { doing, source: source.into() }
}
