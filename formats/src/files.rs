//! The files of a report as documents go through them: one after the other, as often as they are asked for. A report may have
//! ten thousand, so no document holds more than the one that it writes.

use std::borrow::Cow;
use std::io;

use domain::DossierFile;

/// Files that can be gone through again and again, always in the same order.
pub trait Files {
    /// How many there are.
    fn count(&self) -> usize;

    /// All of them, from the first.
    fn each(&self) -> Each<'_>;
}

/// One run through the files. What cannot be read is an error, and the last that comes.
pub type Each<'a> = Box<dyn Iterator<Item = io::Result<Cow<'a, DossierFile>>> + 'a>;
/// Files of which it does not matter where they are kept.
pub type AnyFiles = Box<dyn Files + Send + Sync>;

impl Files for Vec<DossierFile> {
    fn count(&self) -> usize {
        self.len()
    }

    fn each(&self) -> Each<'_> {
        Box::new(self.iter().map(|file| Ok(Cow::Borrowed(file))))
    }
}

impl<T: Files + ?Sized> Files for Box<T> {
    fn count(&self) -> usize {
        (**self).count()
    }

    fn each(&self) -> Each<'_> {
        (**self).each()
    }
}
