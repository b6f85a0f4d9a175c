//! What our mails and pages say: an organisation's own lines, from the policy folder's own folder
//! `texts`.

use std::sync::Arc;

use arc_swap::ArcSwap;

use crate::{
    config::{self, Mistakes, PolicySettings},
    message::Language,
    notice::Texts,
    policy::Source,
    web,
    wording::{self, Own, Shipped},
};

/// The own lines in force; a reload replaces them.
pub type OwnInForce = Arc<ArcSwap<Own>>;

/// Every line that ships in a language: those of the mails, then those of the page.
fn shipped(language: Language) -> Vec<Shipped> {
    Texts::lines(language).into_iter().chain(web::shipped_lines(language)).collect()
}

/// The own lines of the folder that a configuration names; without one, none.
pub fn load_own_lines(settings: &PolicySettings) -> Result<Own, Mistakes> {
    let sources = settings.dir.as_deref().map_or_else(|| Ok(Vec::new()), config::read_texts)?;
    Own::compile(&sources, &shipped).map_err(|diagnostics| Mistakes { diagnostics, sources })
}

/// A file a language to start from, as `callfirst init` writes them: every line, commented out.
pub fn text_files() -> Vec<Source> {
    let one = |language: Language| Source {
        name: format!("policies/texts/{}.toml", language.code()),
        text: wording::sample(language, &shipped(language)),
    };
    Language::ALL.map(one).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The file of a language with every line in force.
    fn uncommented(language: Language) -> String {
        let file = wording::sample(language, &shipped(language));
        let lines = file.lines().map(|line| match line.strip_prefix('#') {
            Some(key) if !key.is_empty() && !key.starts_with(' ') => key,
            _ => line,
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    fn file(language: Language, text: String) -> Source {
        Source { name: format!("{}.toml", language.code()), text }
    }

    #[test]
    fn what_init_writes_replaces_nothing_and_uncommented_says_what_ships() {
        let files = text_files();
        assert_eq!(files.len(), Language::ALL.len());
        assert_eq!(Own::compile(&files, &shipped).unwrap(), Own::default());
        let files = Language::ALL.map(|language| file(language, uncommented(language)));
        let own = Own::compile(&files, &shipped).unwrap();
        let keys: usize = Language::ALL.iter().map(|language| shipped(*language).len()).sum();
        assert_eq!(own.count(), keys);
        for language in Language::ALL {
            let (ships, says) = (Texts::of(language), Texts::over(language, &own));
            assert_eq!(format!("{ships:?}"), format!("{says:?}"));
        }
    }

    #[test]
    fn every_language_has_the_keys_and_placeholders_of_english() {
        for language in Language::ALL {
            let english = file(language, uncommented(Language::En));
            let own = Own::compile(&[english], &shipped).unwrap();
            assert_eq!(own.count(), shipped(language).len());
        }
    }
}
