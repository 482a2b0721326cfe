//! What leaves for one kind of party. Whether a depiction can be in it is a matter of its type: a parcel for anybody
//! outside the government has no place to put one (R-32, R-39, R-40, R-73).

use domain::Private;

use crate::permit::OpenFile;

/// A kind of party, with the place that its parcels have for depictions.
pub trait Party {
    /// A list of opened files, or [`Nothing`].
    type Depictions: Default;
}

/// Officers, attorneys and officials.
#[derive(Debug, Clone, Copy)]
pub enum Government {}
/// A defendant, their lawyer or expert.
#[derive(Debug, Clone, Copy)]
pub enum Defence {}
/// A provider, and whoever else is not of the government.
#[derive(Debug, Clone, Copy)]
pub enum Provider {}

/// Holds nothing, and never will.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Nothing;

impl Party for Government {
    type Depictions = Vec<OpenFile>;
}
impl Party for Defence {
    type Depictions = Nothing;
}
impl Party for Provider {
    type Depictions = Nothing;
}

/// What leaves.
///
/// A depiction goes into a parcel for the government:
///
/// ```
/// fn put(parcel: &mut policy::Parcel<policy::parcel::Government>, file: policy::OpenFile) {
///     parcel.put_depiction(file);
/// }
/// ```
///
/// and into no other:
///
/// ```compile_fail,E0599
/// fn put(parcel: &mut policy::Parcel<policy::parcel::Defence>, file: policy::OpenFile) {
///     parcel.put_depiction(file);
/// }
/// ```
///
/// ```compile_fail,E0599
/// fn put(parcel: &mut policy::Parcel<policy::parcel::Provider>, file: policy::OpenFile) {
///     parcel.put_depiction(file);
/// }
/// ```
///
/// Nor does one become another:
///
/// ```compile_fail,E0308
/// fn turn(parcel: policy::Parcel<policy::parcel::Government>) -> policy::Parcel<policy::parcel::Defence> {
///     parcel
/// }
/// ```
#[derive(Debug)]
pub struct Parcel<To: Party> {
    words: Vec<Private<String>>,
    conditions: Vec<String>,
    depictions: To::Depictions,
}

impl<To: Party> Parcel<To> {
    pub(crate) fn new(conditions: Vec<String>) -> Self {
        Self { words: Vec::new(), conditions, depictions: To::Depictions::default() }
    }

    /// Puts words in.
    pub fn put_words(&mut self, words: Private<String>) {
        self.words.push(words);
    }

    /// The words in it.
    #[must_use]
    pub fn words(&self) -> &[Private<String>] {
        &self.words
    }

    /// What whoever looks at it has to keep to.
    #[must_use]
    pub fn conditions(&self) -> &[String] {
        &self.conditions
    }

    /// The place for depictions.
    #[must_use]
    pub const fn depictions(&self) -> &To::Depictions {
        &self.depictions
    }
}

impl Parcel<Government> {
    /// Puts a file in that a recorded ground opened.
    pub fn put_depiction(&mut self, file: OpenFile) {
        self.depictions.push(file);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // PROVES: R-32 R-39 R-40 R-73
    #[test]
    fn a_parcel_for_anybody_outside_the_government_is_no_larger_than_its_words() {
        let words = size_of::<(Vec<Private<String>>, Vec<String>)>();
        assert_eq!(size_of::<Parcel<Defence>>(), words);
        assert_eq!(size_of::<Parcel<Provider>>(), words);
        assert!(size_of::<Parcel<Government>>() > words);
        assert_eq!(Parcel::<Defence>::new(Vec::new()).depictions(), &Nothing);
    }
}
