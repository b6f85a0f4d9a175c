//! Names of HTML: which elements end a line, and the classes by which mail programs mark zones.

use super::lines::Zone;

/// Whether an element stands on lines of its own.
pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "legend"
            | "li"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "optgroup"
            | "option"
            | "p"
            | "pre"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "tfoot"
            | "thead"
            | "tr"
            | "ul"
            | "xmp"
            | "caption"
    )
}

/// Zones that mail programs name. Gmail's `gmail_quote` is not one: own words stand in it between
/// the blockquotes of an inline answer; its attribution line and blockquotes are marked by themselves.
pub(super) fn named_zone(value: &str) -> Zone {
    let mut zone = Zone::Plain;
    for word in value.split_ascii_whitespace() {
        let one = match word.to_ascii_lowercase().as_str() {
            "gmail_attr"
            | "moz-cite-prefix"
            | "divrplyfwdmsg"
            | "yahoo_quoted"
            | "protonmail_quote"
            | "zmail_extra"
            | "tutanota_quote"
            | "fm_citation"
            | "olk_src_body_section"
            | "ms-outlook-mobile-reference-message"
            | "replyblock"
            | "wordsection1_quote" => Zone::Cited,
            "gmail_signature"
            | "moz-signature"
            | "signature"
            | "ms-outlook-mobile-signature"
            | "protonmail_signature_block"
            | "applemailsignature"
            | "x_signature"
            | "ydp-signature"
            | "lordiconsignature" => Zone::Signature,
            _ => Zone::Plain,
        };
        zone = zone.max(one);
    }
    zone
}
