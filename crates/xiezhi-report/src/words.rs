//! Sentences in two languages, side by side, with named places for values.

/// The language of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// 简体中文.
    Zh,
}

impl Lang {
    /// The language of a locale such as `zh_CN.UTF-8`; English for any other.
    pub fn of_locale(locale: &str) -> Self {
        if locale.to_ascii_lowercase().starts_with("zh") { Lang::Zh } else { Lang::En }
    }

    /// The one of two texts that is in this language.
    pub fn pick<'a>(self, en: &'a str, zh: &'a str) -> &'a str {
        match self {
            Lang::En => en,
            Lang::Zh => zh,
        }
    }
}

/// A sentence in both languages. `{name}` is a place for a value; both languages have the same places.
#[derive(Debug, Clone, Copy)]
pub struct Phrase {
    /// English.
    pub en: &'static str,
    /// 简体中文.
    pub zh: &'static str,
}

impl Phrase {
    /// The sentence with its places filled. Values come as they are: who fills a place with text from evidence
    /// passes it through [`crate::safe::visible`] first.
    pub fn say(&self, lang: Lang, values: &[(&str, &str)]) -> String {
        fill(lang.pick(self.en, self.zh), values)
    }

    /// A sentence without places.
    pub fn plain(&self, lang: Lang) -> &'static str {
        lang.pick(self.en, self.zh)
    }
}

/// Fills the `{name}` places of a template.
pub fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        match values.iter().find(|(key, _)| *key == name) {
            Some((_, value)) => out.push_str(value),
            None => {
                out.push('{');
                out.push_str(name);
                out.push('}');
            }
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// The places of a template, in order of name.
pub fn places(template: &str) -> Vec<&str> {
    let mut names: Vec<&str> =
        template.split('{').skip(1).filter_map(|part| part.split_once('}').map(|(name, _)| name)).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Declares phrases: `NAME: "English", "中文";`, and a list of all of them for the tests.
macro_rules! phrases {
    ($($(#[$meta:meta])* $name:ident: $en:literal, $zh:literal;)*) => {
        $($(#[$meta])* pub(crate) const $name: $crate::words::Phrase = $crate::words::Phrase { en: $en, zh: $zh };)*
        #[cfg(test)]
        pub(crate) const ALL: &[(&str, $crate::words::Phrase)] = &[$((stringify!($name), $name)),*];
    };
}

pub(crate) use phrases;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_and_unknown_places_stay_visible() {
        assert_eq!(fill("{n} of {all} in {x", &[("n", "3"), ("all", "9")]), "3 of 9 in {x");
        assert_eq!(fill("{who}?", &[]), "{who}?");
    }

    #[test]
    fn a_value_is_not_filled_again() {
        assert_eq!(fill("{a} {b}", &[("a", "{b}"), ("b", "x")]), "{b} x");
    }

    #[test]
    fn the_locale_decides_the_language() {
        assert_eq!(Lang::of_locale("zh_CN.UTF-8"), Lang::Zh);
        assert_eq!(Lang::of_locale("C"), Lang::En);
    }
}
