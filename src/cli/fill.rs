//! `yaddash fill`: documents to a translator with what the memory has, and back.

mod back;
mod outputs;

use super::{CliError, Desk, Exit, analyse, glossary, lookup, memories, run::counted, segment, ui::Bars};
use crate::{
    app::terms::valid_at,
    app::{
        documents,
        fill::{
            self, FillError, Filling, Tally, extract,
            xliff::{Refilled, refill},
        },
        lookup::{Memories, Views},
        segmentation::Rules,
        texts::{self, Origin, Text},
    },
    formats::job::{
        self, Returned,
        table::{self, Sheet},
    },
    lang::Language,
    lookup::{Penalty, Score},
    model::{Concept, Unit},
    terms::Termbase,
};
use jiff::Timestamp;
use outputs::{Outputs, renamed};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

/// Pretranslate documents for a translator, and make the translated document of what comes back
///
/// A job holds the document's segments with the best matches of the memory, the terms of the glossary, and the document
/// itself up to 8 MiB. `--back` puts the finished translations into it: the same format and layout in the other
/// language; its units go into the memory. What nobody confirmed in the job never counts as approved. Segments without
/// a translation stay in the source language, are listed, and the command ends with 1.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The documents (txt, md, html, docx), or XLIFF files, of which what is empty is filled in and all else stays as it
    /// is; with `--back` the finished jobs. `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The languages translated into, a job each
    #[arg(short = 't', long, value_name = "LANGUAGES", value_delimiter = ',', required_unless_present = "back")]
    to: Vec<Language>,
    /// The language of the documents, instead of what their names, headers or letters tell
    #[arg(short = 's', long, value_name = "LANG")]
    from: Option<Language>,
    /// The form of a job
    #[arg(long = "as", value_enum, value_name = "FORM", default_value_t = Form::Xliff)]
    form: Form,
    /// Targets are filled in from the best match at or above this score: 0 to 100
    #[arg(long, value_name = "PERCENT", default_value_t = 75.0, value_parser = lookup::percent)]
    min: f64,
    /// No more matches with a segment than this
    #[arg(long, value_name = "N", default_value_t = 5)]
    max: usize,
    /// Fill in no targets: those of XLIFF 1.2 are copies of the sources, which OmegaT translates; matches stand beside
    /// them and in `matches.tmx` of `--job`
    #[arg(long)]
    no_prefill: bool,
    /// A folder of jobs: in it one a language with the jobs, `matches.tmx` with the matches offered, and the terms that
    /// occur as `glossary.txt` for OmegaT and `glossary.tbx`
    #[arg(long, value_name = "FOLDER", conflicts_with = "output")]
    job: Option<PathBuf>,
    /// A job of an earlier edition of the document, as far as it was done: its translations are carried over. Once a
    /// language
    #[arg(long, value_name = "JOB", conflicts_with = "back")]
    previous: Vec<PathBuf>,
    /// Glossary files (CSV, TSV, TBX) instead of the configured ones or the memory's copy
    #[arg(long, value_name = "FILE")]
    terms: Vec<PathBuf>,
    /// Offer pending units too
    #[arg(long)]
    pending: bool,
    /// Take points from the matches whose origin fits: `mt*=15`; of several that fit the highest counts
    #[arg(long, value_name = "GLOB=POINTS", value_parser = lookup::penalty)]
    penalty: Vec<Penalty>,
    /// The files are finished jobs: write the translated documents, and take their units into the memory
    #[arg(long)]
    back: bool,
    /// With `--back`, the document the job was made of, where the job does not hold it
    #[arg(long, value_name = "FILE", requires = "back")]
    source: Option<PathBuf>,
    /// With `--back`, only write the document
    #[arg(long, requires = "back")]
    no_memory: bool,
    /// With `--back`, end with 0 even if segments are untranslated or unconfirmed
    #[arg(long, requires = "back")]
    allow_untranslated: bool,
    /// Say what would be done and write nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Form {
    /// XLIFF 1.2, for CAT tools
    Xliff,
    /// XLIFF 2.1, for newer CAT tools
    Xliff2,
    /// A table for spreadsheets, for people without a CAT tool
    Csv,
    /// The same as a page whose column of translations can be written into
    Html,
    /// The same as a Word document
    Docx,
}

impl Form {
    fn ending(self) -> &'static str {
        match self {
            Form::Xliff | Form::Xliff2 => "xlf",
            Form::Csv => "csv",
            Form::Html => "html",
            Form::Docx => "docx",
        }
    }

    fn written(self, job: &job::Job) -> Result<Vec<u8>, CliError> {
        let mut out = Vec::new();
        match self {
            Form::Xliff => job::write_xliff1(job, &mut out)?,
            Form::Xliff2 => job::write_xliff2(job, &mut out)?,
            Form::Csv => table::write(job, Sheet::Csv, &mut out)?,
            Form::Html => table::write(job, Sheet::Html, &mut out)?,
            Form::Docx => table::write(job, Sheet::Docx, &mut out)?,
        }
        Ok(out)
    }
}

impl Args {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let rules = segment::configured(desk)?;
        if self.back { self.bring_back(desk, &rules) } else { self.fill(desk, &rules) }
    }

    fn fill(self, desk: &mut Desk, rules: &Rules) -> Result<Exit, CliError> {
        let to = analyse::distinct(&self.to);
        let concepts = valid_at(glossary::in_force(desk, &self.terms)?, super::today());
        let termbase = Termbase::new(concepts);
        let previous = self.previous_jobs()?;
        let mut inputs = Vec::new();
        for path in &self.files {
            let bytes = analyse::bytes(path)?;
            let texts = analyse::read(desk, path, bytes.clone(), self.from, rules)?;
            inputs.push(Input { path, bytes, texts });
        }
        let wanted = inputs.iter().map(|input| input.languages(&to)).collect::<Result<Vec<_>, _>>()?;
        let count = wanted.iter().map(Vec::len).sum();
        let output = desk.global.output.clone();
        let mut outputs = Outputs::new(
            self.job.as_deref().or(output.as_deref()),
            count,
            self.job.is_some(),
            self.dry_run || self.form != Form::Docx,
        )?;
        outputs.keep_off(self.files.iter().chain(&self.previous));
        let asked = desk.global.memories.clone();
        let opened = Memories::open(&asked)?;
        for path in opened.missing() {
            desk.ui.remark(memories::missing(path));
        }
        let views = opened.read()?;
        let mut used = BTreeSet::new();
        let mut beside: BTreeMap<(Language, Language), Beside> = BTreeMap::new();
        for (input, to) in inputs.iter().zip(&wanted).flat_map(|(input, to)| to.iter().map(move |to| (input, *to))) {
            let Some(text) = input.texts.first() else { continue };
            lookup::remark_languages(&mut desk.ui, &views, [text.language, to])?;
            let more = beside.entry((text.language, to)).or_default();
            if input.is_xliff() {
                let filled = self.xliff(desk, &views, input, to)?;
                let place = outputs.place(&renamed(&fill::file_name(&input.path.to_string_lossy()), to, "xlf"), to)?;
                desk.ui.remark(told(&input.path.to_string_lossy(), to, filled.tally, place.as_deref()));
                more.units.extend(filled.units);
                if !self.dry_run {
                    outputs.write(desk, place.as_deref(), &filled.bytes)?;
                }
                continue;
            }
            let earlier = self.earlier(&previous, text, to);
            used.extend(earlier);
            let watch = Bars::new(&desk.ui);
            let filled =
                fill::fill(&views, text, to, &self.filling(), &termbase, earlier.map(|at| &previous[at]), &watch);
            drop(watch);
            let filled = filled.map_err(unfilled)?;
            let place = outputs.place(&renamed(&filled.job.name, to, self.form.ending()), to)?;
            desk.ui.remark(told(&text.name, to, filled.tally(), place.as_deref()));
            for source in &filled.dropped {
                desk.ui.warn(format_args!("{}: no longer in the document: {source}", text.name));
            }
            more.units.extend(filled.units);
            more.concepts.extend(filled.concepts);
            if !self.dry_run {
                outputs.write(desk, place.as_deref(), &self.form.written(&filled.job)?)?;
            }
        }
        for (at, path) in self.previous.iter().enumerate().filter(|(at, _)| !used.contains(at)) {
            desk.ui.warn(format_args!("{}: not used, it is a job of `{}`", path.display(), previous[at].name));
        }
        if self.job.is_some() && !self.dry_run {
            for (languages, more) in beside {
                more.write(desk, &mut outputs, languages, termbase.concepts())?;
            }
        }
        Ok(Exit::Done)
    }

    fn filling(&self) -> Filling {
        Filling {
            min: (!self.no_prefill).then(|| Score::from_percent(self.min)),
            max: self.max,
            pending: self.pending,
            penalties: self.penalty.clone(),
            threads: rayon::current_num_threads(),
        }
    }

    fn xliff(&self, desk: &mut Desk, views: &Views<'_>, input: &Input<'_>, to: Language) -> Result<Refilled, CliError> {
        if self.form != Form::Xliff {
            let error =
                CliError::new(format_args!("{}: an XLIFF stays one: `--as` is for documents", input.path.display()));
            return Err(error.hint("leave out `--as`"));
        }
        let watch = Bars::new(&desk.ui);
        refill(views, &input.bytes, &input.texts, to, &self.filling(), &watch).map_err(unfilled)
    }

    fn previous_jobs(&self) -> Result<Vec<Returned>, CliError> {
        let read = |path: &PathBuf| -> Result<Returned, CliError> {
            let name = path.display().to_string();
            let bytes = documents::bytes(path).map_err(CliError::new)?;
            let files = texts::xliff(&name, &bytes).map_err(CliError::new)?;
            let mut files = files.ok_or_else(|| CliError::new(format_args!("{name}: this is no XLIFF")))?;
            match files.len() {
                1 => Ok(files.remove(0)),
                more => Err(CliError::new(format_args!("{name}: it holds {more} documents, not one"))),
            }
        };
        self.previous.iter().map(read).collect()
    }

    /// The earlier job of a text: the one of its languages; where there are several, of its name.
    fn earlier(&self, previous: &[Returned], text: &Text, to: Language) -> Option<usize> {
        let fits = |job: &Returned| job.source == text.language && job.target == Some(to);
        let mut fitting = (0..previous.len()).filter(|at| fits(&previous[*at])).peekable();
        let first = fitting.peek().copied()?;
        let named = fitting.find(|at| fill::file_name(&previous[*at].name) == fill::file_name(&text.name));
        named.or_else(|| (self.files.len() == 1).then_some(first))
    }
}

/// A file to fill.
struct Input<'a> {
    path: &'a Path,
    bytes: Vec<u8>,
    /// One for each document of an XLIFF.
    texts: Vec<Text>,
}

impl Input<'_> {
    fn is_xliff(&self) -> bool {
        matches!(self.texts.first(), Some(Text { origin: Origin::Xliff(_), .. }))
    }

    /// Which of the languages asked for it can be put into.
    fn languages(&self, to: &[Language]) -> Result<Vec<Language>, CliError> {
        let name = self.path.display();
        let Some(text) = self.texts.first() else {
            return Err(CliError::new(format_args!("{name}: there is no document in it")));
        };
        if let Origin::Xliff(file) = &text.origin
            && let Some(told) = file.target
        {
            if !to.contains(&told) {
                let error = CliError::new(format_args!("{name}: its translations are in `{told}`"));
                return Err(error.hint(format_args!("say `--to {told}`")));
            }
            return Ok(vec![told]);
        }
        let out: Vec<Language> = to.iter().filter(|to| **to != text.language).copied().collect();
        if out.is_empty() {
            let error = CliError::new(format_args!("{name}: it is in `{}`, and so is `--to`", text.language));
            return Err(error.hint("name the language of the text with `--from`, or others with `--to`"));
        }
        Ok(out)
    }
}

/// What goes along with the jobs of a pair of languages.
#[derive(Default)]
struct Beside {
    units: Vec<Unit>,
    concepts: BTreeSet<usize>,
}

impl Beside {
    fn write(
        self,
        desk: &mut Desk,
        outputs: &mut Outputs,
        (from, to): (Language, Language),
        concepts: &[Concept],
    ) -> Result<(), CliError> {
        let used: Vec<&Concept> = self.concepts.into_iter().filter_map(|at| concepts.get(at)).collect();
        let files = [
            ("matches.tmx", extract::matches(self.units, from, Timestamp::now())?),
            ("glossary.txt", extract::glossary(&used, from, to).into_bytes()),
            ("glossary.tbx", extract::termbase(&used, from, to)?),
        ];
        for (name, bytes) in files {
            let place = outputs.place(name, to)?;
            outputs.write(desk, place.as_deref(), &bytes)?;
        }
        Ok(())
    }
}

fn unfilled(error: FillError) -> CliError {
    match error {
        FillError::Memory(error) => error.into(),
        error => CliError::new(error),
    }
}

fn told(name: &str, to: Language, tally: Tally, place: Option<&Path>) -> String {
    let Tally { segments, carried, context, exact, fuzzy } = tally;
    let open = segments - carried - context - exact - fuzzy;
    let parts = [
        (carried, "carried over"),
        (context, "in context"),
        (exact, "exact"),
        (fuzzy, "fuzzy"),
        (open, "to translate"),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    let to_file = place.map_or(String::new(), |place| format!("; {}", place.display()));
    format!("{name} to {to}: {}: {}{to_file}", counted(segments, "segment", "segments"), parts.join(", "))
}
