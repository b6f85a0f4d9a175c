//! `callfirst demo`: the whole thing on loopback, with a temporary store, a built-in next hop and
//! mailbox, and sample mail. Needs nothing installed and leaves nothing behind.

mod admin;
mod http;
mod mailbox;
mod pages;
mod samples;
mod walk;

use std::{net::SocketAddr, path::Path};

use clap::Args;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use self::{
    mailbox::Mailbox,
    pages::Shown,
    samples::{Sample, samples},
};
use super::{
    out::{self, Failure},
    serve,
};
use crate::{
    app::{Flush, Service, start_logging},
    config::Config,
    mail::Xforward,
    relay::{NextHop, Settings},
};

/// Show the whole walk on this machine: sample mail goes through, some of it is held, and staff's
/// pages are there to click through. Ctrl-C ends it.
#[derive(Args)]
pub(super) struct Arguments {
    /// Walk through it without a person, check every step, print a summary, and end
    #[arg(long)]
    exit: bool,
    /// The port of the pages; without it, any free one
    #[arg(long, default_value_t = 0)]
    port: u16,
}

/// The demo, running.
struct Stage {
    mailbox: Mailbox,
    web: SocketAddr,
    smtp: SocketAddr,
    samples: Vec<Sample>,
    /// The admin's way to the desk.
    login: admin::LogIn,
    stop: CancellationToken,
    service: tokio::task::JoinHandle<()>,
    _flush: Flush,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    super::setup::block_on(async {
        let folder = tempfile::tempdir()
            .map_err(|error| Failure::broke("making a temporary folder", &error))?;
        let stage = Stage::set(folder.path(), arguments.port).await?;
        stage.send_samples().await?;
        let done = if arguments.exit { walk::walk(&stage).await } else { stage.wait().await };
        stage.stop.cancel();
        // It drains; whatever it could not finish was only a demo.
        drop(stage.service.await);
        done
    })?
}

impl Stage {
    async fn set(folder: &Path, port: u16) -> Result<Stage, Failure> {
        let listening = |error: std::io::Error| Failure::broke("listening on loopback", &error);
        let hop = TcpListener::bind("127.0.0.1:0").await.map_err(listening)?;
        let next_hop = hop.local_addr().map_err(listening)?;
        let mailbox = Mailbox::default();
        tokio::spawn(mailbox.clone().serve(hop));
        // The port must be known before the service is built: links in notices name it.
        let web = free_port(port)
            .await
            .map_err(|error| Failure::broke(&format!("listening on port {port}"), &error))?;
        let path = folder.join("callfirst.toml");
        std::fs::write(&path, configuration(next_hop, web))
            .map_err(|error| Failure::broke("writing the demo's configuration", &error))?;
        let config = Config::load(&path).map_err(|mistakes| super::setup::tell(&mistakes))?;
        let flush = start_logging(&config.log);
        let samples = samples()?;
        let judge = super::setup::judge(Some(&path), super::setup::Ask::Never)?;
        let shown = Shown::new(mailbox.clone(), &samples, &judge);
        let service = Service::build(&config, pages::router(shown.clone()))
            .await
            .map_err(serve::not_started)?;
        shown.look_in(service.store());
        let login = admin::make(&service).await?;
        let smtp = service.mail_addresses().map_err(listening)?.first().copied();
        let smtp = smtp.ok_or_else(|| Failure::Broke("no door was opened".to_owned()))?;
        let stop = serve::on_termination()?;
        let service = tokio::spawn(service.serve(stop.clone()));
        Ok(Stage { mailbox, web, smtp, samples, login, stop, service, _flush: flush })
    }

    /// Hands every sample to our own SMTP door, as a mail server would.
    async fn send_samples(&self) -> Result<(), Failure> {
        let door = NextHop::new(Settings::new(self.smtp.to_string(), "staff.demo"))
            .map_err(|error| Failure::broke("preparing the sample mail", &error))?;
        for sample in &self.samples {
            let xforward = Xforward::default();
            let sent = door.deliver(&sample.envelope, &xforward, "", &sample.content).await;
            let replies = sent.map_err(|error| Failure::broke("sending sample mail", &error))?;
            if let Some((_, reply)) = replies.iter().find(|(_, reply)| !reply.is_positive()) {
                let name = sample.name;
                return Err(Failure::Broke(format!("{name} was not taken: {reply}")));
            }
        }
        door.close().await;
        Ok(())
    }

    async fn wait(&self) -> Result<(), Failure> {
        walk::staff_is_told(self).await?;
        out::line(&format!(
            "\ncallfirst demo: {1} sample messages were sent through it.\n\n  \
             Open  http://{0}/\n\nto see which were held, read the notices as staff, and follow \
             them.\n\n  Open  http://{0}/desk\n\nto see them as an admin: name {2}, password {3}\n\n\
             Ctrl-C ends it.",
            self.web,
            self.samples.len(),
            self.login.name,
            self.login.password,
        ))?;
        self.stop.cancelled().await;
        Ok(())
    }
}

async fn free_port(port: u16) -> std::io::Result<SocketAddr> {
    TcpListener::bind(("127.0.0.1", port)).await?.local_addr()
}

fn configuration(next_hop: SocketAddr, web: SocketAddr) -> String {
    format!(
        r#"[organisation]
name = "Northwind HVAC"
domains = ["northwind-hvac.example"]
[smtp]
hostname = "relay.northwind-hvac.example"
listen = ["127.0.0.1:0"]
next_hop = "{next_hop}"
drain_timeout = "2s"
[store]
url = "sqlite:callfirst.db"
[web]
listen = "{web}"
public_url = "http://{web}"
[notice]
from = "Call First <callfirst@northwind-hvac.example>"
[log]
level = "warn"
"#
    )
}
