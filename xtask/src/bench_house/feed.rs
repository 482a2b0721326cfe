//! An agency's own system: it polls its feed, and takes packages.

use std::time::Duration;

use serde_json::Value;

use super::BenchHouse;
use crate::Result;

/// The most entries that one poll answers.
const ENTRIES: &str = "1000";
/// How often it is asked again for reports that must come, and how long in all.
const ASK_EVERY: Duration = Duration::from_millis(50);
const MOST_ASKED: u32 = 1_200;
/// So often in a row nothing is new before nothing is waited for.
const STILL: u32 = 100;

/// A client of the one agency of a house that works.
pub struct Feed {
    http: reqwest::Client,
    address: String,
    token: String,
}

impl Feed {
    /// A client for that house.
    pub fn of(house: &BenchHouse) -> Result<Self> {
        let (address, token) = house.feed()?;
        Ok(Self::at(address, token.to_owned()))
    }

    /// A client of the feed at that address.
    pub fn at(address: String, token: String) -> Self {
        Self { http: reqwest::Client::new(), address, token }
    }

    /// The first so many reports of the feed, as soon as they are there.
    #[expect(
        clippy::disallowed_methods,
        reason = "an agency's system asks again after a while, and so do we"
    )]
    pub async fn first(&self, reports: u64) -> Result<Vec<u64>> {
        for _ in 0..MOST_ASKED {
            let (arrived, _) = self.poll(0).await?;
            if arrived.len() as u64 >= reports {
                return Ok(arrived);
            }
            tokio::time::sleep(ASK_EVERY).await;
        }
        Err("the reports do not arrive in the feed".into())
    }

    /// The reports after a cursor, and the cursor that continues them.
    pub async fn poll(&self, cursor: u64) -> Result<(Vec<u64>, u64)> {
        let asked = self
            .http
            .get(format!("{}?after={cursor}&limit={ENTRIES}", self.address))
            .bearer_auth(&self.token);
        page(&asked.send().await?.error_for_status()?.json().await?)
    }

    /// The cursor behind everything that has arrived.
    pub async fn end(&self) -> Result<u64> {
        self.after(0).await
    }

    /// Waits until nothing more arrives: what was to be done is done.
    #[expect(clippy::disallowed_methods, reason = "only time tells that nothing comes")]
    pub async fn rested(&self) -> Result<()> {
        let (mut cursor, mut still) = (0, 0);
        while still < STILL {
            tokio::time::sleep(ASK_EVERY).await;
            let end = self.after(cursor).await?;
            still = if end == cursor { still + 1 } else { 0 };
            cursor = end;
        }
        Ok(())
    }

    async fn after(&self, mut cursor: u64) -> Result<u64> {
        loop {
            let (arrived, next) = self.poll(cursor).await?;
            if arrived.is_empty() {
                return Ok(cursor);
            }
            cursor = next;
        }
    }

    /// A report's package, about to stream.
    pub async fn package(&self, report: &str) -> Result<reqwest::Response> {
        let base = self.address.trim_end_matches("/feed");
        let asked = self.http.get(format!("{base}/reports/{report}/package")).bearer_auth(&self.token);
        Ok(asked.send().await?.error_for_status()?)
    }
}

/// The reports of one page of the feed and the cursor that continues it.
fn page(page: &Value) -> Result<(Vec<u64>, u64)> {
    let entries = page["entries"].as_array().ok_or("the feed has no entries")?;
    let number = |value: &Value| value.as_u64().or_else(|| value.as_str()?.parse().ok());
    let reports = entries.iter().map(|entry| number(&entry["report"]).ok_or("an entry has no report"));
    Ok((
        reports.collect::<std::result::Result<_, _>>()?,
        number(&page["next"]).ok_or("the feed has no cursor")?,
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_page_of_the_feed_is_read_whether_its_numbers_are_text_or_not() {
        let read = page(&json!({ "entries": [{ "report": "7" }, { "report": 8 }], "next": "12" })).unwrap();
        assert_eq!(read, (vec![7, 8], 12));
        assert!(page(&json!({ "next": "12" })).is_err());
    }
}
