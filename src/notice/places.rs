//! What the cities of the most frequent time zones are called in our languages.
//!
//! The time zone database names a zone for one city of it. Where that name is not here, the place
//! is left out: "It is now 17:40 there".

/// English, German, French, Spanish, Italian, Dutch, Portuguese, in this order of [`CODES`]. Empty
/// where the language would need an article.
const NAMES: [(&str, [&str; 7]); 50] = [
    ("Africa/Johannesburg", ["Johannesburg"; 7]),
    ("America/Bogota", ["Bogotá"; 7]),
    ("America/Argentina/Buenos_Aires", ["Buenos Aires"; 7]),
    ("America/Chicago", ["Chicago"; 7]),
    ("America/Denver", ["Denver"; 7]),
    ("America/Los_Angeles", ["Los Angeles"; 7]),
    (
        "America/Mexico_City",
        [
            "Mexico City",
            "Mexiko-Stadt",
            "Mexico",
            "Ciudad de México",
            "Città del Messico",
            "Mexico-Stad",
            "",
        ],
    ),
    (
        "America/New_York",
        ["New York", "New York", "New York", "Nueva York", "New York", "New York", "Nova Iorque"],
    ),
    ("America/Phoenix", ["Phoenix"; 7]),
    (
        "America/Santiago",
        [
            "Santiago",
            "Santiago",
            "Santiago",
            "Santiago de Chile",
            "Santiago",
            "Santiago",
            "Santiago",
        ],
    ),
    (
        "America/Sao_Paulo",
        ["São Paulo", "São Paulo", "São Paulo", "São Paulo", "San Paolo", "São Paulo", "São Paulo"],
    ),
    ("America/Toronto", ["Toronto"; 7]),
    ("America/Vancouver", ["Vancouver"; 7]),
    ("Asia/Dubai", ["Dubai", "Dubai", "Dubaï", "Dubái", "Dubai", "Dubai", ""]),
    (
        "Asia/Hong_Kong",
        ["Hong Kong", "Hongkong", "Hong Kong", "Hong Kong", "Hong Kong", "Hongkong", "Hong Kong"],
    ),
    (
        "Asia/Jerusalem",
        [
            "Jerusalem",
            "Jerusalem",
            "Jérusalem",
            "Jerusalén",
            "Gerusalemme",
            "Jeruzalem",
            "Jerusalém",
        ],
    ),
    (
        "Asia/Shanghai",
        ["Shanghai", "Shanghai", "Shanghai", "Shanghái", "Shanghai", "Shanghai", "Xangai"],
    ),
    (
        "Asia/Singapore",
        ["Singapore", "Singapur", "Singapour", "Singapur", "Singapore", "Singapore", "Singapura"],
    ),
    ("Asia/Tokyo", ["Tokyo", "Tokio", "Tokyo", "Tokio", "Tokyo", "Tokio", "Tóquio"]),
    ("Australia/Brisbane", ["Brisbane"; 7]),
    ("Australia/Melbourne", ["Melbourne"; 7]),
    ("Australia/Perth", ["Perth"; 7]),
    ("Australia/Sydney", ["Sydney", "Sydney", "Sydney", "Sídney", "Sydney", "Sydney", "Sydney"]),
    (
        "Europe/Amsterdam",
        [
            "Amsterdam",
            "Amsterdam",
            "Amsterdam",
            "Ámsterdam",
            "Amsterdam",
            "Amsterdam",
            "Amesterdão",
        ],
    ),
    ("Europe/Athens", ["Athens", "Athen", "Athènes", "Atenas", "Atene", "Athene", "Atenas"]),
    (
        "Europe/Belgrade",
        ["Belgrade", "Belgrad", "Belgrade", "Belgrado", "Belgrado", "Belgrado", "Belgrado"],
    ),
    ("Europe/Berlin", ["Berlin", "Berlin", "Berlin", "Berlín", "Berlino", "Berlijn", "Berlim"]),
    (
        "Europe/Brussels",
        ["Brussels", "Brüssel", "Bruxelles", "Bruselas", "Bruxelles", "Brussel", "Bruxelas"],
    ),
    (
        "Europe/Bucharest",
        ["Bucharest", "Bukarest", "Bucarest", "Bucarest", "Bucarest", "Boekarest", "Bucareste"],
    ),
    (
        "Europe/Budapest",
        ["Budapest", "Budapest", "Budapest", "Budapest", "Budapest", "Boedapest", "Budapeste"],
    ),
    (
        "Europe/Copenhagen",
        [
            "Copenhagen",
            "Kopenhagen",
            "Copenhague",
            "Copenhague",
            "Copenaghen",
            "Kopenhagen",
            "Copenhaga",
        ],
    ),
    ("Europe/Dublin", ["Dublin", "Dublin", "Dublin", "Dublín", "Dublino", "Dublin", "Dublim"]),
    (
        "Europe/Helsinki",
        ["Helsinki", "Helsinki", "Helsinki", "Helsinki", "Helsinki", "Helsinki", "Helsínquia"],
    ),
    (
        "Europe/Istanbul",
        ["Istanbul", "Istanbul", "Istanbul", "Estambul", "Istanbul", "Istanbul", "Istambul"],
    ),
    ("Europe/Kyiv", ["Kyiv", "Kyjiw", "Kyiv", "Kiev", "Kiev", "Kyiv", "Kiev"]),
    (
        "Europe/Lisbon",
        ["Lisbon", "Lissabon", "Lisbonne", "Lisboa", "Lisbona", "Lissabon", "Lisboa"],
    ),
    ("Europe/London", ["London", "London", "Londres", "Londres", "Londra", "Londen", "Londres"]),
    (
        "Europe/Luxembourg",
        ["Luxembourg", "Luxemburg", "Luxembourg", "Luxemburgo", "Lussemburgo", "Luxemburg", ""],
    ),
    ("Europe/Madrid", ["Madrid", "Madrid", "Madrid", "Madrid", "Madrid", "Madrid", "Madrid"]),
    ("Europe/Moscow", ["Moscow", "Moskau", "Moscou", "Moscú", "Mosca", "Moskou", "Moscovo"]),
    ("Europe/Oslo", ["Oslo"; 7]),
    ("Europe/Paris", ["Paris", "Paris", "Paris", "París", "Parigi", "Parijs", "Paris"]),
    ("Europe/Prague", ["Prague", "Prag", "Prague", "Praga", "Praga", "Praag", "Praga"]),
    ("Europe/Rome", ["Rome", "Rom", "Rome", "Roma", "Roma", "Rome", "Roma"]),
    ("Europe/Sofia", ["Sofia", "Sofia", "Sofia", "Sofía", "Sofia", "Sofia", "Sófia"]),
    (
        "Europe/Stockholm",
        ["Stockholm", "Stockholm", "Stockholm", "Estocolmo", "Stoccolma", "Stockholm", "Estocolmo"],
    ),
    ("Europe/Vienna", ["Vienna", "Wien", "Vienne", "Viena", "Vienna", "Wenen", "Viena"]),
    (
        "Europe/Warsaw",
        ["Warsaw", "Warschau", "Varsovie", "Varsovia", "Varsavia", "Warschau", "Varsóvia"],
    ),
    ("Europe/Zurich", ["Zurich", "Zürich", "Zurich", "Zúrich", "Zurigo", "Zürich", "Zurique"]),
    ("Pacific/Auckland", ["Auckland"; 7]),
];
const CODES: [&str; 7] = ["en", "de", "fr", "es", "it", "nl", "pt"];

/// The city's name in the language of this code.
pub(super) fn name(zone: &str, code: &str) -> Option<&'static str> {
    let (_, names) = NAMES.iter().find(|(named, _)| *named == zone)?;
    let at = CODES.iter().position(|c| *c == code)?;
    names.get(at).copied().filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_zone_named_here_is_one() {
        assert!(NAMES.iter().all(|(zone, _)| crate::call::is_zone(zone)));
        assert_eq!(name("Europe/Lisbon", "de"), Some("Lissabon"));
        assert_eq!(name("America/Mexico_City", "pt"), None);
        assert_eq!(name("America/Boise", "en"), None);
    }
}
