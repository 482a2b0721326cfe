//! The house itself: database, ledger, object store, tables, work that was given up.

use console::rules;
use jiff::SignedDuration;
use jiff::civil::Date;
use policy::RuleSet;
use store::{House, QUORUM_MAY_AGE, Refusal, dataset, destruction, rotation, work};

use super::Finding;
use crate::config::Config;
use crate::outcome::{Doing, Failure, Result};

/// Tables older than this many days deserve a look.
const OLD_DAYS: i32 = 400;
/// What is written and read back.
const PROBE: &[u8] = b"clearinghouse check";

pub(super) async fn look(config: &Config) -> Vec<Finding> {
    let house = match console::house::open(config).await {
        Ok(house) => house,
        Err(failure) => return vec![Finding::of("database", Err(failure))],
    };
    let mut findings = vec![Finding::ok("database", "opens, and its schema fits this program")];
    findings.push(Finding::of("object store", objects(&house).await));
    findings.push(Finding::of("ledger", ledger(&house).await));
    findings.push(epochs(&house, config.settings.custody.rotate_hours).await);
    findings.push(destructions(&house).await);
    findings.push(vendors(&house).await);
    findings.push(witnesses(&house).await);
    findings.push(rules_in_force(config));
    findings.push(desk_calls(&house).await);
    findings.push(tables(&house).await);
    findings.push(given_up(&house).await);
    house.close();
    findings
}

/// Writes and reads back a few public bytes. They stay, under their digest, and are the same every time.
async fn objects(house: &House) -> Result<String> {
    let sha256 = store::dataset::keep(house, PROBE.to_vec()).await.doing("write to the object store")?;
    let read = store::dataset::bytes(house, &sha256).await.doing("read from the object store")?;
    if read == PROBE {
        Ok("takes bytes and gives them back".to_owned())
    } else {
        Err(Failure::new("the object store gives back other bytes than it took".to_owned()))
    }
}

async fn ledger(house: &House) -> Result<String> {
    let reader = house.clone();
    let note = match house.read("checkpoint", move |view| reader.book().checkpoint(view)).await {
        Err(error) if error.refusal() == Some(Refusal::NotSequenced) => {
            return Ok("no checkpoint yet: the first worker signs one".to_owned());
        }
        read => read.doing("read the checkpoint")?,
    };
    let size = note.lines().nth(1).unwrap_or("0").to_owned();
    Ok(format!("the newest checkpoint covers {size} leaves"))
}

/// Whether the house decides by what lies on disk. What differs is no fault: it waits for two people.
fn rules_in_force(config: &Config) -> Finding {
    const PART: &str = "rules in force";
    let in_force = RuleSet::in_force();
    match rules::of(config) {
        Ok(on_disk) if on_disk.id() != in_force.id() => Finding::note(
            PART,
            format!("{}; on disk lies {}", in_force.id(), on_disk.id()),
            format!("two people agree at /admin/rules/{}", on_disk.id()),
        ),
        Ok(_) => Finding::ok(PART, in_force.id().to_string()),
        Err(failure) => Finding::of(PART, Err(failure)),
    }
}

/// Whether anybody of the desk can be called for what cannot wait there.
async fn desk_calls(house: &House) -> Finding {
    const PART: &str = "calls of the desk";
    match herald::ladder::desk_reaches(house).await {
        Err(fault) => Finding::of(PART, Err(fault.into())),
        Ok(true) => Finding::ok(PART, "somebody can be called for what cannot wait at the desk"),
        Ok(false) => Finding::note(
            PART,
            "nobody can be called for what cannot wait at the desk",
            "analysts and supervisors name their mailboxes on /desk/calls, and a supervisor writes a ladder down",
        ),
    }
}

async fn destructions(house: &House) -> Finding {
    const PART: &str = "destructions";
    let (open, oldest) = match house.read("destructions", destruction::backlog).await {
        Ok(backlog) => backlog,
        Err(fault) => return Finding::of(PART, Err(fault.into())),
    };
    match oldest {
        Some(oldest)
            if house.now().duration_since(oldest) > pipeline::destroy::times(house).alarm_after() =>
        {
            Finding::failed(
                PART,
                format!("one was agreed to {oldest} and is not done"),
                "start a worker; the log says what a destruction waits for",
            )
        }
        _ => Finding::ok(PART, format!("{open} under way")),
    }
}

/// Whether every vendor that held something of a destruction has shown that it is gone there.
async fn vendors(house: &House) -> Finding {
    const PART: &str = "vendors' copies";
    match pipeline::destroy::late_vendors(house).await {
        Err(fault) => Finding::of(PART, Err(fault.into())),
        Ok(late) => match late.first() {
            None => Finding::ok(PART, "no vendor is late with its word"),
            Some(first) => Finding::failed(
                PART,
                format!(
                    "{} has not shown that destruction {} was done there",
                    first.vendor, first.destruction
                ),
                "ask it; `clearinghouse vendor destroyed` records its certificate",
            ),
        },
    }
}

/// Whether epochs end in time: one that does not keeps destroyed things alive in backups.
async fn epochs(house: &House, rotate_hours: u32) -> Finding {
    const PART: &str = "epochs";
    let live = match house.read("epochs", rotation::live).await {
        Ok(live) => live,
        Err(fault) => return Finding::of(PART, Err(fault.into())),
    };
    let overdue = SignedDuration::from_hours(i64::from(rotate_hours) * 2);
    match live.first() {
        Some(oldest) if house.now().duration_since(oldest.created_at) > overdue => Finding::note(
            PART,
            format!("epoch {} began {} and has not ended", oldest.number, oldest.created_at),
            "start a worker, or `clearinghouse custody rotate`, and look into the log for what custody says",
        ),
        Some(_) => Finding::ok(PART, format!("{} alive, as it should be", live.len())),
        None => Finding::failed(PART, "no epoch key is alive", "restore the keys from custody's own copies"),
    }
}

/// Whether a quorum of witnesses was heard lately, and which witness was not.
async fn witnesses(house: &House) -> Finding {
    const PART: &str = "witnesses";
    let (reader, now) = (house.clone(), house.now());
    let (known, quorum) = (house.book().witnesses().len(), house.book().quorum());
    if known == 0 {
        let to_do = "[[ledger.witness]] in the configuration, see docs/operators.md";
        return Finding::note(PART, "none: nobody outside vouches for the ledger", to_do);
    }
    let read = house.read("check::witnesses", move |view| {
        Ok((reader.book().quorum_at(view)?, reader.book().standings(view)?))
    });
    let (heard, standings) = match read.await {
        Ok(read) => read,
        Err(fault) => return Finding::of(PART, Err(fault.into())),
    };
    let troubles: Vec<String> = standings
        .into_iter()
        .filter_map(|one| Some(format!("{}: {}", one.witness.split('+').next()?, one.trouble?)))
        .collect();
    let troubles = troubles.join("; ");
    let says = match heard {
        Some(at) => format!("a quorum of {quorum} of {known} was last heard at {at}"),
        None => format!("no quorum of {quorum} of {known} was ever heard"),
    };
    if quorum > 0 && heard.is_none_or(|at| now.duration_since(at) > QUORUM_MAY_AGE) {
        Finding::failed(PART, says, format!("see that a worker runs and the witnesses answer {troubles}"))
    } else if troubles.is_empty() {
        Finding::ok(PART, says)
    } else {
        Finding::note(PART, says, troubles)
    }
}

async fn tables(house: &House) -> Finding {
    const PART: &str = "tables";
    let all = match house.read("datasets", dataset::list).await {
        Ok(all) => all,
        Err(fault) => return Finding::of(PART, Err(fault.into())),
    };
    let today = jiff::tz::TimeZone::UTC.to_datetime(house.now()).date();
    let newest = |kind: &str| {
        all.iter()
            .filter(|table| table.what.kind == kind)
            .filter_map(|t| t.what.as_of.parse::<Date>().ok())
            .max()
    };
    match newest(geo::Kind::IpPlace.as_str()) {
        None => Finding::note(
            PART,
            "no table of places: every address stays unknown, and routing falls back to its defaults",
            "clearinghouse dataset add ip-place FILE, see docs/data.md",
        ),
        Some(day) if (today - day).get_days() > OLD_DAYS => {
            Finding::note(PART, format!("the newest table of places is of {day}"), "add a newer one")
        }
        Some(day) => Finding::ok(PART, format!("{} table(s), places as of {day}", all.len())),
    }
}

async fn given_up(house: &House) -> Finding {
    const PART: &str = "work";
    match house.read("dead-work", work::dead).await {
        Err(fault) => Finding::of(PART, Err(fault.into())),
        Ok(dead) if dead.is_empty() => Finding::ok(PART, "none was given up"),
        Ok(dead) => Finding::failed(
            PART,
            format!("{} piece(s) of work were given up", dead.len()),
            "clearinghouse dead-letters list",
        ),
    }
}
