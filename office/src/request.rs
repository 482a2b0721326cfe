//! Numbers of requests, which people quote to support.

use store::House;

/// A random UUID (version 4) for one request or incident; zeros when there is no chance to be had.
#[must_use]
pub fn request_number(house: &House) -> String {
    let mut bytes = [0; 16];
    if let Err(error) = house.random().fill(&mut bytes) {
        tracing::error!(%error, "no chance for a request number");
    }
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = seal::hex(&bytes);
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}
