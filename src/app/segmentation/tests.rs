use super::*;
use crate::model::{Block, BlockKind, Document, SourceMap};

fn srx(rules: &str) -> String {
    format!(
        "<srx version=\"2.0\" xmlns=\"http://www.lisa.org/srx20\"><header segmentsubflows=\"yes\" cascade=\"yes\"/>\n\
         <body><languagerules><languagerule languagerulename=\"Own\">\n{rules}\n</languagerule></languagerules>\n\
         <maprules><languagemap languagepattern=\"(EN|en).*\" languagerulename=\"Own\"/></maprules></body></srx>"
    )
}

fn rule(breaks: bool, before: &str, after: &str) -> String {
    let breaks = if breaks { "yes" } else { "no" };
    let text = |pattern: &str| pattern.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<rule break=\"{breaks}\"><beforebreak>{}</beforebreak><afterbreak>{}</afterbreak></rule>\n",
        text(before),
        text(after)
    )
}

fn loaded(text: &str) -> Rules {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.srx");
    fs::write(&path, text).unwrap();
    let list = List { name: "own.srx".to_owned(), ..List::load(&path).unwrap() };
    let remarks = list.remarks.iter().map(|remark| remark.replace(path.to_str().unwrap(), "own.srx")).collect();
    Rules { list: Some(List { remarks, ..list }), ..Rules::default() }
}

/// `text` with a stroke at every boundary of its one paragraph.
fn parted(rules: &Rules, language: Language, text: &str) -> String {
    let mut out = text.to_owned();
    for at in rules.of(language).boundaries(text).into_iter().rev() {
        out.insert(at, '|');
    }
    out
}

#[test]
fn rules_of_other_engines_mean_the_same_here() {
    let break_all = rule(true, r"[.?!]+", r"\s");
    for (rules, want) in [
        (String::new(), "Mr. |Hill came. |He sat. "),
        // Groups, overlaps, word boundaries.
        (rule(false, r"\b(Mr|Dr)\.", r"\s"), "Ask Mr. Hill. |Then Dr. Mr. Bell. |XMr. |Go. "),
        (rule(false, r"\b\p{Lu}\.", r"\s+\p{Lu}"), "A. B. C. Hill, item A. |b. "),
        (rule(false, r"(?i)\betc\b\.", r"\s\p{Ll}"), "Pens ETC. are here, etc. |They said. "),
        (rule(false, r"\bet\b\s\bal\.", r"\s?\b[a-zə]"), "Hill et al. said. |Hill etal. |said. "),
        // The place stands at a word boundary that the text behind it makes.
        (rule(true, r",\s\b", r"\d"), "one, |2, three. "),
        // Look-around over the place.
        (rule(false, r"\.(?=\s[a-z])", ""), "One. two. |Three. "),
        (rule(false, r"\.(?!\s[A-Z])", ""), "One. two. |Three. 4. "),
        (rule(false, r"", r"(?<=No\.)\s\d"), "No. 5 is no. |6 is No. |A. "),
        (rule(false, r"", r"(?<!No)(?<=\.)\s\d"), "No. 5 is No. |A. "),
        // Look-around over one character.
        (rule(false, r"(?<![A-Za-z])p\.", ""), "See p. 5 of the map. |5. "),
        (rule(false, r"(?<!\.)\p{Lu}\.(?<!A\.)", ""), "B. c A. |c. "),
        (rule(false, r"\.", r"\s(?!N)\p{Lu}"), "One. Two. |No. "),
        // Properties and spaces spelt as Java has them.
        (rule(false, r"\p{javaUpperCase}\.", r"[\h\u00a0]\Q(a)\E"), "B. (a) B. |(b). "),
        (rule(false, r"[\p{L}&&[^a]]\.", ""), "b. a. |c. "),
    ] {
        let rules = loaded(&srx(&(rules + &break_all)));
        let text = want.replace('|', "");
        // The list breaks before white space; the stroke is shown behind it.
        let got = parted(&rules, Language::EN, &text);
        let got = got.replace("| ", " |").trim_end_matches('|').to_owned();
        assert_eq!(rules.remarks_on(Language::EN), Vec::<String>::new());
        assert_eq!(got, want, "{text}");
    }
}

#[test]
fn a_rule_that_cannot_run_is_named_and_the_others_serve() {
    let text = rule(false, r"(\w)\1\.", r"\s")
        + &rule(false, r"a(?=bc)b", "")
        + &rule(false, "", r"a(?!bc)d")
        + &rule(false, r"(?>a)", "")
        + &rule(false, r"a*+b", "")
        + &rule(false, "[", "")
        + &rule(false, r"a{999}{999}", "")
        + &rule(false, r"(x(?=y))", "")
        + &rule(true, r"\.", r"\s");
    let rules = loaded(&srx(&text));
    assert_eq!(parted(&rules, Language::EN, "One. Two."), "One.| Two.");
    let told = rules.remarks_on(Language::EN);
    let wanted = [
        r"own.srx:3: the rule is left out: in `beforebreak`: a back-reference `\1`",
        "own.srx:4: the rule is left out: in `beforebreak`: look-around in the middle",
        "own.srx:5: the rule is left out: in `afterbreak`: look-around in the middle",
        "own.srx:6: the rule is left out: in `beforebreak`: an atomic group",
        "own.srx:7: the rule is left out: in `beforebreak`: a possessive quantifier",
        "own.srx:8: the rule is left out: in `beforebreak`: unclosed character class",
        "own.srx:9: the rule is left out: in `beforebreak`: the pattern is too large",
        "own.srx:10: the rule is left out: in `beforebreak`: look-around inside a group",
    ];
    assert_eq!(told.len(), wanted.len(), "{told:#?}");
    for (told, wanted) in told.iter().zip(wanted) {
        assert!(told.starts_with(wanted), "{told}\n{wanted}");
    }
}

#[test]
fn a_language_without_rules_in_the_file_has_ours() {
    let rules = loaded(&srx(&rule(true, ",", r"\s")));
    assert_eq!(parted(&rules, Language::EN, "One, two. Three."), "One,| two. Three.");
    assert_eq!(parted(&rules, Language::AZ, "Bir, iki. Üç."), "Bir, iki.| Üç.");
    assert_eq!(rules.remarks_on(Language::EN), Vec::<String>::new());
    let told = rules.remarks_on(Language::AZ);
    assert_eq!(told, ["own.srx: no `languagemap` matches `az`: our own rules are used for it"]);
}

#[test]
fn maps_by_pattern() {
    let text = srx(&rule(true, ",", "")).replace(
        "<maprules>",
        "<maprules><languagemap languagepattern=\"(?i)^(?!AZ|en).*\" languagerulename=\"Own\"/>\
         <languagemap languagepattern=\"(a)\\1\" languagerulename=\"Own\"/>\
         <languagemap languagepattern=\".*\" languagerulename=\"None\"/>",
    );
    let rules = loaded(&text);
    let of = |language| parted(&rules, language, "1,2");
    assert_eq!((of(Language::RU), of(Language::AZ)), ("1,|2".to_owned(), "1,2".to_owned()));
    assert_eq!(
        rules.remarks(),
        [
            "own.srx:6: there are no rules called `None`",
            r"own.srx:6: `languagepattern` is left out: a back-reference `\1`"
        ]
    );
}

#[test]
fn long_lists_keep_their_order() {
    // Of two rules for the same place the first decides, however far apart they stand.
    let mut text = String::new();
    for n in 0..300 {
        text += &rule(n % 2 == 0, &format!("x{n}\\."), "");
        text += &rule(n % 2 == 1, &format!("x{n}\\."), "");
    }
    let rules = loaded(&srx(&(text + &rule(true, r"\.", ""))));
    for n in [0, 1, 63, 64, 127, 128, 255, 256, 299] {
        let text = format!("x{n}.y");
        assert_eq!(parted(&rules, Language::EN, &text), if n % 2 == 0 { format!("x{n}.|y") } else { text.clone() });
    }
    assert_eq!(parted(&rules, Language::EN, "x300.y"), "x300.|y");
}

#[test]
fn users_words() {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let settings = Settings {
        srx: None,
        abbreviations: words(&["şöb.", "X.K"]),
        no_break: words(&["Yahoo! Inc.", "{close}", "ş."]),
    };
    let rules = Rules::new(&settings).unwrap();
    for text in [
        "O, şöb. Bakı şəhərindədir.",
        "Bu şöb.| Bu gün açılıb.",
        "Şöb. Əliyev gəldi.| Sonra getdi.",
        "X.K. Bakı.| Sonra getdi.",
        "Burada Yahoo! Inc. Bakı ofisi açdı.| Yahoo!| Bakıda.",
        "Mətn {close}. Bakı ş. Mərkəzi.| Bakış.| Getdi.",
    ] {
        assert_eq!(parted(&rules, Language::AZ, &text.replace('|', "")), text);
    }
    let refused = |settings: Settings| Rules::new(&settings).err().map(|error| error.to_string());
    let settings = Settings { abbreviations: words(&["..."]), ..Settings::default() };
    assert_eq!(refused(settings).unwrap(), "`...` is no abbreviation: letters are needed before its stop");
    let settings = Settings { no_break: words(&[" "]), ..Settings::default() };
    assert_eq!(refused(settings).unwrap(), "an empty text cannot be kept together");
}

#[test]
fn files_that_are_no_rules() {
    let folder = tempfile::tempdir().unwrap();
    let told = |text: &str| {
        let path = folder.path().join("x.srx");
        fs::write(&path, text).unwrap();
        let error = Rules::new(&Settings { srx: Some(path), ..Settings::default() }).err().unwrap().to_string();
        error.split_once("x.srx").unwrap().1.to_owned()
    };
    assert_eq!(told("<tmx/>"), ":1:1: the root element is `tmx`, not `srx`");
    assert_eq!(told("<srx/>"), ": the SRX file holds no rule");
    let none = Settings { srx: Some(folder.path().join("none.srx")), ..Settings::default() };
    assert!(Rules::new(&none).err().unwrap().to_string().contains("none.srx: "));
}

/// The paragraphs of the sample releases in one language.
fn releases(language: Language) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("releases");
    let mut out = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.to_str().unwrap().ends_with(&format!(".{language}.txt")) {
            out.extend(fs::read_to_string(path).unwrap().lines().map(str::to_owned));
        }
    }
    out.retain(|line| !line.trim().is_empty());
    assert!(out.len() > 20, "{language}");
    out
}

#[test]
fn what_is_exported_gives_the_same_boundaries() {
    let exported = exported(&[]);
    let rules = loaded(&exported);
    assert_eq!(rules.remarks(), &[] as &[String]);
    for language in segment::languages().chain(["kk".parse().unwrap()]) {
        assert_eq!(rules.remarks_on(language), Vec::<String>::new());
        let ours = segment::Rules::of(language);
        let theirs = rules.of(language);
        let mut boundaries = 0;
        let samples = if ours.language().is_some() { releases(language) } else { releases(Language::RU) };
        // Running lists are no matter of rules: whole texts of one paragraph hold none.
        for text in &samples {
            let document = Document {
                name: String::new(),
                language,
                text: text.clone(),
                blocks: vec![Block { span: crate::text::Span::new(0, text.len()), kind: BlockKind::Running }],
                map: SourceMap::Same,
            };
            let ends = |rules: &segment::Rules| {
                segment::segment(&document, rules).into_iter().map(|segment| segment.span).collect::<Vec<_>>()
            };
            assert_eq!(ends(&theirs), ends(ours), "{text}");
            boundaries += ends(ours).len();
        }
        assert!(boundaries > samples.len(), "{language}: nothing is told of boundaries inside paragraphs");
    }
}

#[test]
fn white_space_is_spelt_for_all_engines() {
    assert_eq!(portable(r"a\s+[^\s.]\]\\s[\]\s]"), r"a[\s\p{Z}]+[^\s\p{Z}.]\]\\s[\]\s\p{Z}]");
    let only = exported(&[Language::AZ]);
    assert!(only.contains("languagepattern=\"(AZ|az).*\"") && !only.contains("(EN|en)"), "{only}");
}
