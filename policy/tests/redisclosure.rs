//! What an agency may pass on, judged on every exception and every recipient.

#![expect(clippy::unwrap_used, reason = "what fails here fails its test")]

use domain::{AgencyClass, AgencyId, Id as _, RedisclosureCode};
use jiff::Timestamp;
use policy::redisclosure::{
    Determination, Exception, NotShared, Shared, Sharing, To, between, of_agencies, share,
};

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn agency(name: &str) -> AgencyId {
    AgencyId::parse(name).unwrap()
}

fn shared(to: To<'_>, on: Exception<'_>) -> Result<Shared, NotShared> {
    let from = agency("own");
    share(&Sharing { from: &from, by_attorney: true, to, named: "Dull Person", on }, NOW)
}

fn recipients<'a>(own: &'a AgencyId, other: &'a AgencyId) -> [To<'a>; 8] {
    [
        To::Agency(own),
        To::Agency(other),
        To::AttorneyForTheGovernment,
        To::GovernmentPersonnel,
        To::StateOrLocalOfficial,
        To::Defence,
        To::Provider,
        To::Other,
    ]
}

/// The recipients of [`recipients`] that each exception is for, in the statute's order.
fn exceptions() -> [(Exception<'static>, &'static [usize]); 7] {
    let found = Determination { attorney: "Dull Attorney", at: NOW };
    [
        (Exception::Attorney, &[2]),
        (Exception::SameAgency { need: "the night shift goes on with it" }, &[0]),
        (Exception::FoundNecessary(Some(found)), &[0, 1, 3]),
        (Exception::StateOffence { state: "US-MN", offence: "617.247" }, &[4]),
        (Exception::Defence { charge: Some("D. Minn. 26-1") }, &[5]),
        (Exception::ProviderProcess { process: "subpoena 7" }, &[6]),
        (Exception::CourtOrder { order: "D. Minn. 26-2", conditions: &[] }, &[0, 1, 2, 3, 4, 5, 6, 7]),
    ]
}

// PROVES: R-34 R-35 R-36 R-38 R-39 R-40 R-41
#[test]
fn each_exception_is_for_its_own_recipients_and_for_no_other() {
    let (own, other) = (agency("own"), agency("other"));
    for (on, meant) in exceptions() {
        for (place, to) in recipients(&own, &other).into_iter().enumerate() {
            let answer = shared(to.clone(), on.clone());
            assert_eq!(answer.is_ok(), meant.contains(&place), "{on:?} {to:?}");
        }
    }
}

// PROVES: R-34 R-36 R-37 R-38 R-39 R-40 R-41
#[test]
fn without_what_must_be_on_record_nothing_is_passed_on() {
    let own = agency("own");
    let later = Determination { attorney: "Dull Attorney", at: NOW + jiff::SignedDuration::from_secs(1) };
    let nobody = Determination { attorney: " ", at: NOW };
    let table = [
        (To::Agency(&own), Exception::SameAgency { need: " " }, "the need"),
        (To::GovernmentPersonnel, Exception::FoundNecessary(None), "an attorney's determination"),
        (To::GovernmentPersonnel, Exception::FoundNecessary(Some(later)), "an attorney's determination"),
        (To::GovernmentPersonnel, Exception::FoundNecessary(Some(nobody)), "the attorney"),
        (To::StateOrLocalOfficial, Exception::StateOffence { state: "MN", offence: "617.247" }, "the State"),
        (To::StateOrLocalOfficial, Exception::StateOffence { state: "US-MN", offence: "" }, "the offence"),
        (To::Defence, Exception::Defence { charge: None }, "a pending charge"),
        (To::Provider, Exception::ProviderProcess { process: "" }, "the legal process"),
        (To::Other, Exception::CourtOrder { order: "", conditions: &[] }, "the order"),
    ];
    for (to, on, what) in table {
        assert_eq!(shared(to, on).unwrap_err(), NotShared::NotOnRecord(what));
    }
    let nameless = Sharing {
        from: &own,
        by_attorney: true,
        to: To::AttorneyForTheGovernment,
        named: "",
        on: Exception::Attorney,
    };
    assert_eq!(share(&nameless, NOW).unwrap_err(), NotShared::NoName);
}

// PROVES: R-39 R-41
#[test]
fn discovery_and_court_orders_are_a_prosecutors_to_make() {
    let own = agency("own");
    for (to, on) in [
        (To::Defence, Exception::Defence { charge: Some("D. Minn. 26-1") }),
        (To::Other, Exception::CourtOrder { order: "D. Minn. 26-2", conditions: &[] }),
    ] {
        let sharing = Sharing { from: &own, by_attorney: false, to, named: "Dull Person", on };
        assert_eq!(share(&sharing, NOW).unwrap_err(), NotShared::NotAnAttorney);
    }
}

// PROVES: R-39 R-40 R-41
#[test]
fn what_goes_outside_the_government_has_no_place_for_a_depiction_and_carries_the_courts_conditions() {
    let conditions = ["not to be copied".to_owned()];
    let on = || Exception::CourtOrder { order: "D. Minn. 26-2", conditions: &conditions };
    let Shared::WithProvider(RedisclosureCode::CourtOrder, parcel) = shared(To::Other, on()).unwrap() else {
        panic!("somebody outside the government");
    };
    assert_eq!(parcel.conditions(), conditions);
    assert!(matches!(shared(To::Defence, on()).unwrap(), Shared::WithDefence(..)));
    let own = agency("own");
    assert!(matches!(shared(To::Agency(&own), on()).unwrap(), Shared::WithGovernment(..)));
}

// PROVES: R-34 R-37 R-38 R-41
#[test]
fn an_agency_hands_on_only_by_a_code_of_the_other_ones_kind_and_a_foreign_one_never() {
    let (own, other) = (agency("own"), agency("other"));
    let found = || Exception::FoundNecessary(Some(Determination { attorney: "Dull Attorney", at: NOW }));
    let offence = || Exception::StateOffence { state: "US-MN", offence: "617.247" };
    let order = || Exception::CourtOrder { order: "D. Minn. 26-2", conditions: &[] };
    let mut allowed = Vec::new();
    for &class in AgencyClass::ALL {
        for on in [found(), offence(), order()] {
            let code = on.code();
            let answer = between((&own, AgencyClass::State), true, (&other, class, "Other"), on.clone(), NOW);
            assert_eq!(answer.is_ok(), of_agencies(class).contains(&code), "{class} {code}");
            allowed.extend(answer.ok().map(|code| (class, code)));
            let from_abroad = between((&own, AgencyClass::Foreign), true, (&other, class, "Other"), on, NOW);
            assert_eq!(from_abroad.unwrap_err(), NotShared::WrongRecipient, "{class} {code}");
        }
    }
    assert!(allowed.contains(&(AgencyClass::Local, RedisclosureCode::StateOffence)));
    assert!(!allowed.contains(&(AgencyClass::Tribal, RedisclosureCode::StateOffence)));
    assert!(!allowed.contains(&(AgencyClass::Foreign, RedisclosureCode::FoundNecessary)));
    // A court's order is a prosecutor's to bring; an offence without a State is none.
    let state = (&other, AgencyClass::State, "Other");
    let alone = between((&own, AgencyClass::State), false, state, order(), NOW);
    assert_eq!(alone.unwrap_err(), NotShared::NotAnAttorney);
    let nowhere = Exception::StateOffence { state: "", offence: "617.247" };
    let nowhere = between((&own, AgencyClass::State), false, state, nowhere, NOW);
    assert_eq!(nowhere.unwrap_err(), NotShared::NotOnRecord("the State"));
}
