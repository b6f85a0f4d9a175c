//! Documents that are ZIP packages: DOCX and OpenDocument.
//!
//! Of the package only one part is opened. Its size is bounded by what may be inflated at all and
//! by the ratio to what was sent: text shrinks to a tenth, a bomb to a thousandth.

use std::io::{BufReader, Cursor, Read};

use zip::{ZipArchive, read::ZipFile, result::ZipError};

use super::{
    Refusal,
    inflated::Inflated,
    office::{self, DOCX, Dialect, ODT},
};

/// Entries of a package; a document with hundreds of pictures has some hundreds.
const MOST_ENTRIES: usize = 1_000;
/// What one part may inflate to.
const MOST_INFLATED_OCTETS: u64 = 50 << 20;
/// How many times larger than in the package a part may be ...
const MOST_RATIO: u64 = 100;
/// ... beyond this size: tables of empty cells shrink well.
const FREE_OCTETS: u64 = 1 << 20;

/// The text of a word processor's document.
pub(super) fn docx(octets: &[u8]) -> Result<String, Refusal> {
    let mut package = open(octets)?;
    part(&mut package, "word/document.xml", &DOCX)
}

/// The text of an OpenDocument text.
pub(super) fn odt(octets: &[u8]) -> Result<String, Refusal> {
    let mut package = open(octets)?;
    if is_encrypted(&mut package) {
        return Err(Refusal::Encrypted);
    }
    part(&mut package, "content.xml", &ODT)
}

type Package<'a> = ZipArchive<Cursor<&'a [u8]>>;

fn open(octets: &[u8]) -> Result<Package<'_>, Refusal> {
    let package = ZipArchive::new(Cursor::new(octets)).map_err(|_| Refusal::Unreadable)?;
    if package.len() > MOST_ENTRIES { Err(Refusal::TooLarge) } else { Ok(package) }
}

/// OpenDocument §3.4.1: the manifest says of each part how it is encrypted.
fn is_encrypted(package: &mut Package<'_>) -> bool {
    let Ok(file) = package.by_name("META-INF/manifest.xml") else { return false };
    let mut manifest = Vec::new();
    let read = bounded(file).read_to_end(&mut manifest);
    read.is_ok() && memchr::memmem::find(&manifest, b"encryption-data").is_some()
}

fn part(package: &mut Package<'_>, name: &str, dialect: &Dialect) -> Result<String, Refusal> {
    let file = package.by_name(name).map_err(|error| match error {
        // Its words are the library's; the part is there, and it asks for a password.
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Refusal::Encrypted,
        _ => Refusal::Unreadable,
    })?;
    office::text(BufReader::new(bounded(file)), dialect)
}

fn bounded<R: Read>(file: ZipFile<'_, R>) -> impl Read {
    let by_ratio = file.compressed_size().saturating_mul(MOST_RATIO).max(FREE_OCTETS);
    Inflated::new(file, by_ratio.min(MOST_INFLATED_OCTETS))
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Write;

    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::*;

    /// A package of these parts.
    pub(in crate::extract) fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn a_bomb_is_too_large() {
        let mut bomb = b"<w:document><w:body><w:p><w:r><w:t>a</w:t></w:r></w:p>".to_vec();
        bomb.resize(80 << 20, b' ');
        assert_eq!(docx(&package(&[("word/document.xml", &bomb)])), Err(Refusal::TooLarge));
    }

    #[test]
    fn too_many_entries_are_too_large() {
        let names: Vec<String> = (0..=MOST_ENTRIES).map(|n| format!("{n}.xml")).collect();
        let parts: Vec<(&str, &[u8])> = names.iter().map(|n| (n.as_str(), &b"x"[..])).collect();
        assert_eq!(docx(&package(&parts)), Err(Refusal::TooLarge));
    }

    #[test]
    fn without_its_main_part_or_cut_off_it_is_unreadable() {
        let whole = package(&[("word/styles.xml", b"<styles/>")]);
        assert_eq!(docx(&whole), Err(Refusal::Unreadable));
        let cut = whole.get(..whole.len() / 2).unwrap_or_default();
        assert_eq!(docx(cut), Err(Refusal::Unreadable));
        assert_eq!(odt(b"PK\x03\x04"), Err(Refusal::Unreadable));
    }

    #[test]
    fn the_manifest_tells_an_encrypted_text() {
        let manifest = b"<m:file-entry><m:encryption-data/></m:file-entry>";
        let octets = package(&[("content.xml", b"\x8f\x03"), ("META-INF/manifest.xml", manifest)]);
        assert_eq!(odt(&octets), Err(Refusal::Encrypted));
    }
}
