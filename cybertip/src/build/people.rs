//! The people of a report. The three kinds and the linked account share most of their elements, so one reader serves
//! all: validation has settled which of them may stand where.

use domain::{AssociatedAccount, Involved, Private, Role};

use super::super::lenient;
use super::shared::{
    Part, account_disabled, address, device, email, estimated_location, ip_event, person, phone,
};

/// A person with the part that the document gives it.
pub(super) fn involved(whole: Part, role: Role) -> Involved {
    let mut involved = Involved::nobody(role);
    for part in whole.children() {
        match part.name() {
            "personOrUserReportedPerson" | "intendedRecipientPerson" | "victimPerson" => {
                involved.person = person(part);
            }
            "associatedAccount" => involved.associated.push(associated(part, role)),
            name => account(&mut involved, name, part),
        }
    }
    involved
}

/// What every account may say.
fn account(involved: &mut Involved, name: &str, part: Part) {
    match name {
        "vehicleDescription" => involved.vehicle = Some(part.private()),
        "espIdentifier" => involved.account_id = Some(part.private()),
        "espService" => involved.service = Some(part.text()),
        "compromisedAccount" => involved.compromised = part.yes_or_no(),
        "screenName" => involved.screen_name = Some(part.private()),
        // `accountDisplayName` is a client's name for it, lenient only.
        "displayName" | "accountDisplayName" => involved.display_names.push(part.private()),
        "profileUrl" => involved.profile_urls.push(part.private()),
        "profileBio" => involved.profile_text = Some(part.private()),
        "ipCaptureEvent" => involved.ip_events.push(ip_event(part)),
        "deviceId" => involved.devices.push(device(part)),
        "thirdPartyUserReported" => involved.third_party_user = part.yes_or_no(),
        "priorCTReports" | "priorCTReport" => involved.prior_reports.extend(part.number()),
        "groupIdentifier" => involved.group = Some(part.private()),
        "accountTemporarilyDisabled" => involved.temporarily_disabled = Some(account_disabled(part)),
        "accountPermanentlyDisabled" => involved.permanently_disabled = Some(account_disabled(part)),
        "estimatedLocation" => involved.estimated_location = Some(estimated_location(part)),
        "allEmailsReported" => involved.all_emails_reported = part.yes_or_no(),
        "schoolName" => involved.school = Some(part.private()),
        "additionalInfo" => involved.additional.push(part.private()),
        _ => {}
    }
}

fn associated(whole: Part, role: Role) -> AssociatedAccount {
    let mut linked = Involved::nobody(role);
    for part in whole.children() {
        match part.name() {
            "firstName" => linked.person.first_name = Some(part.private()),
            "middleName" => linked.person.middle_name = Some(part.private()),
            "lastName" => linked.person.last_name = Some(part.private()),
            "approximateAge" => linked.person.age = part.number(),
            "ageAssertionDiscrepancy" => linked.person.age_doubted = part.yes_or_no(),
            "dateOfBirth" => linked.person.date_of_birth = Some(Private::new(part.text().trim().to_owned())),
            "phone" => linked.person.phones.push(phone(part)),
            "email" => linked.person.emails.push(email(part)),
            "address" => linked.person.addresses.push(address(part)),
            name => account(&mut linked, name, part),
        }
    }
    if linked.account_id.is_none() {
        // A client's name for it, lenient only.
        linked.account_id = whole.said("accountIdentifier");
    }
    let misplaced_kind = || whole.attribute("accountType").or_else(|| whole.plain("accountType"));
    let right_answer = lenient::platform_answer(whole.document, whole.node);
    AssociatedAccount {
        kind: whole.attribute("type").or_else(misplaced_kind).unwrap_or_default(),
        platform: whole.plain("platform"),
        third_party_user: right_answer.or_else(|| whole.attribute_answer("thirdPartyUser")),
        account: Box::new(linked),
    }
}
