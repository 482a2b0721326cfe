//! The clearinghouse binary.
fn main() {}
