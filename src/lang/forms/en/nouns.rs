//! Plurals: a word's stem and row, by its ending.

use super::super::ends::Ends;
use super::{R, ROWS};
use std::sync::LazyLock;

/// The row of a noun; the first a noun has is the one to write. Quirk et al., “A Comprehensive Grammar of the English
/// Language”, 5.73–5.103.
static NOUNS: LazyLock<Ends<&'static [R]>> = LazyLock::new(|| Ends::new(NOUNS_BY_END));

#[rustfmt::skip]
static NOUNS_BY_END: &[(&[R], &str)] = &[
    // address, tax, church; but monarch
    (&[R::Es], "s x z ch sh"),
    (&[R::S], "arch loch stomach epoch"),
    (&[R::Es], "search research starch march larch"),
    // agency; but day, and the like.
    (&[R::Y], "y"),
    (&[R::S], "ay ey oy uy iy"),
    (&[R::Y], "quy"),
    // hero; most take -s.
    (&[R::Es, R::S], "hero ^echo potato tomato ^veto embargo torpedo cargo mosquito volcano mango buffalo domino \
        tornado ^no ^go"),
    (&[R::S, R::Es], "motto halo memento placebo gecko ghetto manifesto archipelago flamingo"),
    // wife, half; but belief, gulf, safe.
    (&[R::F], "half shelf self calf leaf loaf thief wolf elf sheaf"),
    (&[R::S], "gulf golf delf"),
    (&[R::Fe], "knife life wife"),
    (&[R::F, R::S], "scarf wharf hoof dwarf"),
    // By a change within.
    (&[R::Man], "man"),
    (&[R::S], "human german ^roman norman ottoman talisman shaman caiman hetman brahman mussulman turkoman ataman oman"),
    (&[R::Man], "woman"),
    (&[R::Foot], "^man foot ^tooth eyetooth ^goose"),
    (&[R::Mouse], "mouse louse"),
    (&[R::S], "blouse"),
    (&[R::Child], "child"),
    (&[R::Person, R::S], "person"),
    (&[R::Ox], "^ox"),
    (&[R::Quiz], "quiz"),
    // Of Latin and Greek.
    (&[R::Is], "sis xis"),
    (&[R::Same], "chassis"),
    (&[R::Um, R::S], "datum medium bacterium stratum addendum erratum curriculum memorandum ovum quantum"),
    (&[R::S, R::Um], "maximum minimum serum referendum symposium aquarium stadium forum moratorium sanatorium podium \
        premium compendium spectrum ultimatum millennium"),
    (&[R::On, R::S], "criterion phenomenon"),
    (&[R::Us, R::Es], "alumnus stimulus uterus locus nucleus fungus radius bacillus"),
    (&[R::Es, R::Us], "thesaurus campus syllabus cactus terminus focus"),
    (&[R::Ex, R::Es], "vertex codex"),
    (&[R::Es, R::Ex], "index vortex annex"),
    (&[R::Ix, R::Es], "appendix matrix"),
    (&[R::S, R::Eau], "bureau plateau chateau tableau"),
    (&[R::Es], "^gas ^bus"),
    // The plural is the singular.
    (&[R::Same], "series species ^sheep ^deer ^fish aircraft spacecraft hovercraft watercraft offspring ^means \
        headquarters crossroads barracks ^corps personnel ^police news ics ese ^swiss bison salmon ^trout ^moose swine \
        gallows innings whereabouts livestock cattle ^information ^equipment shellfish crayfish"),
    (&[R::S], "^clinics obese cheese geese ^these"),
];

/// Ends of singulars in -s; others in -s are given in the plural: sanctions, human rights.
static SINGULAR_S: LazyLock<Ends<()>> = LazyLock::new(|| {
    Ends::new(&[(
        (),
        "ss us is as os ^lens ^gas ^bias atlas canvas ^bus chaos cosmos ethos ^yes ^ens texas christmas alias ^wales \
            athens brussels naples ^james charles ^jones ^williams",
    )])
});

/// The rows of a noun; a plural has one of its own.
pub(super) fn rows(key: &str) -> &'static [R] {
    if key == "people" {
        return &[R::Plural, R::S]; // the peoples of the world
    }
    match NOUNS.get(key) {
        Some([R::Es]) if key.ends_with('s') && SINGULAR_S.get(key).is_none() => &[R::Plural],
        Some(rows) => rows,
        None if is_irregular_plural(key) => &[R::Plural],
        None => &[R::S],
    }
}

/// people, children, men, data: given in the plural.
fn is_irregular_plural(key: &str) -> bool {
    const PLURALS: &[&str] =
        &["people", "children", "data", "media", "criteria", "phenomena", "feet", "teeth", "mice", "women", "alumni"];
    PLURALS.contains(&key) || (key.ends_with("smen") || key.ends_with("men") && key.len() > 6 && !key.ends_with("imen"))
}

/// The stem of `key` for a row: without the ending of its singular.
pub(super) fn stem(key: &str, row: R) -> Option<&str> {
    let row = &ROWS[row as usize];
    row.endings.first().and_then(|(ending, _)| key.strip_suffix(ending))
}
