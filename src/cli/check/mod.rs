//! `yaddash check`: what is wrong with texts, sets, bilingual files and the memory.

mod decide;
pub(super) mod fix;

use super::{CliError, Desk, Exit, Ui, config::nearest, glossary, segment, today, ui::Bars};
use crate::app::check::{self, Baseline, Checked, Input, UnitFix};
use crate::app::{release::Release, sets::PassedOver, sift::Sifting, terms};
use crate::lang::Language;
use crate::model::{Concept, Level, Rule};
use crate::report::{Form, Heading, Located, Options, Summary, page, render};
use crate::rules::{self, RuleSet};
use jiff::Timestamp;
use std::{
    collections::BTreeSet,
    io::{self, Read},
    path::{Path, PathBuf},
};

/// Check texts: terms and names, passages left out, numbers, links, marks and more
///
/// A file may be a text in one language, several files of one set (`001.en.txt 001.az.txt`: they are aligned first
/// and checked side by side), or bilingual: a TSV whose first line is language codes, a TMX, an XLIFF. Of a folder
/// all sets are checked. Where there is a memory, what it has learned helps to align.
///
/// In HTML, Markdown, TMX and XLIFF the comment `<!-- yaddash-ignore RULE -->` hushes a rule for its line and the next,
/// `<!-- yaddash-ignore-file RULE -->` for the file.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Args {
    #[command(subcommand)]
    job: Option<Job>,
    /// The files, or folders of sets; `-` is standard input. A file called `accept` is named `./accept`
    #[arg(required_unless_present_any = ["memory_units", "gate"], value_name = "FILE|DIR")]
    paths: Vec<PathBuf>,
    /// Check all units of the memory, pending ones too; a finding's lines and columns are those of the unit's text
    #[arg(long)]
    memory_units: bool,
    #[command(flatten)]
    what: What,
    /// How findings are written: full, concise, json, jsonl, sarif, github, html or csv
    #[arg(long, value_name = "FORM", default_value = "full", value_parser = form)]
    format: Form,
    /// Hide the findings of an earlier run, which `--format jsonl` has written to this file
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Show the findings too that `check accept` lets stand, marked as that
    #[arg(long)]
    show_accepted: bool,
    /// Say whether what is checked may go out, by `[gate]` of yaddash.toml, and why not; ends with 1 where it must not.
    /// Without files the folder of releases is meant. As text, or with `--format json`
    #[arg(long, conflicts_with_all = ["memory_units", "fix", "diff", "show_accepted"])]
    gate: bool,
    /// Write the fixes that are certain into the files, and those of the memory's units into the memory, where they
    /// can be undone; what is left is told
    #[arg(long)]
    fix: bool,
    /// Show what --fix would write, as a diff, and write nothing
    #[arg(long)]
    diff: bool,
    /// End with 0 whatever was found, for editors' hooks
    #[arg(long)]
    exit_zero: bool,
}

#[derive(Debug, clap::Subcommand)]
enum Job {
    Accept(decide::Accept),
    Accepted(decide::Accepted),
    Revoke(decide::Revoke),
}

/// By which rules and terms is checked.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct What {
    /// The glossary; several may be given
    #[arg(long, value_name = "GLOSSARY")]
    terms: Vec<PathBuf>,
    /// Only these rules, parted by commas
    #[arg(long, value_name = "RULES", value_delimiter = ',', value_parser = rule)]
    only: Vec<Rule>,
    /// Not these rules, parted by commas
    #[arg(long, value_name = "RULES", value_delimiter = ',', value_parser = rule)]
    ignore: Vec<Rule>,
    /// The text the files are translations of
    #[arg(long, value_name = "SRC")]
    against: Option<PathBuf>,
    /// The language drafted in, whose terms must stand in the others; of a text alone, its language
    #[arg(short = 's', long, value_name = "LANG")]
    from: Option<Language>,
    /// In folders, pair no files by their content, only by their names
    #[arg(long)]
    by_name: bool,
    /// In folders, take files for what their names say, even if their texts are in another language or copies
    #[arg(long)]
    trust_names: bool,
    /// Rules of house style, which are applied only where they are asked for: term-case, acronym-unused
    #[arg(long, value_name = "RULES", value_delimiter = ',', value_parser = rule)]
    also: Vec<Rule>,
    /// Give findings of a rule another level: term-count=warning, name-drift=info
    #[arg(long, value_name = "RULE=LEVEL", value_delimiter = ',', value_parser = level)]
    level: Vec<(Rule, Level)>,
    /// A Hunspell dictionary of a language, with its .aff file beside it: words it knows are spelt rightly
    #[arg(long, value_name = "LANG=FILE.dic", value_delimiter = ',', value_parser = dictionary)]
    dictionary: Vec<(Language, PathBuf)>,
    /// Only concepts of these domains, and those without one
    #[arg(long, value_name = "DOMAIN", value_delimiter = ',')]
    domain: Vec<String>,
    /// The glossary as it is in force on this day (`2018-01-31`); else today
    #[arg(long, value_name = "DATE")]
    date: Option<jiff::civil::Date>,
}

fn form(text: &str) -> Result<Form, String> {
    text.parse().map_err(|error: crate::report::UnknownForm| error.to_string())
}

pub(super) fn rule(text: &str) -> Result<Rule, String> {
    let names = || Rule::ALL.iter().map(|rule| rule.as_str());
    Rule::ALL.into_iter().find(|rule| rule.as_str() == text).ok_or_else(|| match nearest(text, names()) {
        Some(near) => format!("there is no rule `{text}`: did you mean `{near}`?"),
        None => format!("there is no rule `{text}`: there are {}", names().collect::<Vec<_>>().join(", ")),
    })
}

/// `RULE=LEVEL`
fn level(text: &str) -> Result<(Rule, Level), String> {
    let (name, level) = text.split_once('=').ok_or_else(|| format!("`{text}`: it is written RULE=LEVEL"))?;
    let levels = [Level::Info, Level::Warning, Level::Error];
    let level = levels.into_iter().find(|known| known.as_str() == level.trim());
    let level = level.ok_or_else(|| "a level is info, warning or error".to_owned())?;
    Ok((rule(name.trim())?, level))
}

/// `LANG=FILE`
fn dictionary(text: &str) -> Result<(Language, PathBuf), String> {
    let (language, path) = text.split_once('=').ok_or_else(|| format!("`{text}`: it is written LANG=FILE.dic"))?;
    Ok((language.trim().parse().map_err(|error: crate::lang::TagError| error.to_string())?, PathBuf::from(path.trim())))
}

/// The language releases are drafted in, where the configuration says.
pub(super) fn drafted(desk: &Desk) -> Result<Option<Language>, CliError> {
    let tag = desk.config.other("project", "drafted").and_then(<[String]>::first);
    tag.map(|tag| tag.parse()).transpose().map_err(CliError::new)
}

/// What a rule finds, for forms that list the rules.
pub(super) fn describe(rule: Rule) -> &'static str {
    rules::info(rule).map_or("", |info| info.summary)
}

/// Why a rule matters, for forms with room for it.
pub(super) fn explain(rule: Rule) -> &'static str {
    rules::info(rule).map_or("", |info| info.why)
}

impl Args {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        match self.job {
            Some(Job::Accept(job)) => return job.run(desk),
            Some(Job::Accepted(job)) => return job.run(desk),
            Some(Job::Revoke(job)) => return job.run(desk),
            None => {}
        }
        let set = self.what.rules(desk)?;
        let concepts = self.what.concepts(desk, &set)?;
        let baseline = self.baseline.as_deref().map(Baseline::read).transpose().map_err(|error| {
            CliError::new(error).hint("`yaddash check … --format jsonl -o FILE` writes the findings of today")
        })?;
        if self.gate {
            return self.judged(desk, set, concepts, baseline.unwrap_or_default());
        }
        let mut telling = Telling::new(&self, baseline.unwrap_or_default(), desk);
        let mut sound = true;
        if !self.paths.is_empty() {
            let checked = self.what.files(desk, &self.paths, set.clone(), concepts.clone())?;
            sound = checked.failed.is_empty() && !checked.passed_over.iter().any(PassedOver::is_refused);
            telling.heading.texts = Some(checked.texts);
            let mut findings = checked.findings;
            let (_, unknown) = check::hush(&mut findings);
            unknown.iter().for_each(|unknown| desk.ui.warn(unknown));
            telling.hide(&mut findings);
            if self.fix || self.diff {
                // What is let stand is let stand by `--fix` too.
                let (mut open, accepted): (Vec<_>, Vec<_>) = findings.into_iter().partition(is_open);
                sound &= fix::files(desk, &mut open, self.diff)?;
                findings = open;
                findings.extend(accepted);
            }
            if !self.diff {
                telling.tell(desk, findings)?;
            }
        }
        if self.memory_units {
            telling.heading.checked.push(desk.global.memory.display().to_string());
            let mut fixes = Vec::new();
            let memory = desk.global.memory.clone();
            let bars = Bars::new(&desk.ui);
            check::check_units(&memory, concepts, &set, &bars, |mut findings| {
                telling.hide(&mut findings);
                if self.fix || self.diff {
                    let (certain, left): (Vec<_>, Vec<_>) =
                        findings.into_iter().partition(|located| is_open(located) && located.certain_fix().is_some());
                    fixes.extend(certain.iter().filter_map(UnitFix::of));
                    findings = left;
                }
                if self.diff { Ok(()) } else { telling.tell(desk, findings) }
            })?;
            drop(bars);
            fix::units(desk, &fixes, "check --memory-units --fix", self.diff)?;
        }
        telling.finish(desk, sound)?;
        Ok(match (sound, telling.summary.errors > 0 && !self.exit_zero) {
            (false, _) => Exit::Failed,
            (true, true) => Exit::Found,
            (true, false) => Exit::Done,
        })
    }

    /// `--gate`: what is found, and what is known of the releases of folders, judged.
    fn judged(
        &self,
        desk: &mut Desk,
        rules: RuleSet,
        concepts: Vec<Concept>,
        mut baseline: Baseline,
    ) -> Result<Exit, CliError> {
        let as_json = match self.format {
            Form::Full => false,
            Form::Json => true,
            other => {
                let error = CliError::new(format_args!("--gate is not told as {}", other.as_str()));
                return Err(
                    error.hint("leave --format out, or ask for json; without --gate the findings come in any form")
                );
            }
        };
        let paths = if self.paths.is_empty() { vec![desk.config.releases()] } else { self.paths.clone() };
        let checked = self.what.files(desk, &paths, rules.clone(), concepts)?;
        let refused = checked.passed_over.iter().filter(|passed| passed.is_refused()).map(ToString::to_string);
        let failed: Vec<String> = checked.failed.iter().map(ToString::to_string).chain(refused).collect();
        let mut findings = checked.findings;
        let (_, unknown) = check::hush(&mut findings);
        unknown.iter().for_each(|unknown| desk.ui.warn(unknown));
        baseline.hide(&mut findings);
        let mut releases = Vec::new();
        for folder in paths.iter().filter(|path| path.is_dir()) {
            let known = super::release::overview(desk, Some(folder), &self.what.terms, rules.clone())?.releases;
            // Those that are in this folder.
            let here = |release: &Release| release.sides.values().any(|side| side.file.is_some());
            releases.extend(known.into_iter().filter(here));
        }
        let exit = super::gate::tell(desk, &findings, &releases, &failed, as_json)?;
        Ok(if exit == Exit::Found && self.exit_zero { Exit::Done } else { exit })
    }
}

/// Nobody has let it stand.
fn is_open(located: &Located) -> bool {
    located.accepted.is_none()
}

impl What {
    fn rules(&self, desk: &Desk) -> Result<RuleSet, CliError> {
        let mut set = RuleSet::new(&self.only, &self.also, &self.ignore);
        set.source = self.from.or(drafted(desk)?);
        if self.against.is_some() && set.source.is_none() {
            set.source = self.against.as_deref().and_then(crate::app::documents::language_of);
        }
        set.levels = self.level.iter().copied().collect();
        Ok(set)
    }

    fn concepts(&self, desk: &mut Desk, set: &RuleSet) -> Result<Vec<Concept>, CliError> {
        let mut concepts = terms::valid_at(glossary::in_force(desk, &self.terms)?, self.date.unwrap_or_else(today));
        let needs_terms = Rule::ALL.into_iter().any(|rule| rule.needs_terms() && set.has(rule));
        if needs_terms && concepts.is_empty() {
            desk.ui.warn(
                "there is no glossary (--terms FILE, [terms] files in yaddash.toml, or the memory's copy): \
                 terms are not checked",
            );
        }
        if !self.domain.is_empty() {
            let domains: BTreeSet<&str> = concepts.iter().flat_map(Concept::domains).collect();
            if let Some(unknown) = self.domain.iter().find(|domain| !domains.contains(domain.as_str())) {
                let error = CliError::new(format_args!("no concept of the glossary is of the domain `{unknown}`"));
                return Err(
                    error.hint(format_args!("its domains: {}", domains.into_iter().collect::<Vec<_>>().join(", ")))
                );
            }
            let wanted = |domain: &str| self.domain.iter().any(|asked| asked == domain);
            concepts.retain(|concept| concept.domains().next().is_none() || concept.domains().any(wanted));
        }
        Ok(concepts)
    }

    /// Checks the files and says what could not be.
    fn files(
        &self,
        desk: &mut Desk,
        paths: &[PathBuf],
        rules: RuleSet,
        concepts: Vec<Concept>,
    ) -> Result<Checked, CliError> {
        let dictionaries = check::dictionaries(&self.dictionary).map_err(|error| {
            CliError::new(error).hint("a Hunspell dictionary is two files in UTF-8, az.dic and az.aff in one folder")
        })?;
        let job = check::Job {
            dictionaries,
            inputs: paths.iter().map(|path| input(path)).collect::<Result<_, CliError>>()?,
            against: self.against.clone(),
            language: self.from,
            concepts,
            rules,
            memory: Some(desk.global.memory.clone()),
            segmenting: segment::configured(desk)?,
            sifting: Sifting { by_name: self.by_name, trust_names: self.trust_names, fit: false },
            together: false,
            termbase: None,
        };
        let checked = check::check(job, &Bars::new(&desk.ui));
        checked.paired.iter().for_each(|paired| desk.ui.remark(paired));
        for (file, language) in &checked.guessed {
            desk.ui.remark(format_args!("{file}: taken for {} by its letters", language.name()));
        }
        super::passed_over(&mut desk.ui, &checked.passed_over);
        checked.failed.iter().for_each(|error| desk.ui.complain(&CliError::new(error)));
        Ok(checked)
    }
}

/// Findings on their way to the reader.
struct Telling {
    form: Form,
    heading: Heading,
    show_accepted: bool,
    options: Options,
    baseline: Baseline,
    hidden: usize,
    accepted: usize,
    /// Findings of a form that is written as a whole.
    waiting: Vec<Located>,
    summary: Summary,
}

impl Telling {
    fn new(args: &Args, baseline: Baseline, desk: &Desk) -> Telling {
        let options = Options { color: desk.ui.color(), width: desk.ui.width(), describe, explain };
        Telling {
            form: args.format,
            heading: Heading {
                checked: args.paths.iter().map(|path| path.display().to_string()).collect(),
                texts: None,
                made: Some(Timestamp::now()),
            },
            show_accepted: args.show_accepted,
            options,
            baseline,
            hidden: 0,
            accepted: 0,
            waiting: Vec::new(),
            summary: Summary::default(),
        }
    }

    fn hide(&mut self, findings: &mut Vec<Located>) {
        self.hidden += self.baseline.hide(findings);
    }

    fn tell(&mut self, desk: &mut Desk, mut findings: Vec<Located>) -> Result<(), CliError> {
        self.summary.add(&findings);
        let all = findings.len();
        if self.show_accepted || self.form.sets_accepted_apart() {
            self.accepted += findings.iter().filter(|located| !is_open(located)).count();
        } else {
            findings.retain(is_open);
            self.accepted += all - findings.len();
        }
        if self.form.is_stream() {
            return Ok(render(&findings, self.form, self.options, &mut desk.ui)?);
        }
        self.waiting.extend(findings);
        Ok(())
    }

    fn finish(&mut self, desk: &mut Desk, sound: bool) -> Result<(), CliError> {
        if !self.form.is_stream() {
            match self.form {
                Form::Html => page(&self.waiting, &self.heading, self.options, &mut desk.ui)?,
                form => render(&self.waiting, form, self.options, &mut desk.ui)?,
            }
        }
        if self.hidden > 0 {
            desk.ui.remark(format_args!("{} of the baseline hidden", self.hidden));
        }
        if !self.show_accepted && !self.form.sets_accepted_apart() {
            tell_let_stand(&mut desk.ui, self.accepted);
        }
        if self.form == Form::Full && sound {
            desk.ui.remark(&self.summary);
            if self.summary.errors + self.summary.warnings > 0 {
                desk.ui.remark("`yaddash check accept ID --reason \"…\"` lets a finding stand");
            }
        }
        Ok(())
    }
}

/// Says how many findings were left out because people let them stand.
pub(super) fn tell_let_stand(ui: &mut Ui, count: usize) {
    if count > 0 {
        let what = if count == 1 { "1 accepted finding is" } else { &format!("{count} accepted findings are") };
        ui.remark(format_args!("{what} left out (`yaddash check accepted` lists them)"));
    }
}

fn input(path: &Path) -> Result<Input, CliError> {
    if path != Path::new("-") {
        return Ok(Input::Path(path.to_owned()));
    }
    let mut bytes = Vec::new();
    io::stdin().read_to_end(&mut bytes).map_err(|error| CliError::io(Path::new("standard input"), &error))?;
    Ok(Input::Bytes { name: "<stdin>".to_owned(), bytes })
}
