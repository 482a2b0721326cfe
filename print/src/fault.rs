//! Why there is no page.

/// A document that could not be written. None of it depends on a stranger's words.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The embedded faces cannot be read.
    #[error("the embedded faces cannot be read")]
    Faces,
    /// The writer refused the document; the text says for which rule.
    #[error("the document could not be written: {0}")]
    Writing(String),
}
