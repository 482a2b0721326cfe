//! Documents as one piece, to be compared and read again.

use std::io::{self, Write};

use domain::Dossier;
use formats::csv::Withheld;
use formats::{case_uco, csv, report_pdf, vics};

pub fn whole(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(&mut bytes).unwrap();
    bytes
}

pub fn le_download(dossier: &Dossier) -> Vec<u8> {
    whole(|out| formats::le_download::to_json(dossier, out))
}

pub fn report_full(dossier: &Dossier) -> Vec<u8> {
    whole(|out| formats::report_full::to_json(dossier, out))
}

pub fn case(dossier: &Dossier) -> Vec<u8> {
    whole(|out| case_uco::to_jsonld(dossier, &dossier.deliveries[0], out))
}

pub fn pdf(dossier: &Dossier, withheld: &[Withheld]) -> Vec<u8> {
    whole(|out| report_pdf::to_pdf(dossier, &dossier.deliveries[0], withheld, out))
}

pub fn vics_case(dossier: &Dossier) -> Vec<u8> {
    whole(|out| vics::case(dossier, out))
}

pub fn vics_withheld(dossier: &Dossier) -> Vec<u8> {
    whole(|out| vics::withheld(dossier, out))
}

pub fn files(dossier: &Dossier) -> Vec<u8> {
    whole(|out| csv::files(dossier, out))
}

pub fn ips(dossier: &Dossier) -> Vec<u8> {
    whole(|out| csv::ips(dossier, out))
}

pub fn selectors(dossier: &Dossier) -> Vec<u8> {
    whole(|out| csv::selectors(dossier, out))
}

pub fn withheld_files(dossier: &Dossier, withheld: &[Withheld]) -> Vec<u8> {
    whole(|out| csv::withheld_files(dossier, withheld, out))
}
