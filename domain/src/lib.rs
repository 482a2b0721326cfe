//! The language of the house: types, stages, taxonomy.
