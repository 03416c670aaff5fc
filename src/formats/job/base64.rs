//! Base64 (RFC 4648, section 4) in lines of 76 characters, as XML holds it.

use ::base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

/// Some tools leave the padding out.
const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Bytes of a line.
const LINE: usize = 57;

pub fn encoded(bytes: &[u8]) -> String {
    let lines: Vec<String> = bytes.chunks(LINE).map(|line| ENGINE.encode(line)).collect();
    lines.join("\n")
}

/// `None` for what is not Base64; white space is passed over.
pub fn decoded(text: &str) -> Option<Vec<u8>> {
    let packed: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    ENGINE.decode(packed).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn as_the_standard_has_it() {
        for (plain, code) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(encoded(plain.as_bytes()), code);
            assert_eq!(decoded(code).unwrap(), plain.as_bytes());
        }
        assert_eq!(decoded("Zg").unwrap(), b"f", "padding may be left out");
        assert_eq!(encoded(&[0; 58]).lines().map(str::len).collect::<Vec<_>>(), [76, 4]);
        for broken in ["Z", "Zm9v!", "Zg==Zg=="] {
            assert_eq!(decoded(broken), None, "{broken}");
        }
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(bytes: Vec<u8>) {
            prop_assert_eq!(decoded(&encoded(&bytes)), Some(bytes));
        }
    }
}
