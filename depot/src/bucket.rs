//! The depot in an S3-compatible bucket.

use std::net::IpAddr;
use std::ops::Range;
use std::time::Duration;

use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{
    BackoffConfig, ClientOptions, MultipartUpload, ObjectStore, ObjectStoreExt, PutMode, PutMultipartOptions,
    PutPayload, RetryConfig,
};
use tokio::task::JoinSet;

use crate::chance::{Chance, name};
use crate::spot::{Place, Spot};
use crate::{Fault, Result, Settings};

/// One part of a large upload, in bytes: what is smaller is put whole.
pub const PART_BYTES: usize = 8 * 1024 * 1024;
/// The largest piece that a bucket takes, in bytes: S3 knows no upload of more than 10,000 parts.
pub const LARGEST_BYTES: u64 = MOST_PARTS as u64 * PART_BYTES as u64;
/// Parts of one upload.
const MOST_PARTS: usize = 10_000;
/// Parts on their way at once.
const IN_FLIGHT: usize = 4;

/// How long a server may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(2);
/// How long one request may take: a part takes less than a second where bucket and house are near each other.
const REQUEST: Duration = Duration::from_secs(15);
/// How long a request that failed is tried again. Whoever waits for an upload is answered within [`REQUEST`] and this,
/// and tries again as `Retry-After` says; the client's own three minutes would be an outage without a word.
const TRY_AGAIN: Duration = Duration::from_secs(4);
const MOST_RETRIES: usize = 3;

fn retries() -> RetryConfig {
    let backoff = BackoffConfig {
        init_backoff: Duration::from_millis(100),
        max_backoff: Duration::from_secs(1),
        base: 2.0,
    };
    RetryConfig { backoff, max_retries: MOST_RETRIES, retry_timeout: TRY_AGAIN }
}

/// One bucket. Names are random and say nothing.
pub(super) struct Bucket {
    store: AmazonS3,
    chance: Chance,
}

/// A large piece being uploaded. Dropping it gives up the upload.
pub(super) struct Upload {
    name: String,
    upload: Option<Box<dyn MultipartUpload>>,
    parts: JoinSet<object_store::Result<()>>,
    part: Vec<u8>,
    /// Parts that went on their way.
    sent: usize,
}

impl Bucket {
    /// Reads `s3://bucket?endpoint=URL&region=NAME`. Nothing is asked of the server yet.
    pub(super) fn open(settings: &Settings<'_>, address: &str, chance: Chance) -> Result<Self> {
        let (bucket, query) = address.split_once('?').unwrap_or((address, ""));
        let mut builder = AmazonS3Builder::new().with_bucket_name(bucket).with_region("us-east-1");
        let mut client = ClientOptions::new().with_connect_timeout(CONNECT).with_timeout(REQUEST);
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            builder = match name {
                "endpoint" => {
                    client = client.with_allow_http(plain_allowed(value)?);
                    builder.with_endpoint(value)
                }
                "region" => builder.with_region(value),
                _ => return Err(Fault::Address(format!("there is no setting {name} of a bucket"))),
            };
        }
        if let Some(id) = settings.access_key_id {
            builder = builder.with_access_key_id(id);
        }
        if let Some(secret) = settings.secret_access_key {
            builder = builder.with_secret_access_key(secret);
        }
        let store = builder
            .with_client_options(client)
            .with_retry(retries())
            .build()
            .map_err(Fault::objects("opening the bucket"))?;
        Ok(Self { store, chance })
    }

    /// Puts a piece of less than a part. Never replaces one.
    pub(super) async fn put(&self, bytes: Vec<u8>) -> Result<Spot> {
        const DOING: &str = "putting an object";
        let name = name(&self.chance).map_err(Fault::io(DOING))?;
        let put = self.store.put_opts(&piece(&name), bytes.into(), PutMode::Create.into()).await;
        put.map_err(Fault::objects(DOING))?;
        Ok(Spot(Place::Object { name }))
    }

    /// Begins a large upload.
    pub(super) async fn begin(&self) -> Result<Upload> {
        const DOING: &str = "beginning an upload";
        let name = name(&self.chance).map_err(Fault::io(DOING))?;
        let begun = self.store.put_multipart_opts(&piece(&name), PutMultipartOptions::default()).await;
        let upload = Some(begun.map_err(Fault::objects(DOING))?);
        Ok(Upload { name, upload, parts: JoinSet::new(), part: Vec::with_capacity(PART_BYTES), sent: 0 })
    }

    /// A range of a piece.
    pub(super) async fn get(&self, name: &str, range: Range<u64>) -> Result<Vec<u8>> {
        let got = self.store.get_range(&piece(name), range).await;
        Ok(got.map_err(Fault::fetching)?.into())
    }

    /// Removes a piece.
    pub(super) async fn remove(&self, name: &str) -> Result<()> {
        self.store.delete(&piece(name)).await.map_err(Fault::objects("removing an object"))
    }

    /// Length of a piece.
    pub(super) async fn length(&self, name: &str) -> Result<u64> {
        Ok(self.store.head(&piece(name)).await.map_err(Fault::fetching)?.size)
    }

    /// Keeps bytes under a name of the caller's.
    pub(super) async fn keep_named(&self, name: &str, bytes: Vec<u8>) -> Result<()> {
        let put = self.store.put(&named(name), bytes.into()).await;
        put.map_err(Fault::objects("keeping named bytes"))?;
        Ok(())
    }

    /// Bytes under a name, if they are kept.
    pub(super) async fn named(&self, name: &str) -> Result<Option<Vec<u8>>> {
        const DOING: &str = "reading named bytes";
        let got = match self.store.get(&named(name)).await {
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            got => got.map_err(Fault::objects(DOING))?,
        };
        Ok(Some(got.bytes().await.map_err(Fault::objects(DOING))?.to_vec()))
    }
}

impl Upload {
    /// Adds bytes; full parts go on their way, and a caller that is too fast waits for one to arrive.
    pub(super) async fn append(&mut self, mut bytes: &[u8]) -> Result<()> {
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
    pub(super) async fn finish(mut self) -> Result<Spot> {
        const DOING: &str = "finishing an upload";
        if !self.part.is_empty() {
            self.send(Vec::new()).await?;
        }
        while self.arrived().await? {}
        // INVARIANT: only this function takes the upload, and it takes `self`.
        let upload = self.upload.as_mut().ok_or(Fault::Stopped { what: "an upload" })?;
        upload.complete().await.map_err(Fault::objects(DOING))?;
        self.upload = None;
        Ok(Spot(Place::Object { name: std::mem::take(&mut self.name) }))
    }

    async fn send(&mut self, next: Vec<u8>) -> Result<()> {
        if self.sent == MOST_PARTS {
            return Err(Fault::TooLarge);
        }
        self.sent += 1;
        while self.parts.len() >= IN_FLIGHT {
            self.arrived().await?;
        }
        let part = std::mem::replace(&mut self.part, next);
        let upload = self.upload.as_mut().ok_or(Fault::Stopped { what: "an upload" })?;
        self.parts.spawn(upload.put_part(PutPayload::from(part)));
        Ok(())
    }

    /// Waits for one part; says whether there was one to wait for.
    async fn arrived(&mut self) -> Result<bool> {
        match self.parts.join_next().await {
            None => Ok(false),
            Some(Ok(arrived)) => {
                arrived.map_err(Fault::objects("uploading a part"))?;
                Ok(true)
            }
            Some(Err(_)) => Err(Fault::Stopped { what: "an upload" }),
        }
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        let Some(mut upload) = self.upload.take() else { return };
        self.parts.abort_all();
        // Parts that nobody gives up cost money until the bucket's own rule clears them.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                if let Err(error) = upload.abort().await {
                    tracing::warn!(%error, "an upload could not be given up");
                }
            });
        }
    }
}

fn piece(name: &str) -> Path {
    Path::from_iter(["pieces", name])
}

fn named(name: &str) -> Path {
    Path::from_iter(["named", name])
}

/// Plain HTTP is spoken to this machine only: requests carry signatures, if no plaintext.
fn plain_allowed(endpoint: &str) -> Result<bool> {
    let Some(rest) = endpoint.strip_prefix("http://") else { return Ok(false) };
    let authority = rest.split('/').next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(six) => six.split(']').next().unwrap_or_default(),
        None => authority.rsplit_once(':').map_or(authority, |(host, _)| host),
    };
    if host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback()) {
        return Ok(true);
    }
    Err(Fault::Address("plain http is for this machine only; use https".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_spoken_to_this_machine_only() {
        for near in ["http://127.0.0.1:9000", "http://[::1]:9000", "http://localhost"] {
            assert!(plain_allowed(near).unwrap(), "{near}");
        }
        assert!(!plain_allowed("https://objects.example").unwrap());
        for far in ["http://objects.example", "http://192.0.2.7:9000", "http://127.0.0.1.example"] {
            assert!(plain_allowed(far).is_err(), "{far}");
        }
    }
}
