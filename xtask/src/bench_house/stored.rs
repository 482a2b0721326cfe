//! A house that has been at work for years: some reports go the whole way from the provider's request to the agency's
//! feed, and then every row that they left is copied, under numbers and digests of its own, until there are millions.
//!
//! Rows and indexes are those of real reports, with digests as scattered as real ones; what is short is what no question
//! reads of an old report: sealed bytes and reasons are cut to their first sixteen, and the vault has no file of a copy. The ledger's
//! tree does not grow with its rows: copied leaves lie far behind its end, and the entries of the feed, whose places count
//! from the tree, go to another agency.

use postgres::{Client, NoTls};
use rusqlite::Connection;

use super::clock::{now, since};
use crate::Result;

/// Reports that are copied.
pub const TEMPLATES: u64 = 64;
/// Copies of one transaction.
const STEP: u64 = 50_000;
/// The number of the first copy; templates come long before it.
const FIRST: u64 = 2_000_000;
/// Copied leaves lie behind the end of any tree that is measured, so many places for each copy.
const FAR: u64 = 1_000_000_000_000;
const LEAVES: u64 = 100_000;
/// Whose feed has the copies.
const NEIGHBOUR: &str = "neighbour";
/// Bytes or letters that are left of what is sealed or long.
const SEALED: u32 = 16;

/// The rows of one house, opened beside it while it is at rest.
pub enum Opened {
    /// A file.
    Sqlite(Connection),
    /// A database of a server.
    Postgres(Client),
}

impl Opened {
    /// Opens a file for filling: what is lost by a power cut is made again.
    pub fn file(path: &std::path::Path) -> Result<Self> {
        let connection = Connection::open(path)?;
        connection.execute_batch(
            "PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -4000000; PRAGMA secure_delete = OFF",
        )?;
        Ok(Self::Sqlite(connection))
    }

    /// Opens a database; its checks of references would look up each row that is made from a good one.
    pub fn server(url: &str) -> Result<Self> {
        let mut client = Client::connect(url, NoTls)?;
        client.batch_execute("SET session_replication_role = replica; SET synchronous_commit = off")?;
        Ok(Self::Postgres(client))
    }

    /// Copies the templates, which have the numbers from `first` on, until there are so many reports more.
    pub fn fill(&mut self, first: u64, reports: u64) -> Result<()> {
        let started = now();
        if self.count("SELECT COUNT(*) FROM work")? > 0 {
            return Err("the reports to be copied are still worked on".into());
        }
        let tables = self.tables(first)?;
        let indexes = self.indexes(&tables)?;
        indexes.iter().try_for_each(|index| self.run(&format!("DROP INDEX {}", index.name)))?;
        let mut from = FIRST;
        while from < FIRST + reports {
            let to = (from + STEP).min(FIRST + reports);
            let mut statements: Vec<String> =
                tables.iter().map(|table| copied(table, self.scattered(), first, (from, to))).collect();
            statements.push(format!(
                "INSERT INTO feed_entry (agency_id, position, leaf_id) SELECT '{NEIGHBOUR}', report_id, leaf_id
                 FROM delivery WHERE report_id >= {from} AND report_id < {to}"
            ));
            self.run(&format!("BEGIN; {}; COMMIT", statements.join("; ")))?;
            from = to;
            if (from - FIRST).is_multiple_of(STEP * 10) {
                eprintln!("stored {} of {reports} reports after {:.0?}", from - FIRST, since(started));
            }
        }
        for index in &indexes {
            self.run(&index.definition)?;
        }
        eprintln!("made {} indexes anew, after {:.0?} in all", indexes.len(), since(started));
        self.run(&format!("UPDATE report_number SET next = {from}"))?;
        match self {
            Self::Sqlite(_) => self.run("PRAGMA wal_checkpoint(TRUNCATE)"),
            Self::Postgres(_) => self.run("VACUUM ANALYZE; CHECKPOINT"),
        }
    }

    /// Each table that has rows of the templates, with its columns; reports before what speaks of them.
    fn tables(&mut self, first: u64) -> Result<Vec<Table>> {
        let mut tables: Vec<Table> = Vec::new();
        for (table, column) in self.columns()? {
            match tables.last_mut() {
                Some(last) if last.name == table => last.columns.push(column),
                _ => tables.push(Table { name: table, columns: vec![column] }),
            }
        }
        let mut kept = Vec::new();
        for table in tables {
            let Some(number) = table.number() else { continue };
            let asked = format!(
                "SELECT COUNT(*) FROM {} WHERE {number} BETWEEN {first} AND {}",
                table.name,
                first + TEMPLATES - 1
            );
            if self.count(&asked)? > 0 {
                kept.push(table);
            }
        }
        Ok(kept)
    }

    /// The indexes of these tables that no copy needs and that forbid nothing. One that is made of all rows at once is made
    /// several times as fast as one into which rows are put wherever their digests fall; those that begin with the
    /// report's number grow at their end, and lead to the templates.
    fn indexes(&mut self, tables: &[Table]) -> Result<Vec<Index>> {
        const LISTED: [&str; 2] = [
            "SELECT s.name, s.tbl_name, i.name, s.sql FROM sqlite_schema s JOIN pragma_index_info(s.name) i
             WHERE s.type = 'index' AND i.seqno = 0 AND s.sql LIKE 'CREATE INDEX %'",
            "SELECT c.relname::TEXT, t.relname::TEXT, a.attname::TEXT, pg_get_indexdef(c.oid) FROM pg_index x
             JOIN pg_class c ON c.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
             JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]
             WHERE NOT x.indisunique AND t.relnamespace = 'public'::regnamespace",
        ];
        let mut listed: Vec<(Index, String, String)> = Vec::new();
        match self {
            Self::Sqlite(connection) => {
                let mut asked = connection.prepare(LISTED[0])?;
                let mut rows = asked.query([])?;
                while let Some(row) = rows.next()? {
                    let index = Index { name: row.get(0)?, definition: row.get(3)? };
                    listed.push((index, row.get(1)?, row.get(2)?));
                }
            }
            Self::Postgres(client) => {
                for row in client.query(LISTED[1], &[])? {
                    let index = Index { name: row.get(0), definition: row.get(3) };
                    listed.push((index, row.get(1), row.get(2)));
                }
            }
        }
        let grows = |on: &str, by: &str| tables.iter().any(|one| one.name == on && one.number() != Some(by));
        Ok(listed.into_iter().filter(|(_, on, by)| grows(on, by)).map(|(index, ..)| index).collect())
    }

    fn columns(&mut self) -> Result<Vec<(String, String)>> {
        match self {
            Self::Sqlite(connection) => {
                let mut asked = connection.prepare(
                    "SELECT t.name, c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'
                     ORDER BY t.name, c.cid",
                )?;
                let rows = asked.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
                Ok(rows.collect::<rusqlite::Result<_>>()?)
            }
            Self::Postgres(client) => {
                let rows = client.query(
                    "SELECT table_name::TEXT, column_name::TEXT FROM information_schema.columns
                     WHERE table_schema = 'public' ORDER BY table_name, ordinal_position",
                    &[],
                )?;
                Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
            }
        }
    }

    fn count(&mut self, asked: &str) -> Result<i64> {
        match self {
            Self::Sqlite(connection) => Ok(connection.query_row(asked, [], |row| row.get(0))?),
            Self::Postgres(client) => Ok(client.query_one(asked, &[])?.get(0)),
        }
    }

    fn run(&mut self, statements: &str) -> Result<()> {
        match self {
            Self::Sqlite(connection) => Ok(connection.execute_batch(statements)?),
            // One at a time: what stands together is one transaction there, and VACUUM has none.
            Self::Postgres(client) => {
                statements.split("; ").try_for_each(|one| Ok(client.batch_execute(one)?))
            }
        }
    }

    /// Four bytes that lie elsewhere for each copy, as an expression: a digest's first bytes, over all of their range. And what bytes are called.
    fn scattered(&self) -> (&'static str, &'static str) {
        match self {
            Self::Sqlite(_) => ("unhex(printf('%08x', n.i * 2654435761 % 4294967296))", "BLOB"),
            Self::Postgres(_) => {
                ("decode(lpad(to_hex(n.i * 2654435761 % 4294967296), 8, '0'), 'hex')", "BYTEA")
            }
        }
    }
}

/// An index, and the statement that makes it.
struct Index {
    name: String,
    definition: String,
}

/// A table that grows with reports.
struct Table {
    name: String,
    columns: Vec<String>,
}

impl Table {
    /// The column with the report's number.
    fn number(&self) -> Option<&'static str> {
        let has = |column: &str| self.columns.iter().any(|one| one == column);
        match self.name.as_str() {
            "report" => Some("id"),
            _ if has("report_id") => Some("report_id"),
            _ => None,
        }
    }
}

/// The statement that copies the templates' rows of a table for the numbers `from` to before `to`.
fn copied(table: &Table, (scattered, blob): (&str, &str), first: u64, (from, to): (u64, u64)) -> String {
    let (name, number) = (&table.name, table.number().unwrap_or("report_id"));
    let of = |column: &String| match (name.as_str(), column.as_str()) {
        (_, column) if column == number => "n.i".to_owned(),
        ("link", "other_id") => format!("n.i - 1 - t.other_id % {TEMPLATES}"),
        ("ledger_leaf", "leaf_index") => format!("{FAR} + n.i * {LEAVES} + t.leaf_index"),
        ("ledger_leaf", "id")
        | (_, "leaf_id" | "digest" | "sha256" | "sha1" | "md5" | "submission_sha256") => {
            format!("CAST({scattered} || substr(t.{column}, 5) AS {blob})")
        }
        (_, "entry" | "wrapped" | "reasons" | "clocks" | "says" | "answers") => {
            format!("substr(t.{column}, 1, {SEALED})")
        }
        (_, column) if column.starts_with("sealed_") => format!("substr(t.{column}, 1, {SEALED})"),
        (_, column) => format!("t.{column}"),
    };
    let made: Vec<String> = table.columns.iter().map(of).collect();
    format!(
        "WITH RECURSIVE n (i) AS (SELECT CAST({from} AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {to})
         INSERT INTO {name} ({}) SELECT {} FROM n CROSS JOIN {name} t WHERE t.{number} = {first} + n.i % {TEMPLATES}",
        table.columns.join(", "),
        made.join(", ")
    )
}
