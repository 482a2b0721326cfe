//! Postcode to county, from the tab-separated United States file of GeoNames or from our own table
//! (`postcode,county_fips,county,city`), which adds the territories that GeoNames keeps apart.

use std::collections::HashMap;

use crate::counties::fold;
use crate::found::County;
use crate::header::{self, Facts};
use crate::refusal::{Cause, Refusal};
use crate::{states, text};

const OURS: &str = "postcode,county_fips,county,city";
/// A city answers with a county that holds at least this share of its postcodes: a stray post office box in the
/// next county must not hide where Miami is.
const CITY_SHARE_PERCENT: u32 = 90;

#[derive(Debug, Default)]
pub(crate) struct PostcodeTable {
    counties: Vec<County>,
    postcodes: HashMap<u32, u32>,
    /// State and folded city to its counties, each with its number of postcodes.
    cities: HashMap<(String, String), Vec<(u32, u32)>>,
}

/// One row that both formats make.
struct Row<'a> {
    postcode: &'a str,
    fips: String,
    county: &'a str,
    city: &'a str,
}

impl PostcodeTable {
    /// Whether the first line looks like the GeoNames file.
    pub(crate) fn speaks_geonames(first_line: &str) -> bool {
        first_line.starts_with("US\t") && first_line.split('\t').count() == 12
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
        let mut reading = Reading::default();
        for line in lines {
            let (line, text) = line?;
            if !text.starts_with('#') {
                reading.take_ours(text).map_err(|cause| Refusal::Line { line, cause })?;
            }
        }
        let count = reading.table.postcodes.len();
        Ok((reading.table, count, facts))
    }

    /// Reads the GeoNames file. Rows without a county (military post) are passed over; so are rows of places
    /// that are no state or territory.
    pub(crate) fn read_geonames(bytes: &[u8]) -> Result<(Self, usize), Refusal> {
        let mut reading = Reading::default();
        for line in text::lines(bytes) {
            let (line, text) = line?;
            reading.take_geonames(text).map_err(|cause| Refusal::Line { line, cause })?;
        }
        let count = reading.table.postcodes.len();
        Ok((reading.table, count))
    }

    pub(crate) fn postcode(&self, postcode: &str) -> Option<County> {
        self.counties.get(*self.postcodes.get(&number(postcode)?)? as usize).cloned()
    }

    pub(crate) fn city(&self, state: &str, city: &str) -> Option<County> {
        // Address tables add the quarter: "Berkeley (North Berkeley)".
        let city = city.split_once(" (").map_or(city, |(city, _)| city);
        let counties = self.cities.get(&(states::code_of(state)?.to_owned(), fold(city)))?;
        let all: u32 = counties.iter().map(|(_, postcodes)| postcodes).sum();
        let (county, most) = counties.iter().max_by_key(|(_, postcodes)| *postcodes)?;
        (most * 100 >= all * CITY_SHARE_PERCENT).then(|| self.counties.get(*county as usize).cloned())?
    }
}

#[derive(Default)]
struct Reading {
    table: PostcodeTable,
    known: HashMap<String, u32>,
}

impl Reading {
    fn take_ours(&mut self, line: &str) -> Result<(), Cause> {
        let [postcode, fips, county, city] = text::exactly(text::comma_fields(line)?)?;
        self.take(Row { postcode: &postcode, fips: fips.into_owned(), county: &county, city: &city })
    }

    fn take_geonames(&mut self, line: &str) -> Result<(), Cause> {
        let fields = text::exactly::<12>(text::tab_fields(line)?)?;
        let [country, postcode, city, _, state, county, county_number, ..] = &fields;
        if country != "US" {
            return Err(Cause::Field("country"));
        }
        if county_number.is_empty() || !states::is_code(state) {
            return number(postcode).map(|_| ()).ok_or(Cause::Field("postcode"));
        }
        let fips = states::county_code(state, county_number).ok_or(Cause::Field("county code"))?;
        self.take(Row { postcode, fips, county, city })
    }

    /// A postcode on several lines keeps the county of its first: the file names the main one first.
    fn take(&mut self, row: Row<'_>) -> Result<(), Cause> {
        let postcode = number(row.postcode).ok_or(Cause::Field("postcode"))?;
        let state = states::code_of_county(&row.fips).ok_or(Cause::Field("county code"))?;
        let name = text::filled(row.county).ok_or(Cause::Field("county"))?;
        let next = u32::try_from(self.known.len()).map_err(|_| Cause::TooManyLines(text::MAX_LINES))?;
        let county = *self.known.entry(row.fips.clone()).or_insert(next);
        if county == next {
            let fresh = County { fips: row.fips, name, state: state.to_owned(), approximate: true };
            self.table.counties.push(fresh);
        }
        self.table.postcodes.entry(postcode).or_insert(county);
        let counties = self.table.cities.entry((state.to_owned(), fold(row.city))).or_default();
        match counties.iter_mut().find(|(known, _)| *known == county) {
            Some((_, postcodes)) => *postcodes += 1,
            None => counties.push((county, 1)),
        }
        Ok(())
    }
}

/// The first five digits of a postcode, with or without its four-digit extension.
fn number(postcode: &str) -> Option<u32> {
    let five = match postcode.trim().split_once('-') {
        Some((five, four)) if four.len() == 4 && four.bytes().all(|byte| byte.is_ascii_digit()) => five,
        Some(_) => return None,
        None => postcode.trim(),
    };
    let is_five = five.len() == 5 && five.bytes().all(|byte| byte.is_ascii_digit());
    is_five.then(|| five.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn geonames(rows: &[(&str, &str, &str, &str, &str)]) -> String {
        let line = |(zip, city, state, county, number): &(&str, &str, &str, &str, &str)| {
            format!("US\t{zip}\t{city}\tName\t{state}\t{county}\t{number}\t\t\t1.0\t-1.0\t1\n")
        };
        rows.iter().map(line).collect()
    }

    #[test]
    fn a_postcode_finds_its_county_as_a_best_guess() {
        let file =
            geonames(&[("00501", "Holtsville", "NY", "Suffolk", "103"), ("09999", "APO AA", "", "", "")]);
        let (table, count) = PostcodeTable::read_geonames(file.as_bytes()).unwrap();
        let county = table.postcode("00501-0001").unwrap();
        assert_eq!((county.fips.as_str(), county.state.as_str(), county.approximate), ("36103", "NY", true));
        assert_eq!((count, table.postcode("09999"), table.postcode("501")), (1, None, None));
    }

    #[test]
    fn a_city_answers_only_where_one_county_holds_nearly_all_of_it() {
        let mut rows = vec![("33000", "Miami", "FL", "Miami-Dade", "086"); 12];
        rows.push(("32000", "Miami", "FL", "Putnam", "107"));
        rows.push(("30001", "Atlanta", "GA", "Fulton", "121"));
        rows.push(("30002", "Atlanta", "GA", "DeKalb", "089"));
        let (table, _) = PostcodeTable::read_geonames(geonames(&rows).as_bytes()).unwrap();
        assert_eq!(table.city("Florida", "MIAMI").unwrap().fips, "12086");
        assert_eq!(table.city("FL", "Miami (Little River)").unwrap().fips, "12086");
        assert_eq!(table.city("GA", "Atlanta"), None);
        assert_eq!(table.city("GA", "Miami"), None);
    }

    #[test]
    fn our_own_table_adds_territories() {
        let file = "# clearinghouse postcode-county table, as_of=2026-01-31, source=Test, licence=CC0-1.0\n\
            postcode,county_fips,county,city\n00601,72001,Adjuntas Municipio,Adjuntas\n";
        let (table, _, _) = PostcodeTable::read_ours(file.as_bytes()).unwrap();
        assert_eq!(table.postcode("00601").unwrap().state, "PR");
    }

    #[test]
    fn a_wrong_row_is_refused_with_its_line() {
        let good = geonames(&[("00501", "Holtsville", "NY", "Suffolk", "103")]);
        let cases = [
            (geonames(&[("0501", "Holtsville", "NY", "Suffolk", "103")]), Cause::Field("postcode")),
            (geonames(&[("00501", "Holtsville", "NY", "Suffolk", "1O3")]), Cause::Field("county code")),
            (geonames(&[("00501", "Holtsville", "NY", "", "103")]), Cause::Field("county")),
            ("US\t00501\n".to_owned(), Cause::FieldCount { found: 2, expected: 12 }),
        ];
        for (row, cause) in cases {
            let refused = PostcodeTable::read_geonames(format!("{good}{row}").as_bytes()).unwrap_err();
            assert_eq!(refused, Refusal::Line { line: 2, cause });
        }
    }
}
