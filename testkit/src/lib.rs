//! What tests share: databases, clocks, an S3 server.
