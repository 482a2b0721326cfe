//! Reports that people file by hand. Answers are kept sealed while they are given; then they become the same document
//! that a client would send, and go through the same door.

use std::collections::BTreeMap;

use bytes::Bytes;
use cybertip::Profile;
use domain::{CredentialId, FileId, FileStatement, Private, Purpose, ReportId, Submission};
use store::evidence::{self, File};
use store::form::{self, Form};
use store::report::{self, OpenReport};
use store::{House, Refusal, credential, number};

use super::Member;
use crate::intake::{self, Login, Opened, Received, Refused};
use office::Trouble;

/// What was answered so far, by the name of its question.
pub type Answers = BTreeMap<String, Private<String>>;

/// The report that was opened with a form's answers.
#[derive(Debug, Clone)]
pub struct FormReport {
    /// Its number and the hour at which it expires.
    pub open: OpenReport,
    /// Its files so far, with what was said about each.
    pub files: Vec<File>,
}

/// Begins a form and answers its number.
///
/// # Errors
/// A denial, or a fault.
pub async fn start_form(house: &House, member: &Member, answers: Answers) -> Result<ReportId, Trouble> {
    member.permit()?;
    let number = number::next(house).await?;
    let (provider, person) = (member.provider.clone(), member.person.clone());
    let started = house.act(member.actor(), Purpose::Intake, "portal::start_form", move |act| {
        form::start(act, number, &provider, &person, &answers)
    });
    started.await?;
    Ok(number)
}

/// Keeps the answers.
///
/// # Errors
/// "No such thing" for a form that is over or another provider's; a denial; a fault.
pub async fn save_form(
    house: &House,
    member: &Member,
    number: ReportId,
    answers: Answers,
) -> Result<(), Trouble> {
    member.permit()?;
    let provider = member.provider.clone();
    let saved = house.act(member.actor(), Purpose::Intake, "portal::save_form", move |act| {
        form::save(act, &provider, number, &answers)
    });
    Ok(saved.await?)
}

/// The forms that people of the provider are filling, the newest first.
///
/// # Errors
/// A denial, or a fault.
pub async fn forms(house: &House, member: &Member) -> Result<Vec<Form>, Trouble> {
    member.permit()?;
    let provider = member.provider.clone();
    Ok(house.read("portal::forms", move |view| form::of_provider(view, &provider)).await?)
}

/// A form with its answers and, once it was opened, its report.
///
/// # Errors
/// "No such thing" for a form that is over or another provider's; a denial; a fault.
pub async fn form(
    house: &House,
    member: &Member,
    number: ReportId,
) -> Result<(Form, Answers, Option<FormReport>), Trouble> {
    let (permit, provider) = (member.permit()?, member.provider.clone());
    let read = house.read("portal::form", move |view| {
        let (form, answers) = form::get::<Answers>(view, &permit, number)?;
        let Some(of) = form.report else { return Ok((form, answers, None)) };
        let open = report::check_open(view, &provider, of).map_err(|_| Refusal::NotFound)?;
        let files = evidence::files(view, &permit, of)?;
        Ok((form, answers, Some(FormReport { open, files })))
    });
    Ok(read.await?)
}

/// The form whose answers opened a report, while it is there.
///
/// # Errors
/// A denial, or a fault.
pub async fn form_of_report(
    house: &House,
    member: &Member,
    report: ReportId,
) -> Result<Option<ReportId>, Trouble> {
    member.permit()?;
    let provider = member.provider.clone();
    Ok(house.read("portal::form_of_report", move |view| form::of_report(view, &provider, report)).await?)
}

/// Destroys a form. A report that was opened with it is taken back first.
///
/// # Errors
/// As [`save_form`].
pub async fn discard_form(house: &House, member: &Member, number: ReportId) -> Result<(), Trouble> {
    let (form, _, _) = form(house, member, number).await?;
    if let Some(report) = form.report {
        cancel_report(house, member, number, report).await?;
    }
    destroy(house, member, number).await
}

async fn destroy(house: &House, member: &Member, number: ReportId) -> Result<(), Trouble> {
    let provider = member.provider.clone();
    let gone = house.act(member.actor(), Purpose::Intake, "portal::discard_form", move |act| {
        form::discard(act, &provider, number)
    });
    Ok(gone.await?)
}

/// Opens the report of a form: from now on it takes files, and its words stand.
///
/// # Errors
/// What the API would answer to the same document.
pub async fn open_report(
    house: &House,
    member: &Member,
    number: ReportId,
    submission: &Submission,
    profile: Profile,
) -> Result<Opened, Refused> {
    let login = login(house, member).await.map_err(|trouble| refused(house, trouble))?;
    let opened = intake::submit(house, &login, document(cybertip::to_xml(submission)), profile).await?;
    let (provider, report) = (member.provider.clone(), opened.report);
    let bound = house.act(member.actor(), Purpose::Intake, "portal::open_report", move |act| {
        form::bind_report(act, &provider, number, Some(report))
    });
    bound.await.map_err(|error| refused(house, error.into()))?;
    Ok(opened)
}

/// Takes the report of a form back, so that its answers can be changed. Its files go with it.
///
/// # Errors
/// "No such thing" when it is not open; a denial; a fault.
pub async fn cancel_report(
    house: &House,
    member: &Member,
    number: ReportId,
    report: ReportId,
) -> Result<(), Trouble> {
    member.permit()?;
    let provider = member.provider.clone();
    let taken_back = house.act(member.actor(), Purpose::Intake, "portal::cancel_report", move |act| {
        form::bind_report(act, &provider, number, None)?;
        report::retract(act, &provider, report)
    });
    Ok(taken_back.await?)
}

/// The login under which people of the provider file by hand.
///
/// # Errors
/// A denial, or a fault.
pub async fn login(house: &House, member: &Member) -> Result<Login, Trouble> {
    member.permit()?;
    let credential = match portal_credential(house, member).await? {
        Some(known) => known,
        None => made_portal_credential(house, member).await?,
    };
    let username = member.person.to_string();
    Ok(Login { provider: member.provider.clone(), credential, username, may_submit: true, may_update: true })
}

async fn portal_credential(house: &House, member: &Member) -> Result<Option<CredentialId>, Trouble> {
    let of = member.provider.clone();
    Ok(house.read("portal::login", move |view| credential::find_of_portal(view, &of)).await?)
}

/// Makes the credential the first time; whoever comes second at the same moment takes what the first one made.
async fn made_portal_credential(house: &House, member: &Member) -> Result<CredentialId, Trouble> {
    let of = member.provider.clone();
    let made = house.act(member.actor(), Purpose::Administration, "portal::login", move |act| {
        credential::add_of_portal(act, &of)
    });
    match made.await {
        Err(error) if error.refusal() == Some(Refusal::Conflict) => {
            Ok(portal_credential(house, member).await?.ok_or(Refusal::NotFound)?)
        }
        made => Ok(made?),
    }
}

/// Says something about a file of a form's report.
///
/// # Errors
/// What the API would answer to the same document.
pub async fn describe_file(
    house: &House,
    member: &Member,
    statement: &FileStatement,
    profile: Profile,
) -> Result<FileId, Refused> {
    let login = login(house, member).await.map_err(|trouble| refused(house, trouble))?;
    let received = document(cybertip::file_details_to_xml(statement));
    Ok(intake::file_info(house, &login, received, profile).await?.file)
}

/// Files the report of a form, and destroys what was kept of the form.
///
/// # Errors
/// What the API would answer.
pub async fn file(
    house: &House,
    member: &Member,
    number: ReportId,
    report: ReportId,
) -> Result<Vec<FileId>, Refused> {
    let login = login(house, member).await.map_err(|trouble| refused(house, trouble))?;
    let files = intake::finish(house, &login, report).await?;
    // It is filed, whatever happens now; a form that is left behind runs out by itself.
    if let Err(error) = destroy(house, member, number).await {
        tracing::warn!(report.id = report.get(), %error, "the form of a filed report is still there");
    }
    Ok(files)
}

fn document(xml: String) -> Received {
    Received { bytes: Bytes::from(xml), media_type: "text/xml".to_owned(), charset: Some("utf-8".to_owned()) }
}

/// What a stored refusal or a fault is to whoever asked through a form.
fn refused(house: &House, trouble: Trouble) -> Refused {
    let code = if trouble.is_not_found() {
        cybertip::response::ResponseCode::NoSuchReport
    } else {
        let incident = crate::request_number(house);
        tracing::error!(incident, error = &trouble as &dyn std::error::Error, "a form failed");
        cybertip::response::ResponseCode::ServerError
    };
    Refused::of(code)
}
