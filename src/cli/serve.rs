//! `yaddash serve`: the workbench in the browser, and what CAT tools ask over HTTP.

mod token;

use super::{CliError, Desk, Exit, align, check, gate, lookup::percent, memory, segment};
use crate::{
    app::people,
    lookup::Score,
    memory::Memory,
    web::{self, Access, Office, Setup},
};
use jiff::Timestamp;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};

/// Open the workbench: search, alignment, terms, checks and the memory in the browser
///
/// Only this computer can reach it, and everybody at it may do all. With `--listen` others can, each with a token and
/// what its role allows. It runs until Ctrl+C; what was done is stored at once, so nothing is lost however it ends.
///
/// CAT tools ask it as they ask tmserver or amaGama (Virtaal, Weblate, Okapi), Apertium (OmegaT), LibreTranslate
/// (Weblate) and OPUS-CAT (Trados Studio, memoQ; `--port 8500` is where its plugins look).
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    #[command(subcommand)]
    job: Option<Job>,
    /// The port; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 8080)]
    port: u16,
    /// Open the browser
    #[arg(long)]
    open: bool,
    /// Let others in, at this address of this computer (`0.0.0.0`: at all of them): those with a token. Tokens can be
    /// read on their way: put a proxy with TLS before it
    #[arg(long, value_name = "ADDRESS[:PORT]", value_parser = address)]
    listen: Option<(IpAddr, Option<u16>)>,
    /// A name the server is called by beside its addresses: that of the proxy before it. Several may be given
    #[arg(long, value_name = "HOST[:PORT]", requires = "listen", value_parser = name)]
    name: Vec<String>,
    /// CAT tools may add units by the protocol of tmserver
    #[arg(long)]
    writable: bool,
    /// What tools with room for one answer (Apertium, LibreTranslate, OPUS-CAT) are given at least
    #[arg(long, value_name = "PERCENT", default_value_t = 75.0, value_parser = percent)]
    min: f64,
}

#[derive(Debug, clap::Subcommand)]
enum Job {
    Token(token::Args),
}

/// An address to listen at, with or without a port.
fn address(text: &str) -> Result<(IpAddr, Option<u16>), String> {
    if let Ok(both) = text.parse::<SocketAddr>() {
        return Ok((both.ip(), Some(both.port())));
    }
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let ip = bare.parse().map_err(|_| "an address is written `0.0.0.0`, `192.168.1.5:8080` or `[::]:8080`")?;
    Ok((ip, None))
}

/// The name of a host.
fn name(text: &str) -> Result<String, String> {
    let (host, port) = text.rsplit_once(':').unwrap_or((text, "80"));
    let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    match !host.is_empty() && host.chars().all(letters) && port.parse::<u16>().is_ok() {
        true => Ok(text.to_ascii_lowercase()),
        false => Err("the name of a host is written `tm.office.example` or `tm.office.example:8443`".into()),
    }
}

impl Args {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        if let Some(Job::Token(args)) = self.job {
            return args.run(desk);
        }
        let people = self.people(desk)?;
        let setup = self.setup(desk)?;
        let office = Office::open(setup)?;
        let listeners = self.listeners()?;
        let address = listeners[0].local_addr().map_err(CliError::new)?;
        if let Some(people) = people {
            let noun = if people == 1 { "person with a token" } else { "people with tokens" };
            desk.ui.remark(format_args!("http://{address}/ for {people} {noun} (Ctrl+C ends it)"));
            if !address.ip().is_loopback() {
                desk.ui.remark("tokens can be read on their way through the network: put a proxy with TLS before it");
            }
        } else {
            desk.ui.remark(format_args!("http://{address}/ (Ctrl+C ends it)"));
        }
        if self.open {
            open(&format!("http://{address}/"))?;
        }
        web::serve(office, listeners, || Box::pin(stopped())).map_err(CliError::new)?;
        Ok(Exit::Done)
    }

    /// How many may come in from elsewhere; `None` where nobody may.
    fn people(&self, desk: &Desk) -> Result<Option<usize>, CliError> {
        if self.listen.is_none() {
            return Ok(None);
        }
        let people = match Memory::open_existing(&desk.global.memory)? {
            Some(memory) => people::people(&memory.read()?)?.len(),
            None => 0,
        };
        if people == 0 {
            let error = CliError::new("`--listen` is for people with tokens, and nobody has one");
            return Err(error.hint("yaddash serve token add NAME --role reader|translator|editor"));
        }
        Ok(Some(people))
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
            access: if self.listen.is_some() { Access::Tokens } else { Access::Loopback },
            writable: self.writable,
            min: Score::from_percent(self.min),
            names: self.name.clone(),
            who: memory::who(),
            clock: Timestamp::now,
            complain: super::ui::log,
        })
    }

    /// Where it was said, else on the loopback, of both kinds where there are both.
    fn listeners(&self) -> Result<Vec<TcpListener>, CliError> {
        let (ip, port) = self.listen.unwrap_or((Ipv4Addr::LOCALHOST.into(), None));
        let port = port.unwrap_or(self.port);
        let first = TcpListener::bind((ip, port)).map_err(|error| {
            let said = crate::app::in_words(&error);
            match error.kind() {
                std::io::ErrorKind::AddrNotAvailable => {
                    CliError::new(format_args!("{ip}: {said}")).hint("this computer has no such address")
                }
                std::io::ErrorKind::PermissionDenied => CliError::new(format_args!("port {port}: {said}"))
                    .hint("ports below 1024 are for the system; `--port 8080` is not"),
                _ => CliError::new(format_args!("port {port}: {said}"))
                    .hint("another program has it; `--port 0` takes a free one"),
            }
        })?;
        if self.listen.is_some() {
            return Ok(vec![first]);
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_names_are_read_or_refused() {
        for (text, want) in [
            ("0.0.0.0", Some(("0.0.0.0", None))),
            ("192.168.1.5:8080", Some(("192.168.1.5", Some(8080)))),
            ("::1", Some(("::1", None))),
            ("[::]", Some(("::", None))),
            ("[::]:80", Some(("::", Some(80)))),
            ("office", None),
            ("1.2.3.4:", None),
            ("1.2.3.4:99999", None),
            ("", None),
        ] {
            assert_eq!(address(text).ok(), want.map(|(ip, port)| (ip.parse().unwrap(), port)), "{text}");
        }
        for (text, want) in [
            ("tm.office.example", Some("tm.office.example")),
            ("TM.Office.Example:8443", Some("tm.office.example:8443")),
            ("https://tm.office.example", None),
            ("tm.office.example/", None),
            ("a b", None),
            (":80", None),
            ("a:b", None),
            ("", None),
        ] {
            assert_eq!(name(text).ok().as_deref(), want, "{text}");
        }
    }
}
