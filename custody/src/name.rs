//! Names of keys. They become file names, labels and paths, so they are held to one narrow form everywhere.

use seal::CustodyFault;

const MOST_BYTES: usize = 64;

/// Refuses a name that is not lower-case letters, digits and hyphens.
pub(crate) fn checked(name: &str) -> Result<&str, CustodyFault> {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if name.is_empty() || name.len() > MOST_BYTES || !name.bytes().all(fits) {
        return Err(crate::refused("a key's name", format!("{name:?} is no name of a key")));
    }
    Ok(name)
}
