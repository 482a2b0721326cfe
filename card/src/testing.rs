//! An authority that issues cards of no worth, for tests: good ones, and every kind that must not open anything.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertifiedIssuer, CustomExtension,
    DnType, ExtendedKeyUsagePurpose, IsCa, KeyIdMethod, KeyPair, KeyUsagePurpose, RevokedCertParams,
    SerialNumber, date_time_ymd,
};

const SUBJECT_ALTERNATIVE_NAME: [u64; 4] = [2, 5, 29, 17];
const CERTIFICATE_POLICIES: [u64; 4] = [2, 5, 29, 32];
/// `SEQUENCE { SEQUENCE { OID 2.16.840.1.101.3.2.1.3.13 } }`: PIV authentication.
const PIV_POLICY: [u8; 16] =
    [0x30, 14, 0x30, 12, 0x06, 10, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x02, 0x01, 0x03, 0x0d];
/// `OID 2.16.840.1.101.3.6.6, [0] { OCTET STRING }` as an alternative name `[0]`, before its 25 bytes.
const FASC_N_HEAD: [u8; 16] =
    [0xa0, 39, 0x06, 8, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x06, 0x06, 0xa0, 27, 0x04, 25];
const YEAR: SignedDuration = SignedDuration::from_hours(365 * 24);

/// An authority of no worth.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// What a card says.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Its number, by which it is revoked.
    pub serial: u64,
    /// Its common name, which must not matter.
    pub common_name: String,
    /// Its UUID, in the alternative names.
    pub uuid: Option<String>,
    /// Its FASC-N, in the alternative names.
    pub fasc_n: Option<[u8; 25]>,
    /// It says that it is for client authentication.
    pub client_auth: bool,
    /// It says that its key cannot leave it.
    pub hardware: bool,
    /// From when it is good.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

impl Plan {
    /// A good card for a UUID.
    #[must_use]
    pub fn of(serial: u64, uuid: &str, now: Timestamp) -> Self {
        Self {
            serial,
            common_name: format!("Card {serial}"),
            uuid: Some(uuid.to_owned()),
            fasc_n: None,
            client_auth: true,
            hardware: true,
            from: now - YEAR,
            until: now + YEAR,
        }
    }

    fn alternative_names(&self) -> Vec<u8> {
        let mut names = Vec::new();
        if let Some(number) = &self.fasc_n {
            names.extend(FASC_N_HEAD);
            names.extend(number);
        }
        if let Some(uuid) = &self.uuid {
            let uri = format!("urn:uuid:{uuid}");
            names.extend([0x86, short(uri.len())]);
            names.extend(uri.as_bytes());
        }
        let mut sequence = vec![0x30, short(names.len())];
        sequence.extend(names);
        sequence
    }
}

/// A length that fits into one byte of DER.
fn short(length: usize) -> u8 {
    u8::try_from(length).ok().filter(|it| *it < 0x80).expect("a test's names are short")
}

/// A card: its certificate with what leads to its root, and its key.
pub struct Issued {
    /// As TLS shows it: its own certificate first.
    pub shown: Vec<Vec<u8>>,
    /// The same in PEM.
    pub certificates_pem: String,
    /// Its key in PEM.
    pub key_pem: String,
}

fn params(name: &str, from: Timestamp, until: Timestamp) -> CertificateParams {
    let moment = |at: Timestamp| {
        date_time_ymd(1970, 1, 1) + Duration::from_secs(u64::try_from(at.as_second()).unwrap_or(0))
    };
    let mut params = CertificateParams::default();
    params.not_before = moment(from);
    params.not_after = moment(until);
    params.distinguished_name.push(DnType::CommonName, name);
    params.distinguished_name.push(DnType::OrganizationName, "Of no worth");
    params.key_identifier_method = KeyIdMethod::Sha256;
    params
}

impl Authority {
    /// A root.
    #[must_use]
    pub fn root(name: &str, now: Timestamp) -> Self {
        Self::made(name, now, None)
    }

    /// An authority below another one.
    #[must_use]
    pub fn below(&self, name: &str, now: Timestamp) -> Self {
        Self::made(name, now, Some(self))
    }

    fn made(name: &str, now: Timestamp, above: Option<&Self>) -> Self {
        let mut params = params(name, now - YEAR, now + YEAR * 2);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate().expect("a key is made");
        let made = match above {
            None => CertifiedIssuer::self_signed(params, key),
            Some(above) => CertifiedIssuer::signed_by(params, key, &above.0),
        };
        Self(made.expect("an authority is made"))
    }

    /// Its certificate in PEM.
    #[must_use]
    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// Issues a card.
    #[must_use]
    pub fn issue(&self, plan: &Plan, above: &[&Self]) -> Issued {
        let mut params = params(&plan.common_name, plan.from, plan.until);
        params.serial_number = Some(SerialNumber::from(plan.serial));
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        if plan.client_auth {
            params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        }
        if plan.uuid.is_some() || plan.fasc_n.is_some() {
            let names =
                CustomExtension::from_oid_content(&SUBJECT_ALTERNATIVE_NAME, plan.alternative_names());
            params.custom_extensions.push(names);
        }
        if plan.hardware {
            let policy = CustomExtension::from_oid_content(&CERTIFICATE_POLICIES, PIV_POLICY.to_vec());
            params.custom_extensions.push(policy);
        }
        let key = KeyPair::generate().expect("a key is made");
        let own = params.signed_by(&key, &self.0).expect("a card is issued");
        let shown: Vec<Vec<u8>> =
            std::iter::once(own.der().to_vec()).chain(above.iter().map(|one| one.0.der().to_vec())).collect();
        let certificates_pem =
            std::iter::once(own.pem()).chain(above.iter().map(|one| one.pem())).collect::<String>();
        Issued { shown, certificates_pem, key_pem: key.serialize_pem() }
    }

    /// Its revocation list of that moment in PEM, good for a day.
    #[must_use]
    pub fn list(&self, revoked: &[u64], at: Timestamp) -> String {
        let moment = |at: Timestamp| {
            date_time_ymd(1970, 1, 1) + Duration::from_secs(u64::try_from(at.as_second()).unwrap_or(0))
        };
        let revoked_certs = revoked
            .iter()
            .map(|serial| RevokedCertParams {
                serial_number: SerialNumber::from(*serial),
                revocation_time: moment(at),
                reason_code: None,
                invalidity_date: None,
            })
            .collect();
        let params = CertificateRevocationListParams {
            this_update: moment(at),
            next_update: moment(at + SignedDuration::from_hours(24)),
            crl_number: SerialNumber::from(1_u64),
            issuing_distribution_point: None,
            revoked_certs,
            key_identifier_method: KeyIdMethod::Sha256,
        };
        params.signed_by(&self.0).and_then(|list| list.pem()).expect("a list is made")
    }
}
