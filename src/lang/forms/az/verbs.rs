//! What comes after the stem of a verb: a row a suffix, with an example, the denied one beside the other.
//!
//! Voices (`al-ın-maq`, to be taken) and causatives are other verbs and stand in no row; nor do the imperative and
//! the optative, which are too short to be told from other words.

use super::suffixes::{Place as P, Says, Suffix, row};
use crate::lang::forms::{Case, Possessor, Tail, Verb};
use Possessor::{Mine, Ours, Third, Yours, YoursAll};
use Says::{Case as C, Possessor as Of, Tail as T};

const VERB: &[P] = &[P::Verb];
/// Before a vowel, so that q and k are soft: `aldığ-ım`.
const SOFT: &[P] = &[P::Soft, P::SoftFuture];

const fn is(verb: Verb) -> Says {
    Says::Verb(verb, false)
}

const fn is_not(verb: Verb) -> Says {
    Says::Verb(verb, true)
}

pub(super) static VERB_SUFFIXES: &[Suffix] = &[
    // Nouns. The infinitive itself is a noun in -maq, its q soft before a vowel.
    row(VERB, "mA", P::Stem, is(Verb::Action), ("al", "alma")),
    row(VERB, "mAmA", P::Stem, is_not(Verb::Action), ("gəl", "gəlməmə")),
    row(VERB, "mAmAK", P::Stem, is_not(Verb::Infinitive), ("gəl", "gəlməmək")),
    row(VERB, "mAmAĞ", P::Soft, is_not(Verb::Infinitive), ("al", "almamağ")),
    // Tenses.
    row(VERB, "(y)Ir", P::Tense, is(Verb::Present), ("oxu", "oxuyur")),
    row(VERB, "mIr", P::Tense, is_not(Verb::Present), ("gör", "görmür")),
    row(VERB, "dI", P::Past, is(Verb::Past), ("gör", "gördü")),
    row(VERB, "mAdI", P::Past, is_not(Verb::Past), ("al", "almadı")),
    row(VERB, "mIş", P::Tense, is(Verb::Perfect), ("al", "almış")),
    row(VERB, "mAmIş", P::Tense, is_not(Verb::Perfect), ("gəl", "gəlməmiş")),
    row(VERB, "(y)Ib", P::Tense, is(Verb::Told), ("işlə", "işləyib")),
    row(VERB, "mAyIb", P::Tense, is_not(Verb::Told), ("al", "almayıb")),
    row(VERB, "(y)AcAK", P::Future, is(Verb::Future), ("gəl", "gələcək")),
    row(VERB, "(y)AcAĞ", P::SoftFuture, is(Verb::Future), ("başla", "başlayacağ")),
    row(VERB, "mAyAcAK", P::Future, is_not(Verb::Future), ("al", "almayacaq")),
    row(VERB, "mAyAcAĞ", P::SoftFuture, is_not(Verb::Future), ("gəl", "gəlməyəcəy")),
    row(VERB, "(y)Ar", P::Tense, is(Verb::Aorist), ("oxu", "oxuyar")),
    row(VERB, "mAz", P::Tense, is_not(Verb::Aorist), ("gəl", "gəlməz")),
    row(VERB, "mAr", P::Tense, is_not(Verb::Aorist), ("al", "almar")),
    // Moods.
    row(VERB, "mAlI", P::Tense, is(Verb::Must), ("al", "almalı")),
    row(VERB, "mAmAlI", P::Tense, is_not(Verb::Must), ("gəl", "gəlməməli")),
    row(VERB, "sA", P::Past, is(Verb::If), ("gör", "görsə")),
    row(VERB, "mAsA", P::Past, is_not(Verb::If), ("al", "almasa")),
    row(VERB, "sIn", P::Let, is(Verb::Let), ("gör", "görsün")),
    row(VERB, "mAsIn", P::Let, is_not(Verb::Let), ("al", "almasın")),
    // Participles: who does, what is done, what will be done (with the future).
    row(VERB, "(y)An", P::Stem, is(Verb::Doing), ("işlə", "işləyən")),
    row(VERB, "mAyAn", P::Stem, is_not(Verb::Doing), ("al", "almayan")),
    row(VERB, "dIĞ", P::Soft, is(Verb::Done), ("gör", "gördüy")),
    row(VERB, "dIK", P::Hard, is(Verb::Done), ("al", "aldıq")),
    row(VERB, "mAdIĞ", P::Soft, is_not(Verb::Done), ("al", "almadığ")),
    row(VERB, "mAdIK", P::Hard, is_not(Verb::Done), ("gəl", "gəlmədik")),
    // Adverbs.
    row(VERB, "(y)ArAK", P::End, is(Verb::By), ("gəl", "gələrək")),
    row(VERB, "mAyArAK", P::End, is_not(Verb::By), ("al", "almayaraq")),
    row(VERB, "(y)IncA", P::End, is(Verb::Until), ("gəl", "gəlincə")),
    // Persons and the verb to be, after a tense.
    row(&[P::Tense], "(y)Am", P::Copula, T(Tail::Person(Mine)), ("almalı", "almalıyam")),
    row(&[P::Tense, P::Future], "sAn", P::Copula, T(Tail::Person(Yours)), ("alacaq", "alacaqsan")),
    row(&[P::Tense], "(y)IK", P::Copula, T(Tail::Person(Ours)), ("almış", "almışıq")),
    row(&[P::Tense, P::Future], "sInIz", P::Copula, T(Tail::Person(YoursAll)), ("gəlir", "gəlirsiniz")),
    row(&[P::Tense, P::Future, P::Let], "lAr", P::Copula, T(Tail::Plural), ("alıb", "alıblar")),
    row(&[P::Tense, P::Future], "dIr", P::Copula, T(Tail::Copula), ("almış", "almışdır")),
    row(&[P::Tense, P::Future], "(y)dI", P::Past, T(Tail::Was), ("almalı", "almalıydı")),
    row(&[P::Tense, P::Future], "(y)mIş", P::Tense, T(Tail::Reported), ("gəlir", "gəlirmiş")),
    row(&[P::Tense, P::Future], "(y)sA", P::Past, T(Tail::If), ("alır", "alırsa")),
    row(&[P::Tense, P::Future], "mI", P::End, T(Tail::Question), ("gəlir", "gəlirmi")),
    row(&[P::SoftFuture], "Am", P::Copula, T(Tail::Person(Mine)), ("alacağ", "alacağam")),
    row(&[P::SoftFuture], "IK", P::Copula, T(Tail::Person(Ours)), ("gələcəy", "gələcəyik")),
    // Whose deed it is.
    row(SOFT, "Im", P::Own, Of(Mine), ("aldığ", "aldığım")),
    row(SOFT, "In", P::Own, Of(Yours), ("aldığ", "aldığın")),
    row(SOFT, "I", P::Third, Of(Third), ("gördüy", "gördüyü")),
    row(SOFT, "ImIz", P::Own, Of(Ours), ("aldığ", "aldığımız")),
    row(SOFT, "InIz", P::Own, Of(YoursAll), ("gələcəy", "gələcəyiniz")),
    row(&[P::Soft], "A", P::Dative, C(Case::Dative), ("almamağ", "almamağa")),
    row(&[P::Soft], "I", P::Case, C(Case::Accusative), ("almamağ", "almamağı")),
    row(&[P::Soft], "In", P::Genitive, C(Case::Genitive), ("almamağ", "almamağın")),
    row(&[P::Hard, P::Future], "lAr", P::Plural, Says::Plural, ("aldıq", "aldıqlar")),
    row(&[P::Hard], "dA", P::Locative, C(Case::Locative), ("aldıq", "aldıqda")),
    row(&[P::Hard], "dAn", P::Case, C(Case::Ablative), ("aldıq", "aldıqdan")),
];
