//! What is handed on by and to the agency. A system sees every step; people of the agency take them, on their pages.

use domain::{
    DeclineReason, Id as _, Priority, RedisclosureCode, TransferKind, TransferReason, TransferState,
};
use http::{Method, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};
use workspace::transfers::{self, MOST_CONDITIONS, MOST_STEPS, OnRecord, Seen};

use crate::describe::{Answered, Endpoint, Reply, maybe, needed, words};
use crate::endpoint::Asked;
use crate::schema::{Member, Schema};
use crate::{form, refuse};

const PATH: &str = "/agency/v1/referrals";
const ONE: &str = "/agency/v1/referrals/{referral}";
/// Steps of one page when the caller names no number.
const STEPS: u32 = 100;

const LIST_SAYS: &str = "An entry for each step: offered, referred, taken, declined, taken back, not answered in time. Each shows \
     its referral as it stands now, so that the last entry of a referral is what counts. Nothing is ever added before an \
     entry that was answered: whoever keeps `next` and asks with it again misses no step. What waits for your answer is \
     `incoming` and `offered`; until it is taken its report is not yours, and does not exist at `reports/{report}`. Steps \
     that were taken before this list was are not in it.";
/// What whoever would act here is told.
const BY_PEOPLE: &str = "a system sees what is handed on; people of the agency hand on, answer and take back, on the page \
                         /agency/transfers and on that of the report";

pub(crate) fn endpoints() -> Vec<Endpoint> {
    let list = Endpoint::new(
        (Method::GET, PATH),
        "listReferrals",
        "What was handed on by and to the agency after a cursor.",
        list,
    )
    .more(LIST_SAYS)
    .lists("referrals")
    .by_people(BY_PEOPLE)
    .query("after", "The cursor; 0 is the beginning.", form::COUNT)
    .query(
        "limit",
        "Entries of one page, 100 where nothing is said.",
        Schema::Whole(1, u64::from(MOST_STEPS)),
    )
    .answers(StatusCode::OK, "A page of steps.", page());
    let read = Endpoint::new((Method::GET, ONE), "readReferral", "One of them, with what is on record for it.", read)
        .more("Its words are gone once its report was destroyed. Who of the other agency did something is not told.")
        .lists("referral")
        .by_people(BY_PEOPLE)
        .path("referral", "Its name.", Schema::Text(form::ID))
        .answers(StatusCode::OK, "As it stands.", Schema::Object(whole()));
    vec![list, read]
}

fn page() -> Schema {
    let mut entry =
        vec![needed("cursor", "Continues the list after this entry.", Schema::Text(form::CURSOR))];
    entry.extend(shape());
    Schema::Object(vec![
        needed(
            "referrals",
            "In the order of the ledger.",
            Schema::list(Schema::Object(entry), MOST_STEPS as usize),
        ),
        needed(
            "next",
            "The cursor to ask with next; also when there was nothing.",
            Schema::Text(form::CURSOR),
        ),
    ])
}

fn shape() -> Vec<Member> {
    let moment = || Schema::Text(form::MOMENT);
    let id = || Schema::Text(form::ID);
    vec![
        needed("referral", "Its name.", id()),
        needed(
            "direction",
            "Whether it comes to the agency or goes out from it.",
            Schema::Word(DIRECTIONS.to_vec()),
        ),
        needed(
            "kind",
            "Whether the first agency keeps it too.",
            words(TransferKind::ALL, TransferKind::as_str),
        ),
        needed("report", "The report.", form::NUMBER),
        needed("other", "The other agency.", id()),
        needed("otherName", "Its name in words.", Schema::Text(form::SAID)),
        needed("code", "The listed exception.", words(RedisclosureCode::ALL, RedisclosureCode::as_str)),
        needed("reason", "Why it is handed on.", words(TransferReason::ALL, TransferReason::as_str)),
        needed("state", "How it stands.", words(TransferState::ALL, TransferState::as_str)),
        needed("version", "Counts its changes.", form::COUNT),
        needed("offeredAt", "When it was offered.", moment()),
        needed("dueAt", "Until when the other agency answers; it lapses then.", moment()),
        needed("decidedAt", "When it was decided.", moment().or_nothing()),
        needed(
            "decline",
            "Why it was declined.",
            words(DeclineReason::ALL, DeclineReason::as_str).or_nothing(),
        ),
        needed("delivery", "The delivery that was made by it.", id().or_nothing()),
        needed("priority", "With which priority.", words(Priority::ALL, Priority::as_str)),
        needed("incidentType", "Key of the report's incident type.", Schema::Text(form::WORDS)),
        needed("receivedAt", "When its sender finished the report.", moment()),
        needed("files", "Files in the report.", form::COUNT),
        needed("href", "Where it is with its words.", Schema::Text(form::WORDS)),
    ]
}

const DIRECTIONS: [&str; 2] = ["incoming", "outgoing"];

fn whole() -> Vec<Member> {
    let said = || Schema::Text(form::SAID);
    let conditions = Schema::list(said(), MOST_CONDITIONS);
    let on = vec![
        maybe("attorney", "G2-iii: who found it necessary.", said()),
        maybe("foundAt", "G2-iii: when.", Schema::Text(form::MOMENT)),
        maybe("state", "G2-iv: the State whose offence the report shows.", said()),
        maybe("offence", "G2-iv: the offence.", said()),
        maybe("order", "G2-vii: court and number.", said()),
        maybe("conditions", "G2-vii: what the court wants kept, by whoever has the report.", conditions),
    ];
    let mut whole = shape();
    whole.extend([
        needed("onRecord", "What is on record for the exception.", Schema::Object(on).or_nothing()),
        needed("note", "Words of the first agency to the other one.", said().or_nothing()),
        needed("answer", "Words of the other agency.", said().or_nothing()),
    ]);
    whole
}

fn shown(seen: &Seen, now: Timestamp) -> Value {
    let (one, id) = (&seen.transfer, &seen.transfer.id);
    let other = if seen.outgoing { &one.to } else { &one.from };
    json!({
        "referral": id, "direction": DIRECTIONS[usize::from(seen.outgoing)], "kind": one.kind, "report": one.report,
        "other": other, "otherName": seen.other_name, "code": one.code, "reason": one.reason, "state": one.state(now),
        "version": one.version, "offeredAt": one.offered_at, "dueAt": one.due_at,
        "decidedAt": one.decided.as_ref().map(|(_, at)| at), "decline": one.decline,
        "delivery": one.delivery.as_ref().map(|delivery| delivery.as_str()), "priority": one.priority,
        "incidentType": one.incident_type, "receivedAt": one.received_at, "files": one.files,
        "href": format!("{PATH}/{id}"),
    })
}

fn on_record(on: &OnRecord) -> Value {
    match on {
        OnRecord::FoundNecessary { attorney, at } => json!({ "attorney": attorney, "foundAt": at }),
        OnRecord::StateOffence { state, offence } => json!({ "state": state, "offence": offence }),
        OnRecord::CourtOrder { order, conditions } => json!({ "order": order, "conditions": conditions }),
    }
}

/// `GET /agency/v1/referrals?after=CURSOR`.
async fn list(asked: Asked) -> Answered {
    let (house, after) = (&asked.api.house, asked.number("after").unwrap_or(0));
    let most = asked.number("limit").and_then(|limit| u32::try_from(limit).ok()).unwrap_or(STEPS);
    let found = transfers::steps(house, asked.viewer()?, after, most).await;
    let steps = found.map_err(|trouble| refuse::problem(house, &trouble))?;
    let next = steps.last().map_or(after, |(position, _)| *position);
    let entry = |(position, seen): &(u64, Seen)| {
        let mut entry = shown(seen, house.now());
        entry["cursor"] = position.to_string().into();
        entry
    };
    let all: Vec<Value> = steps.iter().map(entry).collect();
    Ok(Reply::Json(StatusCode::OK, json!({ "referrals": all, "next": next.to_string() })))
}

/// `GET /agency/v1/referrals/{referral}`.
async fn read(asked: Asked) -> Answered {
    let house = &asked.api.house;
    let id = asked.word("referral").unwrap_or_default().to_owned();
    let found = transfers::find(house, asked.viewer()?, id).await;
    let seen = found.map_err(|trouble| refuse::problem(house, &trouble))?;
    let words = seen.transfer.words.as_ref();
    let mut whole = shown(&seen, house.now());
    whole["onRecord"] = words.map_or(Value::Null, |words| on_record(&words.on));
    whole["note"] = json!(words.map(|words| &words.note));
    whole["answer"] = json!(seen.transfer.answer);
    Ok(Reply::Json(StatusCode::OK, whole))
}
