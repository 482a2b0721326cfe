//! The gate's answer for every file of a package.

use domain::{Actor, DossierFile};
use formats::csv::{Part, Withheld};
use policy::processor::PACKAGE;
use policy::{FileFacts, OpenFile, gate};

use super::Fault;

/// What would release a file that was destroyed.
const DESTROYED: &str =
    "nothing: it was destroyed; its certificate of destruction says when, by whom and on which ground";

/// Asks the gate about a file and writes its answer into the dossier, so that no document can say otherwise: the permit to
/// open it where it goes; what stays joins what is withheld, with the gate's reason.
pub(super) fn admit(
    file: &mut DossierFile,
    facts: &FileFacts,
    actor: &Actor,
    withheld: &mut Vec<Withheld>,
) -> Result<Option<OpenFile>, Fault> {
    let shut = |part, reason: policy::Withheld| Withheld {
        file: facts.file.clone(),
        part,
        code: reason.code(),
        remedy: reason.remedy(),
    };
    file.retained = facts.retained;
    file.ground = None;
    let open = match PACKAGE.admit(facts, actor) {
        Ok(None) => return Err(Fault::OtherFiles),
        Ok(Some(open)) => {
            file.ground = Some(open.ground());
            Some(open)
        }
        Err(reason) => {
            withheld.push(match file.destroyed {
                None => shut(Part::Content, reason),
                Some(_) => Withheld { code: "destroyed", remedy: DESTROYED, ..shut(Part::Content, reason) },
            });
            None
        }
    };
    shut_exif(file);
    if file.exif_withheld {
        withheld.push(shut(Part::Exif, policy::Withheld::NoGround));
    }
    Ok(open)
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
    use domain::{Dossier, MetadataGroup, MetadataPair, TriState, ViewGround};
    use formats::files::AnyFiles;

    use super::*;
    use exports::Source;

    /// What goes and what stays.
    #[derive(Default)]
    struct Gated {
        open: Vec<OpenFile>,
        withheld: Vec<Withheld>,
    }

    fn ask(dossier: &mut Dossier, facts: &[FileFacts]) -> Gated {
        let mut gated = Gated::default();
        for (file, facts) in dossier.files.iter_mut().zip(facts) {
            gated.open.extend(admit(file, facts, &Actor::House, &mut gated.withheld).unwrap());
        }
        gated
    }

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
            let gated = ask(&mut dossier, &facts);
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
        ask(&mut dossier, &facts);
        assert_eq!(dossier.files[0].ground, None);
    }

    // PROVES: R-19
    #[test]
    fn exif_that_no_answer_opens_stays_under_its_own_row() {
        let mut dossier = full();
        let facts = facts(&dossier, TriState::Yes);
        let gated = ask(&mut dossier, &facts);
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
                let gated = ask(&mut dossier, &facts);
                let delivery = dossier.deliveries[0].clone();
                let answered = exif_viewed.is_yes() || public.is_yes();
                assert_eq!(dossier.files[1].exif_withheld, !answered);
                let dossier = dossier.keeping(|files| Box::new(files) as AnyFiles);
                let source = Source { dossier: &dossier, delivery: &delivery, withheld: &gated.withheld };
                let mut all = Vec::new();
                exports::put::<std::io::Error>(&source, &mut |_, write| write(&mut all)).unwrap();
                assert_eq!(contains(&all, b"canary EXIF"), answered, "{exif_viewed} {public}");
            }
        }
    }

    fn contains(bytes: &[u8], part: &[u8]) -> bool {
        bytes.windows(part.len()).any(|window| window == part)
    }
}
