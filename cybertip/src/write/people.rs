//! People, accounts and the parts they are made of. Each role writes the elements that the language gives it, in the
//! order that the language gives them.

use domain::{
    AccountDisabled, Address, AssociatedAccount, Device, Email, EstimatedLocation, Involved, IpEvent, Person,
    Phone, Role,
};

use super::tags::{Tags, word};

pub(super) fn involved(tags: &mut Tags, whole: &Involved) {
    let (name, person_name) = match whole.role {
        Role::Recipient => ("intendedRecipient", "intendedRecipientPerson"),
        Role::Victim => ("victim", "victimPerson"),
        _ => ("personOrUserReported", "personOrUserReportedPerson"),
    };
    let is_reported = name == "personOrUserReported";
    let is_victim = whole.role == Role::Victim;
    tags.inside(name, |tags| {
        // The child's person must stand there even when nothing is known.
        if is_victim || whole.person != Person::default() {
            person(tags, person_name, &whole.person);
        }
        if is_reported {
            tags.said("vehicleDescription", whole.vehicle.as_ref());
        }
        account(tags, whole);
        ip_and_devices(tags, whole);
        if is_reported {
            tags.answer("thirdPartyUserReported", whole.third_party_user);
        }
        if is_victim {
            tags.said("schoolName", whole.school.as_ref());
        }
        whole.prior_reports.iter().for_each(|report| tags.number("priorCTReports", Some(*report)));
        if !is_victim {
            tags.said("groupIdentifier", whole.group.as_ref());
        }
        disabled(tags, whole);
        whole.estimated_location.iter().for_each(|location| estimated_location(tags, location));
        tags.answer("allEmailsReported", whole.all_emails_reported);
        if whole.role != Role::Recipient {
            whole.associated.iter().for_each(|linked| associated(tags, linked));
        }
        tags.texts("additionalInfo", &whole.additional);
    });
}

fn account(tags: &mut Tags, whole: &Involved) {
    tags.said("espIdentifier", whole.account_id.as_ref());
    tags.plain("espService", whole.service.as_ref());
    tags.answer("compromisedAccount", whole.compromised);
    tags.said("screenName", whole.screen_name.as_ref());
    tags.texts("displayName", &whole.display_names);
    tags.texts("profileUrl", &whole.profile_urls);
    tags.said("profileBio", whole.profile_text.as_ref());
}

fn ip_and_devices(tags: &mut Tags, whole: &Involved) {
    whole.ip_events.iter().for_each(|event| ip_event(tags, event));
    whole.devices.iter().for_each(|found| device(tags, found));
}

fn disabled(tags: &mut Tags, whole: &Involved) {
    if let Some(state) = &whole.temporarily_disabled {
        account_disabled(tags, "accountTemporarilyDisabled", state);
    }
    if let Some(state) = &whole.permanently_disabled {
        account_disabled(tags, "accountPermanentlyDisabled", state);
    }
}

fn associated(tags: &mut Tags, linked: &AssociatedAccount) {
    let whole = linked.account.as_ref();
    tags.open("associatedAccount").attribute("type", Some(&linked.kind)).then(|tags| {
        if linked.platform.is_some() || linked.third_party_user.is_some() {
            tags.open("platform")
                .answer("thirdPartyUser", linked.third_party_user)
                .text(linked.platform.as_deref().unwrap_or_default());
        }
        linked_person(tags, whole);
        tags.plain("espService", whole.service.as_ref());
        tags.said("espIdentifier", whole.account_id.as_ref());
        tags.texts("profileUrl", &whole.profile_urls);
        tags.said("screenName", whole.screen_name.as_ref());
        tags.texts("displayName", &whole.display_names);
        tags.said("profileBio", whole.profile_text.as_ref());
        tags.said("groupIdentifier", whole.group.as_ref());
        tags.answer("compromisedAccount", whole.compromised);
        disabled(tags, whole);
        ip_and_devices(tags, whole);
        whole.prior_reports.iter().for_each(|report| tags.number("priorCTReport", Some(*report)));
        tags.texts("additionalInfo", &whole.additional);
    });
}

fn linked_person(tags: &mut Tags, whole: &Involved) {
    let person = &whole.person;
    tags.said("firstName", person.first_name.as_ref());
    tags.said("middleName", person.middle_name.as_ref());
    tags.said("lastName", person.last_name.as_ref());
    tags.number("approximateAge", person.age);
    tags.answer("ageAssertionDiscrepancy", person.age_doubted);
    tags.said("dateOfBirth", person.date_of_birth.as_ref());
    person.phones.iter().for_each(|number| phone(tags, "phone", number));
    person.emails.iter().for_each(|mail| email(tags, "email", mail));
    tags.answer("allEmailsReported", whole.all_emails_reported);
    person.addresses.iter().for_each(|place| address(tags, "address", place));
}

pub(super) fn person(tags: &mut Tags, name: &'static str, person: &Person) {
    tags.inside(name, |tags| {
        tags.said("firstName", person.first_name.as_ref());
        tags.said("lastName", person.last_name.as_ref());
        person.phones.iter().for_each(|number| phone(tags, "phone", number));
        person.emails.iter().for_each(|mail| email(tags, "email", mail));
        person.addresses.iter().for_each(|place| address(tags, "address", place));
        tags.number("age", person.age);
        tags.answer("ageAssertionDiscrepancy", person.age_doubted);
        tags.said("dateOfBirth", person.date_of_birth.as_ref());
    });
}

pub(super) fn phone(tags: &mut Tags, name: &'static str, phone: &Phone) {
    tags.open(name)
        .attribute("type", phone.kind.as_ref())
        .answer("verified", phone.verified)
        .moment("verificationDate", phone.verified_at.as_ref())
        .attribute("countryCallingCode", phone.calling_code.as_ref())
        .attribute("extension", phone.extension.as_ref())
        .text(phone.number.reveal());
}

pub(super) fn email(tags: &mut Tags, name: &'static str, email: &Email) {
    tags.open(name)
        .attribute("type", email.kind.as_ref())
        .answer("verified", email.verified)
        .moment("verificationDate", email.verified_at.as_ref())
        .text(email.address.reveal());
}

pub(super) fn address(tags: &mut Tags, name: &'static str, address: &Address) {
    tags.open(name).attribute("type", address.kind.as_ref()).then(|tags| {
        tags.said("address", address.street.as_ref());
        tags.said("city", address.city.as_ref());
        tags.said("zipCode", address.postcode.as_ref());
        tags.plain("state", address.state.as_ref());
        tags.plain("nonUsaState", address.region.as_ref());
        tags.plain("country", address.country.as_ref());
    });
}

pub(super) fn ip_event(tags: &mut Tags, event: &IpEvent) {
    tags.inside("ipCaptureEvent", |tags| {
        tags.leaf("ipAddress", event.address.reveal());
        tags.plain("eventName", event.event.as_ref());
        tags.moment("dateTime", event.at.as_ref());
        tags.answer("possibleProxy", event.possible_proxy);
        tags.number("port", event.port);
    });
}

pub(super) fn device(tags: &mut Tags, device: &Device) {
    tags.inside("deviceId", |tags| {
        tags.leaf("idType", &device.kind);
        tags.leaf("idValue", device.value.reveal());
        tags.plain("eventName", device.event.as_ref());
        tags.moment("dateTime", device.at.as_ref());
    });
}

fn account_disabled(tags: &mut Tags, name: &'static str, state: &AccountDisabled) {
    tags.open(name)
        .moment("disabledDate", state.disabled_at.as_ref())
        .answer("userNotified", state.user_notified)
        .moment("userNotifiedDate", state.user_notified_at.as_ref())
        .moment("reenabledDate", state.reenabled_at.as_ref())
        .text(word(state.disabled));
}

fn estimated_location(tags: &mut Tags, location: &EstimatedLocation) {
    tags.open("estimatedLocation")
        .answer("verified", location.verified)
        .moment("timestamp", location.at.as_ref())
        .then(|tags| {
            tags.said("city", location.city.as_ref());
            tags.plain("region", location.region.as_ref());
            tags.plain("countryCode", location.country.as_ref());
        });
}
