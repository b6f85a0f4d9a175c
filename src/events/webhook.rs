//! A webhook: each event one POST, signed where a secret is named.

use std::{path::PathBuf, time::Duration};

use async_trait::async_trait;
use tokio::time::timeout;

use super::{BadReceiver, Deaf, Event, Receiver, payload::body, secret::Secrets};
use crate::{
    http::{self, Call, Client, Endpoint},
    mail::Timestamp,
    reach::Whither,
};

/// How long one event may take, connection included (Standard Webhooks: 15 to 30 seconds).
const LIMIT: Duration = Duration::from_secs(15);
/// Nobody reads more of an answer.
const MOST_OCTETS: usize = 16 << 10;

/// In what form it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For programs, as Standard Webhooks has it.
    Json,
    /// An incoming webhook of Slack.
    Slack,
    /// A workflow of Teams.
    Teams,
}

/// Where a webhook goes.
#[derive(Debug, Clone)]
pub struct WebhookSettings {
    /// The receiver.
    pub endpoint: Endpoint,
    /// The file with what signs; none for Slack and Teams, whose URL is the secret.
    pub secret_file: Option<PathBuf>,
    /// Certificate authorities beside the system's, PEM.
    pub ca_file: Option<PathBuf>,
    /// Whether it may lie in a private network.
    pub allow_private: bool,
    /// In what form it is told.
    pub format: Format,
}

/// See the module.
pub struct Webhook {
    client: Client,
    secrets: Option<Secrets>,
    format: Format,
}

impl Webhook {
    /// Reads secret and certificates. Asks nobody.
    pub fn new(settings: &WebhookSettings) -> Result<Webhook, BadReceiver> {
        let endpoint = settings.endpoint.clone();
        let whither = match (endpoint.tls, settings.allow_private) {
            (false, _) => Whither::ThisMachine,
            (true, false) => Whither::Public,
            (true, true) => Whither::Anywhere,
        };
        let client = Client::new(http::Settings {
            endpoint,
            secret: None,
            ca_file: settings.ca_file.clone(),
            plain_http: false,
            most_idle: 1,
            most_octets: MOST_OCTETS,
        })?;
        let secrets = settings.secret_file.as_deref().map(Secrets::read).transpose()?;
        Ok(Webhook { client: client.reaching(whither), secrets, format: settings.format })
    }

    async fn post(&self, event: &Event) -> Result<(), Deaf> {
        let body = body(event, self.format);
        let at = Timestamp::now().as_second();
        let mut fields =
            vec![("webhook-id", event.id.clone()), ("webhook-timestamp", at.to_string())];
        if let Some(secrets) = &self.secrets {
            fields.push(("webhook-signature", secrets.sign(&event.id, at, &body)));
        }
        let asked = timeout(LIMIT, self.client.ask(Call::Told { body, fields })).await;
        match asked {
            Err(_) => Err(Deaf::Later("timed_out")),
            Ok(Err(failure)) => Err(Deaf::Later(failure.word())),
            Ok(Ok(reply)) => match reply.status {
                200..=299 => Ok(()),
                // It understood, and will not take these octets however often they come.
                400 | 413 | 415 | 422 => Err(Deaf::Refused(reply.status)),
                status => Err(Deaf::Later(http::Failure::Status(status).word())),
            },
        }
    }
}

#[async_trait]
impl Receiver for Webhook {
    fn most(&self) -> usize {
        1
    }

    async fn tell(&self, events: &[Event]) -> Result<(), Deaf> {
        for event in events {
            self.post(event).await?;
        }
        Ok(())
    }
}
