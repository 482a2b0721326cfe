//! All tables together, and the choice among them.

use std::cmp::Reverse;
use std::net::IpAddr;
use std::sync::Arc;

use crate::found::{County, Found, Network, Place};
use crate::import::{self, Imported};
use crate::refusal::Refusal;
use crate::table::{Kind, Table, TableInfo};

/// The tables that are in force, ready to answer. Cloning is cheap: the rows are shared.
///
/// Of each kind and name the newest table is in force. Where several names answer the same question (a city table
/// and a country table, a bought table and an own one), the answer that says more wins, then the newer one.
#[derive(Debug, Clone, Default)]
pub struct Atlas {
    /// Every table, those that were replaced included.
    all: Vec<Arc<Loaded>>,
    in_force: Vec<Arc<Loaded>>,
}

#[derive(Debug)]
struct Loaded {
    info: TableInfo,
    table: Table,
}

impl Atlas {
    /// Loads stored files that [`import`](crate::import()) let in earlier; the caller has checked their digests.
    pub fn load(tables: Vec<(TableInfo, Vec<u8>)>) -> Result<Self, Refusal> {
        let load = |(info, bytes): (TableInfo, Vec<u8>)| {
            let table = import::read(info.kind, bytes)?.table;
            Ok(Arc::new(Loaded { info, table }))
        };
        Ok(Self::of(tables.into_iter().map(load).collect::<Result<_, _>>()?, None))
    }

    /// The same from files that were just imported, without reading them twice.
    pub fn from_imported(tables: Vec<Imported>) -> Self {
        let load = |imported: Imported| Arc::new(Loaded { info: imported.info, table: imported.table });
        Self::of(tables.into_iter().map(load).collect(), None)
    }

    /// The atlas as it was on that day (`YYYY-MM-DD`): tables of later days do not count.
    pub fn as_of(&self, day: &str) -> Self {
        Self::of(self.all.clone(), Some(day))
    }

    fn of(all: Vec<Arc<Loaded>>, until: Option<&str>) -> Self {
        let counts = |loaded: &&Arc<Loaded>| until.is_none_or(|until| loaded.info.as_of.as_str() <= until);
        let replaced = |loaded: &Arc<Loaded>| {
            let same = |other: &&Arc<Loaded>| {
                other.info.kind == loaded.info.kind && other.info.name == loaded.info.name
            };
            all.iter().filter(counts).filter(same).any(|other| other.info.as_of > loaded.info.as_of)
        };
        let in_force = all.iter().filter(counts).filter(|loaded| !replaced(loaded)).cloned().collect();
        Self { all, in_force }
    }

    /// The tables in force, for the list of tables and the attribution page.
    pub fn tables(&self) -> impl Iterator<Item = &TableInfo> {
        self.in_force.iter().map(|loaded| &loaded.info)
    }

    /// Whether any table of that kind is in force.
    pub fn has(&self, kind: Kind) -> bool {
        self.tables().any(|info| info.kind == kind)
    }

    /// Where an address is said to be.
    pub fn place(&self, ip: IpAddr) -> Option<Found<Place>> {
        let ip = ip.to_canonical();
        self.best(|table| table.place(ip), Place::detail)
    }

    /// Who announces an address. A table that states what a network is used for outweighs one that only names it.
    pub fn network(&self, ip: IpAddr) -> Option<Found<Network>> {
        let ip = ip.to_canonical();
        self.best(|table| table.network(ip), Network::detail)
    }

    /// The county of a postcode, five digits or five and four. A best guess: postcodes cross county lines.
    pub fn postcode(&self, postcode: &str) -> Option<Found<County>> {
        self.best(|table| table.postcode(postcode), |_| 1)
    }

    /// The county that holds nearly all postcodes of a city; `None` where a city is shared. A best guess.
    pub fn county_by_city(&self, state: &str, city: &str) -> Option<Found<County>> {
        self.best(|table| table.city(state, city), |_| 1)
    }

    /// A county by its name within a state (code or name), as people write it. `None` where two counties share the
    /// name, as Fairfax city and Fairfax County do.
    pub fn county_by_name(&self, state: &str, name: &str) -> Option<Found<County>> {
        self.best(|table| table.county_by_name(state, name), |_| 1)
    }

    /// The official name of a county code.
    pub fn county_name(&self, fips: &str) -> Option<Found<County>> {
        self.best(|table| table.county(fips), |_| 1)
    }

    fn best<T>(&self, ask: impl Fn(&Table) -> Option<T>, detail: impl Fn(&T) -> u8) -> Option<Found<T>> {
        let answers = self.in_force.iter().filter_map(|loaded| Some((&loaded.info, ask(&loaded.table)?)));
        let said =
            answers.map(|(info, value)| (detail(&value), info, value)).filter(|(detail, _, _)| *detail > 0);
        let (_, info, value) =
            said.max_by_key(|(detail, info, _)| (*detail, info.as_of.as_str(), Reverse(info.name.as_str())))?;
        Some(Found { value, table: info.name.clone(), as_of: info.as_of.clone() })
    }
}
