//! Requests under a key: the first one makes something, the same one again is told what was made.

use cybertip::response::ResponseCode;
use domain::ReportId;
use store::House;
use store::idempotency::{self, Key, Known, Operation};

use super::{Login, Refused};

/// A key with the digest of what came under it.
#[derive(Debug, Clone)]
pub(super) struct Once {
    pub key: Key,
    pub sent_digest: [u8; 32],
}

impl Once {
    /// `sent` is everything that makes the request what it is, and cannot be taken for another list of parts.
    pub(super) fn new(
        house: &House,
        login: &Login,
        operation: Operation,
        text: &str,
        sent: &[&[u8]],
    ) -> Self {
        let mut all = b"idempotency/sent/v1".to_vec();
        for part in sent {
            all.extend_from_slice(&(part.len() as u64).to_be_bytes());
            all.extend_from_slice(part);
        }
        let key = Key::new(house, &login.provider, operation, text);
        Self { key, sent_digest: house.secret_digest(&all) }
    }

    /// What the first request under this key made; refused when that was another request.
    pub(super) async fn known(&self, house: &House, failed: ResponseCode) -> Result<Option<Known>, Refused> {
        let key = self.key.clone();
        let found = house.read("intake::known", move |view| idempotency::find(view, &key)).await;
        match found.map_err(|error| Refused::stored(house, error, failed, None))? {
            Some(known) if seal::same(&known.sent_digest, &self.sent_digest) => Ok(Some(known)),
            Some(known) => Err(another(known.report)),
            None => Ok(None),
        }
    }

    /// As [`Once::known`], when a twin has taken the key just now.
    pub(super) async fn twin(&self, house: &House, failed: ResponseCode) -> Result<Known, Refused> {
        self.known(house, failed).await?.ok_or_else(|| Refused::of(failed))
    }
}

/// The key belongs to another request.
fn another(report: ReportId) -> Refused {
    Refused {
        description: Some(
            "Invalid request: this Idempotency-Key was sent before with another request".to_owned(),
        ),
        help: Some(format!(
            "Under one key the same bytes are sent again: this one made report {report}; take a new key for each \
             report and each file."
        )),
        ..Refused::about(ResponseCode::InvalidRequest, report)
    }
}
