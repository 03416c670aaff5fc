//! The command line: arguments, configuration, printing. A file a command; each parses, calls `app`, prints.

mod config;
mod differences;
mod error;
mod reference;
mod ui;

mod adopt;
mod align;
mod analyse;
mod backups;
mod check;
mod completions;
mod concordance;
mod explain;
mod export;
mod fill;
mod gate;
mod glossary;
mod import;
mod lookup;
mod memories;
mod memory;
mod overview;
mod pair;
mod release;
mod run;
mod segment;
#[cfg(feature = "serve")]
mod serve;
mod suggest;
mod term;
mod wrap;

pub use config::Config;
pub use error::CliError;
pub use reference::reference;
pub use ui::{ColorChoice, Progress, Ui};

use crate::app::{date, lookup::Asked, sets::PassedOver};
use clap::{
    ArgAction, ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueHint,
    builder::TypedValueParser, parser::ValueSource,
};
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Translation memory and terminology for releases in English, Azerbaijani and Russian.
#[derive(Debug, Parser)]
#[command(name = "yaddash", version, propagate_version = true, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Option<Command>,
}

/// Flags common to all commands.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Common options")]
pub struct Global {
    /// The memory, an SQLite file. Given several times, `lookup`, `concordance`, `analyse` and `fill` ask them all, and
    /// `:-5` after a name takes 5 points from its matches; all other commands use the first. The variable parts
    /// several by `;`
    #[arg(
        short = 'm',
        long = "memory",
        global = true,
        value_name = "FILE",
        env = "YADDASH_MEMORY",
        default_value = "yaddash.db"
    )]
    #[arg(action = ArgAction::Append, value_hint = ValueHint::FilePath)]
    #[arg(value_parser = clap::builder::OsStringValueParser::new().try_map(memories::asked))]
    pub memories: Vec<Asked>,
    /// The first of them, which is read and written where one is.
    #[arg(skip)]
    pub memory: PathBuf,
    /// The configuration, instead of the nearest yaddash.toml
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Use no configuration
    #[arg(long, global = true, conflicts_with = "config")]
    pub no_config: bool,
    /// Write results to FILE instead of standard output; it appears when it is whole
    #[arg(short, long, global = true, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Colour in results and messages
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    pub color: ColorChoice,
    /// Errors only on standard error
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// More on standard error
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// No progress bar
    #[arg(long, global = true, env = "YADDASH_NO_PROGRESS", value_parser = clap::builder::FalseyValueParser::new())]
    pub no_progress: bool,
    /// Threads to use; 0 is one a core. Results do not depend on it
    #[arg(short, long, global = true, value_name = "N", default_value_t = 0)]
    pub jobs: usize,
}

#[derive(Debug, Subcommand)]
enum Command {
    Run(run::Args),
    Segment(segment::Args),
    Pair(pair::Args),
    Align(align::Args),
    Import(import::Args),
    Adopt(adopt::Args),
    Export(export::Args),
    Lookup(lookup::Args),
    #[command(visible_alias = "conc")]
    Concordance(concordance::Args),
    Analyse(analyse::Args),
    Fill(fill::Args),
    Check(Box<check::Args>),
    Release(release::Args),
    Term(term::Args),
    Memory(memory::Args),
    #[cfg(feature = "serve")]
    Serve(serve::Args),
    Explain(explain::Args),
    Completions(completions::Args),
}

impl Command {
    fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        match self {
            Command::Run(args) => args.run(desk),
            Command::Segment(args) => args.run(desk),
            Command::Pair(args) => args.run(desk),
            Command::Align(args) => args.run(desk),
            Command::Import(args) => args.run(desk),
            Command::Adopt(args) => args.run(desk),
            Command::Export(args) => args.run(desk),
            Command::Lookup(args) => args.run(desk),
            Command::Concordance(args) => args.run(desk),
            Command::Analyse(args) => args.run(desk),
            Command::Fill(args) => args.run(desk),
            Command::Check(args) => args.run(desk),
            Command::Release(args) => args.run(desk),
            Command::Term(args) => args.run(desk),
            Command::Memory(args) => args.run(desk),
            #[cfg(feature = "serve")]
            Command::Serve(args) => args.run(desk),
            Command::Explain(args) => args.run(desk),
            Command::Completions(args) => args.run(desk),
        }
    }
}

/// How a command that did its work ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0: done, nothing to complain of.
    Done,
    /// 1: `check` found errors; `lookup` and `concordance` found nothing.
    Found,
    /// 2: some input failed and was complained of, though the rest went well.
    Failed,
}

/// What a command works with: the common flags, the configuration, and the way to the user.
pub struct Desk {
    pub global: Global,
    pub config: Config,
    pub ui: Ui,
}

/// The whole program.
pub fn run() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let mut plain =
        Ui::new(ColorChoice::Auto, false, false, false, None).unwrap_or_else(|_| unreachable!("no file is opened"));
    let fail = |ui: &mut Ui, error: CliError| {
        if error.closed_pipe {
            return ExitCode::SUCCESS;
        }
        ui.complain(&error);
        ExitCode::from(2)
    };
    let (cli, config) = match parse(arguments) {
        Ok(Ok(parsed)) => parsed,
        Ok(Err(error)) => return fail(&mut plain, error),
        Err(help) => help.exit(), // prints help or the usage error; clap's codes are 0 and 2
    };
    let Cli { global, command } = cli;
    let is_asked = |output: &&Path| global.memories.iter().any(|asked| is_memory(output, &asked.path));
    if let Some(output) = global.output.as_deref().filter(is_asked) {
        let error = CliError::new(format_args!("{}: this is the memory itself", output.display()));
        return fail(&mut plain, error.hint("write the results to another file"));
    }
    // `fill` writes files of its own, and `-o` may name their folder; so does `export` into a project of OmegaT.
    let folder = match &command {
        Some(Command::Fill(_)) => true,
        Some(Command::Export(args)) => args.fills_folder(),
        _ => false,
    };
    let output = global.output.as_deref().filter(|_| !folder);
    let ui = Ui::new(global.color, global.quiet, global.verbose, !global.no_progress, output);
    let ui = match ui {
        Ok(ui) => ui,
        Err(error) => return fail(&mut plain, error),
    };
    if let Err(error) = rayon::ThreadPoolBuilder::new().num_threads(global.jobs).build_global() {
        return fail(&mut plain, CliError::new(error));
    }
    let mut desk = Desk { global, config, ui };
    backups::before_migration(&desk);
    let ended = match command {
        Some(command) => command.run(&mut desk),
        None => overview::show(&mut desk),
    };
    match ended {
        Ok(exit) => match desk.ui.finish() {
            Ok(()) => ExitCode::from(exit as u8),
            Err(error) => fail(&mut plain, error),
        },
        Err(error) => fail(&mut plain, error),
    }
}

/// Says which files are in no set and why; a refused one as a warning.
fn passed_over(ui: &mut Ui, passed_over: &[PassedOver]) {
    for passed in passed_over {
        match passed.is_refused() {
            true => ui.warn(passed),
            false => ui.remark(passed),
        }
    }
}

/// The day it is, in UTC.
fn today() -> jiff::civil::Date {
    crate::app::terms::day_of(jiff::Timestamp::now())
}

/// Whether writing to `output` would replace the memory or one of the files SQLite keeps beside it.
fn is_memory(output: &Path, memory: &Path) -> bool {
    let whole = |path: &Path| path.canonicalize().ok();
    ["", "-wal", "-shm", "-journal"].iter().any(|ending| {
        let mut file = memory.as_os_str().to_owned();
        file.push(ending);
        let file = Path::new(&file);
        output == file || whole(output).is_some_and(|output| whole(file) == Some(output))
    })
}

/// The command line with the configuration applied. Outer error: what clap prints (help, usage).
#[allow(clippy::type_complexity)]
fn parse(arguments: Vec<OsString>) -> Result<Result<(Cli, Config), CliError>, clap::Error> {
    let root = root_command();
    let matches = root.clone().try_get_matches_from(&arguments)?;
    let first = match settled(&matches)? {
        Ok(first) => first,
        Err(error) => return Ok(Err(error)),
    };
    if first.global.no_config {
        return Ok(Ok((first, Config::default())));
    }
    let folder = std::env::current_dir().unwrap_or_default();
    let config = Config::find(first.global.config.as_deref(), &folder, &root)
        .and_then(|config| Ok((config.applied(&root, &arguments)?, config)));
    let (arguments, config) = match config {
        Ok(found) => found,
        Err(error) => return Ok(Err(error)),
    };
    let matches = root.try_get_matches_from(arguments)?;
    Ok(settled(&matches)?.map(|cli| (cli, config)))
}

/// The command line with its memories told one from another.
fn settled(matches: &ArgMatches) -> Result<Result<Cli, CliError>, clap::Error> {
    let mut cli = Cli::from_arg_matches(matches)?;
    let global = &mut cli.global;
    if config::deepest(matches).value_source("memories") == Some(ValueSource::EnvVariable) {
        let listed = memories::listed(std::env::var_os("YADDASH_MEMORY").unwrap_or_default());
        match listed {
            Ok(listed) => global.memories = listed,
            Err(message) => return Ok(Err(CliError::new(format_args!("YADDASH_MEMORY: {message}")))),
        }
    }
    match global.memories.first() {
        Some(first) => global.memory.clone_from(&first.path),
        None => return Ok(Err(CliError::new("YADDASH_MEMORY names no memory"))),
    }
    Ok(Ok(cli))
}

/// clap's definition of the whole command line.
pub fn root_command() -> clap::Command {
    Cli::command()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definitions_are_sound() {
        root_command().debug_assert();
    }

    #[test]
    fn every_flag_and_command_has_help() {
        fn walk(command: &clap::Command) {
            assert!(command.get_about().is_some(), "`{}` says nothing of itself", command.get_name());
            for arg in command.get_arguments() {
                assert!(arg.get_help().is_some(), "`{} {}` has no help", command.get_name(), arg.get_id());
            }
            command.get_subcommands().for_each(walk);
        }
        walk(&root_command());
    }
}
