//! BCP 47 tags with the habits of real files: any case, `_` for `-`, three-letter codes, regions that say nothing.

use super::Language;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TagError {
    #[error("`{0}` is not a language tag")]
    Malformed(String),
    #[error("the language tag `{0}` is longer than {max} letters", max = Language::MAX)]
    TooLong(String),
}

/// ISO 639-2/3 codes with a two-letter form, as CAT tools write them.
const SHORT: &[(&str, &str)] = &[
    ("eng", "en"),
    ("aze", "az"),
    ("azj", "az"),
    ("rus", "ru"),
    ("tur", "tr"),
    ("kat", "ka"),
    ("geo", "ka"),
    ("hye", "hy"),
    ("arm", "hy"),
    ("kaz", "kk"),
    ("uzb", "uz"),
    ("tuk", "tk"),
    ("tat", "tt"),
    ("ukr", "uk"),
    ("bel", "be"),
    ("deu", "de"),
    ("ger", "de"),
    ("fra", "fr"),
    ("fre", "fr"),
    ("spa", "es"),
    ("ita", "it"),
    ("por", "pt"),
    ("pol", "pl"),
    ("nld", "nl"),
    ("dut", "nl"),
    ("ara", "ar"),
    ("fas", "fa"),
    ("per", "fa"),
    ("heb", "he"),
    ("zho", "zh"),
    ("chi", "zh"),
    ("jpn", "ja"),
    ("kor", "ko"),
];

/// The script a language is written in when its tag names none.
const USUAL_SCRIPT: &[(&str, &str)] = &[
    ("en", "latn"),
    ("az", "latn"),
    ("ru", "cyrl"),
    ("tr", "latn"),
    ("de", "latn"),
    ("fr", "latn"),
    ("uk", "cyrl"),
    ("uz", "latn"),
    ("kk", "cyrl"),
];

pub(super) fn canonical(text: &str) -> Result<Language, TagError> {
    let malformed = || TagError::Malformed(text.chars().take(40).collect());
    let lower = text.trim().to_ascii_lowercase().replace('_', "-");
    let mut parts = lower.split('-');
    let first = parts.next().unwrap_or_default();
    if matches!(first, "x" | "i") {
        // Private and grandfathered tags have no subtags to drop.
        let well_formed = lower.len() > 2 && lower.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        return if well_formed { packed(&lower, text) } else { Err(malformed()) };
    }
    if !(2..=8).contains(&first.len()) || !first.bytes().all(|b| b.is_ascii_lowercase()) {
        return Err(malformed());
    }
    let language = SHORT.iter().find(|(long, _)| *long == first).map_or(first, |(_, short)| short);
    let mut script = None;
    for part in parts {
        if part.is_empty() || part.len() > 8 || !part.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(malformed());
        }
        if part.len() == 1 {
            break; // extensions and private use follow
        }
        if script.is_none() && part.len() == 4 && part.bytes().all(|b| b.is_ascii_lowercase()) {
            script = Some(part);
        }
    }
    match script {
        Some(script) if !USUAL_SCRIPT.contains(&(language, script)) => packed(&format!("{language}-{script}"), text),
        _ => packed(language, text),
    }
}

fn packed(tag: &str, text: &str) -> Result<Language, TagError> {
    if tag.len() > Language::MAX {
        return Err(TagError::TooLong(text.chars().take(40).collect()));
    }
    Ok(Language::literal(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_language() {
        for text in ["az", "AZ", "az-AZ", "az_AZ", "aze", "az-Latn", "az-Latn-AZ", " az ", "AZ-LATN-AZ"] {
            assert_eq!(canonical(text), Ok(Language::AZ), "{text}");
        }
        for text in ["en", "EN-US", "en_US", "eN-uS", "eng", "en-GB-oxendict", "en-x-house"] {
            assert_eq!(canonical(text), Ok(Language::EN), "{text}");
        }
    }

    #[test]
    fn another_script_is_another_language() {
        assert_eq!(canonical("az-Cyrl").unwrap().as_str(), "az-cyrl");
        assert_eq!(canonical("az_CYRL_AZ").unwrap().as_str(), "az-cyrl");
        assert_eq!(canonical("zh-Hant-HK").unwrap().as_str(), "zh-hant");
        assert_eq!(canonical("x-klingon").unwrap().as_str(), "x-klingon");
    }

    #[test]
    fn what_is_not_a_tag() {
        for text in ["", "e", "azerbaijani language", "en--us", "1n", "русский", "English/US", "x-"] {
            assert!(canonical(text).is_err(), "{text:?} was taken");
        }
    }
}
