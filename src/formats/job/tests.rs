use super::*;
use crate::formats;

pub(super) fn job() -> Job {
    let segment = |number: usize, source: &str, target: Option<(&str, Status)>| Segment {
        number,
        paragraph: number,
        kind: Kind::Body,
        source: Marked::from_shown(source),
        codes: HashMap::from([
            ("1".to_owned(), Meaning { kind: "bold".to_owned(), shown: "<b class=\"x\">".to_owned() }),
            ("2".to_owned(), Meaning { kind: "lb".to_owned(), shown: String::new() }),
        ]),
        target: target.map(|(text, status)| Target { text: Marked::from_shown(text), status }),
        proposals: Vec::new(),
        terms: Vec::new(),
        notes: Vec::new(),
    };
    let mut segments = vec![
        segment(1, "Open day", None),
        segment(
            2,
            "The {1}Milli{2/} Majlis{/1} met & <sat>.",
            Some(("{1}Milli{2/} Məclis{/1} toplandı.", Status::Fuzzy)),
        ),
        segment(3, "{1}a{2}b{/1}c{/2}", Some(("{2}c{1}a{/2}b{/1}", Status::Exact))),
        segment(4, "  Two spaces\nand a line ", Some(("x", Status::Context))),
        segment(5, "5", Some(("5", Status::Approved))),
        segment(6, "Six", Some(("Altı", Status::Translated))),
    ];
    segments[1].proposals = vec![
        Proposal {
            tenths: 875,
            kind: ProposalKind::Fuzzy,
            source: "The Milli Majlis sat.".to_owned(),
            target: Marked::from_shown("{1}Milli{2/} Məclis{/1} toplandı."),
            origin: "release 002 & \"others\"".to_owned(),
            repaired: true,
            state: Some(State::Approved),
        },
        Proposal {
            tenths: 1020,
            kind: ProposalKind::Context,
            source: "x".to_owned(),
            target: Marked::plain("y"),
            origin: "a.tmx".to_owned(),
            repaired: false,
            state: None,
        },
    ];
    segments[1].terms = vec![TermNote {
        surface: "Milli Majlis".to_owned(),
        term: "Milli Majlis".to_owned(),
        write: vec!["Milli Məclis".to_owned()],
        avoid: vec!["Milli Mejlis".to_owned()],
        note: Some("the parliament".to_owned()),
    }];
    segments[5].notes = vec![Remark { from: "previous", text: "the source was “Sex”".to_owned() }];
    Job {
        name: "001 & more.en.html".to_owned(),
        source: Language::EN,
        target: Language::AZ,
        skeleton: Skeleton::of(b"<p>any bytes \x00\xff</p>"),
        notes: vec![Remark { from: "previous", text: "left out: “Seven”".to_owned() }],
        segments,
    }
}

fn returned(text: &str) -> Vec<Returned> {
    read(formats::open(text.as_bytes()).unwrap().source().unwrap()).unwrap()
}

fn both(job: &Job) -> [String; 2] {
    let (mut first, mut second) = (Vec::new(), Vec::new());
    write_xliff1(job, &mut first).unwrap();
    write_xliff2(job, &mut second).unwrap();
    [first, second].map(|bytes| String::from_utf8(bytes).unwrap())
}

#[test]
fn a_job_comes_back_as_it_went_out() {
    let job = job();
    for text in both(&job) {
        let files = returned(&text);
        assert_eq!(files.len(), 1);
        let file = &files[0];
        assert_eq!(
            (file.name.as_str(), file.source, file.target),
            (job.name.as_str(), Language::EN, Some(Language::AZ))
        );
        assert_eq!(file.skeleton, job.skeleton);
        assert_eq!(file.segments.len(), job.segments.len());
        for (sent, got) in job.segments.iter().zip(&file.segments) {
            assert_eq!((sent.number.to_string(), &sent.source), (got.id.clone(), &got.source), "{text}");
            if let Some(target) = &sent.target {
                assert_eq!(Some(&target.text), got.target.as_ref());
            }
        }
        let done: Vec<Done> = file.segments.iter().map(ReturnedSegment::done).collect();
        use Done::*;
        assert_eq!(done, [Untranslated, Unreviewed, Kept, Kept, Approved, Approved]);
        assert_eq!(file.segments[1].proposed, Some(job.segments[1].proposals[0].target.clone()));
    }
}

#[test]
fn what_nobody_confirmed_is_not_said_to_be_approved() {
    let [first, second] = both(&job());
    assert_eq!(first.matches("approved=\"yes\"").count(), 1);
    assert!(first.contains("<target state=\"needs-review-translation\" state-qualifier=\"fuzzy-match\">"));
    assert!(first.contains("<target state=\"needs-translation\">Open day</target>"), "for OmegaT");
    assert!(
        first.contains(
            "match-quality=\"87.5%\" origin=\"release 002 &amp; &quot;others&quot; (numbers or codes put in)\""
        )
    );
    assert!(
        first.contains(
            "<note from=\"glossary\">Milli Majlis → Milli Məclis (not: Milli Mejlis) — the parliament</note>"
        )
    );
    assert!(first.contains("<bx id=\"1\" rid=\"1\"/>a<bx id=\"2\" rid=\"2\"/>b<ex id=\"1-end\" rid=\"1\"/>"));
    assert!(second.contains("<segment id=\"s1\" state=\"initial\" subState=\"yaddash:fuzzy-match\">"));
    assert!(second.contains("similarity=\"87.5\"") && second.contains("type=\"icm\""));
    assert!(second.contains("<gls:term>Milli Majlis</gls:term><gls:translation>Milli Məclis</gls:translation>"));
    assert!(first.contains(
        "<g id=\"1\" ctype=\"bold\" equiv-text=\"&lt;b class=&quot;x&quot;&gt;\">Milli<x id=\"2\" ctype=\"lb\"/> Majlis</g>"
    ));
    assert!(second.contains(
        "<pc id=\"1\" type=\"fmt\" subType=\"xlf:b\" dispStart=\"&lt;b class=&quot;x&quot;&gt;\">Milli\
         <ph id=\"2\" type=\"fmt\" subType=\"xlf:lb\"/> Majlis</pc>"
    ));
    assert!(second.contains("<pc id=\"1\">Milli<ph id=\"2\"/> Məclis</pc>"), "in matches codes have their ids alone");
}

#[test]
fn a_large_document_is_named_and_not_taken_in() {
    let mut job = job();
    job.skeleton = Skeleton { bytes: None, ..job.skeleton };
    for text in both(&job) {
        assert!(!text.contains("base64"));
        let file = returned(&text).remove(0);
        assert_eq!(file.skeleton, job.skeleton);
        assert!(file.skeleton.is(b"<p>any bytes \x00\xff</p>") && !file.skeleton.is(b"<p>other bytes</p>"));
    }
}

#[test]
fn files_of_other_tools() {
    let files = returned(
        "<xliff version='1.2'><file original='a.txt' source-language='en' target-language='az-AZ'><body>\
         <group translate='no'><trans-unit id='1'><source>No</source></trans-unit>\
         <trans-unit id='2' translate='yes'><source>Yes</source></trans-unit></group>\
         <trans-unit id='3'><source>One. <g id='7'>Two.</g></source>\
         <seg-source><mrk mtype='seg' mid='0'>One.</mrk> <mrk mtype='seg' mid='1'><g id='7'>Two.</g></mrk></seg-source>\
         <target><mrk mtype='seg' mid='0'>Bir.</mrk></target></trans-unit>\
         <trans-unit id='4'><source>a<bpt id='1' rid='5'>&lt;b></bpt>b<ept id='2' rid='5'>&lt;/b></ept><ph id='3'/></source>\
         </trans-unit></body></file>\
         <file original='b.txt' source-language='ru'><body/></file></xliff>",
    );
    let told: Vec<(&str, bool)> = files[0].segments.iter().map(|s| (s.id.as_str(), s.translate)).collect();
    assert_eq!(told, [("1", false), ("2", true), ("3", true), ("4", true)]);
    let parts: Vec<String> = files[0].segments[2].sources().map(Marked::shown).collect();
    assert_eq!(parts, ["One.", "{7}Two.{/7}"]);
    assert_eq!(files[0].segments[2].target.as_ref().unwrap().text, "Bir.");
    assert_eq!(files[0].segments[3].source.shown(), "a{5}b{/5}{3/}");
    assert_eq!((files[1].source, files[1].target), (Language::RU, None));

    let two = returned(
        "<xliff version='2.0' xmlns='urn:oasis:names:tc:xliff:document:2.0' srcLang='en' trgLang='ru'><file id='f'><unit id='u'>\
         <segment id='a' state='final'><source>A<sc id='1'/>b<ec startRef='1'/></source><target>Б</target></segment>\
         <ignorable><source> </source></ignorable><segment><source>C</source></segment></unit></file></xliff>",
    );
    let ids: Vec<&str> = two[0].segments.iter().map(|s| s.id.as_str()).collect();
    assert_eq!(ids, ["u/a", "u/2"]);
    assert_eq!(two[0].segments[0].source.shown(), "A{1}b{/1}");
    assert_eq!(two[0].segments[0].done(), Done::Approved);
    let error = read(formats::open(&b"<xliff><file><unit id='1'/></file></xliff>"[..]).unwrap().source().unwrap());
    assert!(error.unwrap_err().to_string().starts_with("1:8: the file does not tell the language"));
}

/// A text with codes as a document gives them: pairs, one inside another or crossing, and lone ones.
fn marked() -> impl proptest::strategy::Strategy<Value = Marked> {
    use proptest::prelude::*;
    let codes = prop::collection::vec((0usize..20, 0usize..20, any::<bool>()), 0..5);
    ("[ a-cə<>&\"'\\n\\t\\]\u{1}{}1/]{0,20}", codes).prop_map(|(text, codes)| {
        let mut marks = Vec::new();
        for (id, (from, to, alone)) in codes.into_iter().enumerate() {
            let (from, to) = (from.min(to), from.max(to));
            let mut mark =
                |at, role| marks.push(Mark { at: formats::boundary(&text, at), role, id: (id + 1).to_string() });
            match alone {
                true => mark(from, Role::Alone),
                false => {
                    mark(from, Role::Open);
                    mark(to, Role::Close);
                }
            }
        }
        marks.sort_by_key(|mark| mark.at);
        Marked { text, marks }
    })
}

proptest::proptest! {
    #[test]
    fn any_text_with_any_codes_comes_back(source in marked(), target in marked()) {
        let mut job = job();
        job.segments.truncate(1);
        job.segments[0].source = source.clone();
        job.segments[0].target = Some(Target { text: target.clone(), status: Status::Exact });
        // What XML may not hold is left out.
        let legal = |marked: &Marked| {
            let kept = |text: &str| text.replace('\u{1}', "");
            let marks = marked.marks.iter().map(|mark| Mark { at: kept(&marked.text[..mark.at]).len(), ..mark.clone() });
            Marked { text: kept(&marked.text), marks: marks.collect() }
        };
        for text in both(&job) {
            let segment = &returned(&text)[0].segments[0];
            proptest::prop_assert_eq!(&segment.source, &legal(&source));
            proptest::prop_assert_eq!(segment.target.as_ref(), Some(&legal(&target)));
        }
    }

    #[test]
    fn any_text_is_filled_into_any_file(source in marked(), target in marked()) {
        let mut job = job();
        job.segments.truncate(1);
        job.segments[0].source = source.clone();
        let target = Marked { marks: target.marks.into_iter().filter(|mark| source.marks.iter().any(|m| (m.role, &m.id) == (mark.role, &mark.id))).collect(), ..target };
        for text in both(&job) {
            let refill = Refill { target: Some((target.clone(), Status::Fuzzy)), proposals: Vec::new() };
            let out = refilled(&text, &[Some(refill)], (Language::EN, Language::AZ));
            let segment = &returned(&out)[0].segments[0];
            let want = Marked { text: target.text.replace('\u{1}', ""), marks: segment.target.as_ref().unwrap().marks.clone() };
            proptest::prop_assert_eq!(segment.target.as_ref(), Some(&want));
            let target = target.nested();
            let ids = |marked: &Marked| marked.marks.iter().map(|mark| (mark.role, mark.id.clone())).collect::<Vec<_>>();
            proptest::prop_assert_eq!(ids(segment.target.as_ref().unwrap()), ids(&target));
        }
    }
}

/// Files cut and mended at random: what can be read can be filled, and what is not filled stays as it is.
fn spliced() -> impl proptest::strategy::Strategy<Value = String> {
    use proptest::prelude::*;
    let pieces = prop::sample::select(vec![
        "<g id='1'>",
        "</g>",
        "<x id='2'/>",
        "<pc id='1'>",
        "</pc>",
        "<ph id='3'>n</ph>",
        "<target>",
        "</target>",
        "<target/>",
        "<source>",
        "</source>",
        "<mrk mtype='seg' mid='1'>",
        "</mrk>",
        "<!-- <target> -->",
        "<![CDATA[<g>]]>",
        "&amp;",
        "<?a?>",
        "<trans-unit>",
        "</trans-unit>",
        "<seg-source>",
        "</seg-source>",
        "<alt-trans>",
        "</alt-trans>",
        "<matches>",
        "</matches>",
        "<note>a > b</note>",
        "<group>",
        "</group>",
        "\r\n",
    ]);
    let cuts = prop::collection::vec((any::<prop::sample::Index>(), 0usize..30, pieces), 0..4);
    (any::<bool>(), cuts).prop_map(|(first, cuts)| {
        let mut job = job();
        job.skeleton = Skeleton { bytes: None, ..job.skeleton };
        let [one, two] = both(&job);
        let mut text = if first { one } else { two };
        for (at, length, piece) in cuts {
            // Where something may stand: behind a tag, or in the words of one.
            let at = formats::boundary(&text, at.index(text.len()));
            let start = text[..at].rfind('>').map_or(0, |end| end + 1);
            let end = formats::boundary(&text, (start + length).min(text.len()));
            let end = if text[start..end].contains('<') { start } else { end };
            text.replace_range(start..end, piece);
        }
        text
    })
}

proptest::proptest! {
    #[test]
    fn what_can_be_read_can_be_filled(text in spliced()) {
        let Ok(files) = read(formats::open(text.as_bytes()).unwrap().source().unwrap()) else { return Ok(()) };
        let count = files.iter().map(|file| file.segments.len()).sum();
        let languages = (Language::EN, Language::AZ);
        proptest::prop_assert_eq!(&refilled(&text, &vec![None; count], languages), &text);
        let target = Marked::from_shown("{1}Bir{/1} & <iki>{2/}{3/}");
        let proposals = job().segments[1].proposals.clone();
        let refill = Some(Refill { target: Some((target, Status::Exact)), proposals });
        let out = refilled(&text, &vec![refill; count], languages);
        let again = read(formats::open(out.as_bytes()).unwrap().source().unwrap());
        let again = again.map_err(|error| proptest::test_runner::TestCaseError::fail(format!("{error}\n{text}\n{out}")))?;
        proptest::prop_assert_eq!(again.iter().map(|file| file.segments.len()).sum::<usize>(), count);
    }
}
