//! The rule files that are part of the program: one registry that a reader can see. A test holds it against the
//! folder, so that a file nobody listed is noticed.

macro_rules! registry {
    ($($path:literal,)+) => {
        /// Name and text of every rule file and list, in the order of this file.
        pub(super) const FILES: &[(&str, &str)] =
            &[$((without_room($path), include_str!(concat!("../../../", $path)))),+];
    };
}

/// Rules are named from their folder on: `policies/triage/x.toml` is `triage/x.toml`.
const fn without_room(path: &'static str) -> &'static str {
    match path.as_bytes() {
        [b'p', b'o', b'l', b'i', b'c', b'i', b'e', b's', b'/', ..] => path.split_at("policies/".len()).1,
        _ => path,
    }
}

registry! {
    "datasets/federal-recipients.toml",
    "datasets/foreign-points.toml",
    "datasets/task-forces.toml",
    "policies/access/agency-certifies.cedar",
    "policies/access/agency-keeps-holds.cedar",
    "policies/access/agency-keeps-seized-sets.cedar",
    "policies/access/agency-notifies-destruction.cedar",
    "policies/access/agency-people-deconflict.cedar",
    "policies/access/agency-people-keep-cases.cedar",
    "policies/access/agency-people-read.cedar",
    "policies/access/agency-people-record-grounds.cedar",
    "policies/access/agency-people-take.cedar",
    "policies/access/agency-people-transfer-reports.cedar",
    "policies/access/agency-people-use-portal.cedar",
    "policies/access/agency-people-view-media.cedar",
    "policies/access/agency-people-work-reports.cedar",
    "policies/access/agency-system-keeps-cases.cedar",
    "policies/access/agency-system-notifies-destruction.cedar",
    "policies/access/agency-system-read.cedar",
    "policies/access/agency-system-sees-transfers.cedar",
    "policies/access/agency-system-take.cedar",
    "policies/access/agency-system-works-reports.cedar",
    "policies/access/approvals.cedarschema",
    "policies/access/approve-counsel-ground.cedar",
    "policies/access/approve-destroy.cedar",
    "policies/access/approve-hash.cedar",
    "policies/access/approve-people.cedar",
    "policies/access/approve-purge.cedar",
    "policies/access/approve-qualified-agency.cedar",
    "policies/access/approve-relaxation.cedar",
    "policies/access/approve-rules.cedar",
    "policies/access/ask-recovery-of-own.cedar",
    "policies/access/ask-relaxation.cedar",
    "policies/access/auditor-sees-the-record.cedar",
    "policies/access/banner-first.cedar",
    "policies/access/commander-assigns-reports.cedar",
    "policies/access/commander-confirms-grounds.cedar",
    "policies/access/commander-grants-media.cedar",
    "policies/access/commander-keeps-agency-keys.cedar",
    "policies/access/commander-keeps-contacts.cedar",
    "policies/access/counsel-keeps-holds.cedar",
    "policies/access/counsel-sees-disclosures.cedar",
    "policies/access/custody.cedarschema",
    "policies/access/destructions-are-overseen.cedar",
    "policies/access/gate.cedarschema",
    "policies/access/house-confirms-agency-keys.cedar",
    "policies/access/keep-agencies.cedar",
    "policies/access/keep-own-people.cedar",
    "policies/access/keep-people.cedar",
    "policies/access/keep-providers.cedar",
    "policies/access/keep-vendors.cedar",
    "policies/access/never-alone.cedar",
    "policies/access/operator-brings-seized-sets.cedar",
    "policies/access/operator-certifies.cedar",
    "policies/access/operator-confirms-agency-keys.cedar",
    "policies/access/operator-hands-over.cedar",
    "policies/access/operator-keeps-agency-keys.cedar",
    "policies/access/operator-keeps-portal.cedar",
    "policies/access/operator-keeps-vendors.cedar",
    "policies/access/oversight.cedarschema",
    "policies/access/people.cedarschema",
    "policies/access/portal.cedarschema",
    "policies/access/prosecutor-holds-viewings.cedar",
    "policies/access/provider-credential-own.cedar",
    "policies/access/provider-people-own.cedar",
    "policies/access/reports.cedarschema",
    "policies/access/schema.cedarschema",
    "policies/access/sealed-delivery.cedarschema",
    "policies/access/security-admin-sees-accounts.cedar",
    "policies/access/seized.cedarschema",
    "policies/access/staff-answer-desk-calls.cedar",
    "policies/access/staff-route-reports.cedar",
    "policies/access/staff-use-portal.cedar",
    "policies/access/staff-view-media.cedar",
    "policies/access/staff-work-reports.cedar",
    "policies/access/supervisor-counts-media-permissions.cedar",
    "policies/access/supervisor-grants-media.cedar",
    "policies/access/supervisor-keeps-desk-ladder.cedar",
    "policies/access/supervisor-keeps-portal.cedar",
    "policies/access/supervisor-sees-rules.cedar",
    "policies/access/work.cedarschema",
    "policies/access/workers-move-reports-on.cedar",
    "policies/quality/account-address-missing.toml",
    "policies/quality/account-id-missing.toml",
    "policies/quality/account-number-in-escalation.toml",
    "policies/quality/account-number-in-incident.toml",
    "policies/quality/account-number-in-text.toml",
    "policies/quality/account-number-with-file.toml",
    "policies/quality/account-number-with-person.toml",
    "policies/quality/address-not-near-upload.toml",
    "policies/quality/contact-in-person.toml",
    "policies/quality/contact-mailbox-missing.toml",
    "policies/quality/conversation-missing.toml",
    "policies/quality/description-missing.toml",
    "policies/quality/escalation-without-reason.toml",
    "policies/quality/event-name-missing.toml",
    "policies/quality/event-time-missing.toml",
    "policies/quality/event-zone-missing.toml",
    "policies/quality/file-details-missing.toml",
    "policies/quality/incident-time-unexplained.toml",
    "policies/quality/incident-zone-missing.toml",
    "policies/quality/nobody-reported.toml",
    "policies/quality/original-hash-missing.toml",
    "policies/quality/person-without-contact.toml",
    "policies/quality/place-missing.toml",
    "policies/quality/port-missing.toml",
    "policies/quality/reach-not-said.toml",
    "policies/quality/upload-address-missing.toml",
    "policies/quality/upload-time-missing.toml",
    "policies/quality/verification-not-said.toml",
    "policies/quality/view-not-said.toml",
    "policies/retention/synthetic-demo.toml",
    "policies/routing/abroad.toml",
    "policies/routing/across-the-border.toml",
    "policies/routing/child-elsewhere.toml",
    "policies/routing/currency-or-access-device.toml",
    "policies/routing/foreign-process.toml",
    "policies/routing/mail.toml",
    "policies/routing/military-air-force.toml",
    "policies/routing/military-army.toml",
    "policies/routing/military-coast-guard.toml",
    "policies/routing/military-navy.toml",
    "policies/routing/missing-child.toml",
    "policies/routing/named-by-provider.toml",
    "policies/routing/no-place.toml",
    "policies/routing/settings.toml",
    "policies/routing/several-states.toml",
    "policies/routing/task-force.toml",
    "policies/routing/territory.toml",
    "policies/routing/threat-to-life.toml",
    "policies/routing/travel-abroad.toml",
    "policies/routing/tribal-land.toml",
    "policies/routing/us-person-abroad.toml",
    "policies/routing/us-without-state.toml",
    "policies/routing/violent-network.toml",
    "policies/set.toml",
    "policies/triage/account-compromised.toml",
    "policies/triage/between-minors.toml",
    "policies/triage/child-approached.toml",
    "policies/triage/child-in-reach.toml",
    "policies/triage/escalated-by-provider.toml",
    "policies/triage/infant-in-file.toml",
    "policies/triage/law-enforcement-involved.toml",
    "policies/triage/live-abuse.toml",
    "policies/triage/live-streamed.toml",
    "policies/triage/many-files.toml",
    "policies/triage/marked-as-spam.toml",
    "policies/triage/marked-informational.toml",
    "policies/triage/material-solicited.toml",
    "policies/triage/memes-only.toml",
    "policies/triage/nothing-to-act-on.toml",
    "policies/triage/physical-harm.toml",
    "policies/triage/sadistic-exploitation.toml",
    "policies/triage/seen-before.toml",
    "policies/triage/self-produced.toml",
    "policies/triage/sextortion.toml",
    "policies/triage/victim-described.toml",
    "policies/triage/violation-planned-or-imminent.toml",
    "policies/triage/young-child-approached.toml",
    "policies/triage/young-child-in-act.toml",
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    #[test]
    fn the_registry_lists_the_folder() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies");
        let mut on_disk = BTreeSet::from(["set.toml".to_owned()]);
        for folder in ["access", "quality", "retention", "routing", "triage"] {
            for entry in std::fs::read_dir(root.join(folder)).unwrap() {
                let name = entry.unwrap().file_name().into_string().unwrap();
                on_disk.insert(format!("{folder}/{name}"));
            }
        }
        let listed = FILES.iter().map(|(name, _)| (*name).to_owned()).filter(|n| !n.starts_with("datasets/"));
        assert_eq!(listed.collect::<BTreeSet<String>>(), on_disk);
    }
}
