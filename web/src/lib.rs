//! HTTP manners: sessions, headers, problem documents.
