//! What each word of a term does when the term inflects.

use super::nouns::{Given, is_indeclinable};
use super::write::gender;
use super::{Gender, is_adjective, is_cyrillic, kinds, last, own_gender, verbs, words as words_of};
use crate::lang::forms::{Grammar, Word};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Before the head, or straight after it (треска ледовая).
    Adjective,
    Head,
    /// Part of a person's or a body's name: declines with the head if it declines at all.
    Name,
    /// The first word of a term that is an infinitive.
    Verb,
    /// Before a hyphen: written as it stands, read in its case too (премьер-министр).
    FirstPart,
    Stays,
}

/// The words of a term, analysed.
#[derive(Debug)]
pub(super) struct Phrase {
    pub roles: Vec<Role>,
    /// The adjectives say that the head stands in the plural.
    pub given: Given,
    /// Nothing agrees with the head.
    pub alone: bool,
    /// A person's name.
    pub person: bool,
    /// A woman's.
    pub woman: bool,
    /// The glossary names a head in -ой after other words: простой is then a noun. Other heads that look like adjectives
    /// (борзая, рабочий) decline as they do.
    pub named_noun: bool,
}

impl Phrase {
    pub fn head(&self) -> Option<usize> {
        self.roles.iter().position(|role| *role == Role::Head)
    }

    /// A word of a name that does not decline: a woman's name in a consonant, a first name such as `Милли`.
    pub fn stays_in_name(&self, words: &[Word<'_>], at: usize) -> bool {
        let key = words[at].key;
        if key.ends_with("ых") || is_indeclinable(&words[at]) || (key.ends_with("ко") && words[at].is_capitalised())
        {
            return true;
        }
        // Бахар Мурадова, Ангела Меркель; but Любовь.
        let consonant = !key.ends_with(['а', 'я']) && key != "любовь";
        self.woman && consonant || key.ends_with(['ы', 'и'])
    }
}

pub(super) fn roles(words: &[Word<'_>], grammar: &Grammar) -> Phrase {
    let named = grammar.head.as_deref().filter(|head| words.last().is_some_and(|word| word.text == *head));
    let mut phrase = Phrase {
        roles: Vec::with_capacity(words.len()),
        given: Given::Citation,
        alone: words.len() == 1,
        person: false,
        woman: false,
        named_noun: named.is_some_and(|head| words.len() > 1 && head.ends_with("ой"))
            && !words.last().is_some_and(|word| words_of::PERSONS.has(word.key)),
    };
    if named.is_none() && words.first().is_some_and(|word| verbs::is_infinitive(word.key)) {
        phrase.roles.push(Role::Verb);
        phrase.roles.resize(words.len(), Role::Stays);
        return phrase;
    }
    if named.is_none() && is_name(words) {
        person(words, &mut phrase);
        return phrase;
    }
    let end = words.len() - usize::from(named.is_some());
    let mut head: Option<usize> = None;
    for at in 0..end {
        // беженцы и переселенцы: after the head and its conjunction another begins.
        if joins(&words[at]) && head.is_some_and(|head| head + 1 == at) && same_number(words, at) {
            head = None;
            phrase.roles.push(Role::Stays);
            continue;
        }
        let role = role(words, at, head, named.is_some());
        if role == Role::Head {
            head = Some(at);
        }
        phrase.roles.push(role);
    }
    if named.is_some() {
        phrase.roles.push(Role::Head);
    }
    // уголовно-процессуальный is one adjective; подопечный Анны is a noun.
    phrase.alone = phrase.roles.last() == Some(&Role::Head)
        && phrase.roles.iter().filter(|role| !matches!(role, Role::Stays | Role::FirstPart)).count() == 1;
    let of_plural = |at: &usize| own_gender(words[*at].key) == Gender::Plural;
    if (0..words.len()).filter(|at| phrase.roles[*at] == Role::Adjective).any(|at| of_plural(&at)) {
        phrase.given = Given::Plural;
    }
    phrase
}

fn joins(word: &Word<'_>) -> bool {
    matches!(word.key, "и" | "или" | "либо")
}

/// Whether the words on both sides of the conjunction `at` stand in one number.
fn same_number(words: &[Word<'_>], at: usize) -> bool {
    let plural = |word: Option<&Word<'_>>| {
        word.map(|word| {
            if is_adjective(word.key) { own_gender(word.key) == Gender::Plural } else { gender(word) == Gender::Plural }
        })
    };
    at > 0 && plural(words.get(at - 1)) == plural(words.get(at + 1))
}

fn plain(word: &Word<'_>) -> bool {
    !word.is_acronym() && is_cyrillic(word.key)
}

/// The role of a word of a term that is no name. A named head comes after all of these.
fn role(words: &[Word<'_>], at: usize, head: Option<usize>, named: bool) -> Role {
    let word = &words[at];
    let next = words.get(at + 1);
    if !plain(word) {
        return if head.is_none() && next.is_none() { Role::Head } else { Role::Stays };
    }
    if let Some(head) = head {
        // The second part of школа-интернат; the town of Ростов-на-Дону stays.
        let part = word.hyphen && head + 1 == at && !words_of::PREPOSITIONS.has(word.key);
        return match () {
            () if part => Role::Head,
            () if head + 1 == at && agrees_after(&words[head], word) => Role::Adjective,
            () => Role::Stays,
        };
    }
    let Some(next) = next else { return Role::Head };
    if next.hyphen && !is_adjective(word.key) {
        return first_part(word, next);
    }
    // An adverb or the first part of an adjective: определённо направленное, торгово-экономический.
    if word.key.ends_with('о') && is_adjective(next.key) && (next.hyphen || !next.key.ends_with("ой")) {
        return Role::Stays;
    }
    if joins(word) {
        return Role::Stays;
    }
    // правовой и социальный статус: the run of adjectives goes on.
    let goes_on = joins(next) && words.get(at + 2).is_some_and(|after| is_adjective(after.key)) && at + 3 < words.len();
    // подопечный Анны: an adjective of the singular before a plural or a genitive is the head.
    let parted = own_gender(word.key) != Gender::Plural
        && next.key.ends_with(['ы', 'и'])
        && !is_indeclinable(next)
        && !is_adjective(next.key);
    match is_adjective(word.key) {
        true if parted => Role::Head,
        true if goes_on || !words_of::PREPOSITIONS.has(next.key) => Role::Adjective,
        _ if named => Role::Stays,
        _ => Role::Head,
    }
}

/// премьер-министр, Нью-Йорк keep their first part; школа-интернат, Ростов-на-Дону, Салтыков-Щедрин do not.
fn first_part(word: &Word<'_>, next: &Word<'_>) -> Role {
    let declines = words_of::PREPOSITIONS.has(next.key)
        || words_of::DECLINING_FIRST_PARTS.has(word.key)
        || (word.is_capitalised() && words_of::SURNAMES.get(word.key).is_some());
    if declines { Role::Head } else { Role::FirstPart }
}

/// An adjective that follows its noun: треска ледовая.
fn agrees_after(head: &Word<'_>, word: &Word<'_>) -> bool {
    let ends: &[&str] = match last(head.key) {
        'а' | 'я' => &["ая", "яя"],
        'о' | 'е' => &["ое", "ее"],
        'ы' | 'и' => &["ые", "ие"],
        _ => &["ый", "ий"],
    };
    kinds::is_adjectival(word.key) && !kinds::is_adjectival(head.key) && ends.iter().any(|end| word.key.ends_with(end))
}

// ---------------------------------------------------------------- names

/// Бахар Мурадова, Милли Меджлис, Ильхам Гейдар оглы Алиев: capitals all through, and no adjective before a noun, nor
/// one in another case inside (Президент Азербайджанской Республики).
fn is_name(words: &[Word<'_>]) -> bool {
    let particle = |word: &Word<'_>| words_of::NAME_PARTICLES.has(word.key);
    let oblique = |word: &Word<'_>| {
        ["ской", "цкой", "ного", "нного", "ского", "ной", "ных", "нных", "ских"]
            .iter()
            .any(|end| word.key.ends_with(end))
    };
    if words.len() > 2 && words[1..words.len() - 1].iter().any(oblique) {
        return false;
    }
    // Президент Трамп is a person's name with a title, Президент Азербайджана is none.
    let of_office = words_of::OFFICES.has(words.first().map_or("", |word| word.key));
    if of_office && words.last().is_some_and(|word| word.key.ends_with(['а', 'я', 'ы', 'и'])) {
        return false;
    }
    (2..=5).contains(&words.len())
        && words.iter().all(|w| plain(w) && (w.is_capitalised() || particle(w)))
        && words.iter().any(|w| !w.hyphen)
        && !is_adjective(words[0].key)
        && !words_of::BODIES.has(words[0].key)
        && !words[1].hyphen
}

fn person(words: &[Word<'_>], phrase: &mut Phrase) {
    let last_word = words.last().map_or("", |word| word.key);
    let first = words[0].key;
    let patronymic = words
        .iter()
        .skip(1)
        .any(|word| ["ович", "евич", "ич", "овна", "евна", "ична", "инична"].iter().any(|end| word.key.ends_with(end)));
    let particle = words.iter().any(|word| words_of::NAME_PARTICLES.has(word.key));
    let mans_a = words_of::MENS_NAMES_A.has(first);
    let man = words_of::MENS_NAMES.has(first) || mans_a;
    phrase.person = man || patronymic || particle || words_of::SURNAMES.get(last_word).is_some();
    let womans_surname = ["ова", "ева", "ина", "ына", "ская", "цкая"].iter().any(|end| last_word.ends_with(end));
    let womans_name = words.iter().any(|word| {
        ["овна", "евна", "ична", "инична"].iter().any(|end| word.key.ends_with(end))
            || matches!(word.key, "кызы" | "гызы" | "бинт")
    });
    let first_like_hers = first.ends_with(['а', 'я']) && !mans_a && !last_word.ends_with(['а', 'я']);
    let his_surname = ["ов", "ев", "ин", "ын", "ский", "цкий", "ой", "ый"].iter().any(|end| last_word.ends_with(end));
    phrase.woman = !man && !his_surname && (womans_surname || womans_name || first_like_hers);
    for (at, word) in words.iter().enumerate() {
        let fathers = words.get(at + 1).is_some_and(|next| matches!(next.key, "оглы" | "оглу" | "кызы" | "гызы"));
        let stays = fathers || words_of::NAME_PARTICLES.has(word.key) && at > 0;
        phrase.roles.push(if stays { Role::Stays } else { Role::Name });
    }
}
