//! What the protocols of CAT tools have in common: one question in, matches as they are for `yaddash lookup` out.

use super::{error::WebError, visit::Visit};
use crate::{
    lang::Language,
    lookup::{Match, Options, Query, Score},
    memory::Reader,
};

/// A question as programs put it: languages by whatever codes they know them.
#[derive(Debug, Clone)]
pub struct Question {
    pub from: String,
    pub to: String,
    pub text: String,
    pub min: Score,
    pub max: usize,
}

/// The scored matches, best first. A language that the memory does not have has none.
pub async fn matches(visit: &Visit, question: Question) -> Result<Vec<Match>, WebError> {
    visit
        .office
        .ask(move |_, views| {
            let known = views.first().map(known).transpose()?.unwrap_or_default();
            let Some((from, to)) = pair(&question.from, &question.to, &known) else { return Ok(Vec::new()) };
            let options = Options {
                from,
                to: vec![to],
                min: question.min,
                max: question.max,
                pending: false,
                penalties: Vec::new(),
            };
            // The labelled ones want to be looked at: a tool that fills in what it gets must not have them.
            Ok(views.scored(options, &Query::from(question.text.as_str()))?)
        })
        .await
}

/// The one translation that protocols with room for one get; empty where nothing is good enough.
pub async fn best(visit: &Visit, from: &str, to: &str, text: String) -> Result<String, WebError> {
    if text.trim().is_empty() {
        return Ok(String::new());
    }
    let min = visit.office.setup.min;
    let question = Question { from: from.to_owned(), to: to.to_owned(), text, min, max: 1 };
    let found = matches(visit, question).await?;
    Ok(found.first().map(|found| found.target().text.clone()).unwrap_or_default())
}

/// The languages of the memory, those the office writes in first.
pub fn known(reader: &Reader<'_>) -> Result<Vec<Language>, WebError> {
    let mut known = reader.languages()?;
    let place = |language: &Language| Language::with_rows().position(|row| row == *language).unwrap_or(usize::MAX);
    known.sort_by_key(|language| (place(language), *language));
    Ok(known)
}

/// Two languages of the memory by codes like `az`, `en_us`, `en-US`.
fn pair(from: &str, to: &str, known: &[Language]) -> Option<(Language, Language)> {
    let (from, to) = (language(from, known)?, language(to, known)?);
    (from != to).then_some((from, to))
}

/// The language a code means among those there are: itself, else without its region, else one that has a region.
pub fn language(code: &str, known: &[Language]) -> Option<Language> {
    let base = |tag: &str| tag.split(['-', '_']).next().unwrap_or(tag).parse::<Language>().ok();
    let exact = code.parse::<Language>().ok().filter(|language| known.contains(language));
    exact.or_else(|| base(code).filter(|language| known.contains(language))).or_else(|| {
        let wanted = base(code)?;
        known.iter().copied().find(|language| base(language.as_str()) == Some(wanted))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_lead_to_the_languages_there_are() {
        let known: Vec<Language> = ["en", "az", "ru", "pt-br"].iter().map(|tag| tag.parse().unwrap()).collect();
        for (code, want) in [
            ("az", Some("az")),
            ("AZ", Some("az")),
            ("en_us", Some("en")),
            ("en_US", Some("en")),
            ("en-GB", Some("en")),
            ("aze", Some("az")),
            ("az-Latn-AZ", Some("az")),
            ("ru_RU", Some("ru")),
            ("pt", Some("pt-br")),
            ("pt_BR", Some("pt-br")),
            ("pt-PT", Some("pt-br")),
            ("de", None),
            ("", None),
            ("../..", None),
            ("e", None),
        ] {
            let found = language(code, &known);
            assert_eq!(found, want.map(|tag| tag.parse().unwrap()), "{code}");
        }
        assert_eq!(pair("en_us", "en", &known), None);
    }
}
