//! A thread that reads: one snapshot per caller.

use rusqlite::Connection;

use super::session::SqliteSession;
use crate::measure::Measures;
use crate::queue::Queue;
use crate::tx::Session as _;

pub(super) fn run(connection: Connection, queue: &Queue, measures: &Measures) {
    let session = SqliteSession::new(connection);
    while let Some(mut ticket) = queue.pop() {
        if let Err(fault) = session.control("BEGIN") {
            ticket.settle_with(fault, measures);
            continue;
        }
        let asked = session.trips();
        ticket.run(&session);
        ticket.trips += session.trips() - asked;
        if let Err(fault) = session.control("ROLLBACK") {
            // The answer itself is good; the next BEGIN will tell if the connection is not.
            tracing::warn!(error = %fault, "a reading transaction did not end as it should");
        }
        ticket.settle(measures);
    }
}
