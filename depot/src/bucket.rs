//! The depot in an S3-compatible bucket.

use std::net::IpAddr;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{BackoffConfig, ClientOptions, ObjectStore, ObjectStoreExt, PutMode, RetryConfig};

use crate::chance::{Chance, name};
use crate::spot::{Place, Spot};
use crate::upload::{Upload, is_there};
use crate::{Fault, Result, Settings};

/// How long a server may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(2);
/// How long one request may take: a part takes less than a second where bucket and house are near each other.
const REQUEST: Duration = Duration::from_secs(6);
/// How long putting the parts of a large upload together may take.
const PATIENCE: Duration = Duration::from_secs(600);
/// How long a request that failed is tried again. Whoever waits for an upload is answered within [`REQUEST`] and this,
/// and tries again as `Retry-After` says; the client's own three minutes would be an outage without a word.
const TRY_AGAIN: Duration = Duration::from_secs(2);
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
    /// For all that a server does at once.
    pub quick: AmazonS3,
    /// For what it may work on for minutes.
    pub patient: AmazonS3,
    chance: Chance,
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
        let built = |client: ClientOptions| {
            let builder = builder.clone().with_client_options(client).with_retry(retries());
            builder.build().map_err(Fault::objects("opening the bucket"))
        };
        Ok(Self { quick: built(client.clone())?, patient: built(client.with_timeout(PATIENCE))?, chance })
    }

    /// Puts a piece of less than a part. Never replaces one.
    pub(super) async fn put(&self, bytes: Vec<u8>) -> Result<Spot> {
        const DOING: &str = "putting an object";
        let name = name(&self.chance).map_err(Fault::io(DOING))?;
        let length = bytes.len() as u64;
        let put = self.quick.put_opts(&piece(&name), bytes.into(), PutMode::Create.into()).await;
        if let Err(error) = put
            && !is_there(&self.quick, &name, length).await
        {
            return Err(Fault::objects(DOING)(error));
        }
        Ok(Spot(Place::Object { name }))
    }

    /// Begins a large upload.
    pub(super) async fn begin(self: &Arc<Self>) -> Result<Upload> {
        let name = name(&self.chance).map_err(Fault::io("beginning an upload"))?;
        Upload::begin(self, name).await
    }

    /// A range of a piece.
    pub(super) async fn get(&self, name: &str, range: Range<u64>) -> Result<Vec<u8>> {
        let got = self.quick.get_range(&piece(name), range).await;
        Ok(got.map_err(Fault::fetching)?.into())
    }

    /// Removes a piece.
    pub(super) async fn remove(&self, name: &str) -> Result<()> {
        self.quick.delete(&piece(name)).await.map_err(Fault::objects("removing an object"))
    }

    /// Length of a piece.
    pub(super) async fn length(&self, name: &str) -> Result<u64> {
        Ok(self.quick.head(&piece(name)).await.map_err(Fault::fetching)?.size)
    }

    /// Keeps bytes under a name of the caller's.
    pub(super) async fn keep_named(&self, name: &str, bytes: Vec<u8>) -> Result<()> {
        let put = self.quick.put(&named(name), bytes.into()).await;
        put.map_err(Fault::objects("keeping named bytes"))?;
        Ok(())
    }

    /// Bytes under a name, if they are kept.
    pub(super) async fn named(&self, name: &str) -> Result<Option<Vec<u8>>> {
        const DOING: &str = "reading named bytes";
        let got = match self.quick.get(&named(name)).await {
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            got => got.map_err(Fault::objects(DOING))?,
        };
        Ok(Some(got.bytes().await.map_err(Fault::objects(DOING))?.to_vec()))
    }
}

pub(super) fn piece(name: &str) -> Path {
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
