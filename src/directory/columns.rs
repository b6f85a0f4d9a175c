//! Which column holds what, by the words of the header line.
//!
//! Exports of address books and customer systems name them as they like; these are the usual names.
//! Columns that are none of them are passed over.

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Address,
    Name,
    FirstName,
    LastName,
    Role,
    Phone,
    Mobile,
    Language,
    Zone,
}

/// Names without blanks, dashes, underscores and dots, lower case.
const NAMES: [(Column, &[&str]); 9] = [
    (
        Column::Address,
        &[
            "address",
            "email",
            "emailaddress",
            "mail",
            "mailaddress",
            "email1value",
            "emailadresse",
            "mailadresse",
            "adressemail",
            "courriel",
            "correo",
            "correoelectrónico",
            "emailadres",
        ],
    ),
    (
        Column::Name,
        &[
            "name",
            "fullname",
            "displayname",
            "contact",
            "contactname",
            "nom",
            "nombre",
            "nome",
            "naam",
        ],
    ),
    (Column::FirstName, &["firstname", "givenname", "vorname", "prénom", "prenom", "voornaam"]),
    (
        Column::LastName,
        &["lastname", "surname", "familyname", "nachname", "achternaam", "apellidos"],
    ),
    (
        Column::Role,
        &[
            "role", "title", "jobtitle", "position", "function", "funktion", "fonction", "cargo",
            "ruolo", "functie",
        ],
    ),
    (
        Column::Phone,
        &[
            "phone",
            "phonenumber",
            "telephone",
            "tel",
            "businessphone",
            "workphone",
            "officephone",
            "telefon",
            "téléphone",
            "teléfono",
            "telefono",
            "telefone",
            "telefoon",
            "phone1value",
        ],
    ),
    (
        Column::Mobile,
        &[
            "mobile",
            "mobilephone",
            "mobilenumber",
            "cell",
            "cellphone",
            "mobil",
            "handy",
            "portable",
            "móvil",
            "cellulare",
            "telemóvel",
            "celular",
            "mobiel",
        ],
    ),
    (
        Column::Language,
        &["language", "lang", "preferredlanguage", "sprache", "langue", "idioma", "lingua", "taal"],
    ),
    (Column::Zone, &["zone", "timezone", "tz", "zeitzone"]),
];

/// The column of a header word.
pub(super) fn column(word: &str) -> Option<Column> {
    let plain: String =
        word.trim().chars().filter(|c| !" -_.".contains(*c)).flat_map(char::to_lowercase).collect();
    NAMES.iter().find(|(_, names)| names.contains(&plain.as_str())).map(|(column, _)| *column)
}

/// What separates the fields: whichever of comma, semicolon and tab stands most often in the header
/// line. Spreadsheets of half of Europe write semicolons.
pub(super) fn separator(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let count = |mark: &u8| header.bytes().filter(|octet| octet == mark).count();
    // The last of equals wins, and that is the comma.
    [b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_headers_are_understood() {
        for (word, expected) in [
            ("address", Some(Column::Address)),
            ("E-mail Address", Some(Column::Address)),
            ("E-Mail-Adresse", Some(Column::Address)),
            ("First Name", Some(Column::FirstName)),
            ("Job Title", Some(Column::Role)),
            ("Business Phone", Some(Column::Phone)),
            ("Mobile Phone", Some(Column::Mobile)),
            ("Téléphone", Some(Column::Phone)),
            ("time_zone", Some(Column::Zone)),
            ("Business Fax", None),
            ("Company", None),
        ] {
            assert_eq!(column(word), expected, "{word}");
        }
    }

    #[test]
    fn the_separator_is_the_headers() {
        assert_eq!(separator("address;name;phone\na@b.example;A, B;1"), b';');
        assert_eq!(separator("address\tname"), b'\t');
        assert_eq!(separator("address,name"), b',');
        assert_eq!(separator("address"), b',');
    }
}
