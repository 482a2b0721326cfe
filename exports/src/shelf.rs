//! Files of a report on a spool: a line of JSON each. However many they are, one of them is in memory.

use std::borrow::Cow;
use std::io::{self, BufRead as _, BufReader, Write as _};

use domain::DossierFile;
use formats::files::{Each, Files};
use seal::Random;
use spool::{Spool, Spooled};

/// Files that are being put there.
pub struct Filling {
    lines: Spool,
    count: usize,
}

impl Filling {
    /// None yet.
    ///
    /// # Errors
    /// When there is no chance to be had for the spool's key.
    pub fn begin(chance: &dyn Random) -> io::Result<Self> {
        Ok(Self { lines: Spool::new(chance).map_err(io::Error::other)?, count: 0 })
    }

    /// Puts one behind the others.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn put(&mut self, file: &DossierFile) -> io::Result<()> {
        let mut line = serde_json::to_vec(file)?;
        line.push(b'\n');
        self.count += 1;
        self.lines.write_all(&line)
    }

    /// Ends the writing; from now on they can be gone through.
    ///
    /// # Errors
    /// When the rest cannot be written.
    pub fn end(self) -> io::Result<Shelf> {
        Ok(Shelf { lines: self.lines.finish()?, count: self.count })
    }
}

/// Files that were put there.
pub struct Shelf {
    lines: Spooled,
    count: usize,
}

impl Files for Shelf {
    fn count(&self) -> usize {
        self.count
    }

    fn each(&self) -> Each<'_> {
        let lines = BufReader::new(self.lines.read()).lines();
        Box::new(lines.map(|line| Ok(Cow::Owned(serde_json::from_str(&line?)?))))
    }
}
