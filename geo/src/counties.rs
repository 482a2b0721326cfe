//! County codes and names, from our own table (`fips,state,name`) or the five-column list of the census
//! (`state,statefp,countyfp,countyname,classfp`).

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::found::County;
use crate::header::{self, Facts};
use crate::refusal::{Cause, Refusal};
use crate::{states, text};

const OURS: &str = "fips,state,name";
const CENSUS: &str = "state,statefp,countyfp,countyname,classfp";

/// Words that end a county's official name and that people leave out, longest first.
const SUFFIXES: [&str; 9] = [
    " city and borough",
    " planning region",
    " census area",
    " municipality",
    " municipio",
    " borough",
    " county",
    " parish",
    " city",
];

#[derive(Debug, Default)]
pub(crate) struct CountyTable {
    counties: HashMap<String, County>,
    /// Folded official name, within its state, to code.
    official: HashMap<(String, String), String>,
    /// Folded name without its last word; `None` where two counties of the state share it.
    short: HashMap<(String, String), Option<String>>,
}

impl CountyTable {
    /// Whether the first line is the column line of the census list.
    pub(crate) fn speaks_census(first_line: &str) -> bool {
        first_line == CENSUS
    }

    /// Reads our own table: header line, column line, rows.
    pub(crate) fn read_ours(bytes: &[u8]) -> Result<(Self, usize, Facts), Refusal> {
        let mut lines = text::lines(bytes);
        let (_, first) = lines.next().transpose()?.unwrap_or((1, ""));
        let facts = header::read(first)?;
        let (line, columns) = lines.next().transpose()?.unwrap_or((2, ""));
        if columns != OURS {
            return Err(Refusal::Line { line, cause: Cause::Header("the columns of this kind") });
        }
        let (table, count) = Self::take_all(lines, |line| {
            let [fips, state, name] = text::exactly(text::comma_fields(line)?)?;
            county(fips.into_owned(), state, name)
        })?;
        Ok((table, count, facts))
    }

    /// Reads the census list: column line, rows.
    pub(crate) fn read_census(bytes: &[u8]) -> Result<(Self, usize), Refusal> {
        Self::take_all(text::lines(bytes).skip(1), |line| {
            let [state, state_number, county_number, name, _class] =
                text::exactly(text::comma_fields(line)?)?;
            county(format!("{state_number}{county_number}"), state, name)
        })
    }

    fn take_all<'a>(
        lines: impl Iterator<Item = Result<(usize, &'a str), Refusal>>,
        parse: impl Fn(&str) -> Result<County, Cause>,
    ) -> Result<(Self, usize), Refusal> {
        let mut table = Self::default();
        for line in lines {
            let (line, text) = line?;
            if text.starts_with('#') {
                continue;
            }
            parse(text)
                .and_then(|county| table.take(county))
                .map_err(|cause| Refusal::Line { line, cause })?;
        }
        let count = table.counties.len();
        Ok((table, count))
    }

    fn take(&mut self, county: County) -> Result<(), Cause> {
        let full = (county.state.clone(), fold(&county.name));
        let short = (county.state.clone(), short_of(&county.name));
        if self.official.insert(full, county.fips.clone()).is_some() {
            return Err(Cause::Twice("name"));
        }
        match self.short.entry(short) {
            Entry::Vacant(free) => {
                free.insert(Some(county.fips.clone()));
            }
            Entry::Occupied(mut taken) => {
                taken.insert(None);
            }
        }
        match self.counties.insert(county.fips.clone(), county) {
            Some(_) => Err(Cause::Twice("fips")),
            None => Ok(()),
        }
    }

    pub(crate) fn county(&self, fips: &str) -> Option<County> {
        self.counties.get(fips).cloned()
    }

    /// The official name first; else the name without its last word, unless two counties of the state share it
    /// (Fairfax city and Fairfax County): a wrong county is worse than none.
    pub(crate) fn by_name(&self, state: &str, name: &str) -> Option<County> {
        let state = states::code_of(state)?.to_owned();
        let mut key = (state, fold(name));
        if let Some(fips) = self.official.get(&key) {
            return self.county(fips);
        }
        if !self.short.contains_key(&key) {
            key.1 = short_of(name);
        }
        self.county(self.short.get(&key)?.as_deref()?)
    }
}

fn county(fips: String, state: Cow<'_, str>, name: Cow<'_, str>) -> Result<County, Cause> {
    if states::code_of_county(&fips).ok_or(Cause::Field("fips"))? != state {
        return Err(Cause::Field("state"));
    }
    let name = text::filled(&name).ok_or(Cause::Field("name"))?;
    Ok(County { fips, name, state: state.into_owned(), approximate: false })
}

/// A name as people vary it: case, spaces, marks and "Saint" do not tell counties apart.
pub(crate) fn fold(name: &str) -> String {
    let lower = name.to_lowercase();
    let words = lower.split(|c: char| c.is_whitespace() || c == '-').map(|word| match word {
        "saint" => "st",
        "sainte" => "ste",
        word => word,
    });
    words.flat_map(str::chars).filter_map(unmarked).collect()
}

fn short_of(name: &str) -> String {
    let lower = name.trim().to_lowercase();
    let bare = SUFFIXES.iter().find_map(|suffix| lower.strip_suffix(suffix)).unwrap_or(&lower);
    fold(bare)
}

/// The letter without its accent, as far as names in the United States and Puerto Rico have them.
fn unmarked(letter: char) -> Option<char> {
    match letter {
        'á' | 'à' | 'â' | 'ä' => Some('a'),
        'é' | 'è' | 'ê' | 'ë' => Some('e'),
        'í' | 'ì' | 'î' | 'ï' => Some('i'),
        'ó' | 'ò' | 'ô' | 'ö' => Some('o'),
        'ú' | 'ù' | 'û' | 'ü' => Some('u'),
        'ñ' => Some('n'),
        letter if letter.is_alphanumeric() => Some(letter),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS_FILE: &str = "# clearinghouse county-names table, as_of=2010-01-01, source=Test, licence=CC0-1.0\n\
        fips,state,name\n51059,VA,Fairfax County\n51600,VA,Fairfax city\n12109,FL,St. Johns County\n\
        51036,VA,Charles City County\n22071,LA,Orleans Parish\n35013,NM,Dona Ana County\n17099,IL,LaSalle County\n";

    fn fips(state: &str, name: &str) -> Option<String> {
        CountyTable::read_ours(OURS_FILE.as_bytes()).unwrap().0.by_name(state, name).map(|county| county.fips)
    }

    #[test]
    fn names_are_found_as_people_write_them() {
        let cases = [
            ("FL", "Saint Johns", "12109"),
            ("Florida", "ST. JOHNS COUNTY", "12109"),
            ("VA", "Charles City", "51036"),
            ("LA", "Orleans County", "22071"),
            ("NM", "Doña Ana", "35013"),
            ("IL", "La Salle", "17099"),
            ("VA", "Fairfax City", "51600"),
        ];
        for (state, name, expected) in cases {
            assert_eq!(fips(state, name).as_deref(), Some(expected), "{name}");
        }
    }

    #[test]
    fn a_name_that_two_counties_share_finds_none() {
        assert_eq!(fips("VA", "Fairfax"), None);
        assert_eq!(fips("CA", "Fairfax County"), None);
        assert_eq!(fips("VA", ""), None);
    }

    #[test]
    fn the_census_list_reads_the_same_way() {
        let census = "state,statefp,countyfp,countyname,classfp\nCA,06,037,Los Angeles County,H1\n";
        let (table, count) = CountyTable::read_census(census.as_bytes()).unwrap();
        assert_eq!((count, table.county("06037").unwrap().name.as_str()), (1, "Los Angeles County"));
    }

    #[test]
    fn a_code_of_another_state_and_a_code_given_twice_are_refused() {
        let cases = [
            ("06037,TX,Los Angeles County", Cause::Field("state")),
            ("6037,CA,Los Angeles County", Cause::Field("fips")),
            ("06037,CA, ", Cause::Field("name")),
            ("51059,VA,Other County", Cause::Twice("fips")),
            ("51061,VA,Fairfax  County", Cause::Twice("name")),
        ];
        for (row, cause) in cases {
            let refused = CountyTable::read_ours(format!("{OURS_FILE}{row}\n").as_bytes()).unwrap_err();
            assert_eq!(refused, Refusal::Line { line: 10, cause }, "{row}");
        }
    }
}
