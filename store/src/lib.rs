//! The only SQL; acts; the evidence vault; the work queue.
