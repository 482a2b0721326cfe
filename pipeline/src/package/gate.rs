//! The gate's answer for every file of a package.

use std::collections::HashMap;

use domain::{Actor, Dossier, DossierFile, FileId};
use formats::csv::{Part, Withheld};
use policy::processor::PACKAGE;
use policy::{FileFacts, OpenFile, gate};

use super::Fault;

/// What would release a file that was destroyed.
const DESTROYED: &str =
    "nothing: it was destroyed; its certificate of destruction says when, by whom and on which ground";

/// What goes and what stays.
pub(super) struct Gated {
    /// One permit for each file that goes.
    pub open: Vec<OpenFile>,
    /// What stays, with the gate's reason.
    pub withheld: Vec<Withheld>,
}

/// Asks the gate about every file and writes its answers into the dossier, so that no document can say otherwise.
pub(super) fn ask(dossier: &mut Dossier, facts: &[FileFacts], actor: &Actor) -> Result<Gated, Fault> {
    if facts.len() != dossier.files.len() {
        return Err(Fault::OtherFiles);
    }
    let by_file: HashMap<&FileId, &FileFacts> = facts.iter().map(|facts| (&facts.file, facts)).collect();
    let mut gated = Gated { open: Vec::new(), withheld: Vec::new() };
    for file in &mut dossier.files {
        let facts = *by_file.get(&file.file).ok_or(Fault::OtherFiles)?;
        let shut = |part, reason: policy::Withheld| Withheld {
            file: facts.file.clone(),
            part,
            code: reason.code(),
            remedy: reason.remedy(),
        };
        file.retained = facts.retained;
        file.ground = None;
        match PACKAGE.admit(facts, actor) {
            Ok(None) => return Err(Fault::OtherFiles),
            Ok(Some(open)) => {
                file.ground = Some(open.ground());
                gated.open.push(open);
            }
            Err(reason) => gated.withheld.push(match file.destroyed {
                None => shut(Part::Content, reason),
                Some(_) => Withheld { code: "destroyed", remedy: DESTROYED, ..shut(Part::Content, reason) },
            }),
        }
        shut_exif(file);
        if file.exif_withheld {
            gated.withheld.push(shut(Part::Exif, policy::Withheld::NoGround));
        }
    }
    Ok(gated)
}

/// Takes out of a dossier's file what the sender read in an EXIF block that no ground opens. Pages and documents are
/// made from dossiers, so that none of them can tell what the others withhold.
pub(crate) fn shut_exif(file: &mut DossierFile) {
    let Some(statement) = &mut file.statement else { return };
    let all = std::mem::take(&mut statement.details);
    let (open, shut): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|group| gate::opens_metadata(statement, group));
    statement.details = open;
    file.exif_withheld |= !shut.is_empty();
}

#[cfg(test)]
mod tests {
    use domain::{MetadataGroup, MetadataPair, TriState, ViewGround};

    use super::*;
    use exports::Source;

    fn full() -> Dossier {
        serde_json::from_str(include_str!("../../../formats/fixtures/dossier/full.json")).unwrap()
    }

    fn facts(dossier: &Dossier, viewed: TriState) -> Vec<FileFacts> {
        let of = |file: &domain::DossierFile| FileFacts {
            report: dossier.report,
            file: file.file.clone(),
            viewed,
            public: TriState::Unknown,
            retained: file.retained,
            asker: None,
            at: jiff::Timestamp::UNIX_EPOCH,
            grounds: Vec::new(),
            matched: false,
            relaxations: Vec::new(),
        };
        dossier.files.iter().map(of).collect()
    }

    // PROVES: R-17 R-22
    #[test]
    fn every_file_either_goes_or_stays_with_a_reason() {
        for &viewed in TriState::ALL {
            let mut dossier = full();
            let facts = facts(&dossier, viewed);
            let gated = ask(&mut dossier, &facts, &Actor::House).unwrap();
            let stays = gated.withheld.iter().filter(|shut| shut.part == Part::Content).count();
            assert_eq!(gated.open.len() + stays, dossier.files.len());
            assert_eq!(gated.open.is_empty(), !viewed.is_yes());
        }
    }

    #[test]
    fn what_the_gate_says_overrules_what_the_dossier_said() {
        let mut dossier = full();
        assert_eq!(dossier.files[0].ground, Some(ViewGround::EspViewed));
        let facts = facts(&dossier, TriState::No);
        ask(&mut dossier, &facts, &Actor::House).unwrap();
        assert_eq!(dossier.files[0].ground, None);
    }

    // PROVES: R-19
    #[test]
    fn exif_that_no_answer_opens_stays_under_its_own_row() {
        let mut dossier = full();
        let facts = facts(&dossier, TriState::Yes);
        let gated = ask(&mut dossier, &facts, &Actor::House).unwrap();
        let exif: Vec<_> = gated.withheld.iter().filter(|shut| shut.part == Part::Exif).collect();
        assert_eq!(exif.len(), 1);
        assert_eq!(exif[0].file, dossier.files[1].file);
        assert_eq!(exif[0].code, "no-view-ground");
    }

    // PROVES: R-19
    #[test]
    fn withheld_exif_is_in_no_document() {
        let pair = MetadataPair { name: "Model".to_owned(), value: "canary EXIF".to_owned().into() };
        for &exif_viewed in TriState::ALL {
            for &public in TriState::ALL {
                let mut dossier = full();
                let statement = dossier.files[1].statement.as_mut().unwrap();
                (statement.exif_viewed, statement.public) = (exif_viewed, public);
                let group = MetadataGroup { kind: Some("EXIF".to_owned()), pairs: vec![pair.clone()] };
                statement.details.push(group);
                dossier.files[1].exif_withheld = false;
                let facts = facts(&dossier, TriState::Yes);
                let gated = ask(&mut dossier, &facts, &Actor::House).unwrap();
                let delivery = dossier.deliveries[0].clone();
                let source = Source { dossier: &dossier, delivery: &delivery, withheld: &gated.withheld };
                let told = exports::texts(&source).any(|text| contains(&text.unwrap().bytes, b"canary EXIF"));
                let answered = exif_viewed.is_yes() || public.is_yes();
                assert_eq!(told, answered, "{exif_viewed} {public}");
                assert_eq!(dossier.files[1].exif_withheld, !answered);
            }
        }
    }

    fn contains(bytes: &[u8], part: &[u8]) -> bool {
        bytes.windows(part.len()).any(|window| window == part)
    }

    #[test]
    fn a_dossier_of_other_files_is_refused() {
        let mut dossier = full();
        let mut facts = facts(&dossier, TriState::Yes);
        facts.pop();
        assert!(matches!(ask(&mut dossier, &facts, &Actor::House), Err(Fault::OtherFiles)));
    }
}
