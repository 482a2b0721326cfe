//! The vault in an S3-compatible bucket.

use std::net::IpAddr;
use std::ops::Range;

use bytes::Bytes;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt, PutMode, PutMultipartOptions, PutPayload};
use tokio::task::JoinSet;

use super::location::{Location, Spot};
use crate::settings::VaultSettings;
use crate::{Fault, Result};

/// One part of a large upload: below this a blob is put whole.
pub(super) const PART_BYTES: usize = 8 * 1024 * 1024;
/// Parts on their way at once.
const IN_FLIGHT: usize = 4;

/// The bucket of one house. Names are random and say nothing; rows know which blob is which.
pub(super) struct Bucket {
    store: AmazonS3,
}

/// A large blob being uploaded. Dropping it gives up the upload.
pub(super) struct Upload {
    name: String,
    upload: Option<Box<dyn MultipartUpload>>,
    parts: JoinSet<object_store::Result<()>>,
    part: Vec<u8>,
}

impl Bucket {
    /// Reads `s3://bucket?endpoint=URL&region=NAME`. Nothing is asked of the server yet.
    pub(super) fn open(settings: &VaultSettings, address: &str) -> Result<Self> {
        let (bucket, query) = address.split_once('?').unwrap_or((address, ""));
        let mut builder = AmazonS3Builder::new().with_bucket_name(bucket).with_region("us-east-1");
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            builder = match name {
                "endpoint" => builder.with_allow_http(plain_allowed(value)?).with_endpoint(value),
                "region" => builder.with_region(value),
                _ => return Err(Fault::Settings(format!("vault.url has an unknown part {name}")).into()),
            };
        }
        if let Some(id) = &settings.access_key_id {
            builder = builder.with_access_key_id(id);
        }
        if let Some(secret) = &settings.secret_access_key {
            builder = builder.with_secret_access_key(secret.reveal());
        }
        let store = builder.build().map_err(Fault::objects("opening the bucket"))?;
        Ok(Self { store })
    }

    /// Puts a blob of less than a part. Never replaces one.
    pub(super) async fn put(&self, name: String, sealed: Vec<u8>) -> Result<Location> {
        let put = self.store.put_opts(&blob(&name), sealed.into(), PutMode::Create.into()).await;
        put.map_err(Fault::objects("putting a blob"))?;
        Ok(Location(Spot::Object { name }))
    }

    /// Begins a large upload.
    pub(super) async fn begin(&self, name: String) -> Result<Upload> {
        let begun = self.store.put_multipart_opts(&blob(&name), PutMultipartOptions::default()).await;
        let upload = Some(begun.map_err(Fault::objects("beginning an upload"))?);
        Ok(Upload { name, upload, parts: JoinSet::new(), part: Vec::with_capacity(PART_BYTES) })
    }

    /// Sealed bytes of a blob.
    pub(super) async fn get(&self, name: &str, range: Range<u64>) -> Result<Bytes> {
        let got = self.store.get_range(&blob(name), range).await;
        Ok(got.map_err(missing("reading a blob"))?)
    }

    /// Removes a sealed blob that nobody can open.
    pub(super) async fn remove(&self, name: &str) -> Result<()> {
        Ok(self.store.delete(&blob(name)).await.map_err(Fault::objects("discarding a blob"))?)
    }

    /// Length of a sealed blob.
    pub(super) async fn length(&self, name: &str) -> Result<u64> {
        let head = self.store.head(&blob(name)).await;
        Ok(head.map_err(missing("looking for a blob"))?.size)
    }

    /// Keeps public bytes under a name.
    pub(super) async fn keep_public(&self, name: &str, bytes: Vec<u8>) -> Result<()> {
        let put = self.store.put(&public(name), bytes.into()).await;
        put.map_err(Fault::objects("keeping public bytes"))?;
        Ok(())
    }

    /// Public bytes, if they are kept.
    pub(super) async fn public(&self, name: &str) -> Result<Option<Vec<u8>>> {
        const DOING: &str = "reading public bytes";
        let got = match self.store.get(&public(name)).await {
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            got => got.map_err(Fault::objects(DOING))?,
        };
        Ok(Some(got.bytes().await.map_err(Fault::objects(DOING))?.to_vec()))
    }
}

impl Upload {
    /// Adds sealed bytes; full parts go on their way, and a caller that is too fast waits for one to arrive.
    pub(super) async fn append(&mut self, mut sealed: &[u8]) -> Result<()> {
        while !sealed.is_empty() {
            let (taken, rest) = sealed.split_at(sealed.len().min(PART_BYTES - self.part.len()));
            self.part.extend_from_slice(taken);
            sealed = rest;
            if self.part.len() == PART_BYTES {
                self.send(Vec::with_capacity(PART_BYTES)).await?;
            }
        }
        Ok(())
    }

    /// Ends the upload; durable when it answers.
    pub(super) async fn finish(mut self) -> Result<Location> {
        const DOING: &str = "finishing an upload";
        if !self.part.is_empty() {
            self.send(Vec::new()).await?;
        }
        while self.arrived().await? {}
        // INVARIANT: only this function takes the upload, and it takes `self`.
        let upload = self.upload.as_mut().ok_or(Fault::Stopped { what: "an upload" })?;
        upload.complete().await.map_err(Fault::objects(DOING))?;
        self.upload = None;
        Ok(Location(Spot::Object { name: std::mem::take(&mut self.name) }))
    }

    async fn send(&mut self, next: Vec<u8>) -> Result<()> {
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
            Some(Err(_)) => Err(Fault::Stopped { what: "an upload" }.into()),
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

fn blob(name: &str) -> Path {
    Path::from_iter(["blobs", name])
}

fn public(name: &str) -> Path {
    Path::from_iter(["datasets", name])
}

fn missing(doing: &'static str) -> impl FnOnce(object_store::Error) -> Fault {
    move |error| match error {
        object_store::Error::NotFound { .. } => Fault::BlobMissing,
        error => Fault::objects(doing)(error),
    }
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
    Err(Fault::Settings("vault.url: plain http is for this machine only; use https".to_owned()).into())
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
