//! `yaddash serve`: the workbench in the browser, and what CAT tools ask over HTTP.

use super::{CliError, Desk, Exit, align, check, gate, memory, segment};
use crate::web::{self, Access, Office, Setup};
use jiff::Timestamp;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};

/// Open the workbench: search, alignment, terms, checks and the memory in the browser
///
/// Only this computer can reach it. It runs until Ctrl+C; what was done is stored at once, so nothing is lost however
/// it ends.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The port; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 8080)]
    port: u16,
    /// Open the browser
    #[arg(long)]
    open: bool,
}

impl Args {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let setup = self.setup(desk)?;
        let office = Office::open(setup)?;
        let listeners = self.listeners()?;
        let address = listeners[0].local_addr().map_err(CliError::new)?;
        desk.ui.remark(format_args!("http://{address}/ (Ctrl+C ends it)"));
        if self.open {
            open(&format!("http://{address}/"))?;
        }
        web::serve(office, listeners, || Box::pin(stopped())).map_err(CliError::new)?;
        Ok(Exit::Done)
    }

    fn setup(&self, desk: &mut Desk) -> Result<Setup, CliError> {
        let mut rules = crate::rules::RuleSet::default();
        rules.source = check::drafted(desk)?;
        Ok(Setup {
            memories: desk.global.memories.clone(),
            glossary: desk.config.glossaries(),
            releases: Some(desk.config.releases()).filter(|folder| folder.is_dir()),
            languages: gate::project_languages(desk)?,
            gate: gate::configured(desk)?,
            drafted: check::drafted(desk)?,
            rules,
            segmenting: segment::settings(desk),
            accept: align::accept(desk, None)?,
            settings: desk.config.path.clone(),
            backups: desk.backups(),
            access: Access::Loopback,
            writable: false,
            names: Vec::new(),
            who: memory::who(),
            clock: Timestamp::now,
            complain: super::ui::log,
        })
    }

    /// On the loopback, of both kinds where there are both.
    fn listeners(&self) -> Result<Vec<TcpListener>, CliError> {
        let first = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, self.port))).map_err(|error| {
            let error = CliError::new(format_args!("port {}: {}", self.port, crate::app::in_words(&error)));
            error.hint("another program has it; `--port 0` takes a free one")
        })?;
        let port = first.local_addr().map_err(CliError::new)?.port();
        // `localhost` is the other one on some machines.
        let second = TcpListener::bind(SocketAddr::from((Ipv6Addr::LOCALHOST, port))).ok();
        Ok([first].into_iter().chain(second).collect())
    }
}

/// Ctrl+C, or what a service manager sends.
async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    if let Ok(mut term) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = interrupt => {}
            _ = term.recv() => {}
        }
        return;
    }
    let _ = interrupt.await;
}

/// Opens a page in the user's browser.
fn open(address: &str) -> Result<(), CliError> {
    let (program, before): (&str, &[&str]) = match std::env::consts::OS {
        "windows" => ("rundll32", &["url.dll,FileProtocolHandler"]),
        "macos" => ("open", &[]),
        _ => ("xdg-open", &[]),
    };
    let begun = std::process::Command::new(program).args(before).arg(address).spawn();
    begun
        .map(drop)
        .map_err(|error| CliError::new(format_args!("{program}: {error}")).hint(format_args!("open {address} by hand")))
}
