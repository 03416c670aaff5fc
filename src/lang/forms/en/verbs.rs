//! The forms of a verb, for terms that are one: `to naturalise`, `deport`, `carry out`.

use super::super::ends::Ends;
use std::sync::LazyLock;

/// Past and participle of irregular verbs, compounds too (`overcome`). Quirk et al., 3.11–3.20.
#[rustfmt::skip]
const IRREGULAR: &[(&str, &str, &str)] = &[
    ("be", "was", "been"), ("arise", "arose", "arisen"), ("bear", "bore", "borne"), ("beat", "beat", "beaten"), ("become", "became", "become"),
    ("begin", "began", "begun"), ("bend", "bent", "bent"), ("bid", "bid", "bid"), ("bind", "bound", "bound"), ("break", "broke", "broken"),
    ("breed", "bred", "bred"), ("bring", "brought", "brought"), ("build", "built", "built"), ("burn", "burnt", "burnt"), ("buy", "bought", "bought"),
    ("cast", "cast", "cast"), ("catch", "caught", "caught"), ("choose", "chose", "chosen"), ("come", "came", "come"), ("cost", "cost", "cost"),
    ("cut", "cut", "cut"), ("deal", "dealt", "dealt"), ("dig", "dug", "dug"), ("do", "did", "done"), ("draw", "drew", "drawn"),
    ("drink", "drank", "drunk"), ("drive", "drove", "driven"), ("eat", "ate", "eaten"), ("fall", "fell", "fallen"), ("feed", "fed", "fed"),
    ("feel", "felt", "felt"), ("fight", "fought", "fought"), ("find", "found", "found"), ("flee", "fled", "fled"), ("fly", "flew", "flown"),
    ("forbid", "forbade", "forbidden"), ("forget", "forgot", "forgotten"), ("forgive", "forgave", "forgiven"), ("freeze", "froze", "frozen"),
    ("get", "got", "got"), ("give", "gave", "given"), ("go", "went", "gone"), ("grow", "grew", "grown"), ("hang", "hung", "hung"),
    ("have", "had", "had"), ("hear", "heard", "heard"), ("hide", "hid", "hidden"), ("hit", "hit", "hit"), ("hold", "held", "held"),
    ("hurt", "hurt", "hurt"), ("keep", "kept", "kept"), ("know", "knew", "known"), ("lay", "laid", "laid"), ("lead", "led", "led"),
    ("learn", "learnt", "learnt"), ("leave", "left", "left"), ("lend", "lent", "lent"), ("let", "let", "let"), ("lie", "lay", "lain"),
    ("light", "lit", "lit"), ("lose", "lost", "lost"), ("make", "made", "made"), ("mean", "meant", "meant"), ("meet", "met", "met"),
    ("pay", "paid", "paid"), ("put", "put", "put"), ("read", "read", "read"), ("ride", "rode", "ridden"), ("ring", "rang", "rung"),
    ("rise", "rose", "risen"), ("run", "ran", "run"), ("say", "said", "said"), ("see", "saw", "seen"), ("seek", "sought", "sought"),
    ("sell", "sold", "sold"), ("send", "sent", "sent"), ("set", "set", "set"), ("shake", "shook", "shaken"), ("shoot", "shot", "shot"),
    ("show", "showed", "shown"), ("shut", "shut", "shut"), ("sing", "sang", "sung"), ("sink", "sank", "sunk"), ("sit", "sat", "sat"),
    ("sleep", "slept", "slept"), ("speak", "spoke", "spoken"), ("spend", "spent", "spent"), ("split", "split", "split"),
    ("spread", "spread", "spread"), ("spring", "sprang", "sprung"), ("stand", "stood", "stood"), ("steal", "stole", "stolen"),
    ("stick", "stuck", "stuck"), ("strike", "struck", "struck"), ("strive", "strove", "striven"), ("swear", "swore", "sworn"),
    ("sweep", "swept", "swept"), ("swim", "swam", "swum"), ("take", "took", "taken"), ("teach", "taught", "taught"), ("tear", "tore", "torn"),
    ("tell", "told", "told"), ("think", "thought", "thought"), ("throw", "threw", "thrown"), ("wake", "woke", "woken"), ("wear", "wore", "worn"),
    ("spin", "spun", "spun"), ("swing", "swung", "swung"), ("slide", "slid", "slid"), ("shine", "shone", "shone"), ("awake", "awoke", "awoken"),
    ("leap", "leapt", "leapt"), ("spit", "spat", "spat"), ("spill", "spilt", "spilt"), ("spoil", "spoilt", "spoilt"), ("swell", "swelled", "swollen"),
    ("sow", "sowed", "sown"), ("shrink", "shrank", "shrunk"), ("sting", "stung", "stung"), ("cling", "clung", "clung"), ("wind", "wound", "wound"),
    ("dream", "dreamt", "dreamt"), ("dwell", "dwelt", "dwelt"), ("lean", "leant", "leant"), ("smell", "smelt", "smelt"), ("spell", "spelt", "spelt"),
    ("blow", "blew", "blown"), ("bleed", "bled", "bled"), ("creep", "crept", "crept"), ("grind", "ground", "ground"), ("weep", "wept", "wept"),
    ("weave", "wove", "woven"), ("win", "won", "won"), ("withdraw", "withdrew", "withdrawn"), ("write", "wrote", "written"),
];

/// Prefixes of compound verbs: withdraw, overcome, undertake, foresee, rewrite, mislead.
const PREFIXES: &[&str] =
    &["", "with", "over", "under", "up", "out", "fore", "re", "mis", "un", "for", "be", "broad", "inter"];

/// Verbs of more than one syllable that double their last consonant: the stress is on it, or it is an l (British).
static DOUBLES: LazyLock<Ends<()>> = LazyLock::new(|| {
    Ends::new(&[(
        (),
        "mit ^refer ^prefer ^defer ^infer ^confer ^transfer ^occur recur incur concur ^control patrol ^expel compel \
            propel repel dispel regret forget ^begin rebel equip deter enrol enthral fulfil ^instil abet allot ^commit \
            submit admit permit omit remit emit ^unplug travel cancel label model counsel signal fuel level marshal \
            quarrel tunnel channel dial equal rival total pedal medal funnel panel duel jewel annul acquit outwit \
            handicap program kidnap worship format",
    )])
});

/// Verbs whose letters say so, and common ones that are hardly nouns: a lone `deport` is one.
static VERBS: LazyLock<Ends<bool>> = LazyLock::new(|| {
    Ends::new(&[
        (true, "ise ize ify"),
        (
            false,
            "exercise enterprise franchise size prize expertise premise promise merchandise compromise surprise rise \
                noise disguise paradise cruise demise treatise raise praise poise wise vise maize concise precise \
                excise bruise otherwise likewise seize tortoise porpoise turquoise valise malaise mayonnaise",
        ),
        (
            true,
            "seize organise ^deport ^expel ^extradite ^detain ^admit ^apply ^allow ^appoint ^approve ^adopt ^acquire \
                ^adapt ^amend ^announce ^apprehend ^ascertain ^assist ^attend ^cancel ^commit ^comply ^confirm \
                ^consider ^convene ^deliver ^deny ^depart ^deprive ^determine ^dismiss ^emigrate ^employ ^enable \
                ^encourage ^enforce ^enrol ^enroll ^ensure ^enter ^establish ^evacuate ^exempt ^expand ^extend \
                ^facilitate ^fulfil ^immigrate ^impose ^improve ^include ^inform ^inspect ^integrate ^interrogate \
                ^investigate ^invite ^legislate ^maintain ^migrate ^negotiate ^notify ^obtain ^occur ^oblige ^obey \
                ^participate ^perform ^persecute ^possess ^prepare ^prescribe ^prevent ^prohibit ^prolong ^protect \
                ^prosecute ^provide ^pursue ^ratify ^reside ^regulate ^rehabilitate ^reintegrate ^relocate ^remove \
                ^renew ^renounce ^repatriate ^resettle ^resolve ^restore ^restrict ^revoke ^satisfy ^submit ^suspend \
                ^terminate ^traffick ^undergo ^undertake ^violate ^withdraw ^introduce ^invade ^apologise ^arrive \
                ^become ^begin ^believe ^belong ^bring ^carry ^choose ^collect ^communicate ^cooperate ^create ^decide \
                ^define ^describe ^develop ^discuss ^eliminate ^identify ^join ^know ^learn ^legalise ^live ^meet \
                ^promote ^receive ^recommend ^refer ^require ^send ^solve ^strengthen ^verify ^write",
        ),
    ])
});

/// Adverbs of phrasal verbs: carry out, fill in.
pub(super) const PARTICLES: &[&str] =
    &["out", "up", "off", "over", "down", "away", "back", "in", "on", "through", "into", "along", "apart", "forward"];

pub(super) fn is_verb(key: &str) -> bool {
    VERBS.get(key) == Some(true)
}

/// Third person, past, participle, -ing: the one to write first, then others that are met.
pub(super) fn forms(key: &str) -> [Vec<String>; 4] {
    let third = if key == "be" { "is".to_owned() } else { third(key) };
    let own = PREFIXES.iter().find_map(|prefix| {
        let rest = key.strip_prefix(prefix)?;
        let (_, past, participle) = IRREGULAR.iter().find(|(base, ..)| *base == rest)?;
        Some((format!("{prefix}{past}"), format!("{prefix}{participle}")))
    });
    let regular = |ending: &str| with(key, ending);
    let (past, participle) = match own {
        Some((past, participle))
            if matches!(
                key,
                "burn"
                    | "learn"
                    | "show"
                    | "light"
                    | "strive"
                    | "hang"
                    | "leap"
                    | "spill"
                    | "spoil"
                    | "dream"
                    | "lean"
                    | "smell"
                    | "spell"
                    | "sow"
            ) =>
        {
            let mut pasts = regular("ed");
            pasts.push(past);
            let mut participles = if key == "show" { vec![participle.clone()] } else { Vec::new() };
            participles.extend(regular("ed"));
            participles.push(participle);
            (pasts, participles)
        }
        Some((past, participle)) if key == "be" => (vec![past, "were".to_owned()], vec![participle]),
        Some((past, participle)) if key.ends_with("get") => {
            (vec![past], vec![participle, format!("{key}ten").replace("getten", "gotten")])
        }
        Some((past, participle)) => (vec![past], vec![participle]),
        None => (regular("ed"), regular("ed")),
    };
    [vec![third], past, participle, regular("ing")]
}

fn third(key: &str) -> String {
    if let Some(stem) = key.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u'])) {
        return format!("{stem}ies");
    }
    if key == "have" {
        return "has".to_owned();
    }
    let es = ["s", "x", "z", "ch", "sh", "go", "do", "veto", "echo"].iter().any(|end| key.ends_with(end));
    format!("{key}{}", if es { "es" } else { "s" })
}

/// `-ed` or `-ing` on a verb; the second spelling where both are met (travelled, traveled).
fn with(key: &str, ending: &str) -> Vec<String> {
    let ed = ending == "ed";
    let vowel = |c: char| "aeiou".contains(c);
    let letters: Vec<char> = key.chars().rev().take(4).collect();
    let at = |n: usize| letters.get(n).copied().unwrap_or(' ');
    if let Some(stem) = key.strip_suffix("ie") {
        return vec![if ed { format!("{key}d") } else { format!("{stem}ying") }];
    }
    if key.ends_with("ee") || key.ends_with("ye") || key.ends_with("oe") {
        return vec![if ed { format!("{key}d") } else { format!("{key}ing") }];
    }
    if let Some(stem) = key.strip_suffix('e').filter(|_| key != "be") {
        return vec![format!("{stem}{ending}")];
    }
    if let Some(stem) = key.strip_suffix('y').filter(|_| ed && !vowel(at(1))) {
        return vec![format!("{stem}ied")];
    }
    if key.ends_with("ic") {
        return vec![format!("{key}k{ending}")];
    }
    let plain = format!("{key}{ending}");
    let open = !vowel(at(0))
        && !"wxy".contains(at(0))
        && vowel(at(1))
        && (!vowel(at(2)) || key.contains("qu") && at(2) == 'u');
    let listed = DOUBLES.get(key).is_some();
    if !open && !listed {
        return vec![plain];
    }
    let doubled = format!("{key}{}{ending}", at(0));
    let one_syllable = key.chars().rev().skip(2).all(|c| !vowel(c) && c != 'y' || c == 'y' && key.starts_with('y'))
        || (key.starts_with("qu") && key.len() == 4);
    match one_syllable || listed {
        true if one_syllable => vec![doubled],
        true => vec![doubled, plain],
        false => vec![plain, doubled],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_take_their_forms() {
        for (verb, made) in [
            ("deport", ["deports", "deported", "deported", "deporting"]),
            ("naturalise", ["naturalises", "naturalised", "naturalised", "naturalising"]),
            ("apply", ["applies", "applied", "applied", "applying"]),
            ("admit", ["admits", "admitted", "admitted", "admitting"]),
            ("stop", ["stops", "stopped", "stopped", "stopping"]),
            ("travel", ["travels", "travelled", "travelled", "travelling"]),
            ("visit", ["visits", "visited", "visited", "visiting"]),
            ("withdraw", ["withdraws", "withdrew", "withdrawn", "withdrawing"]),
            ("undertake", ["undertakes", "undertook", "undertaken", "undertaking"]),
            ("flee", ["flees", "fled", "fled", "fleeing"]),
            ("obey", ["obeys", "obeyed", "obeyed", "obeying"]),
            ("traffic", ["traffics", "trafficked", "trafficked", "trafficking"]),
            ("lie", ["lies", "lay", "lain", "lying"]),
            ("quit", ["quits", "quitted", "quitted", "quitting"]),
        ] {
            assert_eq!(forms(verb).map(|all| all[0].clone()), made.map(str::to_owned), "{verb}");
        }
        assert!(forms("travel")[1].contains(&"traveled".to_owned()), "American spelling is met too");
        for (word, verb) in [("deport", true), ("legalise", true), ("enterprise", false), ("visa", false)] {
            assert_eq!(is_verb(word), verb, "{word}");
        }
    }
}
