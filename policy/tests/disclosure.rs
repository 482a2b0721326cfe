//! The second judgement: it knows nothing but the tables of the book's page, reads them, and judges by their words. Both
//! are asked about everything there is.

#![expect(clippy::unwrap_used, reason = "what fails here fails its test")]

use std::collections::HashMap;

use domain::{AgencyClass, BasisCode, RedisclosureCode, Relationship, ViewGround};
use policy::disclosure::*;

const BOOK: &str = include_str!("../../docs/disclosure.md");

/// Tables of the page, in its order, as rows of cells; the head and the line beneath it are left out.
fn tables() -> Vec<HashMap<&'static str, Vec<&'static str>>> {
    let mut tables = vec![];
    let mut open = 0;
    for line in BOOK.lines() {
        let Some(row) = line.strip_prefix("| ").and_then(|line| line.strip_suffix(" |")) else {
            open = 0;
            continue;
        };
        open += 1;
        match open {
            1 => tables.push(HashMap::new()),
            2 => {}
            _ => {
                let mut cells = row.split(" | ");
                let name = cells.next().unwrap();
                tables.last_mut().unwrap().insert(name, cells.collect());
            }
        }
    }
    tables
}

/// A recipient, its row in the matrix and its row among the bases.
const RECIPIENTS: [(Recipient, &str, &str); 16] = [
    (Recipient::Agency(AgencyClass::Federal, None), "federal agency", "federal agency"),
    (Recipient::Agency(AgencyClass::State, None), "state or local agency", "state agency"),
    (Recipient::Agency(AgencyClass::Local, None), "state or local agency", "local agency"),
    (Recipient::Agency(AgencyClass::Tribal, None), "tribal agency", "tribal agency"),
    (
        Recipient::Agency(AgencyClass::Foreign, Some(Relationship::Designated)),
        "foreign agency, qualified",
        "foreign agency, designated",
    ),
    (
        Recipient::Agency(AgencyClass::Foreign, Some(Relationship::Fbi)),
        "foreign agency, qualified",
        "foreign agency, known to the FBI",
    ),
    (
        Recipient::Agency(AgencyClass::Foreign, Some(Relationship::Ice)),
        "foreign agency, qualified",
        "foreign agency, known to ICE",
    ),
    (
        Recipient::Agency(AgencyClass::Foreign, Some(Relationship::Interpol)),
        "foreign agency, qualified",
        "foreign agency, known to INTERPOL",
    ),
    (Recipient::Agency(AgencyClass::Foreign, None), "foreign agency, not qualified", ""),
    (Recipient::Prosecutor, "prosecutor who got it from an agency", "prosecutor who got it from an agency"),
    (Recipient::Defence, "defendant or defence", "defendant or defence"),
    (Recipient::Victim, "victim in the case", "victim in the case"),
    (Recipient::Provider, "provider", "provider"),
    (Recipient::Vendor, "vendor", ""),
    (Recipient::Public, "researcher, press, public", ""),
    (Recipient::Tipster, "the one who told", ""),
];

const CLASSES: [DataClass; 5] = [
    DataClass::Words,
    DataClass::Depictions,
    DataClass::Elements,
    DataClass::TipsterIdentity,
    DataClass::OtherProviders,
];

/// What a judgement comes to, in words that both sides share.
fn spoken(ruling: Result<Ruling, Refused>) -> &'static str {
    match ruling {
        Ok(Ruling { form, .. }) => match form {
            Form::Whole => "whole",
            Form::OnConditions => "on conditions",
            Form::AtPremises => "premises",
            Form::Session => "session",
            Form::OwnState => "own state",
            Form::Ciphertext => "ciphertext",
            Form::Figures => "figures",
        },
        Err(Refused::Never(_) | Refused::NotInForce(_)) => "no",
        Err(Refused::NoBasis) => "no basis",
        Err(Refused::Counsel) => "ask counsel",
        Err(Refused::NoGround) => "no ground",
    }
}

/// What a cell of the book asks for and gives.
struct Cell {
    gives: &'static str,
    own: bool,
    in_force: bool,
    basis: bool,
    counsel: bool,
    counsel_may_refuse: bool,
    never_held: bool,
    ground_to_hold: bool,
    ground_to_view: bool,
}

fn cell(words: &str) -> Option<Cell> {
    let plain = Cell {
        gives: "whole",
        own: false,
        in_force: true,
        basis: true,
        counsel: false,
        counsel_may_refuse: false,
        never_held: false,
        ground_to_hold: false,
        ground_to_view: false,
    };
    Some(match words {
        "no" => return None,
        "yes" | "by agreement" => plain,
        "on conditions" => Cell { gives: "on conditions", ..plain },
        "hold, view on a ground" => Cell { ground_to_view: true, ..plain },
        "unless counsel refuses: hold, view on a ground" => {
            Cell { counsel_may_refuse: true, ground_to_view: true, ..plain }
        }
        "counsel" => Cell { counsel: true, ..plain },
        "premises, on a ground" => {
            Cell { gives: "premises", ground_to_hold: true, ground_to_view: true, ..plain }
        }
        "session, on a ground" => Cell { gives: "session", never_held: true, ground_to_view: true, ..plain },
        "session of own, on a ground" => {
            Cell { gives: "session", own: true, never_held: true, ground_to_view: true, ..plain }
        }
        "own state" => Cell { gives: "own state", own: true, in_force: false, basis: false, ..plain },
        "own" => Cell { own: true, in_force: false, basis: false, ..plain },
        "ciphertext" => Cell { gives: "ciphertext", basis: false, ..plain },
        "as contracted" => Cell { basis: false, ..plain },
        "figures" => Cell { gives: "figures", in_force: false, basis: false, ..plain },
        other => panic!("the book says {other:?}, which nobody understands"),
    })
}

/// Judges by the cell and the list of bases.
fn by_the_book(words: &str, bases: &str, question: &Question) -> &'static str {
    let Question { data, manner, basis, ground, state, .. } = *question;
    let Some(cell) = cell(words) else { return "no" };
    let code = basis.map(|basis| match basis {
        Basis::House(code) => code.as_str(),
        Basis::Agency(code) => code.as_str(),
    });
    let listed = |code: &str| bases.split(' ').any(|listed| listed == code);
    let refusals = [
        ("no", data == DataClass::Depictions && state.to_be_destroyed),
        ("no", cell.own && !state.own),
        ("no", cell.never_held && manner == Manner::Hold),
        ("no", cell.in_force && !state.in_force),
        ("no", (cell.counsel || cell.counsel_may_refuse) && state.counsel == Some(false)),
        ("no basis", code.map_or(cell.basis, |code| !listed(code))),
        ("ask counsel", cell.counsel && state.counsel.is_none()),
        ("no ground", ground.is_none() && manner == Manner::View && cell.ground_to_view),
        ("no ground", ground.is_none() && manner == Manner::Hold && cell.ground_to_hold),
    ];
    refusals.into_iter().find(|(_, holds)| *holds).map_or(cell.gives, |(refusal, _)| refusal)
}

fn bases() -> Vec<Option<Basis>> {
    let house = BasisCode::ALL.iter().map(|&code| Some(Basis::House(code)));
    let agency = RedisclosureCode::ALL.iter().map(|&code| Some(Basis::Agency(code)));
    [None].into_iter().chain(house).chain(agency).collect()
}

fn grounds() -> Vec<Option<ViewGround>> {
    [None].into_iter().chain(ViewGround::ALL.iter().copied().map(Some)).collect()
}

fn states() -> Vec<State> {
    let mut states = vec![];
    for bits in 0..8_u8 {
        for counsel in [None, Some(true), Some(false)] {
            let bit = |place: u8| bits & (1 << place) != 0;
            states.push(State { in_force: bit(0), own: bit(1), counsel, to_be_destroyed: bit(2) });
        }
    }
    states
}

/// Asks about every combination of what a cell can be asked with.
fn every_question(recipient: Recipient, data: DataClass, mut ask: impl FnMut(&Question)) {
    let (bases, grounds, states) = (bases(), grounds(), states());
    for manner in [Manner::Hold, Manner::View] {
        for &basis in &bases {
            for &ground in &grounds {
                for &state in &states {
                    ask(&Question { recipient, data, manner, basis, ground, state });
                }
            }
        }
    }
}

// PROVES: R-17 R-21 R-21a R-22 R-24 R-29 R-30 R-31 R-32 R-35 R-57 R-61 R-62 R-63 R-64 R-73 R-74 R-78 R-79
#[test]
fn the_book_and_the_program_agree_on_every_recipient_data_basis_ground_and_state() {
    let tables = tables();
    let mut asked = 0_u32;
    for (recipient, row, bases_row) in RECIPIENTS {
        let cells = &tables[0][row];
        let bases = tables[1].get(bases_row);
        for (place, data) in CLASSES.into_iter().enumerate() {
            let column = usize::from(data == DataClass::Elements);
            let listed = bases.map_or("", |bases| bases[column]);
            every_question(recipient, data, |question| {
                let (program, book) = (spoken(may(question)), by_the_book(cells[place], listed, question));
                assert_eq!(program, book, "{question:?}");
                asked += 1;
            });
        }
    }
    assert_eq!(asked, 16 * 5 * 2 * 29 * 7 * 24);
}

/// One line a cell: what is answered when everything that could be on record is.
#[test]
fn each_cell_of_the_matrix_gives_this_at_best() {
    let best = |recipient, data| {
        let mut found: Vec<&str> = vec![];
        every_question(recipient, data, |question| {
            if let ruling @ Ok(_) = may(question) {
                found.push(spoken(ruling));
            }
        });
        found.sort_unstable();
        found.dedup();
        found.join(" or ")
    };
    let mut table = String::new();
    for (recipient, row, bases_row) in RECIPIENTS {
        let name = if bases_row.is_empty() { row } else { bases_row };
        let cells = CLASSES
            .map(|data| best(recipient, data))
            .map(|cell| if cell.is_empty() { "-".into() } else { cell });
        table.push_str(&format!("{name}: {}\n", cells.join(", ")));
    }
    assert_eq!(
        table,
        "federal agency: whole, whole, whole, whole, whole
state agency: whole, whole, whole, whole, whole
local agency: whole, whole, whole, whole, whole
tribal agency: whole, whole, whole, whole, whole
foreign agency, designated: on conditions, whole, whole, whole, whole
foreign agency, known to the FBI: on conditions, whole, whole, whole, whole
foreign agency, known to ICE: on conditions, whole, whole, whole, whole
foreign agency, known to INTERPOL: on conditions, whole, whole, whole, whole
foreign agency, not qualified: -, -, -, -, -
prosecutor who got it from an agency: whole, premises, whole, whole, whole
defendant or defence: whole, session, whole, -, -
victim in the case: whole, session, -, -, -
provider: own state, -, whole, -, -
vendor: ciphertext, ciphertext, whole, -, -
researcher, press, public: figures, -, -, -, -
the one who told: own state, -, -, whole, -
"
    );
}

#[test]
fn every_basis_that_the_book_lists_is_a_code() {
    for (row, cells) in &tables()[1] {
        for code in cells.iter().flat_map(|cell| cell.split(' ')).filter(|code| *code != "-") {
            assert!(
                code.parse::<BasisCode>().is_ok() || code.parse::<RedisclosureCode>().is_ok(),
                "{row}: {code}"
            );
        }
    }
}
