//! A large piece on its way into a bucket, in parts.

use std::sync::Arc;

use object_store::aws::AmazonS3;
use object_store::multipart::{MultipartStore as _, PartId};
use object_store::{MultipartId, ObjectStoreExt as _, PutPayload};
use tokio::task::JoinSet;

use crate::bucket::{Bucket, piece};
use crate::spot::{Place, Spot};
use crate::{Fault, Result};

/// One part of a large upload, in bytes: what is smaller is put whole.
pub const PART_BYTES: usize = 8 * 1024 * 1024;
/// The largest piece that a bucket takes, in bytes: S3 knows no upload of more than 10,000 parts.
pub const LARGEST_BYTES: u64 = MOST_PARTS as u64 * PART_BYTES as u64;
/// Parts of one upload.
const MOST_PARTS: usize = 10_000;
/// Parts on their way at once.
const IN_FLIGHT: usize = 4;

/// A large piece being uploaded. Dropping it gives up the upload.
pub(crate) struct Upload {
    bucket: Arc<Bucket>,
    name: String,
    /// What the server calls it; none once it is finished.
    id: Option<MultipartId>,
    on_their_way: JoinSet<(usize, object_store::Result<PartId>)>,
    /// What the server calls the parts; empty where one is on its way.
    parts: Vec<PartId>,
    part: Vec<u8>,
    /// Bytes that went on their way.
    length: u64,
}

impl Upload {
    /// Begins an upload under a name that nobody else has.
    pub(crate) async fn begin(bucket: &Arc<Bucket>, name: String) -> Result<Self> {
        let begun = bucket.quick.create_multipart(&piece(&name)).await;
        Ok(Self {
            bucket: Arc::clone(bucket),
            id: Some(begun.map_err(Fault::objects("beginning an upload"))?),
            name,
            on_their_way: JoinSet::new(),
            parts: Vec::new(),
            part: Vec::with_capacity(PART_BYTES),
            length: 0,
        })
    }

    /// Adds bytes; full parts go on their way, and a caller that is too fast waits for one to arrive.
    pub(crate) async fn append(&mut self, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            let (taken, rest) = bytes.split_at(bytes.len().min(PART_BYTES - self.part.len()));
            self.part.extend_from_slice(taken);
            bytes = rest;
            if self.part.len() == PART_BYTES {
                self.send(Vec::with_capacity(PART_BYTES)).await?;
            }
        }
        Ok(())
    }

    /// Ends the upload; durable when it answers.
    pub(crate) async fn finish(mut self) -> Result<Spot> {
        if !self.part.is_empty() {
            self.send(Vec::new()).await?;
        }
        while self.arrived().await? {}
        let (path, parts) = (piece(&self.name), std::mem::take(&mut self.parts));
        // A server may work for minutes on putting many parts together.
        if let Err(error) = self.bucket.patient.complete_multipart(&path, self.id()?, parts).await {
            let there = is_there(&self.bucket.quick, &self.name, self.length).await;
            if !there {
                return Err(Fault::objects("finishing an upload")(error));
            }
        }
        self.id = None;
        Ok(Spot(Place::Object { name: std::mem::take(&mut self.name) }))
    }

    async fn send(&mut self, next: Vec<u8>) -> Result<()> {
        while self.on_their_way.len() >= IN_FLIGHT {
            self.arrived().await?;
        }
        let at = self.parts.len();
        if at == MOST_PARTS {
            return Err(Fault::TooLarge);
        }
        let (bucket, path, id) = (Arc::clone(&self.bucket), piece(&self.name), self.id()?.clone());
        let part = std::mem::replace(&mut self.part, next);
        self.length += part.len() as u64;
        self.parts.push(PartId { content_id: String::new() });
        self.on_their_way
            .spawn(async move { (at, bucket.quick.put_part(&path, &id, at, PutPayload::from(part)).await) });
        Ok(())
    }

    /// Waits for one part; says whether there was one to wait for.
    async fn arrived(&mut self) -> Result<bool> {
        match self.on_their_way.join_next().await {
            None => Ok(false),
            Some(Ok((at, arrived))) => {
                self.parts[at] = arrived.map_err(Fault::objects("uploading a part"))?;
                Ok(true)
            }
            Some(Err(_)) => Err(STOPPED),
        }
    }

    fn id(&self) -> Result<&MultipartId> {
        // INVARIANT: only `finish` takes the id, and it takes `self`.
        self.id.as_ref().ok_or(STOPPED)
    }
}

const STOPPED: Fault = Fault::Stopped { what: "an upload" };

impl Drop for Upload {
    fn drop(&mut self) {
        let Some(id) = self.id.take() else { return };
        self.on_their_way.abort_all();
        let (bucket, path) = (Arc::clone(&self.bucket), piece(&self.name));
        // Parts that nobody gives up cost money until the bucket's own rule clears them.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                if let Err(error) = bucket.quick.abort_multipart(&path, &id).await {
                    tracing::warn!(%error, "an upload could not be given up");
                }
            });
        }
    }
}

/// Whether what seemed to fail was done after all: its answer was lost, and a server does not do it twice. Nobody else
/// has the name, so an object of that length is ours and whole.
pub(crate) async fn is_there(store: &AmazonS3, name: &str, length: u64) -> bool {
    store.head(&piece(name)).await.is_ok_and(|found| found.size == length)
}
