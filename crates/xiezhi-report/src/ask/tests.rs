use super::words::ALL;
use crate::words::places;

#[test]
fn every_sentence_has_the_same_places_in_both_languages() {
    assert!(ALL.len() > 80);
    for (name, phrase) in ALL {
        assert_eq!(places(phrase.en), places(phrase.zh), "{name}");
        assert!(!phrase.zh.is_ascii(), "{name} has no Chinese text");
    }
}
