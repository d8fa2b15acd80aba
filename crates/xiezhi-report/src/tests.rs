use crate::words::{Phrase, places};

/// Every phrase of the crate, with the module it stands in.
fn phrases() -> Vec<(&'static str, &'static str, Phrase)> {
    let modules = [
        ("answers", crate::answers::ALL),
        ("explain", crate::explain::ALL),
        ("findings", crate::findings::ALL),
        ("list", crate::list::ALL),
        ("markdown", crate::markdown::ALL),
        ("problems", crate::problems::ALL),
        ("reasons", crate::reasons::ALL),
        ("sentences", crate::sentences::ALL),
        ("terminal", crate::terminal::ALL),
    ];
    modules.iter().flat_map(|(module, all)| all.iter().map(|(name, phrase)| (*module, *name, *phrase))).collect()
}

#[test]
fn every_sentence_exists_in_both_languages_with_the_same_places() {
    let all = phrases();
    assert!(all.len() > 100, "the phrases are found");
    for (module, name, phrase) in all {
        assert!(!phrase.en.is_empty() && !phrase.zh.is_empty(), "{module}::{name}");
        assert_eq!(places(phrase.en), places(phrase.zh), "{module}::{name}");
    }
}

#[test]
fn chinese_sentences_are_chinese_and_use_full_width_punctuation() {
    for (module, name, phrase) in phrases() {
        let chinese = phrase.zh.chars().any(|c| matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}'));
        let is_term = phrase.en == phrase.zh || phrase.zh.is_ascii();
        assert!(chinese || is_term, "{module}::{name}: {}", phrase.zh);
        let half = phrase.zh.contains(", ") || phrase.zh.contains("; ") || phrase.zh.ends_with('.');
        assert!(!half, "{module}::{name}: half-width punctuation in {}", phrase.zh);
    }
}
