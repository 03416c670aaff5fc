//! Characters of symbol fonts, which Word writes by their place in the font.

/// Places of the font Symbol below and above the letters. [Adobe Symbol encoding]
const SYMBOL: &[(u32, char)] = &[
    (0x2D, '−'),
    (0x41, 'Α'),
    (0x44, 'Δ'),
    (0x53, 'Σ'),
    (0x57, 'Ω'),
    (0x61, 'α'),
    (0x62, 'β'),
    (0x67, 'γ'),
    (0x64, 'δ'),
    (0x6D, 'μ'),
    (0x70, 'π'),
    (0x73, 'σ'),
    (0xA2, '′'),
    (0xA3, '≤'),
    (0xA5, '∞'),
    (0xAB, '↔'),
    (0xAC, '←'),
    (0xAD, '↑'),
    (0xAE, '→'),
    (0xAF, '↓'),
    (0xB0, '°'),
    (0xB1, '±'),
    (0xB2, '″'),
    (0xB3, '≥'),
    (0xB4, '×'),
    (0xB7, '•'),
    (0xB8, '÷'),
    (0xB9, '≠'),
    (0xBB, '≈'),
    (0xBC, '…'),
    (0xD2, '®'),
    (0xD3, '©'),
    (0xD4, '™'),
    (0xD6, '√'),
    (0xE2, '®'),
    (0xE3, '©'),
    (0xE4, '™'),
];

/// Places of the font Wingdings.
const WINGDINGS: &[(u32, char)] = &[
    (0x28, '☎'),
    (0x2A, '✉'),
    (0x6E, '■'),
    (0x6C, '●'),
    (0xA7, '▪'),
    (0xA8, '☐'),
    (0xD8, '➢'),
    (0xDF, '←'),
    (0xE0, '→'),
    (0xFB, '✗'),
    (0xFC, '✓'),
    (0xFD, '☒'),
    (0xFE, '☑'),
];

/// The character at place `code` of `font`; fonts of symbols may have theirs in U+F000 to U+F0FF as well. `None` for
/// a picture no table here has.
pub(super) fn symbol(font: &str, code: u32) -> Option<char> {
    let table = match font {
        "Symbol" => SYMBOL,
        "Wingdings" => WINGDINGS,
        _ if (0xF000..=0xF0FF).contains(&code) => return None,
        _ => return char::from_u32(code).filter(|c| !c.is_control()),
    };
    let code = if (0xF000..=0xF0FF).contains(&code) { code - 0xF000 } else { code };
    table.iter().find(|(place, _)| *place == code).map(|(_, c)| *c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_fonts() {
        for (font, code, want) in [
            ("Symbol", 0xF0B7, Some('•')),
            ("Symbol", 0xB0, Some('°')),
            ("Wingdings", 0xF0FC, Some('✓')),
            ("Wingdings", 0xF04A, None),
            ("Webdings", 0xF061, None),
            ("Times New Roman", 0x2116, Some('№')),
            ("Arial", 0, None),
        ] {
            assert_eq!(symbol(font, code), want, "{font} {code:X}");
        }
    }
}
