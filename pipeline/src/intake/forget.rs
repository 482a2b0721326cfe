//! What intake remembers only for a time: keys of requests that may be repeated, and files that arrive in parts.

use domain::{Actor, Purpose};
use store::{House, idempotency, transfer};

/// Looks at so many of each whose time may be over, and forgets what it is over for. Answers how many were looked at.
pub(crate) async fn forget(house: &House, most: u32) -> store::Result<usize> {
    let due = house.read("sweep::passing", |view| Ok((idempotency::is_due(view)?, transfer::is_due(view)?)));
    let (keys, files) = due.await?;
    let mut looked_at = 0;
    if keys {
        let swept = house
            .act(Actor::House, Purpose::Retention, "forget::keys", move |act| idempotency::sweep(act, most));
        looked_at = swept.await?;
    }
    if files {
        let swept = house
            .act(Actor::House, Purpose::Retention, "forget::files", move |act| transfer::sweep(act, most));
        looked_at = looked_at.max(swept.await?);
    }
    Ok(usize::try_from(looked_at).unwrap_or(usize::MAX))
}
