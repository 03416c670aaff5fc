//! `yaddash lookup`: the best matches of each query, with what differs.

mod answers;
mod queries;

use super::{CliError, Desk, Exit, memories};
use crate::{
    app::lookup::{Manner, Memories, Views, lookup_all},
    lang::Language,
    lookup::{Match, Options, Penalty, Query, Score},
    model::Context,
};
use answers::{Answers, Format};
use queries::{InContext, Lines};
use std::io::{self, BufReader};

/// Find the best matches of a text in the memory
///
/// Ends with 1 when nothing was found. Several memories are asked as if they were one: `-m office.db -m
/// archive.db:-5` takes 5 points from every match of the second one.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The text; `-` or none: each line of standard input is a query, answered as soon as it is read
    #[arg(value_name = "TEXT")]
    text: Vec<String>,
    /// The language of the query
    #[arg(short = 's', long, value_name = "LANGUAGE", default_value = "en")]
    from: Language,
    /// The languages translated into; left out, `az`, or `en` for a query in `az`
    #[arg(short = 't', long, value_name = "LANGUAGES", value_delimiter = ',')]
    to: Vec<Language>,
    /// Nothing below this score: 0 to 100
    #[arg(long, value_name = "PERCENT", default_value_t = 60.0, value_parser = percent)]
    min: f64,
    /// No more matches than this
    #[arg(long, value_name = "N", default_value_t = 5)]
    max: usize,
    /// Offer pending units too
    #[arg(long)]
    pending: bool,
    /// Take points from the matches whose origin fits: `mt*=15`; of several that fit the highest counts
    #[arg(long, value_name = "GLOB=POINTS", value_parser = penalty)]
    penalty: Vec<Penalty>,
    /// Compare each answer with brute force over all units
    #[arg(long)]
    verify: bool,
    /// Read the index from the file as far as needed: with `-` it is read into memory, which is faster
    #[arg(long)]
    from_file: bool,
    /// The segment before the text: the same one before a match makes it 101
    #[arg(long, value_name = "TEXT")]
    previous: Option<String>,
    /// The segment after the text
    #[arg(long, value_name = "TEXT")]
    next: Option<String>,
    /// The document the text stands in; a match from the same place of the same document is 102
    #[arg(long, value_name = "NAME", requires = "id")]
    document: Option<String>,
    /// The text's id in its document, as an import gave it
    #[arg(long, value_name = "ID", requires = "document")]
    id: Option<String>,
    /// The lines of standard input are one text: the lines before and after each are its neighbours. An answer comes
    /// when the next line has been read
    #[arg(long)]
    in_context: bool,
    /// How results are written
    #[arg(long, value_enum, value_name = "FORM", default_value_t = Format::Text)]
    format: Format,
}

pub(super) fn percent(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(percent) if (0.0..=102.0).contains(&percent) => Ok(percent),
        _ => Err("a score is a number from 0 to 102".into()),
    }
}

pub(super) fn penalty(text: &str) -> Result<Penalty, String> {
    let (origin, points) = text.rsplit_once('=').ok_or("a penalty is `GLOB=POINTS`, like `mt*=15`")?;
    Ok(Penalty { origin: origin.to_owned(), points: memories::points(points)? })
}

impl Args {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let options = self.options()?;
        let context = Context { previous: self.previous, next: self.next, document: self.document, id: self.id };
        let lines = self.text.is_empty() || self.text == ["-"];
        if self.in_context && !lines {
            let error = CliError::new("`--in-context` is for the lines of standard input");
            return Err(error.hint("a single text has its neighbours from `--previous` and `--next`"));
        }
        let Desk { global, ui, .. } = desk;
        let opened = Memories::open(&global.memories)?;
        for path in opened.missing() {
            ui.remark(memories::missing(path));
        }
        let views = opened.read()?;
        remark_languages(ui, &views, std::iter::once(options.from).chain(options.to.iter().copied()))?;
        let mut answers = Answers::new(self.format, &global.memories, &options.to, lines, ui.color());
        answers.begin(ui)?;
        let give = |query: &Query, matches: &[Match]| {
            answers.give(ui, &views, query, matches)?;
            ui.flush()
        };
        let found = match lines {
            true => {
                let threads = rayon::current_num_threads();
                let manner = Manner { options, verify: self.verify, load: !self.from_file, threads };
                let lines = Lines::of(BufReader::new(io::stdin()));
                let queries: Box<dyn Iterator<Item = Result<Query, CliError>> + Send> = match self.in_context {
                    true => Box::new(InContext::of(lines, context)),
                    false => Box::new(lines.map(move |text| Ok(Query { text: text?, context: context.clone() }))),
                };
                lookup_all(&views, &manner, queries, give)?
            }
            false => {
                let query = Query { text: self.text.join(" "), context };
                views.lookup(options, self.verify, [Ok(query)], give)?
            }
        };
        answers.end(ui)?;
        if found == 0 && self.format == Format::Text && !lines {
            match self.text.iter().all(|word| word.trim().is_empty()) {
                true => ui.remark("the query is empty"),
                false => ui.remark(format_args!("no match at or above {} %", self.min)),
            }
        }
        Ok(if found > 0 { Exit::Done } else { Exit::Found })
    }

    fn options(&self) -> Result<Options, CliError> {
        let mut to: Vec<Language> = Vec::new();
        for language in &self.to {
            if *language == self.from {
                let message = format_args!("`--from` and `--to` are both `{}`", self.from);
                return Err(CliError::new(message).hint("name the language of the text and those it is put into"));
            }
            if !to.contains(language) {
                to.push(*language);
            }
        }
        if to.is_empty() {
            to.push(if self.from == Language::AZ { Language::EN } else { Language::AZ });
        }
        Ok(Options {
            from: self.from,
            to,
            min: Score::from_percent(self.min),
            max: self.max,
            pending: self.pending,
            penalties: self.penalty.clone(),
        })
    }
}

/// Says which languages there are, where one asked for is in none of the memories.
pub(super) fn remark_languages(
    ui: &mut super::Ui,
    views: &Views<'_>,
    languages: impl IntoIterator<Item = Language>,
) -> Result<(), CliError> {
    for language in languages {
        let Some(known) = views.instead_of(language)? else { continue };
        if known.is_empty() {
            ui.remark("the memory is empty");
            break;
        }
        let known: Vec<&str> = known.iter().map(Language::as_str).collect();
        ui.remark(format_args!("nothing in the memory is in `{language}`; it has {}", known.join(", ")));
    }
    Ok(())
}
