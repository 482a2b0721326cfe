//! Which routes stand behind which name, and what every listener answers besides.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use office::courier::{Courier, Outbox};
use office::outside::{Cards, Ways};
use pipeline::Tools;
use store::House;
use web::FormKey;

use crate::config::{Config, FinishErrorRoot, Schema, StatusMode, Surface};
use crate::outcome::Result;
use crate::{build, drawing, origin};

/// Everything that can be served from one house.
pub(crate) struct Faces {
    house: House,
    providers: providers::Settings,
    media: Option<String>,
    renderer: viewing::Renderer,
    courier: Arc<dyn Courier>,
    ways: Arc<Ways>,
    cards: Option<Arc<dyn Cards>>,
    tools: Option<Tools>,
    /// Where webhooks may lead.
    reach: herald::Reach,
}

impl Faces {
    /// The faces of a house, as configured.
    pub(crate) fn new(house: &House, config: &Config) -> Result<Self> {
        let telling = herald::settings(config)?;
        Ok(Self {
            house: house.clone(),
            providers: providers(&config.settings.providers),
            media: config.settings.media.origin.clone(),
            renderer: drawing::renderer(),
            courier: herald::courier(&telling, Outbox::at(config.path(Path::new("outbox")))),
            ways: Arc::new(ways::ways(config)?),
            cards: ways::configured(config)?.map(|files| Arc::new(files) as Arc<dyn Cards>),
            tools: None,
            reach: telling.reach,
        })
    }

    /// The same, and pages say what these tables say today.
    pub(crate) fn looking_up_in(self, tools: Option<Tools>) -> Self {
        Self { tools, ..self }
    }

    /// The same, and pages show pictures from this origin.
    pub(crate) fn showing(self, origin: String) -> Self {
        Self { media: Some(origin), ..self }
    }

    /// The routes of these surfaces, with health.
    pub(crate) fn router(&self, surfaces: &[Surface]) -> Router {
        let mut router = vitals::health::router(self.house.clone());
        if surfaces != [Surface::Media] {
            router = router.merge(web::secure(web::assets(), web::Surface::Pages));
            let house = self.house.clone();
            router = router.merge(web::secure(web::reports(move || house.now()), web::Surface::Machines));
        }
        for surface in surfaces {
            let face = match surface {
                Surface::Providers => {
                    let face = providers::Provider::new(self.house.clone(), self.providers);
                    providers::router(face).merge(providers::portal::router(self.portal()))
                }
                Surface::Agencies => {
                    let (house, forms) = (self.house.clone(), self.form_key());
                    let face = agencies::Agencies::new(house, forms, self.courier());
                    let face = face.built(build::running()).entered_by(Arc::clone(&self.ways));
                    let face = face.looking_up_in(self.tools.clone()).reaching(self.reach.clone());
                    let pages = agencies::router(match &self.media {
                        Some(origin) => face.showing(origin),
                        None => face,
                    });
                    pages.merge(agencyapi::router(agencyapi::AgencyApi::new(
                        self.house.clone(),
                        self.reach.clone(),
                    )))
                }
                Surface::Media => media::router(media::Media::new(self.house.clone(), self.renderer.clone())),
                Surface::Staff => {
                    let (house, forms) = (self.house.clone(), self.form_key());
                    let face = staff::Staff::new(house, forms, self.courier());
                    let face = face.entered_by(Arc::clone(&self.ways));
                    staff::router(match &self.media {
                        Some(origin) => face.showing(origin),
                        None => face,
                    })
                }
                Surface::Cards => match &self.cards {
                    Some(cards) => web::cards::router(self.house.clone(), Arc::clone(cards)),
                    None => continue,
                },
                // Everybody's: what is not there is refused to nobody, and nobody is told apart.
                Surface::Log => {
                    router =
                        router.merge(web::veiled(vitals::tiles::router(self.house.clone()), &self.house));
                    continue;
                }
            };
            router = router.merge(origin::told(face, &self.house, surface.name()));
        }
        router
    }
}

/// What the key of the forms is derived for.
const FORM_LABEL: &[u8] = b"clearinghouse/form-key/v1";

impl Faces {
    /// The provider's pages, which enforce the same schema as its API.
    fn portal(&self) -> providers::portal::Portal {
        let (house, forms) = (self.house.clone(), self.form_key());
        let portal = providers::portal::Portal::new(house, forms, self.providers.schema, self.courier());
        portal.entered_by(Arc::clone(&self.ways))
    }

    fn courier(&self) -> Arc<dyn Courier> {
        Arc::clone(&self.courier)
    }

    /// The key of form tokens: from the root key, so that every process of this house takes what another one drew.
    pub(crate) fn form_key(&self) -> FormKey {
        FormKey::from_bytes(self.house.secret_digest(FORM_LABEL))
    }
}

/// What the face for providers is told of the configuration.
pub(crate) fn providers(settings: &crate::config::Providers) -> providers::Settings {
    providers::Settings {
        status_mode: match settings.status_mode {
            StatusMode::Modern => providers::StatusMode::Modern,
            StatusMode::Always200 => providers::StatusMode::Always200,
        },
        finish_error_root: match settings.finish_error_root {
            FinishErrorRoot::ReportDoneResponse => providers::FinishErrorRoot::ReportDoneResponse,
            FinishErrorRoot::ReportResponse => providers::FinishErrorRoot::ReportResponse,
        },
        schema: match settings.schema {
            Schema::Strict202511 => cybertip::Profile::Strict2025_11,
            Schema::Current => cybertip::Profile::Current,
            Schema::Lenient => cybertip::Profile::Lenient,
        },
        help_in_description: settings.help_in_description,
        ..providers::Settings::default()
    }
    .paced(settings.requests_per_minute, settings.wrong_logins_per_minute)
}

/// The routes of the listener for monitoring.
pub(crate) fn figures(house: &House) -> Router {
    vitals::metrics::router(house.clone())
}
