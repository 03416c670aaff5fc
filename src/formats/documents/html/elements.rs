//! What HTML's elements mean for the text in them.

use html5ever::tokenizer::Tag;

/// What an element means for the text in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Not shown, or not part of the text.
    Hidden,
    /// Text stands in it as outside.
    Inline,
    /// A block of its own, of the kind of what is around it.
    Block,
    Heading,
    Item,
    Quote,
    Cell,
    /// White space is kept.
    Kept,
    /// The page's own text, whatever is around it.
    Main,
    /// A part of the text: a header or an aside in it belongs to it.
    Part,
    /// The head of the page, or of a part.
    Header,
    /// Beside the text, or beside a part.
    Aside,
    /// What surrounds the text.
    Boilerplate,
}

const ROLES: &[(&[&str], Role)] = &[
    (
        &[
            "nav", "script", "style", "head", "title", "noscript", "noframes", "noembed", "template", "svg", "math",
            "iframe", "object", "select", "button", "textarea", "canvas", "audio", "video",
        ],
        Role::Hidden,
    ),
    (&["h1", "h2", "h3", "h4", "h5", "h6"], Role::Heading),
    (&["li", "dd", "dt"], Role::Item),
    (&["blockquote"], Role::Quote),
    (&["footer"], Role::Boilerplate),
    (&["td", "th"], Role::Cell),
    (&["pre", "listing", "xmp"], Role::Kept),
    (&["main"], Role::Main),
    (&["article", "section"], Role::Part),
    (&["header"], Role::Header),
    (&["aside"], Role::Aside),
    (
        &[
            "p",
            "div",
            "body",
            "html",
            "ul",
            "ol",
            "dl",
            "menu",
            "dir",
            "table",
            "thead",
            "tbody",
            "tfoot",
            "tr",
            "caption",
            "figure",
            "figcaption",
            "address",
            "form",
            "fieldset",
            "legend",
            "details",
            "summary",
            "dialog",
            "hgroup",
            "center",
            "option",
            "hr",
            "search",
        ],
        Role::Block,
    ),
];

/// The `role` attribute overrules the element. [WAI-ARIA 1.2, landmark roles]
const LANDMARKS: &[(&str, Role)] = &[
    ("navigation", Role::Hidden),
    ("search", Role::Hidden),
    ("dialog", Role::Hidden),
    ("alertdialog", Role::Hidden),
    // The number of a note and the arrow back from it. [DPUB-ARIA 1.1]
    ("doc-noteref", Role::Hidden),
    ("doc-backlink", Role::Hidden),
    ("contentinfo", Role::Boilerplate),
    ("banner", Role::Header),
    ("complementary", Role::Aside),
    ("main", Role::Main),
    ("article", Role::Part),
    ("heading", Role::Heading),
];

/// Words that end the class or id of a block around the text, with an example each.
const SURROUNDINGS: &[(&str, &str)] = &[
    ("breadcrumb", "breadcrumb"),
    ("breadcrumbs", "site-breadcrumbs"),
    ("copyright", "copyright"),
    ("cookie", "cookie"),
    ("cookies", "eu-cookies"),
    ("footer", "page_footer"),
    ("menu", "main-menu"),
    ("navbar", "navbar"),
    ("navigation", "post-navigation"),
    ("pager", "pager"),
    ("pagination", "pagination__list"),
    ("share", "social-share"),
    ("sidebar", "left-sidebar"),
    ("social", "social"),
];

/// Classes of the link before everything else that jumps to the text.
const SKIPPING: &[&str] = &["skip-link", "skip-nav", "skip-to-content", "skiplink"];

/// Blocks that pages of older fashion use for what surrounds the text.
const PLAIN_BLOCKS: &[&str] = &["div", "ul", "ol", "section", "table", "td", "p", "center", "dl"];

pub(super) const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

/// What may stand in `head`; anything else ends it.
pub(super) const IN_HEAD: &[&str] =
    &["title", "meta", "link", "base", "script", "style", "noscript", "template", "object", "bgsound", "head"];

/// An element that begins ends one of the others, as far up as the nearest of the walls.
const IMPLIED: &[(&[&str], &[&str], &[&str])] = &[
    (&["li"], &["li"], &["ul", "ol", "menu", "dir"]),
    (&["dt", "dd"], &["dt", "dd"], &["dl"]),
    (&["td", "th"], &["td", "th"], &["table"]),
    (&["tr", "tbody", "tfoot", "thead"], &["tr"], &["table"]),
    (&["option"], &["option"], &["select"]),
];

/// The rows of [`IMPLIED`] an element stands in, a bit each.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Implied {
    pub ends: u8,
    pub ended: u8,
    pub wall: u8,
}

pub(super) fn implied(name: &str) -> Implied {
    let mut out = Implied::default();
    for (row, (ends, ended, walls)) in IMPLIED.iter().enumerate() {
        out.ends |= u8::from(ends.contains(&name)) << row;
        out.ended |= u8::from(ended.contains(&name)) << row;
        out.wall |= u8::from(walls.contains(&name)) << row;
    }
    out
}

pub(super) fn by_name(name: &str) -> Role {
    ROLES.iter().find(|(names, _)| names.contains(&name)).map_or(Role::Inline, |(_, role)| *role)
}

pub(super) fn attribute<'t>(tag: &'t Tag, wanted: &str) -> Option<&'t str> {
    tag.attrs.iter().find(|attribute| &*attribute.name.local == wanted).map(|attribute| &*attribute.value)
}

/// The role of an element, by its name and its attributes.
pub(super) fn role(tag: &Tag) -> Role {
    let name: &str = &tag.name;
    let named = by_name(name);
    if tag.attrs.is_empty() {
        return if name == "dialog" { Role::Hidden } else { named };
    }
    if is_hidden(tag) || name == "dialog" && attribute(tag, "open").is_none() {
        return Role::Hidden;
    }
    let landmark = attribute(tag, "role").and_then(|role| LANDMARKS.iter().find(|(name, _)| role.trim() == *name));
    if let Some((_, role)) = landmark {
        return *role;
    }
    let named_for = |key| attribute(tag, key).is_some_and(|names| names.split_ascii_whitespace().any(surrounds));
    let names = attribute(tag, "class").unwrap_or_default();
    if names.split_ascii_whitespace().any(|name| SKIPPING.contains(&name)) {
        return Role::Hidden;
    }
    if PLAIN_BLOCKS.contains(&name) && (named_for("class") || named_for("id")) {
        return Role::Boilerplate;
    }
    named
}

fn is_hidden(tag: &Tag) -> bool {
    attribute(tag, "hidden").is_some_and(|value| value != "until-found")
        || attribute(tag, "aria-hidden") == Some("true")
        || attribute(tag, "style").is_some_and(|style| {
            let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
            let style = style.to_ascii_lowercase();
            style.contains("display:none") || style.contains("visibility:hidden")
        })
}

/// A class or id that says what surrounds the text: `main-menu`, `footer__links`; not `with-sidebar`.
fn surrounds(name: &str) -> bool {
    // Of names like `footer__links--wide` the block's is the first part.
    let block = name.split("__").next().and_then(|name| name.split("--").next()).unwrap_or(name).to_ascii_lowercase();
    let mut words = block.split(['-', '_']).filter(|word| !word.is_empty());
    let says = words.clone().next_back().is_some_and(|last| SURROUNDINGS.iter().any(|(word, _)| *word == last));
    says && !words.any(|word| matches!(word, "has" | "with" | "no" | "without" | "before" | "after"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_what_surrounds_the_text() {
        for (word, name) in SURROUNDINGS {
            assert!(surrounds(name) && surrounds(&name.to_uppercase()), "{word}: {name}");
        }
        for name in ["footer__links--wide", "menu", "Site_Footer"] {
            assert!(surrounds(name), "{name}");
        }
        for name in ["with-sidebar", "menu-item", "content", "no-sidebar", "", "shared", "__menu", "before-footer"] {
            assert!(!surrounds(name), "{name}");
        }
    }
}
