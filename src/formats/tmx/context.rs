//! The context tools write into properties, read as one kind of context.

use crate::{
    formats::{Event, open, xml},
    model::{Context, Prop, Variant},
};

/// The context the properties of a unit tell. They stay among the unit's properties, to go out as they came in.
///
/// | tool | property | holds |
/// |---|---|---|
/// | OmegaT | `prev`, `next`, `file`, `id` of the unit | text, text, path, key |
/// | we ourselves | `prev`, `next`, `x-yaddash-document`, `x-yaddash-id` of the unit; once `file` and `id` | the same |
/// | MateCat | `x-context-pre`, `x-context-post` of the unit | text |
/// | memoQ | the same, of a variant | text in an escaped `<seg>` |
/// | Trados Studio | `x-ContextContent` of the unit | source before, its target, source after, its target, parted by a bar |
pub fn context_of(props: &[Prop], variants: &[Variant]) -> Context {
    let mut context = Context::default();
    for prop in props {
        take(prop, &mut context);
    }
    // memoQ gives each variant its own; the first variant is the source.
    if let Some(first) = variants.first() {
        for prop in &first.props {
            take(prop, &mut context);
        }
    }
    context
}

fn take(prop: &Prop, context: &mut Context) {
    let mut set = |field: fn(&mut Context) -> &mut Option<String>, text: String| {
        if !text.trim().is_empty() {
            field(context).get_or_insert(text);
        }
    };
    match prop.kind.as_str() {
        "prev" => set(|c| &mut c.previous, prop.value.clone()),
        "next" => set(|c| &mut c.next, prop.value.clone()),
        "file" | "x-yaddash-document" => set(|c| &mut c.document, prop.value.clone()),
        "id" | "x-yaddash-id" => set(|c| &mut c.id, prop.value.clone()),
        "x-context-pre" => set(|c| &mut c.previous, words(&prop.value)),
        "x-context-post" => set(|c| &mut c.next, words(&prop.value)),
        "x-ContextContent" => {
            let fields: Vec<&str> = prop.value.split('|').map(str::trim).collect();
            if let [previous, _, next, _] = fields[..] {
                set(|c| &mut c.previous, previous.to_owned());
                set(|c| &mut c.next, next.to_owned());
            }
        }
        _ => {}
    }
}

/// The words in memoQ's `<seg>…</seg>`; any other text as it is.
fn words(value: &str) -> String {
    if !value.starts_with("<seg>") {
        return value.to_owned();
    }
    let read = || {
        let mut reader = xml::Reader::new(open(value.as_bytes()).ok()?.source().ok()?);
        let (mut out, mut code) = (String::new(), 0);
        loop {
            match reader.next().ok()? {
                Event::Start if code > 0 || matches!(reader.local(), "bpt" | "ept" | "it" | "ph" | "ut") => code += 1,
                Event::End if code > 0 => code -= 1,
                Event::Text if code == 0 => out.push_str(reader.text()),
                Event::Eof => return Some(out),
                _ => {}
            }
        }
    };
    read().unwrap_or_else(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prop(kind: &str, value: &str) -> Prop {
        Prop { kind: kind.to_owned(), attributes: Vec::new(), value: value.to_owned() }
    }

    #[test]
    fn the_habits_of_tools() {
        let of = |props: &[Prop]| {
            let c = context_of(props, &[]);
            [c.previous, c.next, c.document, c.id].map(Option::unwrap_or_default).join("/")
        };
        assert_eq!(of(&[prop("prev", "A."), prop("next", ""), prop("file", "b.txt"), prop("id", "7")]), "A.//b.txt/7");
        assert_eq!(of(&[prop("x-yaddash-document", "b.txt"), prop("x-yaddash-id", "7")]), "//b.txt/7");
        assert_eq!(of(&[prop("x-context-pre", "A &amp; b"), prop("x-context-post", "C.")]), "A &amp; b/C.//");
        assert_eq!(of(&[prop("x-context-pre", "<seg>A &amp; <ph>{1}</ph>b</seg>")]), "A & b///");
        assert_eq!(of(&[prop("x-context-pre", "<seg>A")]), "<seg>A///", "not sound: as it is");
        assert_eq!(of(&[prop("x-ContextContent", "A. | Ə. | C. | Ç.")]), "A./C.//");
    }

    #[test]
    fn the_source_variant_may_tell() {
        let mut variants = ["One", "Bir"].map(|t| Variant::new(crate::lang::Language::EN, t));
        variants[0].props.push(prop("x-context-post", "<seg>Next.</seg>"));
        variants[1].props.push(prop("x-context-post", "<seg>Növbəti.</seg>"));
        assert_eq!(context_of(&[], &variants).next.as_deref(), Some("Next."));
    }
}
