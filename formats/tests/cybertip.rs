//! The reporting language as strangers meet it: documents, messages, bounds, schema.

#[path = "cybertip/oracle.rs"]
mod oracle;
#[path = "cybertip/support.rs"]
mod support;
